import type { RunError } from '../../nodes/api/runs.ts'
import { ErrorCode } from '../../nodes/errors.ts'
import type { SettingsOf } from '../../nodes/triggers/settings.ts'
import { reasonOf } from '../engine/start-refusal.ts'
import type { Timers } from '../engine/timers.ts'
import type { FiringQueue, NewFiring } from './firing-queue.ts'
import type { Holidays } from './holidays.ts'
import { mapInputs } from './map-inputs.ts'
import { ScheduleClock } from './schedule-times.ts'
import type { TriggerOf, TriggerStore } from './trigger-store.ts'

/** What is later than this was missed: the catch-up policy says what becomes of it. */
const LATE_MS = 60_000
/** More missed times than these are not made up for, whatever the policy. */
export const MOST_MADE_UP = 100

type ScheduleTrigger = TriggerOf<'schedule'>

/** Sets off schedules, each time once: how far a schedule is stands in the commit that writes its firings. */
export class Schedules {
  readonly #store: TriggerStore
  readonly #queue: FiringQueue
  readonly #holidays: Holidays
  readonly #timers: Timers
  readonly #unforeseen: (error: unknown) => void
  #alarm: { at: number; cancel: () => void } | undefined
  #firing: Promise<void> | undefined
  #isClosing = false

  constructor(on: {
    store: TriggerStore
    queue: FiringQueue
    holidays: Holidays
    timers: Timers
    unforeseen: (error: unknown) => void
  }) {
    this.#store = on.store
    this.#queue = on.queue
    this.#holidays = on.holidays
    this.#timers = on.timers
    this.#unforeseen = on.unforeseen
  }

  /** From when on a schedule that is switched on owes something, and when it is due first. */
  begin(settings: SettingsOf<'schedule'>): { handled: number; next: number | null } {
    const handled = this.#timers.now()
    return { handled, next: this.#clock(settings).next(handled) }
  }

  /** Sets nothing off any more; answers when what was being set off is written. */
  async close(): Promise<void> {
    this.#isClosing = true
    this.#alarm?.cancel()
    await this.#firing
  }

  /** Sets the alarm for the schedule that is due first. Call after every change of a schedule. */
  arm(): void {
    if (this.#isClosing) return
    const at = this.#store.nextDue()
    if (at === this.#alarm?.at) return
    this.#alarm?.cancel()
    this.#alarm = undefined
    if (at === null) return
    const cancel = this.#timers.at(at, () => {
      this.#alarm = undefined
      this.#fireDue()
    })
    this.#alarm = { at, cancel }
  }

  /** Reckons all schedules anew: the holidays have changed. */
  reckon(): void {
    for (const trigger of this.#store.schedules()) {
      const handled = trigger.handled ?? this.#timers.now()
      this.#store.switch(trigger.id, true, { handled, next: this.#clock(trigger.settings).next(handled) })
    }
    this.arm()
  }

  /** One after the other: each reads how far the one before has come. */
  #fireDue(): void {
    this.#firing ??= this.#fireAll()
      .catch(this.#unforeseen)
      .finally(() => {
        this.#firing = undefined
        this.arm()
      })
  }

  async #fireAll(): Promise<void> {
    const now = this.#timers.now()
    await Promise.all(this.#store.due(now).map((trigger) => this.#fire(trigger, now)))
  }

  async #fire(trigger: ScheduleTrigger, now: number): Promise<void> {
    const clock = this.#clock(trigger.settings)
    const due = clock.lastOnes(trigger.handled ?? now, now, MOST_MADE_UP + 1)
    const { made, missed } = choose(trigger.settings.catchUp, due, now)
    const firings: NewFiring[] = made.map((at) => ({
      ...{ trigger, at, key: new Date(at).toISOString(), depth: 0 },
      outcome: this.#outcome(trigger, at),
    }))
    if (missed.length > 0) firings.unshift(missedFiring(trigger, missed))
    const schedule = { triggerId: trigger.id, handled: now, next: clock.next(now) }
    await this.#queue.fire(firings, { schedule })
  }

  #outcome({ settings }: ScheduleTrigger, at: number): NewFiring['outcome'] {
    const cause = { trigger: { kind: 'schedule', name: settings.name, at: new Date(at).toISOString() } }
    try {
      const input = mapInputs(settings, cause, { now: () => new Date(at), timeZone: settings.timeZone })
      return { input }
    } catch (error) {
      return { state: 'refused', reason: reasonOf(error) }
    }
  }

  #clock(settings: SettingsOf<'schedule'>): ScheduleClock {
    return new ScheduleClock(settings, this.#holidays.days)
  }
}

/** Which of the due times are made up for. */
export function choose(
  policy: SettingsOf<'schedule'>['catchUp'],
  due: readonly number[],
  now: number,
): { made: number[]; missed: number[] } {
  const late = due.filter((at) => at < now - LATE_MS)
  const inTime = due.slice(late.length)
  switch (policy) {
    case 'all':
      return { made: due.slice(-MOST_MADE_UP), missed: due.slice(0, -MOST_MADE_UP) }
    case 'once':
      return inTime.length > 0
        ? { made: inTime, missed: late }
        : { made: due.slice(-1), missed: due.slice(0, -1) }
    case 'skip':
      return { made: inTime, missed: late }
  }
}

/** One line of the log for all that was missed. */
function missedFiring(trigger: ScheduleTrigger, missed: readonly number[]): NewFiring {
  const reason: RunError = {
    code: ErrorCode.TriggerMissed,
    message: 'The server was not running at this time',
    params: { count: missed.length, first: new Date(missed[0]!).toISOString() },
  }
  return { trigger, key: null, at: missed.at(-1)!, depth: 0, outcome: { state: 'skipped', reason } }
}

import type { RunError } from '../../nodes/api/runs.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { JsonObject } from '../../nodes/json.ts'
import { isPassing, reasonOf } from '../engine/start-refusal.ts'
import type { Timers } from '../engine/timers.ts'
import type { FiringRow, Firings } from '../ledger/firings.ts'
import type { RunHandle, StartRun } from '../runtime.ts'
import type { StoredTrigger, TriggerStore } from './trigger-store.ts'

/** Starts that wait for one trigger. */
export const MOST_WAITING = 1_000
/** Functions that follow each other. */
export const MOST_FOLLOWING = 16
/** Where the server takes no run at the moment, waiting firings try again after this long. */
const TRY_AGAIN_MS = 1_000

/** Once that a trigger is to be set off. */
export interface NewFiring {
  trigger: StoredTrigger
  /** The same key is the same firing; `null`: it can come any number of times. */
  key: string | null
  inputHash?: string | null
  at: number
  depth: number
  /** What the function is started with, or why it is not started. */
  outcome: { input: JsonObject } | { state: 'skipped' | 'refused'; reason: RunError }
}

export interface FiringQueueDependencies {
  firings: Firings
  store: TriggerStore
  timers: Timers
  start: (request: StartRun & { firing: string }) => Promise<RunHandle>
  newId: () => string
  unforeseen: (error: unknown) => void
}

export interface Fired {
  row: FiringRow
  isNew: boolean
  /** Where this call started the run. */
  handle?: RunHandle
  /** Where it was refused: what the start said. */
  error?: unknown
}

/** Lets each firing start its run once, by the rule of its trigger: side by side, one after the other, or not while one runs. */
export class FiringQueue {
  readonly #on: FiringQueueDependencies
  /** By trigger: what has to be over before the next look at whether it is busy. */
  readonly #turns = new Map<string, Promise<unknown>>()
  /** Those who wait for the run of a firing. */
  readonly #hearers = new Map<string, Set<(handle: RunHandle | undefined) => void>>()
  /** Firings that are being written or started at this moment. */
  readonly #inHand = new Set<string>()
  #isAlarmSet = false

  constructor(dependencies: FiringQueueDependencies) {
    this.#on = dependencies
  }

  /**
   * Writes firings in one commit, and starts what may start at once.
   * @param also what the same commit notes
   * @param eager also where the server takes no run: then the firing is refused and this throws `OVERLOADED`
   */
  async fire(
    firings: readonly NewFiring[],
    also?: Parameters<Firings['take']>[1],
    eager = false,
  ): Promise<Fired[]> {
    const inTurn = [...new Set(firings.filter(needsTurn).map(({ trigger }) => trigger.id))].sort()
    return this.#inTurns(inTurn, async () => {
      const planned = new Map<string, number>()
      const rows = firings.map((firing) => this.#decide(firing, planned))
      for (const { id } of rows) this.#inHand.add(id)
      try {
        const taken: Fired[] = await this.#on.firings.take(rows, also)
        await Promise.all(
          taken.map(async (fired, index) => {
            const { trigger } = firings[index]!
            if (!fired.isNew || fired.row.state !== 'waiting') return
            if (trigger.settings.concurrency === 'queue' && !this.#isNext(trigger.id, fired.row.id)) return
            await this.#startOne(trigger, fired, eager)
          }),
        )
        return taken
      } finally {
        for (const { id } of rows) this.#inHand.delete(id)
      }
    })
  }

  /** Goes on with what waits: at the start, when a run is over, and when a rule was changed. */
  async goOn(triggerId: string): Promise<void> {
    await this.#inTurns([triggerId], async () => {
      const { firings, store } = this.#on
      for (;;) {
        const row = firings.firstWaiting(triggerId)
        const trigger = row && store.find(triggerId)
        if (!row || !trigger || this.#inHand.has(row.id)) return
        const goesAlone = trigger.settings.concurrency !== 'parallel'
        if (goesAlone && firings.isBusy(triggerId)) return
        const fired: Fired = { row, isNew: true }
        this.#inHand.add(row.id)
        await this.#startOne(trigger, fired, false).finally(() => this.#inHand.delete(row.id))
        if (fired.row.state === 'waiting') return
      }
    })
  }

  /** Ends what waits for a trigger without a run. */
  async drop(triggerId: string, reason: RunError): Promise<void> {
    await this.#inTurns([triggerId], async () => {
      const dropped = this.#on.firings.waiting(triggerId)
      if (dropped.length === 0) return
      await this.#on.firings.settleWaiting(triggerId, reason)
      for (const id of dropped) this.#tell(id, undefined)
    })
  }

  /** The run of a waiting firing once it has been started; nothing where it never is. */
  hear(firingId: string): { started: Promise<RunHandle | undefined>; stop: () => void } {
    const { promise, resolve } = Promise.withResolvers<RunHandle | undefined>()
    const hearers = this.#hearers.get(firingId) ?? new Set()
    this.#hearers.set(firingId, hearers.add(resolve))
    const stop = () => {
      hearers.delete(resolve)
      if (hearers.size === 0) this.#hearers.delete(firingId)
    }
    return { started: promise, stop }
  }

  #decide(firing: NewFiring, planned: Map<string, number>): FiringRow {
    const { trigger, outcome, key, inputHash = null, at, depth } = firing
    const before = planned.get(trigger.id) ?? 0
    const settled = 'input' in outcome ? this.#refusal(firing, before) : outcome
    if (!settled) planned.set(trigger.id, before + 1)
    return {
      id: this.#on.newId(),
      triggerId: trigger.id,
      // who was refused may come again with the same key
      key: settled ? null : key,
      inputHash,
      at,
      depth,
      runId: null,
      ...(settled
        ? { state: settled.state, reason: settled.reason, input: null }
        : { state: 'waiting', reason: null, input: 'input' in outcome ? outcome.input : null }),
    }
  }

  /** @param before firings of the same trigger that are written together with this one */
  #refusal(
    { trigger, key, depth }: NewFiring,
    before: number,
  ): { state: 'skipped' | 'refused'; reason: RunError } | undefined {
    const { firings } = this.#on
    if (depth > MOST_FOLLOWING) return { state: 'refused', reason: tooDeep() }
    // it may be known already: that is found out when it is written
    if (key !== null && trigger.settings.concurrency !== 'parallel' && firings.known(trigger.id, key))
      return undefined
    switch (trigger.settings.concurrency) {
      case 'parallel':
        return undefined
      case 'skip': {
        const isBusy = before > 0 || firings.isBusy(trigger.id) || firings.countWaiting(trigger.id) > 0
        return isBusy ? { state: 'skipped', reason: busy() } : undefined
      }
      case 'queue':
        return before + firings.countWaiting(trigger.id) >= MOST_WAITING
          ? { state: 'refused', reason: queueFull() }
          : undefined
    }
  }

  #isNext(triggerId: string, firingId: string): boolean {
    const { firings } = this.#on
    return !firings.isBusy(triggerId) && firings.firstWaiting(triggerId)?.id === firingId
  }

  async #startOne(trigger: StoredTrigger, fired: Fired, eager: boolean): Promise<void> {
    const { id, input } = fired.row
    try {
      const handle = await this.#on.start({
        functionName: trigger.functionName,
        input: input ?? {},
        trigger: trigger.settings.kind,
        triggerId: trigger.id,
        firing: id,
      })
      fired.handle = handle
      fired.row = { ...fired.row, state: 'started', runId: handle.id, input: null }
    } catch (error) {
      if (!(error instanceof FlowError)) this.#on.unforeseen(error)
      // Somebody else starts this firing at the same moment.
      if (error instanceof FlowError && error.code === ErrorCode.Conflict) return this.#tryAgainLater()
      if (!eager && isPassing(error)) return this.#tryAgainLater()
      const reason = reasonOf(error)
      await this.#on.firings.settle(id, 'refused', reason)
      fired.row = { ...fired.row, state: 'refused', reason, input: null }
      fired.error = error
      if (eager && isPassing(error)) throw error
    } finally {
      if (fired.row.state !== 'waiting') this.#tell(id, fired.handle)
    }
  }

  #tell(firingId: string, handle: RunHandle | undefined): void {
    for (const hear of this.#hearers.get(firingId) ?? []) hear(handle)
    this.#hearers.delete(firingId)
  }

  #tryAgainLater(): void {
    if (this.#isAlarmSet) return
    this.#isAlarmSet = true
    const { timers, firings, unforeseen } = this.#on
    timers.at(timers.now() + TRY_AGAIN_MS, () => {
      this.#isAlarmSet = false
      for (const id of firings.triggersWaiting()) this.goOn(id).catch(unforeseen)
    })
  }

  /** One look after the other at whether a trigger is busy: two would both see that it is not. */
  async #inTurns<T>(triggerIds: readonly string[], work: () => Promise<T>): Promise<T> {
    const before = triggerIds.map((id) => this.#turns.get(id))
    const { promise, resolve } = Promise.withResolvers<undefined>()
    for (const id of triggerIds) this.#turns.set(id, promise)
    try {
      await Promise.all(before)
      return await work()
    } finally {
      resolve(undefined)
      for (const id of triggerIds) if (this.#turns.get(id) === promise) this.#turns.delete(id)
    }
  }
}

function needsTurn({ trigger }: NewFiring): boolean {
  return trigger.settings.concurrency !== 'parallel'
}

function busy(): RunError {
  return { code: ErrorCode.TriggerBusy, message: 'A run of this trigger was still under way' }
}

function queueFull(): RunError {
  return {
    code: ErrorCode.TriggerQueueFull,
    message: `${MOST_WAITING} starts wait for this trigger already`,
    params: { limit: MOST_WAITING },
  }
}

function tooDeep(): RunError {
  return {
    code: ErrorCode.TriggerTooDeep,
    message: `More than ${MOST_FOLLOWING} functions follow each other`,
    hint: 'Look for functions that start each other in a circle.',
    params: { limit: MOST_FOLLOWING },
  }
}

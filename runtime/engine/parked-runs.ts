import type { Ledger } from '../ledger/ledger.ts'
import type { DurableWriter } from './durable-writer.ts'
import type { Timers } from './timers.ts'

/** The wake-up time of a run that waits for something else than time. */
export const NO_TIME = Number.MAX_SAFE_INTEGER
/** Runs that come back from the ledger together. */
const SLICE = 200

/** Runs that wait for long: nothing of them is in memory, and one alarm is set for the first of them. */
export class ParkedRuns {
  readonly #ledger: Ledger
  readonly #writer: DurableWriter
  readonly #timers: Timers
  readonly #goOn: (id: string) => Promise<void>
  readonly #unforeseen: (error: unknown) => void
  readonly #waking = new Map<string, Promise<void>>()
  #alarm: { at: number; since: number; cancel: () => void } | undefined

  /** @param on.goOn brings a run back from the ledger; answers once it is under way */
  constructor(on: {
    ledger: Ledger
    writer: DurableWriter
    timers: Timers
    goOn: (id: string) => Promise<void>
    unforeseen: (error: unknown) => void
  }) {
    this.#ledger = on.ledger
    this.#writer = on.writer
    this.#timers = on.timers
    this.#goOn = on.goOn
    this.#unforeseen = on.unforeseen
  }

  /** Sets the alarm for what the last process had parked. Where the clock was put back meanwhile, it is looked at anew. */
  async recover(): Promise<void> {
    const parked = await this.#ledger.parkedAfter(this.#timers.now())
    this.#wakeAll(parked).catch(this.#unforeseen)
    await this.#setAlarm()
  }

  async #setAlarm(): Promise<void> {
    this.noted((await this.#ledger.nextWake()) ?? NO_TIME)
  }

  /** A run was parked until then. */
  noted(wakeAt: number): void {
    if (this.#isPutBack()) return this.#ring()
    if (wakeAt >= NO_TIME || (this.#alarm && this.#alarm.at <= wakeAt)) return
    this.#alarm?.cancel()
    const cancel = this.#timers.at(wakeAt, () => this.#ring())
    this.#alarm = { at: wakeAt, since: this.#timers.now(), cancel }
  }

  /** Lets a run go on, before its time too; answers once it is under way again. Nothing where it is not parked. */
  async wake(id: string): Promise<void> {
    let waking = this.#waking.get(id)
    if (!waking) {
      waking = this.#wake(id).finally(() => void this.#waking.delete(id))
      this.#waking.set(id, waking)
    }
    await waking
  }

  async #wake(id: string): Promise<void> {
    // However long the store is full or away: nothing else would wake the run.
    const alone = { dropped: false, unwritten: undefined }
    if (await this.#writer.durably(alone, () => this.#ledger.unpark(id))) await this.#goOn(id)
  }

  /** True where the clock was put back since the alarm was set: no measure of how long the waits still are. */
  #isPutBack(): boolean {
    return this.#alarm !== undefined && this.#timers.now() < this.#alarm.since
  }

  #ring(): void {
    this.#wakeDue().catch(this.#unforeseen)
  }

  async #wakeDue(): Promise<void> {
    // Where the clock was put back, all decide anew how long they wait.
    const until = this.#isPutBack() ? NO_TIME : this.#timers.now()
    this.#alarm?.cancel()
    this.#alarm = undefined
    await this.#wakeAll(await this.#ledger.parkedRuns(until))
    await this.#setAlarm()
  }

  async #wakeAll(ids: readonly string[]): Promise<void> {
    for (let start = 0; start < ids.length; start += SLICE) {
      await Promise.all(ids.slice(start, start + SLICE).map((id) => this.wake(id)))
    }
  }
}

import type { Run } from '../../nodes/api/runs.ts'
import type { StepRecord } from '../ledger/ledger.ts'
import type { Timers } from './timers.ts'

export interface Parked {
  wakeAt: number
  since: number
  /** The step that waits: the ledger has its messages and no record of it yet. */
  step: readonly StepRecord[]
  /** Set while it comes back from the ledger. */
  waking: Promise<void> | undefined
  /** Settles when the run, which goes on by then, has ended. */
  end: Promise<Run>
  resolve: (run: Run) => void
}

/** Runs that wait for long: all that is left of them in memory is when they go on, and who waits for that. */
export class ParkedRuns {
  readonly #parked = new Map<string, Parked>()
  readonly #timers: Timers
  readonly #goOn: (id: string, parked: Parked) => Promise<void>
  #alarm: { at: number; cancel: () => void } | undefined

  /** @param goOn brings a run back from the ledger; answers once it is under way */
  constructor(timers: Timers, goOn: (id: string, parked: Parked) => Promise<void>) {
    this.#timers = timers
    this.#goOn = goOn
  }

  /** @returns how the run ended, in the end */
  park(id: string, wakeAt: number, step: readonly StepRecord[]): Promise<Run> {
    let resolve!: (run: Run) => void
    const end = new Promise<Run>((resolveEnd) => (resolve = resolveEnd))
    this.#parked.set(id, { wakeAt, since: this.#timers.now(), step, waking: undefined, end, resolve })
    if (!this.#alarm || wakeAt < this.#alarm.at) this.#setAlarm(wakeAt)
    return end
  }

  has(id: string): boolean {
    return this.#parked.has(id)
  }
  step(id: string): readonly StepRecord[] | undefined {
    return this.#parked.get(id)?.step
  }
  end(id: string): Promise<Run> | undefined {
    return this.#parked.get(id)?.end
  }

  /** Lets a run go on, before its time too; answers once it is under way again. */
  async wake(id: string): Promise<void> {
    const parked = this.#parked.get(id)
    if (!parked) return
    parked.waking ??= this.#goOn(id, parked).then(() => void this.#parked.delete(id))
    await parked.waking
  }

  #setAlarm(at: number): void {
    this.#alarm?.cancel()
    this.#alarm = { at, cancel: this.#timers.at(at, () => this.#wakeDue()) }
  }

  #wakeDue(): void {
    const now = this.#timers.now()
    this.#alarm = undefined
    let next = Infinity
    for (const [id, { wakeAt, since }] of this.#parked) {
      if (wakeAt <= now || now < since) void this.wake(id)
      else next = Math.min(next, wakeAt)
    }
    if (next < Infinity) this.#setAlarm(next)
  }
}

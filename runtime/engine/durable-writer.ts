import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { Timers } from './timers.ts'

/** How long to wait before a write that could not be made durable is tried again. */
const WRITE_AGAIN_MS = 1_000

/** Something whose writes keep their order: a run, or one attempt beside its run. */
export interface Writing {
  /** Set where nothing of it was ever accepted. */
  dropped: boolean
  /** While the store is full or away: until everything is written that was asked for so far. */
  unwritten: Promise<void> | undefined
}

/** Patience with a store that is full or away for a moment. */
export class DurableWriter {
  readonly #timers: Timers
  #waiting = 0

  /** @param timers alarms of its own: outcomes are still written while everything else is stopped */
  constructor(timers: Timers) {
    this.#timers = timers
  }

  /** Writes that wait for the store. */
  get waiting(): number {
    return this.#waiting
  }

  /** Gives up what still waits. */
  stop(): void {
    this.#timers.stop()
  }

  /**
   * Writes until it is durable: an outcome must not be lost because the disk was full for a minute.
   * A run that was never accepted stops here for good.
   */
  durably<T>(run: Writing, write: () => Promise<T>): Promise<T> {
    if (run.unwritten) return this.#inTurn(run, write)
    return write().catch((error: unknown) => {
      if (!isStoreAway(error) || run.dropped) throw error
      return this.#inTurn(run, write)
    })
  }

  /** Writes of one run keep their order, so that nothing follows from an outcome that is not on disk. */
  #inTurn<T>(run: Writing, write: () => Promise<T>): Promise<T> {
    const before = run.unwritten ?? this.#timers.sleep(WRITE_AGAIN_MS)
    this.#waiting++
    const written = before.then(() => this.#again(run, write))
    const over = written.then(nothing, nothing).then(() => {
      this.#waiting--
      if (run.unwritten === over) run.unwritten = undefined
    })
    run.unwritten = over
    return written
  }

  async #again<T>(run: Writing, write: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await write()
      } catch (error) {
        if (!isStoreAway(error) || run.dropped) throw error
      }
      await this.#timers.sleep(WRITE_AGAIN_MS)
    }
  }
}

export function isStoreAway(error: unknown): boolean {
  return error instanceof FlowError && error.code === ErrorCode.StoreUnavailable
}

const nothing = (): void => undefined

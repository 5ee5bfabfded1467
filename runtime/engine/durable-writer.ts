import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { LiveRun } from './live-run.ts'
import type { Timers } from './timers.ts'

/** How long to wait before a write that could not be made durable is tried again. */
const WRITE_AGAIN_MS = 1_000

/** Patience with a store that is full or away for a moment. */
export class DurableWriter {
  readonly #timers: Timers

  constructor(timers: Timers) {
    this.#timers = timers
  }

  /**
   * Writes until it is durable: an outcome must not be lost because the disk was full for a minute.
   * A run that was never accepted stops here for good.
   */
  durably<T>(run: LiveRun, write: () => Promise<T>): Promise<T> {
    return write().catch(async (error: unknown) => {
      if (!(error instanceof FlowError) || error.code !== ErrorCode.StoreUnavailable || run.dropped)
        throw error
      await this.#timers.sleep(WRITE_AGAIN_MS)
      return this.durably(run, write)
    })
  }
}

import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { LiveRun } from './live-run.ts'

/** How long to wait before a write that could not be made durable is tried again. */
const WRITE_AGAIN_MS = 1_000

/** Patience with a store that is full or away for a moment, and sleep that ends with the engine. */
export class DurableWriter {
  readonly #timers = new Set<NodeJS.Timeout>()
  #stopped = false

  /**
   * Writes until it is durable: an outcome must not be lost because the disk was full for a minute.
   * A run that was never accepted stops here for good.
   */
  durably<T>(run: LiveRun, write: () => Promise<T>): Promise<T> {
    return write().catch(async (error: unknown) => {
      if (!(error instanceof FlowError) || error.code !== ErrorCode.StoreUnavailable || run.dropped)
        throw error
      await this.sleep(WRITE_AGAIN_MS)
      return this.durably(run, write)
    })
  }

  /** Never answers once stopped: the run goes on from the ledger after the next start. */
  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.#stopped) return
      const timer = setTimeout(() => {
        this.#timers.delete(timer)
        resolve()
      }, milliseconds)
      this.#timers.add(timer)
    })
  }

  /** Wakes nobody any more. */
  stop(): void {
    this.#stopped = true
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }
}

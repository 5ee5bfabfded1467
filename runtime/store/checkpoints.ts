import path from 'node:path'
import { Worker } from 'node:worker_threads'

/** Rarely, since pages that change with every commit are then copied once; some tens of megabytes of log under load. */
const EVERY_COMMITS = 100
const EVERY_MS = 2_000

/**
 * Has the write-ahead log taken over into the main file by a thread of its own. It begins with the first long log; where
 * it fails, the writing connection does that work itself, later and with a pause.
 */
export class Checkpoints {
  readonly #file: string
  readonly #finish: () => void
  #worker: Worker | undefined
  #commits = 0
  #isAtWork = false
  #began = 0

  /** @param finish takes over the last few pages, on the connection that writes */
  constructor(file: string, finish: () => void) {
    this.#file = file
    this.#finish = finish
  }

  /** Counts a commit. */
  noted(): void {
    if (++this.#commits < EVERY_COMMITS || this.#isAtWork) return
    const now = performance.now()
    if (now - this.#began < EVERY_MS) return
    this.#began = now
    this.#commits = 0
    this.#isAtWork = true
    this.#worker ??= this.#start()
    this.#worker.postMessage('go')
  }

  async stop(): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    await worker?.terminate()
  }

  #start(): Worker {
    const script = new URL(`./checkpoint-thread${path.extname(import.meta.url)}`, import.meta.url)
    const worker = new Worker(script, { workerData: { file: this.#file }, execArgv: [] })
    worker.unref()
    worker.on('message', () => {
      this.#isAtWork = false
      if (this.#worker === worker) this.#finish()
    })
    // A full disk, for example: the next one may succeed.
    worker.on('error', () => undefined)
    worker.on('exit', () => {
      this.#isAtWork = false
      if (this.#worker === worker) this.#worker = undefined
    })
    return worker
  }
}

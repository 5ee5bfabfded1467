import path from 'node:path'
import { Worker } from 'node:worker_threads'

/** Some tens of megabytes of log where there is much to do, and some hundred kilobytes where there is little. */
const EVERY_COMMITS = 100

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

  /** @param finish takes over the last few pages, on the connection that writes */
  constructor(file: string, finish: () => void) {
    this.#file = file
    this.#finish = finish
  }

  /** Counts a commit. */
  noted(): void {
    if (++this.#commits < EVERY_COMMITS || this.#isAtWork) return
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

import path from 'node:path'
import { Worker } from 'node:worker_threads'
import type { FromReader, ReaderCalls, ToReader } from './reader-thread.ts'

/** The reader's thread ends after this long without a question, and with it its memory. */
const IDLE_MS = 5 * 60_000

interface Waiting {
  resolve: (answer: never) => void
  reject: (error: unknown) => void
}

/** Asks the thread that looks through the messages. It begins with the first question. */
export class MessageQueries {
  readonly #file: string
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | undefined
  #next = 0
  #idle: NodeJS.Timeout | undefined

  /** @param file the store */
  constructor(file: string) {
    this.#file = file
  }

  ask<Name extends keyof ReaderCalls>(
    call: Name,
    ...given: Parameters<ReaderCalls[Name]>
  ): Promise<ReturnType<ReaderCalls[Name]>> {
    return new Promise((resolve, reject) => {
      const number = this.#next++
      this.#waiting.set(number, { resolve, reject })
      this.#worker ??= this.#start()
      this.#worker.ref()
      this.#worker.postMessage({ number, call, arguments: given } satisfies ToReader)
      this.#restUntil()
    })
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle)
    const worker = this.#worker
    this.#worker = undefined
    await worker?.terminate()
  }

  #start(): Worker {
    const script = new URL(`./reader-thread${path.extname(import.meta.url)}`, import.meta.url)
    const worker = new Worker(script, { workerData: { file: this.#file }, execArgv: [] })
    worker.on('message', (message: FromReader) => this.#settle(worker, message))
    worker.on('error', (error) => this.#fail(worker, error))
    worker.on('exit', () => this.#fail(worker, new Error('The thread that reads messages has ended')))
    return worker
  }

  #settle(worker: Worker, { number, answer, error }: FromReader): void {
    const waiting = this.#waiting.get(number)
    this.#waiting.delete(number)
    if (this.#waiting.size === 0) worker.unref()
    if (error === undefined) waiting?.resolve(answer as never)
    else waiting?.reject(error)
  }

  #fail(worker: Worker, error: unknown): void {
    if (this.#worker === worker) this.#worker = undefined
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }

  #restUntil(): void {
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => void this.close(), IDLE_MS).unref()
  }
}

import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { Database } from '../store/database.ts'

interface Write<T = unknown> {
  work: () => T
  resolve: (result: T) => void
  reject: (error: unknown) => void
}

/**
 * Collects the writes of one turn of the event loop into one transaction: 64 runs at once pay for one fsync.
 * This is where the speed of the ledger comes from.
 */
export class GroupCommit {
  readonly #database: Database
  #writes: Write[] = []
  #scheduled = false

  constructor(database: Database) {
    this.#database = database
  }

  /** Runs `work` inside the next commit; answers with its result once that commit is on disk. */
  write<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#writes.push({ work, resolve, reject } as Write)
      if (this.#scheduled) return
      this.#scheduled = true
      setImmediate(this.#flush)
    })
  }

  readonly #flush = (): void => {
    const writes = this.#writes
    this.#writes = []
    this.#scheduled = false
    const results = new Array<unknown>(writes.length)
    try {
      this.#database.transaction(() => {
        for (let index = 0; index < writes.length; index++) results[index] = writes[index]!.work()
      })
    } catch {
      // One bad write must not take its neighbours with it: each gets a commit of its own.
      for (const write of writes) this.#writeAlone(write)
      return
    }
    for (let index = 0; index < writes.length; index++) writes[index]!.resolve(results[index])
  }

  #writeAlone({ work, resolve, reject }: Write): void {
    try {
      resolve(this.#database.transaction(work))
    } catch (error) {
      reject(
        error instanceof FlowError
          ? error
          : new FlowError(ErrorCode.StoreUnavailable, 'The data folder cannot be written at the moment', {
              hint: 'Check free space and permissions of the data folder.',
              cause: error,
            }),
      )
    }
  }
}

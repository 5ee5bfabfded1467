import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { Database } from '../store/database.ts'

interface Write<T = unknown> {
  work: () => T
  resolve: (result: T) => void
  reject: (error: unknown) => void
}

/**
 * Gathers writes into shared commits: 64 runs at once pay for one fsync. This is where the speed of the ledger comes from.
 *
 * While the disk takes one commit over, in a thread of its own, this thread goes on with other runs; whatever they
 * write meanwhile is the next commit. So commits grow with the load, and a lone write waits for nobody.
 */
export class GroupCommit {
  readonly #database: Database
  #writes: Write[] = []
  #isBusy = false
  #failure: FlowError | undefined

  constructor(database: Database) {
    this.#database = database
  }

  /** Runs `work` inside the next commit; answers with its result once that commit is on disk. */
  write<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#writes.push({ work, resolve, reject } as Write)
      if (this.#isBusy) return
      this.#isBusy = true
      setImmediate(this.#commit)
    })
  }

  readonly #commit = (): void => {
    const writes = this.#writes
    this.#writes = []
    const results = new Array<unknown>(writes.length)
    try {
      if (this.#failure) throw this.#failure
      this.#database.transactionBeforeSync(() => {
        for (let index = 0; index < writes.length; index++) results[index] = writes[index]!.work()
      })
    } catch {
      // One bad write must not take its neighbours with it: each gets a commit of its own.
      for (const write of writes) this.#writeAlone(write)
      this.#goOn()
      return
    }
    this.#database.sync((error) => {
      if (error) this.#failure = unwritable(error)
      for (let index = 0; index < writes.length; index++) {
        if (this.#failure) writes[index]!.reject(this.#failure)
        else writes[index]!.resolve(results[index])
      }
      this.#goOn()
    })
  }

  #goOn(): void {
    this.#isBusy = this.#writes.length > 0
    if (this.#isBusy) setImmediate(this.#commit)
  }

  #writeAlone({ work, resolve, reject }: Write): void {
    try {
      // After a failed fsync nobody knows what the disk holds: nothing is written until a restart has looked.
      if (this.#failure) throw this.#failure
      resolve(this.#database.transaction(work))
    } catch (error) {
      reject(error instanceof FlowError ? error : unwritable(error))
    }
  }
}

function unwritable(cause: unknown): FlowError {
  return new FlowError(ErrorCode.StoreUnavailable, 'The data folder cannot be written at the moment', {
    hint: 'Check free space and permissions of the data folder; after a disk error, restart.',
    cause,
  })
}

import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { Database } from '../store/database.ts'

interface Write<T = unknown> {
  work: () => T
  resolve: (result: T) => void
  reject: (error: unknown) => void
}

/** Longest wait for writes of other runs that are under way. */
const GATHER_MS = 1

/**
 * Gathers writes into shared transactions: 64 runs at once pay for one fsync. This is where the speed of the ledger
 * comes from.
 *
 * A commit starts with the next turn of the event loop. Only while more writers are under way than have asked so far
 * does it wait for them, for a millisecond at most: a fsync costs as much, whatever it carries.
 */
export class GroupCommit {
  readonly #database: Database
  readonly #writersUnderWay: () => number
  #writes: Write[] = []
  #immediate: NodeJS.Immediate | undefined
  #timer: NodeJS.Timeout | undefined

  /** @param writersUnderWay how many are likely to write soon; 0: nobody is waited for */
  constructor(database: Database, writersUnderWay: () => number = () => 0) {
    this.#database = database
    this.#writersUnderWay = writersUnderWay
  }

  /** Runs `work` inside the next commit; answers with its result once that commit is on disk. */
  write<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#writes.push({ work, resolve, reject } as Write)
      if (this.#immediate) return
      if (this.#writes.length >= this.#writersUnderWay()) this.#immediate = setImmediate(this.#flush)
      else this.#timer ??= setTimeout(this.#flush, GATHER_MS)
    })
  }

  readonly #flush = (): void => {
    const writes = this.#writes
    this.#writes = []
    clearImmediate(this.#immediate)
    clearTimeout(this.#timer)
    this.#immediate = undefined
    this.#timer = undefined
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

import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import { noFigures } from '../metrics/figures.ts'
import type { LedgerFigures } from '../metrics/figures.ts'
import type { Database } from '../store/database.ts'

interface Write<T = unknown> {
  work: () => T
  result: T
  resolve: (result: T) => void
  reject: (error: unknown) => void
}

/**
 * Gathers writes into shared commits: 64 runs at once pay for one fsync. This is where the speed of the ledger comes from.
 *
 * While the disk takes one commit over, in a thread of its own, this thread goes on with other runs. What they write
 * meanwhile is done in the next transaction at once, and committed when the disk is free again. So commits grow with
 * the load, and a lone write waits for nobody.
 */
export class GroupCommit {
  readonly #database: Database
  readonly #figures: LedgerFigures
  /** Asked for in this turn of the event loop. */
  #asked: Write[] = []
  /** Done in the open transaction. */
  #done: Write[] = []
  /** Committed, and not yet given to the disk. */
  #committed: Write[] = []
  #isSyncing = false
  #failure: FlowError | undefined

  constructor(database: Database, figures: LedgerFigures = noFigures) {
    this.#database = database
    this.#figures = figures
    database.onForeignTransaction(() => this.#commit())
  }

  /** Runs `work` inside the next commit, alone once more where that fails; answers with its result once it is on disk. */
  write<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#asked.length === 0) setImmediate(this.#doAsked)
      this.#asked.push({ work, result: undefined, resolve, reject } as Write)
    })
  }

  /** After a failed fsync what can be read is no proof that it is on disk. @throws FlowError `STORE_UNAVAILABLE` */
  refuseAfterFailure(): void {
    if (this.#failure) throw this.#failure
  }

  readonly #doAsked = (): void => {
    const writes = this.#asked
    this.#asked = []
    try {
      if (this.#failure) throw this.#failure
      this.#database.gather(() => {
        for (const write of writes) write.result = write.work()
      })
      this.#done = this.#done.length === 0 ? writes : this.#done.concat(writes)
    } catch {
      this.#writeEachAlone(this.#done.concat(writes))
    }
    if (!this.#isSyncing) this.#commitAndSync()
  }

  #commitAndSync(): void {
    this.#commit()
    const writes = this.#committed
    if (writes.length === 0) return
    this.#committed = []
    this.#isSyncing = true
    const began = performance.now()
    this.#database.sync((error) => {
      this.#isSyncing = false
      this.#figures.committed(writes.length, performance.now() - began)
      if (error) this.#fail(error)
      for (const { resolve, reject, result } of writes) {
        if (this.#failure) reject(this.#failure)
        else resolve(result)
      }
      // The callback outlives its call until the next full collection, and must not take all these with it.
      writes.length = 0
      this.#commitAndSync()
    })
  }

  #commit(): void {
    if (this.#done.length === 0) return
    try {
      this.#database.commitGathered()
    } catch {
      this.#writeEachAlone(this.#done)
      return
    }
    this.#committed = this.#committed.concat(this.#done)
    this.#done = []
  }

  /** After a failed fsync nobody knows what the disk holds: nothing is written until a restart has looked. */
  #fail(cause: Error): void {
    this.#failure = unwritable(cause)
    if (this.#done.length > 0) this.#database.dropGathered()
    for (const { reject } of [...this.#committed, ...this.#done]) reject(this.#failure)
    this.#committed = []
    this.#done = []
  }

  /**
   * One bad write must not take its neighbours with it: each gets a commit of its own. Where the disk takes one no
   * more, all after it are refused too, so that nothing is on disk without what was asked for before it.
   */
  #writeEachAlone(writes: readonly Write[]): void {
    this.#done = []
    let refusal = this.#failure
    for (const { work, resolve, reject } of writes) {
      try {
        if (refusal) throw refusal
        resolve(this.#database.transaction(work))
      } catch (error) {
        const refused = error instanceof FlowError ? error : unwritable(error)
        if (isOfStore(error)) refusal = refused
        reject(refused)
      }
    }
  }
}

/** True for an error of the store itself, such as a full disk; false where the write asks for something impossible. */
function isOfStore(error: unknown): boolean {
  const { errcode } = error as { errcode?: number }
  return errcode !== undefined && (errcode & 0xff) !== SQLITE_CONSTRAINT
}
const SQLITE_CONSTRAINT = 19

function unwritable(cause: unknown): FlowError {
  return new FlowError(ErrorCode.StoreUnavailable, 'The data folder cannot be written at the moment', {
    hint: 'Check free space and permissions of the data folder; after a disk error, restart.',
    cause,
  })
}

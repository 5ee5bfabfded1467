import { closeSync, fdatasync, fdatasyncSync, fsyncSync, openSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { StatementSync } from 'node:sqlite'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import { migrations } from './migrations.ts'

/** Pages: a quarter of a gigabyte. `Checkpoints` keeps the log far shorter; beyond this a commit does that work itself. */
const LONGEST_LOG = 32_000

/**
 * The one SQLite connection of a data folder, shared by ledger, elements, directory and sessions. WAL mode, where a
 * commit is on the disk once the write-ahead log is: `transaction` waits for that, `commitGathered` leaves it to `sync`.
 */
export class Database {
  /** True where there was no store in the file before. */
  readonly isNew: boolean
  readonly #connection: DatabaseSync
  /** The write-ahead log, which holds every commit until SQLite takes it over into the main file. */
  readonly #log: number | undefined
  readonly #begin: StatementSync
  readonly #commit: StatementSync
  #depth = 0
  #isGathering = false
  #settleGathered = (): void => this.commitGathered()
  #wantsCheckpoint = false
  #companion: (() => void) | undefined
  readonly #changes: StatementSync

  /**
   * @param file path, or `:memory:` for tests that need no file
   * @param options `isReadOnly`: looks at a store of whatever version, beside whoever works on it
   */
  constructor(file: string, { isReadOnly = false } = {}) {
    this.#connection = new DatabaseSync(file, { enableForeignKeyConstraints: false, readOnly: isReadOnly })
    if (!isReadOnly) this.#setUp()
    this.#begin = this.#connection.prepare('BEGIN IMMEDIATE')
    this.#commit = this.#connection.prepare('COMMIT')
    this.#changes = this.#connection.prepare('SELECT total_changes() AS count')
    this.isNew = this.version === 0
    if (isReadOnly) return
    this.#migrate()
    // Not before: a step that makes a table anew drops it first, with all that refers to it in place.
    this.#connection.exec('PRAGMA foreign_keys = ON')
    if (file !== ':memory:') {
      this.#log = openSync(`${file}-wal`, 'r+')
      syncFolder(path.dirname(file))
    }
  }

  #setUp(): void {
    // A run's row holds its steps: a page of 8 KiB keeps it in one piece, and a commit writes no more than it must.
    this.#connection.exec(`
      PRAGMA page_size = 8192;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA wal_autocheckpoint = ${LONGEST_LOG};
      PRAGMA temp_store = MEMORY;
    `)
  }

  /** A statement whose `run`, outside any transaction, is one of its own. */
  prepare(sql: string): StatementSync {
    const statement = this.#connection.prepare(sql)
    const run = statement.run.bind(statement) as StatementSync['run']
    const runInTransaction = (...parameters: Parameters<StatementSync['run']>) =>
      this.transaction(() => run(...parameters))
    statement.run = runInTransaction as StatementSync['run']
    return statement
  }

  /** A statement for `gather` alone, without a look at transactions on each call. */
  prepareGathered(sql: string): StatementSync {
    return this.#connection.prepare(sql)
  }

  /** Runs `work` in one transaction: all of it is on disk when this returns, or nothing. Nested calls join the outer one. */
  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return work()
    if (this.#isGathering) this.#settleGathered()
    this.#begin.run()
    this.#depth++
    try {
      const companion = this.#companion
      const before = companion && this.#countChanges()
      const result = work()
      const isAccompanied = companion !== undefined && this.#countChanges() !== before
      if (isAccompanied) companion()
      this.#commit.run()
      if (isAccompanied) this.#companion = undefined
      if (this.#log !== undefined) fdatasyncSync(this.#log)
      return result
    } catch (error) {
      this.#rollBack()
      throw error
    } finally {
      this.#depth--
    }
  }

  /**
   * Runs `work`, which does not wait for anything, and `companion` at the end of the first transaction of it that changes
   * something, as part of that transaction: both are on the disk, or neither. Where nothing is changed it does not run.
   */
  accompany<T>(companion: () => void, work: () => T): T {
    this.#companion = companion
    try {
      return work()
    } finally {
      this.#companion = undefined
    }
  }

  /** Says who commits what was gathered when a transaction of somebody else has to begin. */
  onForeignTransaction(settleGathered: () => void): void {
    this.#settleGathered = settleGathered
  }

  /**
   * Runs `work` in the transaction that gathers writes until `commitGathered`. Where it throws, everything gathered
   * so far is taken back.
   */
  gather(work: () => void): void {
    if (!this.#isGathering) this.#begin.run()
    this.#isGathering = true
    this.#depth++
    try {
      work()
    } catch (error) {
      this.dropGathered()
      throw error
    } finally {
      this.#depth--
    }
  }

  /** Takes back everything gathered so far. */
  dropGathered(): void {
    this.#isGathering = false
    this.#rollBack()
  }

  /**
   * Commits what was gathered. It is not on the disk yet: `sync` tells when it is. A power cut in between takes the
   * commit back whole, and never an earlier one alone.
   */
  commitGathered(): void {
    if (!this.#isGathering) return
    this.#isGathering = false
    try {
      this.#commit.run()
    } catch (error) {
      this.#rollBack()
      throw error
    }
    this.onCommit()
    if (this.#wantsCheckpoint) this.finishCheckpoint()
  }

  /** Told of each commit of gathered writes: see `Checkpoints`. */
  onCommit: () => void = () => undefined

  /** Takes over the few pages of the log that a checkpoint beside this connection has left; later where it is writing. */
  finishCheckpoint(): void {
    this.#wantsCheckpoint = this.#isGathering || this.#depth > 0
    if (this.#wantsCheckpoint || !this.#connection.isOpen) return
    try {
      this.#connection.exec('PRAGMA wal_checkpoint(PASSIVE)')
    } catch {
      // The disk is full, for example: the commits stay in the log, and the next checkpoint takes them over.
    }
  }

  /** Brings every commit made so far to the disk, in a thread beside this one, and calls back. */
  sync(done: (error: Error | null) => void): void {
    if (this.#log === undefined) setImmediate(done, null)
    else fdatasync(this.#log, done)
  }

  close(): void {
    if (!this.#connection.isOpen) return
    this.commitGathered()
    if (this.#log !== undefined) closeSync(this.#log)
    this.#connection.close()
  }

  #countChanges(): number {
    return (this.#changes.get() as { count: number }).count
  }

  #rollBack(): void {
    if (this.#connection.isTransaction) this.#connection.exec('ROLLBACK')
  }

  /** How many of the migrations it has. */
  get version(): number {
    const row = this.#connection.prepare('PRAGMA user_version').get() as { user_version: number }
    return row.user_version
  }

  #migrate(): void {
    const { version } = this
    if (version > migrations.length) {
      throw new FlowError(
        ErrorCode.StoreUnavailable,
        `The data folder was written by a newer version of sms-logic (store ${version}, this one knows ${migrations.length})`,
        { hint: 'Start the newer version, or choose another folder with --data.' },
      )
    }
    for (let next = version; next < migrations.length; next++) {
      this.transaction(() => {
        this.#connection.exec(migrations[next]!)
        this.#connection.exec(`PRAGMA user_version = ${next + 1}`)
      })
    }
  }
}

/** Makes the names of new files last; where the system has no such thing (Windows), names last by themselves. */
export function syncFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, 'r')
    fsyncSync(descriptor)
    closeSync(descriptor)
  } catch (error) {
    if (process.platform !== 'win32') throw error
  }
}

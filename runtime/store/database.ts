import { closeSync, fdatasync, fsyncSync, openSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { StatementSync } from 'node:sqlite'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import { migrations } from './migrations.ts'

/**
 * The one SQLite connection of a data folder, shared by ledger, elements, directory and sessions.
 * `synchronous=FULL` in WAL mode: a commit that returned survives a power cut.
 */
export class Database {
  /** True where there was no store in the file before. */
  readonly isNew: boolean
  readonly #connection: DatabaseSync
  /** The write-ahead log, which holds every commit until SQLite takes it over into the main file. */
  readonly #log: number | undefined
  #depth = 0

  /** @param file path, or `:memory:` for tests that need no file */
  constructor(file: string) {
    this.#connection = new DatabaseSync(file)
    // A run's row holds its steps: pages of 16 KiB keep it in one piece, where smaller ones spill it over several.
    this.#connection.exec(`
      PRAGMA page_size = 16384;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA foreign_keys = ON;
      PRAGMA wal_autocheckpoint = 1000;
      PRAGMA temp_store = MEMORY;
    `)
    this.isNew = this.#version() === 0
    this.#migrate()
    if (file !== ':memory:') {
      this.#log = openSync(`${file}-wal`, 'r+')
      syncFolder(path.dirname(file))
    }
  }

  prepare(sql: string): StatementSync {
    return this.#connection.prepare(sql)
  }

  /** Runs `work` in one transaction: all of it is on disk when this returns, or nothing. Nested calls join the outer one. */
  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return work()
    this.#connection.exec('BEGIN IMMEDIATE')
    this.#depth++
    try {
      const result = work()
      this.#connection.exec('COMMIT')
      return result
    } catch (error) {
      if (this.#connection.isTransaction) this.#connection.exec('ROLLBACK')
      throw error
    } finally {
      this.#depth--
    }
  }

  /**
   * Like `transaction`, but returns once the commit is made and before it is on disk: `sync` tells when it is.
   * A power cut in between takes the commit back whole, and never an earlier one alone.
   */
  transactionBeforeSync<T>(work: () => T): T {
    this.#connection.exec('PRAGMA synchronous = NORMAL')
    try {
      return this.transaction(work)
    } finally {
      this.#connection.exec('PRAGMA synchronous = FULL')
    }
  }

  /** Brings every commit made so far to the disk, in a thread beside this one, and calls back. */
  sync(done: (error: Error | null) => void): void {
    if (this.#log === undefined) setImmediate(done, null)
    else fdatasync(this.#log, done)
  }

  close(): void {
    if (!this.#connection.isOpen) return
    if (this.#log !== undefined) closeSync(this.#log)
    this.#connection.close()
  }

  #version(): number {
    const row = this.#connection.prepare('PRAGMA user_version').get() as { user_version: number }
    return row.user_version
  }

  #migrate(): void {
    const version = this.#version()
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
function syncFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, 'r')
    fsyncSync(descriptor)
    closeSync(descriptor)
  } catch (error) {
    if (process.platform !== 'win32') throw error
  }
}

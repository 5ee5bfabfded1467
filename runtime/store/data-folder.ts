import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import { Checkpoints } from './checkpoints.ts'
import { Database } from './database.ts'
import { makePrivate } from './private-file.ts'

/** A data folder that belongs to this process until it is closed or the process ends, however it ends. */
export interface DataFolder {
  readonly folder: string
  /** The store. */
  readonly file: string
  readonly database: Database
  /** True where this start made the store. */
  readonly isNew: boolean
  close(): Promise<void>
}

/**
 * Opens a data folder for this process alone.
 * @throws FlowError `STORE_LOCKED` where another process has it, `STORE_UNAVAILABLE` where it cannot be used
 */
export function openDataFolder(folder: string): DataFolder {
  const absolute = path.resolve(folder)
  try {
    mkdirSync(absolute, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw unusable(absolute, cause)
  }
  const release = lockFolder(absolute)
  try {
    const file = path.join(absolute, 'sms-logic.db')
    makePrivate(file)
    const database = new Database(file)
    const checkpoints = new Checkpoints(file, () => database.finishCheckpoint())
    database.onCommit = () => checkpoints.noted()
    return {
      folder: absolute,
      file,
      database,
      isNew: database.isNew,
      async close() {
        await checkpoints.stop()
        database.close()
        release()
      },
    }
  } catch (cause) {
    release()
    throw cause instanceof FlowError ? cause : unusable(absolute, cause)
  }
}

/**
 * Holds an exclusive transaction on a small file for life: an operating system lock, so that it vanishes with
 * the process, `kill -9` included, and no stale file can block a restart.
 * @returns what lets go of it
 * @throws FlowError `STORE_LOCKED`, `STORE_UNAVAILABLE`
 */
export function lockFolder(folder: string): () => void {
  const connection = new DatabaseSync(path.join(folder, 'lock.db'))
  try {
    // Of several that look at the same moment each is in the other's way: one must stay for long enough to get it.
    connection.exec(`PRAGMA busy_timeout = ${LOCK_WAIT_MS}; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE`)
  } catch (cause) {
    connection.close()
    const { errcode } = cause as { errcode?: number }
    if (errcode !== SQLITE_BUSY) throw unusable(folder, cause)
    throw new FlowError(ErrorCode.StoreLocked, `Another sms-logic is using the data folder ${folder}`, {
      hint: 'Use the one that runs, stop it, or choose another folder with --data.',
      cause,
    })
  }
  return () => connection.close()
}
const SQLITE_BUSY = 5
const LOCK_WAIT_MS = 200

function unusable(folder: string, cause: unknown): FlowError {
  return new FlowError(ErrorCode.StoreUnavailable, `The data folder ${folder} cannot be used`, {
    hint: 'Check that it exists, that you may write there, and that sms-logic.db is not damaged.',
    cause,
  })
}

import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import { lockFolder } from './data-folder.ts'
import { syncFolder } from './database.ts'
import { migrations } from './migrations.ts'

/** What a backup holds, or is about to be taken of. */
export interface BackupFacts {
  /** Bytes of the file. */
  size: number
  /** When it was taken, milliseconds since 1970. */
  taken: number
}

/** Until a store that is being written lets a reader in, in milliseconds. */
const BUSY_MS = 10_000

/**
 * Copies the store of a data folder into a new file, as it is at one moment, while a server may go on working on it.
 *
 * `VACUUM INTO` reads in one transaction, which in WAL mode holds up no writer. (The backup API copies pages and begins
 * anew whenever another process writes in between.) It leaves out what was removed, and the file is one without a log.
 * The copy is marked as a backup, see `restorationTable`. It gets its name last, so that half a file is never one.
 * @throws FlowError `NOT_FOUND`, `CONFLICT` where the file is there already, `STORE_UNAVAILABLE`
 */
export function writeBackup(folder: string, file: string, now: number): BackupFacts {
  const store = path.join(folder, 'sms-logic.db')
  if (!existsSync(store)) {
    throw new FlowError(ErrorCode.NotFound, `There is no data folder ${folder}`, {
      hint: 'Give the folder that the server works on with --data.',
    })
  }
  if (existsSync(file)) {
    throw new FlowError(ErrorCode.Conflict, `There is a file ${file} already`, {
      hint: 'Give each backup a name of its own, with the date in it for example, or move the old one away.',
    })
  }
  const part = `${file}.part`
  try {
    rmSync(part, { force: true })
    closeSync(openSync(part, 'wx', 0o600))
    copyStore(store, part)
    mark(part, now)
    sync(part)
    renameSync(part, file)
    syncFolder(path.dirname(path.resolve(file)))
  } catch (cause) {
    rmSync(part, { force: true })
    if (cause instanceof FlowError) throw cause
    throw new FlowError(
      ErrorCode.StoreUnavailable,
      `The backup ${file} could not be written (${reasonOf(cause)})`,
      {
        hint: 'Check that its folder exists, that you may write there, and that the disk has room for the whole store.',
        cause,
      },
    )
  }
  return { size: statSync(file).size, taken: now }
}

function copyStore(store: string, part: string): void {
  const source = new DatabaseSync(store, { readOnly: true, timeout: BUSY_MS })
  try {
    const version = versionOf(source)
    if (version !== migrations.length) {
      const relation = version > migrations.length ? 'newer' : 'older'
      throw new FlowError(
        ErrorCode.StoreUnavailable,
        `The data folder was written by a ${relation} version of sms-logic (store ${version}, this one has ${migrations.length})`,
        { hint: 'Take the backup with the version that works on the folder.' },
      )
    }
    source.prepare('VACUUM INTO ?').run(part)
  } finally {
    source.close()
  }
}

function mark(part: string, now: number): void {
  const copy = new DatabaseSync(part)
  try {
    copy.prepare('INSERT INTO restoration (taken) VALUES (?)').run(now)
  } finally {
    copy.close()
  }
}

/**
 * Makes a new data folder of a backup. Nothing of it is opened as a store: the first start does that, and holds what the
 * backup had open.
 * @throws FlowError `NOT_FOUND`, `CONFLICT` where the folder holds anything, `STORE_UNAVAILABLE` where the file is no
 *   whole backup that this version reads, `STORE_LOCKED`
 */
export function restoreBackup(file: string, folder: string): BackupFacts {
  if (!existsSync(file)) {
    throw new FlowError(ErrorCode.NotFound, `There is no file ${file}`, {
      hint: 'Give the file of a backup.',
    })
  }
  const absolute = path.resolve(folder)
  if (existsSync(absolute) && readdirSync(absolute).length > 0) {
    throw new FlowError(ErrorCode.Conflict, `The folder ${folder} is not empty`, {
      hint: 'Restore into a new folder, and start the server with it; keep the old one until you need it no more.',
    })
  }
  const taken = checkBackup(file)
  const part = path.join(absolute, 'sms-logic.db.part')
  let release: (() => void) | undefined
  try {
    mkdirSync(absolute, { recursive: true, mode: 0o700 })
    release = lockFolder(absolute)
    closeSync(openSync(part, 'wx', 0o600))
    copyFileSync(file, part)
    sync(part)
    renameSync(part, path.join(absolute, 'sms-logic.db'))
    syncFolder(absolute)
  } catch (cause) {
    rmSync(part, { force: true })
    if (cause instanceof FlowError) throw cause
    throw new FlowError(
      ErrorCode.StoreUnavailable,
      `The folder ${folder} could not be written (${reasonOf(cause)})`,
      {
        hint: 'Check that you may write there and that the disk has room for the whole backup, then empty the folder and try again.',
        cause,
      },
    )
  } finally {
    release?.()
  }
  return { size: statSync(file).size, taken }
}

/** Reads all of a backup. @returns when it was taken @throws FlowError `STORE_UNAVAILABLE` saying what is wrong with it */
function checkBackup(file: string): number {
  let copy: DatabaseSync | undefined
  try {
    copy = new DatabaseSync(file, { readOnly: true })
    const version = versionOf(copy)
    if (version > migrations.length) {
      throw new FlowError(
        ErrorCode.StoreUnavailable,
        `The backup ${file} was taken by a newer version of sms-logic (store ${version}, this one knows ${migrations.length})`,
        { hint: 'Restore it with that version or a later one.' },
      )
    }
    if (!copy.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'restoration'").get()) throw notOurs(file)
    const newest = copy
      .prepare('SELECT taken FROM restoration WHERE restored IS NULL ORDER BY number DESC')
      .get()
    if (!newest) throw notOurs(file)
    const [problem] = copy.prepare('PRAGMA integrity_check(1)').all()
    if (problem?.['integrity_check'] !== 'ok') throw broken(file, String(problem?.['integrity_check']))
    return newest['taken'] as number
  } catch (cause) {
    if (cause instanceof FlowError) throw cause
    const { errcode } = cause as { errcode?: number }
    throw errcode === SQLITE_NOTADB ? notOurs(file, cause) : broken(file, reasonOf(cause), cause)
  } finally {
    copy?.close()
  }
}
const SQLITE_NOTADB = 26

function versionOf(database: DatabaseSync): number {
  return (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version
}

function notOurs(file: string, cause?: unknown): FlowError {
  return new FlowError(ErrorCode.StoreUnavailable, `The file ${file} is no backup of sms-logic`, {
    hint: 'Give a file that "sms-logic backup" wrote.',
    cause,
  })
}

function broken(file: string, reason: string, cause?: unknown): FlowError {
  return new FlowError(ErrorCode.StoreUnavailable, `The backup ${file} is broken (${reason})`, {
    hint: 'Copy it once more from where it is kept, or take an earlier backup.',
    cause,
  })
}

function sync(file: string): void {
  const descriptor = openSync(file, 'r+')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function reasonOf(cause: unknown): string {
  const { code, message } = cause as { code?: string; message?: string }
  return code === undefined || code === 'ERR_SQLITE_ERROR' ? (message ?? 'unknown') : code
}

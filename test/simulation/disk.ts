import { existsSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { SQLInputValue, StatementSync } from 'node:sqlite'
import { Database } from '../../runtime/store/database.ts'
import { DurableStore } from './durable-store.ts'
import { OUTSIDE } from './time.ts'
import type { SimulatedTime } from './time.ts'

/** What a crash leaves of the writes that no fsync has confirmed. */
export type Kept =
  /** The machine lost its power: nothing. */
  | 'synced'
  /** The machine lost its power while it wrote: a part, torn anywhere. */
  | 'torn'
  /** The process was killed: everything that it gave to the operating system. */
  | 'all'

/** How the disk behaves at this moment. */
export interface DiskState {
  /** Shares of transactions that find no space, from 0 to 1. */
  full: number
  syncMs: () => number
  /** The next fsync reports an error. */
  failNextSync: boolean
}

/**
 * A disk that says when a write is safe. It holds a real SQLite file, whose write-ahead log is cut back at a crash to
 * what an fsync had confirmed; SQLite itself then finds out what that leaves of the store.
 */
export class SimulatedDisk {
  state: DiskState
  /** Told of what happens here, so that a scenario can let the process die at just that moment. */
  onEvent: (event: 'commit' | 'sync' | 'durable') => void = () => undefined
  onFailedSync: () => void = () => undefined
  readonly time: SimulatedTime
  readonly random: () => number
  readonly #folder: string
  readonly file: string
  /** Bytes of the write-ahead log that survive a power cut. */
  #safeBytes = 0
  #open: { database: SimulatedDatabase; durable: DurableStore } | undefined

  /** @param store the bytes of the store that it begins with */
  constructor(store: Uint8Array, time: SimulatedTime, random: () => number) {
    this.time = time
    this.random = random
    this.state = { full: 0, syncMs: () => 1, failNextSync: false }
    this.#folder = mkdtempSync(path.join(fastFolder(), 'sms-logic-simulation-'))
    this.file = path.join(this.#folder, 'store.db')
    writeFileSync(this.file, store)
  }

  open(): SimulatedDatabase {
    const database = new SimulatedDatabase(this.file, this)
    this.#open = { database, durable: new DurableStore(this.file) }
    this.#open.durable.moveOn()
    return database
  }

  /** The store as it would be found after a power cut at this moment. */
  get durable(): DurableStore {
    return this.#open!.durable
  }

  get isFull(): boolean {
    return this.random() < this.state.full
  }

  get isOpen(): boolean {
    return this.#open !== undefined
  }

  /** Before the database is closed in good order: SQLite tidies up behind its last connection only. */
  closeViews(): void {
    this.#open?.durable.close()
  }

  /** The process has ended in good order. */
  closed(): void {
    this.#open = undefined
    this.#safeBytes = 0
  }

  /** The process is gone; the next `open` finds what the disk kept. */
  crash(kept: Kept): void {
    if (!this.#open) return
    const { database, durable } = this.#open
    const written = this.walBytes()
    // The views, which cannot write, are closed last: so nobody moves the log into the main file on the way.
    database.isAbandoned = true
    database.close()
    durable.close()
    this.#open = undefined
    const torn = kept === 'torn' ? Math.floor(this.random() * (written - this.#safeBytes)) : 0
    truncateSync(`${this.file}-wal`, kept === 'all' ? written : this.#safeBytes + torn)
    rmSync(`${this.file}-shm`, { force: true })
  }

  remove(): void {
    if (this.#open) this.crash('all')
    rmSync(this.#folder, { recursive: true, force: true })
  }

  walBytes(): number {
    return statSync(`${this.file}-wal`, { throwIfNoEntry: false })?.size ?? 0
  }

  /** An fsync begins now; what was committed so far is safe when it ends. */
  sync(done: (error: Error | null) => void): void {
    const { process } = this.time
    const bytes = this.walBytes()
    const confirm = this.durable.prepareToMoveOn()
    this.onEvent('sync')
    this.time.after(this.state.syncMs(), OUTSIDE, () => {
      if (process !== this.time.process) return
      const failed = this.state.failNextSync
      this.state.failNextSync = false
      if (failed) this.onFailedSync()
      else {
        this.#safeBytes = Math.max(this.#safeBytes, bytes)
        confirm()
        this.onEvent('durable')
      }
      this.time.after(this.random(), process, () =>
        done(failed ? new Error('EIO: i/o error, fdatasync') : null),
      )
    })
  }

  /** A write that waited for its own fsync. */
  syncedInBetween(): void {
    this.#safeBytes = this.walBytes()
    this.#open?.durable.moveOn()
    this.onEvent('durable')
  }
}

/** The real database on a simulated disk. */
export class SimulatedDatabase extends Database {
  /** Set where its process is dead: what it still does counts for nothing. */
  isAbandoned = false
  readonly #disk: SimulatedDisk
  readonly #statements = new Map<string, StatementSync>()
  #depth = 0
  #isGathering = false

  constructor(file: string, disk: SimulatedDisk) {
    super(file)
    this.#disk = disk
  }

  /** Prepared at its first use, and once: a simulation opens the store some thousand times. */
  override prepare(sql: string): StatementSync {
    const statement = () => {
      let known = this.#statements.get(sql)
      if (!known) this.#statements.set(sql, (known = super.prepare(sql)))
      return known
    }
    return {
      get: (...given: SQLInputValue[]) => statement().get(...given),
      all: (...given: SQLInputValue[]) => statement().all(...given),
      run: (...given: SQLInputValue[]) => statement().run(...given),
      iterate: (...given: SQLInputValue[]) => statement().iterate(...given),
    } as StatementSync
  }

  override transaction<T>(work: () => T): T {
    if (this.#depth > 0 || !this.#disk) return super.transaction(work)
    const result = super.transaction(() => this.#inside(work))
    this.#disk.syncedInBetween()
    return result
  }

  override gather(work: () => void): void {
    super.gather(() => this.#inside(work))
    this.#isGathering = true
  }

  override dropGathered(): void {
    this.#isGathering = false
    super.dropGathered()
  }

  override commitGathered(): void {
    if (!this.#isGathering) return
    this.#isGathering = false
    if (!this.isAbandoned && this.#disk.isFull) {
      super.dropGathered()
      throw diskFull()
    }
    super.commitGathered()
    if (!this.isAbandoned) this.#disk.onEvent('commit')
  }

  override sync(done: (error: Error | null) => void): void {
    this.#disk.sync(done)
  }

  #inside<T>(work: () => T): T {
    this.#depth++
    try {
      const answer = work()
      if (this.#disk.isFull) throw diskFull()
      return answer
    } finally {
      this.#depth--
    }
  }
}

function diskFull(): Error {
  return Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 })
}

/** Memory in place of a disk, where there is such a folder: nothing here has to outlive this process. */
export function fastFolder(): string {
  return existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
}

import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { AuditCheck, AuditEntry, AuditFilter, AuditPage, AuditQuery } from '../../nodes/api/audit.ts'
import type { Database } from '../store/database.ts'
import type { Surroundings } from '../surroundings.ts'

/** What is written down: time, number and seal come by themselves. */
export type NewEntry = Omit<AuditEntry, 'id' | 'time' | 'seal' | 'outcome'> & {
  outcome?: AuditEntry['outcome']
}

export interface AuditDependencies {
  database: Database
  surroundings: Surroundings
  /** Of the seals; not in the data folder. */
  key: Buffer
}

/** The key of the seals, from the master key. */
export function auditKey(masterKey: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey, '', 'sms-logic audit log', 32))
}

/** Entries that are looked at, or removed, in one go; whoever else waits has a turn in between. */
const PART = 2_000
/** Refused sign-ins that are written down within an hour: more of them are a flood, not a record. */
const REFUSED_PER_HOUR = 500
const HOUR_MS = 3_600_000

/** Who did what, in a chain of sealed entries: changing, leaving out or putting in one breaks all seals after it. */
export class AuditLog {
  readonly #on: AuditDependencies
  readonly #statements: ReturnType<typeof prepare>

  constructor(dependencies: AuditDependencies) {
    this.#on = dependencies
    this.#statements = prepare(dependencies.database)
  }

  /** Adds an entry. It is on the disk when this returns, or part of the transaction that is open. */
  add({ outcome = 'done', ...entry }: NewEntry): void {
    const { database } = this.#on
    database.transaction(() => {
      const last = this.#end('head')
      const { who, thing, verb, ...rest } = entry
      const row = {
        id: (last?.id ?? 0) + 1,
        time: this.#now(),
        person: who.id ?? who.kind,
        name: who.name ?? '',
        ...{ thing, verb, outcome },
        entry: JSON.stringify({ who, ...rest }),
      }
      const seal = this.#sealOf(row, last?.entry_seal)
      this.#statements.insert.run({ ...row, seal })
      this.#putEnd('head', row.id, seal, row.time)
    })
  }

  /** Runs `work`, which waits for nothing, and adds the entry in the transaction by which it changes something, if it does. */
  with<T>(entry: NewEntry, work: () => T): T {
    return this.#on.database.accompany(() => this.add(entry), work)
  }

  /** Runs `work` in one transaction, with the entry as part of it. */
  withAll<T>(entry: NewEntry, work: () => T): T {
    return this.with(entry, () => this.#on.database.transaction(work))
  }

  /** Adds a refused sign-in, unless there were so many that nobody would read them. */
  addRefusal(entry: NewEntry): void {
    const { count } = this.#statements.refused.get(this.#now() - HOUR_MS) as { count: number }
    if (count < REFUSED_PER_HOUR) this.add({ ...entry, outcome: 'refused' })
  }

  /** Newest first. */
  page({ before, limit, ...filter }: AuditQuery): AuditPage {
    const found = this.#rows(filter, { before: before ?? Number.MAX_SAFE_INTEGER, limit: limit + 1 })
    const entries = found.slice(0, limit)
    return {
      entries: entries.map(describe),
      next: found.length > limit ? entries.at(-1)!.id : null,
    }
  }

  /** All that fit, oldest first, some at a time. */
  async *all(filter: AuditFilter): AsyncGenerator<AuditEntry[]> {
    for (let after = 0; ;) {
      const rows = this.#rows(filter, { after, limit: PART })
      if (rows.length === 0) return
      yield rows.map(describe)
      after = rows.at(-1)!.id
      await turn()
    }
  }

  /** Checks every seal, from what was cut off to the newest entry. */
  async check(): Promise<AuditCheck> {
    const anchor = this.#end('anchor')
    let last = anchor && { id: anchor.id, seal: anchor.entry_seal }
    let entries = 0
    const answer = (broken: AuditCheck['broken']): AuditCheck => ({
      ...{ isWhole: broken === null, entries, broken },
      cut: anchor ? { through: anchor.id, time: iso(anchor.time) } : null,
      seal: last ? Buffer.from(last.seal).toString('hex') : '',
    })
    if (anchor && !this.#isSealed(anchor)) return answer({ id: anchor.id, why: 'anchor' })
    for (;;) {
      const rows = this.#rows({}, { after: last?.id ?? 0, limit: PART })
      for (const row of rows) {
        if (row.id !== (last?.id ?? 0) + 1) return answer({ id: (last?.id ?? 0) + 1, why: 'missing' })
        const { seal, ...sealed } = row
        if (!isSame(seal, this.#sealOf(sealed, last?.seal))) return answer({ id: row.id, why: 'changed' })
        last = row
        entries++
      }
      if (rows.length === 0) break
      await turn()
    }
    const head = this.#end('head')
    const isEnd = head
      ? this.#isSealed(head) && head.id === (last?.id ?? 0) && isSame(head.entry_seal, last!.seal)
      : last === undefined
    return answer(isEnd ? null : { id: (last?.id ?? 0) + 1, why: 'end-missing' })
  }

  /**
   * Removes entries from before `time`. What is left still proves itself: the seal of the last one removed stays, and an
   * entry says how many are gone. @returns how many
   */
  async cut(time: number, isClosing: () => boolean = () => false): Promise<number> {
    let removed = 0
    for (let isMore = true; isMore && !isClosing(); await turn()) {
      // a chain that is broken is not cut: the place could not be named any more
      if (removed === 0 && this.#hasOld(time) && !(await this.check()).isWhole) return 0
      const count = this.#on.database.transaction(() => this.#cutSome(time))
      removed += count
      isMore = count === PART
    }
    if (removed > 0) {
      const detail = { entries: removed, before: iso(time) }
      this.add({ who: { kind: 'server' }, thing: 'audit', verb: 'cut', detail })
    }
    return removed
  }

  #cutSome(time: number): number {
    const last = this.#statements.lastOld.get({ time, part: PART }) as unknown as Row | undefined
    if (!last) return 0
    this.#putEnd('anchor', last.id, last.seal, last.time)
    return Number(this.#statements.cut.run(last.id).changes)
  }

  /** The newest entry always stays: it is what the next one is chained to. */
  #hasOld(time: number): boolean {
    return this.#statements.lastOld.get({ time, part: 1 }) !== undefined
  }

  #rows(filter: AuditFilter, { before, after, limit }: { before?: number; after?: number; limit: number }) {
    const { person, thing, verb, from, to } = filter
    const statement = before === undefined ? this.#statements.oldest : this.#statements.latest
    return statement.all({
      edge: before ?? after ?? 0,
      person: person ?? null,
      namePart: person === undefined ? null : `%${person.replace(/[\\%_]/g, '\\$&')}%`,
      thing: thing ?? null,
      verb: verb ?? null,
      from: from === undefined ? null : Date.parse(from),
      to: to === undefined ? null : Date.parse(to),
      limit,
    }) as unknown as Row[]
  }

  #sealOf(row: Omit<Row, 'seal'>, before: Uint8Array | undefined): Buffer {
    const { id, time, person, name, thing, verb, outcome, entry } = row
    return createHmac('sha256', this.#on.key)
      .update(before ?? '')
      .update(JSON.stringify([id, time, person, name, thing, verb, outcome, entry]))
      .digest()
  }

  #end(name: 'anchor' | 'head'): EndRow | undefined {
    return this.#statements.end.get(name) as EndRow | undefined
  }

  #putEnd(name: 'anchor' | 'head', id: number, entrySeal: Uint8Array, time: number): void {
    this.#statements.putEnd.run(name, id, entrySeal, time, this.#sealOfEnd(name, id, entrySeal, time))
  }

  #isSealed({ name, id, entry_seal: entrySeal, time, seal }: EndRow): boolean {
    return isSame(seal, this.#sealOfEnd(name, id, entrySeal, time))
  }

  #sealOfEnd(name: string, id: number, entrySeal: Uint8Array, time: number): Buffer {
    return createHmac('sha256', this.#on.key)
      .update(JSON.stringify([name, id, time]))
      .update(entrySeal)
      .digest()
  }

  #now(): number {
    return this.#on.surroundings.now().getTime()
  }
}

interface Row {
  id: number
  time: number
  person: string
  name: string
  thing: string
  verb: string
  outcome: string
  entry: string
  seal: Uint8Array
}

interface EndRow {
  name: string
  id: number
  entry_seal: Uint8Array
  time: number
  seal: Uint8Array
}

function describe({ id, time, thing, verb, outcome, entry, seal }: Row): AuditEntry {
  return {
    id,
    time: iso(time),
    ...{ thing, verb, outcome },
    ...(JSON.parse(entry) as object),
    seal: Buffer.from(seal).toString('hex'),
  } as AuditEntry
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other)
}

function iso(time: number): string {
  return new Date(time).toISOString()
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

const fits = `
  (:person IS NULL OR person = :person OR name LIKE :namePart ESCAPE '\\')
  AND (:thing IS NULL OR thing = :thing) AND (:verb IS NULL OR verb = :verb)
  AND (:from IS NULL OR time >= :from) AND (:to IS NULL OR time < :to)`

function prepare(database: Database) {
  return {
    insert: database.prepare(`
      INSERT INTO audit_entries (id, time, person, name, thing, verb, outcome, entry, seal)
      VALUES (:id, :time, :person, :name, :thing, :verb, :outcome, :entry, :seal)`),
    latest: database.prepare(
      `SELECT * FROM audit_entries WHERE id < :edge AND ${fits} ORDER BY id DESC LIMIT :limit`,
    ),
    oldest: database.prepare(
      `SELECT * FROM audit_entries WHERE id > :edge AND ${fits} ORDER BY id LIMIT :limit`,
    ),
    refused: database.prepare(
      `SELECT count(*) AS count FROM audit_entries WHERE time > ? AND outcome = 'refused' AND thing = 'session'`,
    ),
    lastOld: database.prepare(`
      SELECT * FROM (SELECT * FROM audit_entries ORDER BY id LIMIT :part)
      WHERE time < :time AND id < (SELECT max(id) FROM audit_entries) ORDER BY id DESC LIMIT 1`),
    cut: database.prepare('DELETE FROM audit_entries WHERE id <= ?'),
    end: database.prepare('SELECT name, id, entry_seal, time, seal FROM audit_ends WHERE name = ?'),
    putEnd: database.prepare(`
      INSERT OR REPLACE INTO audit_ends (name, id, entry_seal, time, seal) VALUES (?, ?, ?, ?, ?)`),
  }
}

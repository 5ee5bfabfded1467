import type { InboxEvent, InboxPage, InboxQuery } from '../../nodes/api/inbox.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { InboxEntry } from '../../nodes/inbox.ts'
import type { InboxRow } from '../ledger/ledger.ts'
import { insertInboxEntry } from '../ledger/sqlite-statements.ts'
import type { Database } from '../store/database.ts'
import type { Surroundings } from '../surroundings.ts'

type Listener = (event: InboxEvent) => void

const entryColumns = `id, member_id AS memberId, run_id AS runId, function_name AS functionName, title, text, link,
  created, read_at AS readAt`
/** Not read first, then newest first; goes on behind the entry that a cursor names. */
const selectPage = `
  SELECT ${entryColumns} FROM inbox_entry
  WHERE member_id = ?1 AND ((read_at IS NOT NULL) > ?2 OR ((read_at IS NOT NULL) = ?2 AND id < ?3))
  ORDER BY (read_at IS NOT NULL), id DESC LIMIT ?4`
const selectEntry = `SELECT ${entryColumns} FROM inbox_entry WHERE id = ? AND member_id = ?`
const countUnread = `
  SELECT count(*) AS count FROM inbox_entry WHERE member_id = ? AND (read_at IS NOT NULL) = 0`
const updateRead = 'UPDATE inbox_entry SET read_at = ? WHERE id = ? AND member_id = ?'
const updateAllRead = `
  UPDATE inbox_entry SET read_at = ? WHERE member_id = ? AND (read_at IS NOT NULL) = 0`
/** Sorts after every ULID. */
const LAST_ID = '~'

interface StoredEntry {
  id: string
  memberId: string
  runId: string | null
  functionName: string
  title: string
  text: string
  link: string | null
  created: number
  readAt: number | null
}

/**
 * What functions told people in the application itself. Whoever calls this has made sure that the reader may see the
 * inbox of the member it names: a host by its own sign-in, the server by its session or token.
 */
export class Inbox {
  readonly #database: Database
  readonly #surroundings: Surroundings
  readonly #listeners = new Map<string, Set<Listener>>()

  constructor(database: Database, surroundings: Surroundings) {
    this.#database = database
    this.#surroundings = surroundings
  }

  /** One page of a member's entries: those that are not read yet before the others, newest first. */
  list(memberId: string, { before, limit = 50 }: Partial<InboxQuery> = {}): InboxPage {
    const [part, id] = before === undefined ? ['0', LAST_ID] : before.split('-', 2)
    const rows = this.#database
      .prepare(selectPage)
      .all(memberId, Number(part), id!, limit + 1) as unknown as StoredEntry[]
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    return {
      entries: page.map(describe),
      next: rows.length > limit && last ? `${last.readAt === null ? 0 : 1}-${last.id}` : null,
      unread: this.unread(memberId),
    }
  }

  /** How many entries of a member are not read yet. */
  unread(memberId: string): number {
    return (this.#database.prepare(countUnread).get(memberId) as { count: number }).count
  }

  /** Marks one entry as read, or as not read. @throws FlowError `NOT_FOUND` where the member has no such entry */
  mark(memberId: string, id: string, read: boolean): InboxEntry {
    const stored = this.#entry(memberId, id)
    if ((stored.readAt !== null) === read) return describe(stored)
    const readAt = read ? this.#surroundings.now().getTime() : null
    this.#database.prepare(updateRead).run(readAt, id, memberId)
    const entry = describe({ ...stored, readAt })
    this.#tell(memberId, (unread) => ({ type: 'changed', entry, unread }))
    return entry
  }

  markAllRead(memberId: string): void {
    this.#database.prepare(updateAllRead).run(this.#surroundings.now().getTime(), memberId)
    this.#tell(memberId, (unread) => ({ type: 'all-read', unread }))
  }

  /** Calls back with the number of unread entries, then with every change. @returns the way to stop */
  watch(memberId: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(memberId) ?? new Set()
    this.#listeners.set(memberId, listeners.add(listener))
    listener({ type: 'unread', unread: this.unread(memberId) })
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.#listeners.delete(memberId)
    }
  }

  /** Puts an entry in, as part of a transaction. @returns tells those who watch, once it is on the disk */
  put(row: InboxRow): () => void {
    const { id, memberId, runId, path, functionName, title, text, link, created } = row
    this.#database
      .prepare(insertInboxEntry)
      .run(id, memberId, runId, path, functionName, title, text, link ?? null, created)
    return () => this.delivered([row])
  }

  /** Tells those who watch of entries that have come and last. */
  delivered(rows: readonly InboxRow[]): void {
    if (this.#listeners.size === 0) return
    for (const { path: _, link = null, ...row } of rows) {
      const entry = describe({ ...row, link, readAt: null })
      this.#tell(row.memberId, (unread) => ({ type: 'added', entry, unread }))
    }
  }

  #tell(memberId: string, event: (unread: number) => InboxEvent): void {
    const listeners = this.#listeners.get(memberId)
    if (!listeners) return
    const told = event(this.unread(memberId))
    for (const listener of listeners) listener(told)
  }

  #entry(memberId: string, id: string): StoredEntry {
    const found = this.#database.prepare(selectEntry).get(id, memberId) as StoredEntry | undefined
    if (found) return found
    throw new FlowError(ErrorCode.NotFound, 'There is no such entry in this inbox')
  }
}

function describe({ created, readAt, link, ...entry }: StoredEntry): InboxEntry {
  return {
    ...entry,
    ...(link !== null && { link }),
    created: new Date(created).toISOString(),
    read: readAt === null ? null : new Date(readAt).toISOString(),
  }
}

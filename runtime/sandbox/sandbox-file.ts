import { DatabaseSync } from 'node:sqlite'
import type { SandboxFault } from '../../nodes/api/sandbox.ts'
import type { SmsProviderName } from '../../nodes/services/sms/settings.ts'
import { makePrivate } from '../store/private-file.ts'
import type { SandboxPush, SandboxRequest } from './sandbox.ts'

/** A text that an emulator took. */
export interface TakenMessage {
  /** The provider's message id; numbers of one Alibaba batch share a BizId and get `/2`, `/3`… behind it. */
  id: string
  provider: SmsProviderName
  /** The account that sent it, by its public id. */
  account: string
  to: string
  from: string
  text: string
  /** Milliseconds since 1970. */
  at: number
  segments: number
  /** OutId (Alibaba) or the messaging service (Twilio). */
  reference: string | null
  templateCode: string | null
  /** Why the phone never got it, in the provider's words; null once it is on the phone. */
  failure: string | null
}

export interface MessageFilter {
  provider?: SmsProviderName
  account?: string
  to?: string
  from?: string
  /** Milliseconds since 1970: from `since` (included) until `until` (left out). */
  since?: number
  until?: number
  /** Only messages older than the one with this id. */
  beforeId?: string
  offset?: number
  limit: number
}

/** Without a file the phones keep this many texts; a file keeps them all. */
const KEPT_IN_MEMORY = 10_000

/**
 * Everything the sandbox remembers: texts and send requests, newest last.
 * Rows gather until the turn of the event loop ends and are written together. Nothing is flushed to the disk itself:
 * rows survive the death of the process, not a power cut.
 */
export class SandboxFile {
  readonly #database: DatabaseSync
  readonly #inMemory: boolean
  readonly #insertMessage
  readonly #insertRequest
  readonly #insertPush
  #messages: TakenMessage[] = []
  #requests: SandboxRequest[] = []
  #flushing: NodeJS.Immediate | undefined

  constructor(file: string | undefined) {
    this.#inMemory = file === undefined
    if (file !== undefined) makePrivate(file)
    this.#database = new DatabaseSync(file ?? ':memory:', { timeout: 2_000 })
    this.#database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = OFF;
      CREATE TABLE IF NOT EXISTS messages (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL, provider TEXT NOT NULL, account TEXT NOT NULL,
        recipient TEXT NOT NULL, sender TEXT NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL,
        segments INTEGER NOT NULL, reference TEXT, template_code TEXT, failure TEXT
      ) STRICT;
      CREATE INDEX IF NOT EXISTS messages_by_id ON messages (id);
      CREATE INDEX IF NOT EXISTS messages_by_recipient ON messages (recipient);
      CREATE TABLE IF NOT EXISTS requests (
        number INTEGER PRIMARY KEY, at INTEGER NOT NULL, provider TEXT NOT NULL, action TEXT NOT NULL,
        recipient TEXT, token TEXT, accepted INTEGER NOT NULL, fault TEXT NOT NULL, code TEXT
      ) STRICT;
      CREATE TABLE IF NOT EXISTS pushes (
        number INTEGER PRIMARY KEY, at INTEGER NOT NULL, provider TEXT NOT NULL, kind TEXT NOT NULL,
        phone TEXT NOT NULL, message_id TEXT NOT NULL, status TEXT NOT NULL, answer INTEGER NOT NULL
      ) STRICT;
    `)
    this.#insertMessage = this.#database.prepare(`
      INSERT INTO messages (id, provider, account, recipient, sender, text, at, segments, reference, template_code, failure)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
    this.#insertPush = this.#database.prepare(`
      INSERT INTO pushes (at, provider, kind, phone, message_id, status, answer) VALUES (?, ?, ?, ?, ?, ?, ?)`)
    this.#insertRequest = this.#database.prepare(`
      INSERT INTO requests (at, provider, action, recipient, token, accepted, fault, code)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
  }

  addMessage(message: TakenMessage): void {
    this.#messages.push(message)
    this.#flushSoon()
  }

  addPush(push: SandboxPush): void {
    this.#insertPush.run(
      push.at,
      push.provider,
      push.kind,
      push.phone,
      push.messageId,
      push.status,
      push.answer,
    )
  }

  addRequest(request: SandboxRequest): void {
    this.#requests.push(request)
    this.#flushSoon()
  }

  /** Newest first. */
  findMessages(filter: MessageFilter): TakenMessage[] {
    this.#flush()
    const conditions: string[] = []
    const values: (string | number)[] = []
    const where = (condition: string, value: string | number | undefined) => {
      if (value === undefined) return
      conditions.push(condition)
      values.push(value)
    }
    where('provider = ?', filter.provider)
    where('account = ?', filter.account)
    where('recipient = ?', filter.to)
    where('sender = ?', filter.from)
    where('at >= ?', filter.since)
    where('at < ?', filter.until)
    where('number < (SELECT number FROM messages WHERE id = ?)', filter.beforeId)
    const rows = this.#database
      .prepare(
        `SELECT * FROM messages ${conditions.length ? `WHERE ${conditions.join(' AND ')}` : ''}
         ORDER BY number DESC LIMIT ? OFFSET ?`,
      )
      .all(...values, filter.limit, filter.offset ?? 0)
    return rows.map(toMessage)
  }

  /** Newest first, only what the phones show. */
  delivered(limit: number): TakenMessage[] {
    this.#flush()
    return this.#database
      .prepare('SELECT * FROM messages WHERE failure IS NULL ORDER BY number DESC LIMIT ?')
      .all(limit)
      .map(toMessage)
  }

  findMessage(id: string): TakenMessage | undefined {
    this.#flush()
    const row = this.#database.prepare('SELECT * FROM messages WHERE id = ?').get(id)
    return row && toMessage(row)
  }

  /** Oldest first. */
  requests(): SandboxRequest[] {
    this.#flush()
    return this.#database.prepare('SELECT * FROM requests ORDER BY number').all().map(toRequest)
  }

  /** Oldest first. */
  pushes(): SandboxPush[] {
    return this.#database.prepare('SELECT * FROM pushes ORDER BY number').all().map(toPush)
  }

  clearMessages(): void {
    this.#messages = []
    this.#database.exec('DELETE FROM messages')
  }

  close(): void {
    if (!this.#database.isOpen) return
    this.#flush()
    this.#database.close()
  }

  #flushSoon(): void {
    this.#flushing ??= setImmediate(() => {
      try {
        this.#flush()
      } catch (error) {
        // A full disk must not end the product that the sandbox runs in.
        process.emitWarning(`The SMS sandbox lost rows it could not write: ${(error as Error).message}`)
      }
    })
  }

  #flush(): void {
    clearImmediate(this.#flushing)
    this.#flushing = undefined
    if (this.#messages.length === 0 && this.#requests.length === 0) return
    const messages = this.#messages
    const requests = this.#requests
    this.#messages = []
    this.#requests = []
    this.#database.exec('BEGIN')
    try {
      this.#insert(messages, requests)
      this.#database.exec('COMMIT')
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      throw error
    }
  }

  #insert(messages: readonly TakenMessage[], requests: readonly SandboxRequest[]): void {
    let newest = 0
    for (const each of messages) {
      const { lastInsertRowid } = this.#insertMessage.run(
        each.id,
        each.provider,
        each.account,
        each.to,
        each.from,
        each.text,
        each.at,
        each.segments,
        each.reference,
        each.templateCode,
        each.failure,
      )
      newest = Number(lastInsertRowid)
    }
    for (const each of requests) {
      this.#insertRequest.run(
        each.at,
        each.provider,
        each.action,
        each.to ?? null,
        each.token ?? null,
        each.accepted ? 1 : 0,
        each.fault,
        each.code ?? null,
      )
    }
    if (this.#inMemory && newest > KEPT_IN_MEMORY) {
      this.#database.exec(`DELETE FROM messages WHERE number <= ${newest - KEPT_IN_MEMORY}`)
    }
  }
}

type Row = Record<string, unknown>

function toMessage(row: Row): TakenMessage {
  return {
    id: row['id'] as string,
    provider: row['provider'] as SmsProviderName,
    account: row['account'] as string,
    to: row['recipient'] as string,
    from: row['sender'] as string,
    text: row['text'] as string,
    at: row['at'] as number,
    segments: row['segments'] as number,
    reference: row['reference'] as string | null,
    templateCode: row['template_code'] as string | null,
    failure: row['failure'] as string | null,
  }
}

function toPush(row: Row): SandboxPush {
  return {
    at: row['at'] as number,
    provider: row['provider'] as SmsProviderName,
    kind: row['kind'] as SandboxPush['kind'],
    phone: row['phone'] as string,
    messageId: row['message_id'] as string,
    status: row['status'] as string,
    answer: row['answer'] as number,
  }
}

function toRequest(row: Row): SandboxRequest {
  return {
    at: row['at'] as number,
    provider: row['provider'] as SmsProviderName,
    action: row['action'] as string,
    to: (row['recipient'] as string | null) ?? undefined,
    token: (row['token'] as string | null) ?? undefined,
    accepted: row['accepted'] === 1,
    fault: row['fault'] as SandboxFault,
    code: (row['code'] as string | null) ?? undefined,
  }
}

import { hash, randomBytes } from 'node:crypto'
import type { Database } from '../store/database.ts'

const DAY_MS = 24 * 60 * 60 * 1_000
const IDLE_MS = 30 * DAY_MS
/** However much it is used, a session ends. */
const LONGEST_MS = 90 * DAY_MS
/** A session in use is written down again once a day, not with each request. */
const RENEW_MS = DAY_MS

/** By what a session was opened. */
export type SignInWay = 'token' | 'code' | 'password' | 'passkey'

export interface Session {
  /** Names the session to its owner and opens nothing. */
  id: string
  /** Null: whoever came in by the start link or the access token. */
  member: string | null
  /** `Firefox · Windows`; empty where it is not known. */
  device: string
  /** Undefined: opened before that was noted. */
  way: SignInWay | undefined
  /** Milliseconds since 1970. */
  created: number
  expires: number
}

/** Signed-in browsers. A session is a random token; only its hash is kept, on disk and in memory. */
export class Sessions {
  readonly #now: () => number
  readonly #sessions = new Map<string, Session>()
  readonly #statements: ReturnType<typeof prepare>

  /** @param now milliseconds since 1970 */
  constructor(database: Database, now: () => number = Date.now) {
    this.#now = now
    this.#statements = prepare(database)
    this.#statements.forgetExpired.run(now())
    for (const row of this.#statements.all.all() as unknown as SessionRow[]) {
      const { token_hash: key, member, device, way, created, expires } = row
      // sessions of a release that did not note it begin when they are first seen
      this.#sessions.set(key, {
        ...{ id: idOf(key), member, device: device ?? '', way: way ?? undefined },
        ...{ created: created ?? now(), expires },
      })
    }
  }

  /** @returns the token for the cookie: 256 random bits */
  open({
    member = null,
    device = '',
    way,
  }: { member?: string | null; device?: string; way?: SignInWay } = {}): string {
    const token = randomBytes(32).toString('base64url')
    const key = hashOf(token)
    const created = this.#now()
    this.#put(key, { id: idOf(key), member, device, way, created, expires: created + IDLE_MS })
    return token
  }

  /** The session that a token opens, which is kept alive for 30 more days, 90 in all. */
  find(token: string): Session | undefined {
    const key = hashOf(token)
    const session = this.#sessions.get(key)
    if (!session) return undefined
    const now = this.#now()
    if (session.expires <= now) {
      this.#forget(key)
      return undefined
    }
    const expires = Math.min(now + IDLE_MS, session.created + LONGEST_MS)
    if (expires - session.expires > RENEW_MS) this.#put(key, { ...session, expires })
    return session
  }

  close(token: string): void {
    this.#forget(hashOf(token))
  }

  /** Of one member, or of the administrators without one; newest first. */
  of(member: string | null): Session[] {
    const now = this.#now()
    return [...this.#sessions.values()]
      .filter((session) => session.member === member && session.expires > now)
      .sort((one, other) => other.created - one.created)
  }

  /** Members who are signed in. */
  members(): Set<string> {
    const now = this.#now()
    const open = [...this.#sessions.values()].filter(({ expires }) => expires > now)
    return new Set(open.flatMap(({ member }) => member ?? []))
  }

  /** Ends the sessions of a member, or of the administrators without one: all or those that `ends` picks. @returns how many */
  end(member: string | null, ends: (session: Session) => boolean = () => true): number {
    const keys = [...this.#sessions]
      .filter(([, session]) => session.member === member && ends(session))
      .map(([key]) => key)
    for (const key of keys) this.#forget(key)
    return keys.length
  }

  #put(key: string, session: Session): void {
    const { member, device, way, created, expires } = session
    this.#statements.put.run(key, expires, member, created, device, way ?? null)
    this.#sessions.set(key, session)
  }

  #forget(key: string): void {
    this.#statements.delete.run(key)
    this.#sessions.delete(key)
  }
}

interface SessionRow {
  token_hash: string
  expires: number
  member: string | null
  created: number | null
  device: string | null
  way: SignInWay | null
}

function prepare(database: Database) {
  return {
    all: database.prepare('SELECT token_hash, expires, member, created, device, way FROM sessions'),
    put: database.prepare(`
      INSERT INTO sessions (token_hash, expires, member, created, device, way) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (token_hash) DO UPDATE SET expires = excluded.expires, created = excluded.created`),
    delete: database.prepare('DELETE FROM sessions WHERE token_hash = ?'),
    forgetExpired: database.prepare('DELETE FROM sessions WHERE expires <= ?'),
  }
}

function hashOf(token: string): string {
  return hash('sha256', token, 'hex')
}

function idOf(tokenHash: string): string {
  return hash('sha256', `id of ${tokenHash}`, 'hex').slice(0, 20)
}

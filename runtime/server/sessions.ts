import { hash, randomBytes } from 'node:crypto'
import type { Database } from '../store/database.ts'

const IDLE_MS = 30 * 24 * 60 * 60 * 1_000
/** A session in use is written down again once a day, not with each request. */
const RENEW_MS = 24 * 60 * 60 * 1_000

/** Signed-in browsers. A session is a random token; only its hash is kept, on disk and in memory. */
export class Sessions {
  readonly #now: () => number
  readonly #expires = new Map<string, number>()
  readonly #statements: ReturnType<typeof prepare>

  /** @param now milliseconds since 1970 */
  constructor(database: Database, now: () => number = Date.now) {
    this.#now = now
    this.#statements = prepare(database)
    this.#statements.forgetExpired.run(now())
    for (const row of this.#statements.all.all() as unknown as { token_hash: string; expires: number }[]) {
      this.#expires.set(row.token_hash, row.expires)
    }
  }

  /** @returns the token for the cookie: 256 random bits */
  open(): string {
    const token = randomBytes(32).toString('base64url')
    this.#renew(hashOf(token))
    return token
  }

  /** Answers whether the token opens a session, and keeps that session alive for 30 more days. */
  has(token: string): boolean {
    const key = hashOf(token)
    const expires = this.#expires.get(key)
    if (expires === undefined) return false
    const left = expires - this.#now()
    if (left <= 0) {
      this.#forget(key)
      return false
    }
    if (left < IDLE_MS - RENEW_MS) this.#renew(key)
    return true
  }

  close(token: string): void {
    this.#forget(hashOf(token))
  }

  #renew(key: string): void {
    const expires = this.#now() + IDLE_MS
    this.#statements.put.run(key, expires)
    this.#expires.set(key, expires)
  }

  #forget(key: string): void {
    this.#statements.delete.run(key)
    this.#expires.delete(key)
  }
}

function prepare(database: Database) {
  return {
    all: database.prepare('SELECT token_hash, expires FROM sessions'),
    put: database.prepare(`
      INSERT INTO sessions (token_hash, expires) VALUES (?, ?)
      ON CONFLICT (token_hash) DO UPDATE SET expires = excluded.expires`),
    delete: database.prepare('DELETE FROM sessions WHERE token_hash = ?'),
    forgetExpired: database.prepare('DELETE FROM sessions WHERE expires <= ?'),
  }
}

function hashOf(token: string): string {
  return hash('sha256', token, 'hex')
}

import { hash, randomBytes } from 'node:crypto'
import type { Database } from '../store/database.ts'

const YEAR_MS = 365 * 24 * 60 * 60 * 1_000
/** Of one account; the oldest goes for a further one. */
const MOST_BROWSERS = 20

/**
 * Browsers in which an account's password was right before. Their tries are counted apart, so that a stranger who keeps
 * guessing makes everybody else wait, but not the owner at the own desk. The token opens nothing.
 */
export class KnownBrowsers {
  readonly #now: () => number
  readonly #statements: ReturnType<typeof prepare>

  constructor(database: Database, now: () => number) {
    this.#now = now
    this.#statements = prepare(database)
  }

  /** @returns the token for a cookie of this browser */
  add(account: string): string {
    const token = randomBytes(32).toString('base64url')
    this.#statements.add.run(hash('sha256', token, 'buffer'), account, this.#now())
    this.#statements.forgetOldest.run(account, account, MOST_BROWSERS)
    return token
  }

  knows(token: string | undefined, account: string): boolean {
    if (token === undefined) return false
    const since = this.#now() - YEAR_MS
    return this.#statements.find.get(hash('sha256', token, 'buffer'), account, since) !== undefined
  }

  forget(account: string): void {
    this.#statements.forget.run(account)
  }
}

function prepare(database: Database) {
  return {
    add: database.prepare('INSERT INTO known_browsers (hash, account, created) VALUES (?, ?, ?)'),
    find: database.prepare('SELECT 1 FROM known_browsers WHERE hash = ? AND account = ? AND created > ?'),
    forget: database.prepare('DELETE FROM known_browsers WHERE account = ?'),
    forgetOldest: database.prepare(`
      DELETE FROM known_browsers WHERE account = ? AND hash NOT IN (
        SELECT hash FROM known_browsers WHERE account = ? ORDER BY created DESC LIMIT ?)`),
  }
}

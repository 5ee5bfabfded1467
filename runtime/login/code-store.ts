import type { Database } from '../store/database.ts'

export interface CodeRow {
  id: string
  method: string
  purpose: string
  phone: string
  address: string | null
  network: string | null
  code: Uint8Array
  decoy: number
  state: 'live' | 'used' | 'replaced'
  wrong: number
  created: number
  expires: number
  /** Of a code that a step of a run has used. */
  used_by: string | null
}

/** How many of something there were, and when the oldest and the newest of them. */
export interface Count {
  count: number
  oldest: number
  newest: number
}

/** The table of codes. Everything that is counted is counted in it, so that a restart forgets nothing. */
export class CodeStore {
  readonly #statements: ReturnType<typeof prepare>

  constructor(database: Database) {
    this.#statements = prepare(database)
  }

  find(id: string): CodeRow | undefined {
    return this.#statements.get.get(id) as unknown as CodeRow | undefined
  }

  /** The new code of a number and purpose; the one before it is worth nothing from now on. */
  put(row: Omit<CodeRow, 'state' | 'wrong' | 'used_by'>): void {
    const { id, method, purpose, phone, address, network, code, decoy, created, expires } = row
    this.#statements.replace.run(phone, purpose)
    const prefix = prefixOf(phone)
    this.#statements.insert.run(
      ...[id, method, purpose, phone, prefix, address, network],
      ...[code, decoy, created, expires],
    )
  }

  /**
   * Counts one attempt at a code before anybody looks whether it is right.
   * @returns the code, or undefined where there is none that may be tried
   */
  attempt(id: string, now: number, limits: { perCode: number; perPhone: number }): CodeRow | undefined {
    return this.#statements.attempt.get({
      id,
      now,
      since: now - DAY_MS,
      perCode: limits.perCode,
      perPhone: limits.perPhone,
    }) as unknown as CodeRow | undefined
  }

  /** A right code is used up; what was typed wrongly before it counts no more. @returns false: it was used already */
  use({ id, phone, purpose }: CodeRow, by: string | null = null): boolean {
    if (this.#statements.use.run(by, id).changes === 0) return false
    this.#statements.forgive.run(phone, purpose)
    return true
  }

  /** Codes of a number for a purpose that nobody has used, since the last one that was. */
  unused(phone: string, purpose: string, since: number): Count {
    return this.#statements.unused.get({ phone, purpose, since }) as unknown as Count
  }

  ofPhone(phone: string, since: number): Count {
    return this.#statements.ofPhone.get(phone, since) as unknown as Count
  }

  ofAddress(address: string, since: number): Count {
    return this.#statements.ofAddress.get(address, since) as unknown as Count
  }

  ofNetwork(network: string, since: number): Count {
    return this.#statements.ofNetwork.get(network, since) as unknown as Count
  }

  ofMethod(method: string, since: number): Count {
    return this.#statements.ofMethod.get(since, method) as unknown as Count
  }

  /** Numbers that differ in their last four digits only. @param until codes after it may still be under way */
  ofPrefix(phone: string, since: number, until: number): Count & { used: number } {
    return this.#statements.ofPrefix.get(until, prefixOf(phone), since) as unknown as Count & { used: number }
  }

  /** What a page shows of a method. */
  summary(method: string, since: number): { asked: number; texted: number; used: number } {
    return this.#statements.summary.get(since, method) as unknown as {
      asked: number
      texted: number
      used: number
    }
  }

  /** Codes that no rule counts any more. */
  forgetBefore(time: number): void {
    this.#statements.forget.run(time)
  }
}

const DAY_MS = 24 * 60 * 60 * 1_000

function prefixOf(phone: string): string {
  return phone.slice(0, -4)
}

const counted = 'count(*) AS count, coalesce(min(created), 0) AS oldest, coalesce(max(created), 0) AS newest'

function prepare(database: Database) {
  return {
    get: database.prepare('SELECT * FROM login_codes WHERE id = ?'),
    replace: database.prepare(
      `UPDATE login_codes SET state = 'replaced' WHERE phone = ? AND purpose = ? AND state = 'live'`,
    ),
    insert: database.prepare(`
      INSERT INTO login_codes
        (id, method, purpose, phone, prefix, address, network, code, decoy, state, created, expires)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'live', ?, ?)`),
    attempt: database.prepare(`
      UPDATE login_codes AS mine SET wrong = wrong + 1
      WHERE id = :id AND state = 'live' AND expires > :now AND wrong < :perCode AND (
        SELECT coalesce(sum(wrong), 0) FROM login_codes AS other
        WHERE other.phone = mine.phone AND other.purpose = mine.purpose AND other.created > :since
      ) < :perPhone
      RETURNING *`),
    use: database.prepare(
      `UPDATE login_codes SET state = 'used', used_by = ? WHERE id = ? AND state = 'live'`,
    ),
    forgive: database.prepare('UPDATE login_codes SET wrong = 0 WHERE phone = ? AND purpose = ?'),
    unused: database.prepare(`
      SELECT ${counted} FROM login_codes
      WHERE phone = :phone AND purpose = :purpose AND created > :since AND rowid > (
        SELECT coalesce(max(rowid), 0) FROM login_codes
        WHERE phone = :phone AND purpose = :purpose AND state = 'used')`),
    ofPhone: database.prepare(`SELECT ${counted} FROM login_codes WHERE phone = ? AND created > ?`),
    ofAddress: database.prepare(`SELECT ${counted} FROM login_codes WHERE address = ? AND created > ?`),
    ofNetwork: database.prepare(`SELECT ${counted} FROM login_codes WHERE network = ? AND created > ?`),
    ofMethod: database.prepare(`SELECT ${counted} FROM login_codes WHERE created > ? AND method = ?`),
    ofPrefix: database.prepare(`
      SELECT ${counted}, coalesce(sum(state = 'used'), 0) AS used
      FROM (SELECT * FROM login_codes WHERE created <= ?) WHERE prefix = ? AND created > ?`),
    summary: database.prepare(`
      SELECT count(*) AS asked, coalesce(sum(decoy = 0), 0) AS texted, coalesce(sum(state = 'used'), 0) AS used
      FROM login_codes WHERE created > ? AND method = ?`),
    forget: database.prepare('DELETE FROM login_codes WHERE created <= ?'),
  }
}

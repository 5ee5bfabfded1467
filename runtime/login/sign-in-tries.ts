import { hash } from 'node:crypto'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { Database } from '../store/database.ts'
import type { Origin } from './network.ts'

const SECOND_MS = 1_000
const DAY_MS = 24 * 60 * 60 * SECOND_MS

/** What is counted: wrong tries that cost nothing, then seconds of a pause that doubles with each further one. */
const rules = {
  /** A name that somebody signs in by, whether there is one or not. */
  name: { free: 5, firstSeconds: 30, longestSeconds: 15 * 60 },
  /** A browser in which the password was right before. */
  browser: { free: 5, firstSeconds: 30, longestSeconds: 15 * 60 },
  /** Who is signed in already and is asked for the present password. */
  present: { free: 5, firstSeconds: 30, longestSeconds: 15 * 60 },
  /** A code of an app, after a right password; and the same in a browser in which its owner was before. */
  factor: { free: 5, firstSeconds: 60, longestSeconds: 60 * 60 },
  'known-factor': { free: 5, firstSeconds: 60, longestSeconds: 60 * 60 },
  /** Offices share an address. */
  address: { free: 30, firstSeconds: 30, longestSeconds: 15 * 60 },
  network: { free: 150, firstSeconds: 30, longestSeconds: 15 * 60 },
} as const
type Kind = keyof typeof rules

/** Something that is tried, such as `name …`. */
export type TriedKey = `${Kind} ${string}`

/**
 * Counts tries at passwords and at what follows them, in the store: a restart forgets none. A pause is as long for a right
 * password as for a wrong one, is never longer than its rule says, and what is refused in it does not count.
 */
export class SignInTries {
  readonly #database: Database
  readonly #now: () => number
  readonly #statements: ReturnType<typeof prepare>

  constructor(database: Database, now: () => number) {
    this.#database = database
    this.#now = now
    this.#statements = prepare(database)
  }

  /**
   * Counts one try at each of `keys`, before anybody looks whether it is right.
   * @throws FlowError `TOO_MANY_TRIES` with the seconds to wait; nothing is counted then
   */
  count(keys: readonly TriedKey[]): void {
    const now = this.#now()
    this.#database.transaction(() => {
      this.#statements.forgetOld.run(now - DAY_MS)
      const seconds = Math.max(0, ...keys.map((key) => this.#wait(key, now)))
      if (seconds > 0) throw tooManyTries(seconds)
      for (const key of keys) this.#statements.count.run(key, now)
    })
  }

  /**
   * What was tried was right: whoever was tried begins anew, and the place has one wrong try less, the one that `count`
   * took for wrong. An address that guesses does not get rid of its guesses by one account of its own.
   */
  forgive(keys: readonly TriedKey[]): void {
    this.#database.transaction(() => {
      for (const key of keys) {
        if (kindOf(key) === 'address' || kindOf(key) === 'network') this.#statements.takeBack.run(key)
        else this.#statements.forget.run(key)
      }
    })
  }

  #wait(key: TriedKey, now: number): number {
    const row = this.#statements.read.get(key) as { wrong: number; last: number } | undefined
    const { free, firstSeconds, longestSeconds } = rules[kindOf(key)]
    if (!row || row.wrong < free) return 0
    const pause = Math.min(firstSeconds * 2 ** (row.wrong - free), longestSeconds)
    return Math.max(0, Math.ceil((row.last + pause * SECOND_MS - now) / SECOND_MS))
  }
}

/**
 * A name, as it is counted. Names are counted in a million groups, so that invented ones do not fill the disk; what was
 * typed is not kept: people type passwords there by mistake.
 */
export function nameKey(foldedName: string): TriedKey {
  return `name ${hash('sha256', foldedName, 'hex').slice(0, 5)}`
}

export function originKeys({ address, network }: Origin): TriedKey[] {
  const keys: TriedKey[] = []
  if (address !== null) keys.push(`address ${address}`)
  if (network !== null && network !== address) keys.push(`network ${network}`)
  return keys
}

function kindOf(key: TriedKey): Kind {
  return key.slice(0, key.indexOf(' ')) as Kind
}

function tooManyTries(seconds: number): FlowError {
  return new FlowError(ErrorCode.TooManyTries, 'Too many wrong passwords or codes were tried', {
    hint: `Wait ${seconds} seconds, then try again.`,
    params: { seconds },
  })
}

function prepare(database: Database) {
  return {
    read: database.prepare('SELECT wrong, last FROM sign_in_tries WHERE key = ?'),
    count: database.prepare(`
      INSERT INTO sign_in_tries (key, wrong, last) VALUES (?, 1, ?)
      ON CONFLICT (key) DO UPDATE SET wrong = wrong + 1, last = excluded.last`),
    takeBack: database.prepare('UPDATE sign_in_tries SET wrong = wrong - 1 WHERE key = ? AND wrong > 0'),
    forget: database.prepare('DELETE FROM sign_in_tries WHERE key = ?'),
    forgetOld: database.prepare('DELETE FROM sign_in_tries WHERE last <= ?'),
  }
}

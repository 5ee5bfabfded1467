import { createHmac, randomBytes } from 'node:crypto'
import { isTimeZone } from '../../nodes/directory/regions.ts'
import type { Organisation } from '../../nodes/directory/regions.ts'
import type { ReadPhone } from '../../nodes/directory/resolve-recipients.ts'
import type { Database } from '../store/database.ts'
import { readPhone } from './phone.ts'

/** The organisation's settings, and numbers as the organisation reads them. */
export class OrganisationStore {
  readonly #database: Database
  readonly #key: string
  #current: Organisation

  /** @param initialCountry of a new store, until somebody changes it in Settings */
  constructor(database: Database, initialCountry: string) {
    this.#database = database
    database
      .prepare(
        'INSERT OR IGNORE INTO organisation (one, country, time_zone, locale, phone_key) VALUES (1, ?, ?, ?, ?)',
      )
      .run(initialCountry, systemTimeZone(), 'en', randomBytes(32).toString('hex'))
    const row = database
      .prepare('SELECT country, time_zone AS timeZone, locale, phone_key AS key FROM organisation')
      .get() as unknown as Organisation & { key: string }
    const { key, ...current } = row
    this.#key = key
    this.#current = { ...current }
  }

  get current(): Organisation {
    return this.#current
  }

  change({ country, timeZone, locale }: Organisation): Organisation {
    this.#database
      .prepare('UPDATE organisation SET country = ?, time_zone = ?, locale = ?')
      .run(country, timeZone, locale)
    this.#current = { country, timeZone, locale }
    return this.#current
  }

  /** Reads a number that a function computed. The owner's token cannot be turned back without this store's key. */
  readPhone(text: string): ReadPhone {
    const { phone, phoneProblem } = readPhone(text, this.#current.country)
    const token = createHmac('sha256', this.#key).update(phone).digest('hex').slice(0, 16)
    const problem = phone === '' ? 'no-phone' : phoneProblem
    return { phone, problem, ownerId: `phone:${token}` }
  }
}

function systemTimeZone(): string {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions()
  return isTimeZone(timeZone) ? timeZone : 'UTC'
}

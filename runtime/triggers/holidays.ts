import type { Holiday } from '../../nodes/api/triggers.ts'
import type { Database } from '../store/database.ts'
import type { CalendarDays } from './schedule-times.ts'

/** The days on which schedules rest that skip holidays: one list for the organisation. */
export class Holidays {
  readonly #database: Database
  #days: CalendarDays

  constructor(database: Database) {
    this.#database = database
    this.#days = new Set(this.list().map(({ date }) => date))
  }

  get days(): CalendarDays {
    return this.#days
  }

  /** By date. */
  list(): Holiday[] {
    return this.#database
      .prepare('SELECT date, name FROM holidays ORDER BY date')
      .all() as unknown as Holiday[]
  }

  /** Takes the place of the whole list; of a day that comes twice the last name counts. */
  replace(holidays: readonly Holiday[]): Holiday[] {
    this.#database.transaction(() => {
      this.#database.prepare('DELETE FROM holidays').run()
      const insert = this.#database.prepare('INSERT OR REPLACE INTO holidays (date, name) VALUES (?, ?)')
      for (const { date, name } of holidays) insert.run(date, name)
    })
    const list = this.list()
    this.#days = new Set(list.map(({ date }) => date))
    return list
  }
}

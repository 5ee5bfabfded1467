import { Cron } from 'croner'
import type { Schedule, ScheduleTimes } from '../../nodes/triggers/settings.ts'

/** Milliseconds since 1970. */
type Moment = number
/** `2026-12-25` */
export type CalendarDays = ReadonlySet<string>

/** More holidays than anybody can write down: behind them a schedule counts as one that is never due. */
const MOST_HOLIDAYS = 1_001

/**
 * The times of a schedule, by the clock of its zone. Where clocks are put forward, a time of day that does not come is
 * due when they have been put forward; where they are put back, it is due the first time only. What is due every so
 * many minutes or hours goes on through both without a gap or a double.
 */
export class ScheduleClock {
  readonly #cron: Cron
  readonly #midnight: Cron
  readonly #day: Intl.DateTimeFormat
  readonly #isHoliday: (day: string) => boolean

  /** @throws Error where the cron pattern cannot be read; its message is not for people */
  constructor({ times, timeZone, skipHolidays }: Schedule, holidays: CalendarDays) {
    const options = {
      mode: '5-part',
      timezone: timeZone,
      fixedTimeRule: 'no-wildcard',
      paused: true,
    } as const
    this.#cron = new Cron(cronOf(times), options)
    this.#midnight = new Cron('0 0 * * *', options)
    this.#day = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    })
    this.#isHoliday = skipHolidays ? (day) => holidays.has(day) : () => false
  }

  /** The first time after a moment, or `null` where there is none. */
  next(after: Moment): Moment | null {
    let from = new Date(after)
    for (let holidays = 0; holidays <= MOST_HOLIDAYS; holidays++) {
      const time = this.#cron.nextRun(from)
      if (time === null) return null
      if (!this.#rests(time)) return time.getTime()
      from = new Date(this.#midnight.nextRun(time)!.getTime() - 1)
    }
    return null
  }

  /** The first times after a moment. */
  nextOnes(after: Moment, count: number): Moment[] {
    const found: Moment[] = []
    let time = this.next(after)
    while (time !== null && found.length < count) {
      found.push(time)
      time = this.next(time)
    }
    return found
  }

  /** The last times after `after` and until `until`, the earliest first; `count` of them at most. */
  lastOnes(after: Moment, until: Moment, count: number): Moment[] {
    // a time at `until` itself belongs to them
    return this.#cron
      .previousRuns(count, new Date(until + 1))
      .filter((time) => time.getTime() > after && time.getTime() <= until && !this.#rests(time))
      .map((time) => time.getTime())
      .sort((a, b) => a - b)
  }

  #rests(time: Date): boolean {
    return this.#isHoliday(this.#day.format(time))
  }
}

function cronOf(times: ScheduleTimes): string {
  if (times.form === 'cron') return times.cron
  const [hour, minute] = times.time.split(':').map(Number)
  switch (times.form) {
    case 'day':
      return `${minute} ${hour} * * *`
    case 'week':
      return `${minute} ${hour} * * ${[...new Set(times.weekdays)].sort().join(',')}`
    case 'month':
      return `${minute} ${hour} ${times.day === 'last' ? 'L' : times.day} * *`
  }
}

const MINUTE_MS = 60_000
const DAY_MINUTES = 24 * 60
/** Every zone's offset is a multiple of this, so day and offset can change at such a moment only. */
const QUARTER_MS = 15 * MINUTE_MS

interface Clock {
  date: Intl.DateTimeFormat
  time: Intl.DateTimeFormat
  /** The quarter of an hour that `day` was worked out for. */
  quarter: number
  day: string
}
const clocks = new Map<string, Clock>()

function clockOf(timeZone: string): Clock {
  let clock = clocks.get(timeZone)
  if (!clock) {
    clock = {
      date: new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }),
      time: new Intl.DateTimeFormat('en-GB', {
        timeZone,
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
      }),
      quarter: -1,
      day: '',
    }
    clocks.set(timeZone, clock)
  }
  return clock
}

/** The calendar day of a zone at a moment: `2026-03-01`. */
export function dayIn(timeZone: string, time: number): string {
  const clock = clockOf(timeZone)
  const quarter = Math.floor(time / QUARTER_MS)
  if (quarter !== clock.quarter) {
    clock.quarter = quarter
    clock.day = clock.date.format(time)
  }
  return clock.day
}

/** Minutes since midnight on a zone's clock. */
function minuteIn(timeZone: string, time: number): number {
  return minutesOf(clockOf(timeZone).time.format(time))
}

/** `21:30` → 1290 */
export function minutesOf(timeOfDay: string): number {
  const [hours, minutes] = timeOfDay.split(':')
  return Number(hours) * 60 + Number(minutes)
}

/** Hours on a person's clock, in minutes since midnight; `from` is in, `until` is out, and they may span midnight. */
export interface QuietHours {
  from: number
  until: number
}

function isQuiet({ from, until }: QuietHours, minute: number): boolean {
  return from < until ? minute >= from && minute < until : minute >= from || minute < until
}

/**
 * The first moment from `now` on at which a zone's clock shows no quiet hour, or nothing where it shows none now.
 * The clock itself is asked, minute by minute in the end, so days of 23 and 25 hours come out right.
 */
export function quietUntil(hours: QuietHours, timeZone: string, now: number): number | undefined {
  const quietAt = (time: number) => isQuiet(hours, minuteIn(timeZone, time))
  if (!quietAt(now)) return undefined
  let time = now - (now % MINUTE_MS)
  // less than a quarter of an hour without quiet can lie between two looks
  const loudMinutes = (hours.from - hours.until + DAY_MINUTES) % DAY_MINUTES
  const step = loudMinutes * MINUTE_MS < QUARTER_MS ? MINUTE_MS : QUARTER_MS
  for (;;) {
    const next = (Math.floor(time / step) + 1) * step
    if (!quietAt(next)) break
    time = next
  }
  do time += MINUTE_MS
  while (quietAt(time))
  return time
}

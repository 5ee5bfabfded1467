import { formulaError } from './formula-error.ts'
import type { Place } from './formula-error.ts'

/** A moment as a clock on the wall shows it. */
interface WallClock {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
}

const iso =
  /^([1-9]\d{3})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(Z|[+-](?:0\d|1[0-4]):?[0-5]\d)?)?$/
const parts = /'[^']*'|yyyy|yy|MM|M|dd|d|HH|H|hh|h|mm|m|ss|s|AM\/PM/g

/**
 * Writes a date by a pattern: yyyy yy MM M dd d HH H hh h mm m ss s AM/PM; text in single quotes and all other
 * characters stay. A moment with a zone (`…Z`, `…+08:00`) is shown in `timeZone`; one without is shown as it is written.
 * @param date ISO 8601
 * @param timeZone IANA name; UTC where it is missing
 */
export function formatDate(
  date: string,
  pattern: string,
  timeZone: string | undefined,
  places: { date: Place; pattern: Place },
): string {
  const clock = readDate(date, timeZone ?? 'UTC', places.date)
  let count = 0
  // YYYY and DD mean the same to most people
  const text = pattern
    .replace(/Y/g, 'y')
    .replace(/D/g, 'd')
    .replace(parts, (part) => {
      if (part.startsWith("'")) return part === "''" ? "'" : part.slice(1, -1)
      count++
      return write(part, clock)
    })
  if (count === 0) throw formulaError('datePattern', places.pattern)
  return text
}

function write(part: string, { year, month, day, hour, minute, second }: WallClock): string {
  const two = (value: number) => String(value).padStart(2, '0')
  switch (part) {
    case 'yyyy':
      return String(year).padStart(4, '0')
    case 'yy':
      return two(year % 100)
    case 'MM':
      return two(month)
    case 'M':
      return String(month)
    case 'dd':
      return two(day)
    case 'd':
      return String(day)
    case 'HH':
      return two(hour)
    case 'H':
      return String(hour)
    case 'hh':
      return two(hour % 12 || 12)
    case 'h':
      return String(hour % 12 || 12)
    case 'mm':
      return two(minute)
    case 'm':
      return String(minute)
    case 'ss':
      return two(second)
    case 's':
      return String(second)
    default:
      return hour < 12 ? 'AM' : 'PM'
  }
}

function readDate(text: string, timeZone: string, place: Place): WallClock {
  const match = iso.exec(text.trim())
  if (!match) throw formulaError('notADate', place)
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((digits) => Number(digits ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate()
  const exists = month >= 1 && month <= 12 && day >= 1 && day <= lastDay
  if (!exists || hour > 23 || minute > 59 || second > 59) throw formulaError('notADate', place)
  const zone = match[7]
  if (zone === undefined) return { year, month, day, hour, minute, second }
  const moment = Date.UTC(year, month - 1, day, hour, minute, second) - offsetMs(zone)
  return inZone(moment, timeZone, place)
}

function offsetMs(zone: string): number {
  if (zone === 'Z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000
}

function inZone(moment: number, timeZone: string, place: Place): WallClock {
  const clock: Record<string, number> = {}
  for (const { type, value } of formatter(timeZone, place).formatToParts(moment)) clock[type] = Number(value)
  return clock as unknown as WallClock
}

/** Making a formatter costs a hundred times what using it does. */
const formatters = new Map<string, Intl.DateTimeFormat>()

function formatter(timeZone: string, place: Place): Intl.DateTimeFormat {
  const known = formatters.get(timeZone)
  if (known) return known
  let made: Intl.DateTimeFormat
  try {
    made = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    throw formulaError('timeZone', place, { zone: timeZone })
  }
  if (formatters.size >= 100) formatters.clear()
  formatters.set(timeZone, made)
  return made
}

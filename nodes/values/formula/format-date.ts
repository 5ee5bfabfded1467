import { wallClock } from './calendar.ts'
import type { WallClock, WallTime } from './calendar.ts'
import { formulaError } from './formula-error.ts'
import type { Place } from './formula-error.ts'

const parts = /'[^']*'|yyyy|yy|MM|M|dd|d|HH|H|hh|h|mm|m|ss|s|AM\/PM/g

/**
 * Writes a date by a pattern: yyyy yy MM M dd d HH H hh h mm m ss s AM/PM; text in single quotes and all other
 * characters stay.
 */
export function formatDate(wall: WallTime, pattern: string, patternPlace: Place): string {
  const clock = wallClock(wall)
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
  if (count === 0) throw formulaError('datePattern', patternPlace)
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

/**
 * What a clock on the wall shows: milliseconds since 1970 as if it stood in UTC, so that every day has 24 hours. Where it
 * hangs, and hence which moment that is, `time-zone.ts` knows.
 */
export type WallTime = number

export interface WallClock {
  year: number
  /** 1 to 12. */
  month: number
  day: number
  hour: number
  minute: number
  second: number
}

export const dayMs = 86_400_000
/** Years of four digits, so that dates as texts are in the order of time. */
const earliest = Date.UTC(1000, 0, 1)
const latest = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

export function isInRange(time: number): boolean {
  return time >= earliest && time <= latest
}

/** @returns `undefined` where no calendar has that day, or no clock that time */
export function wallTime({ year, month, day, hour, minute, second }: WallClock): WallTime | undefined {
  const isDay = month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)
  const isTime = hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59
  const isWhole = [year, month, day, hour, minute, second].every(Number.isInteger)
  if (!isDay || !isTime || !isWhole || year < 1000 || year > 9999) return undefined
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

export function wallClock(wall: WallTime): WallClock {
  const date = new Date(wall)
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  }
}

export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/** The same day and time in another month; the month's last day where it has no such day. */
export function addMonths(wall: WallTime, count: number): WallTime {
  const { year, month, day } = wallClock(wall)
  const months = year * 12 + (month - 1) + count
  const [newYear, newMonth] = [Math.floor(months / 12), (((months % 12) + 12) % 12) + 1]
  const newDay = Math.min(day, daysInMonth(newYear, newMonth))
  return Date.UTC(newYear, newMonth - 1, newDay) + timeOfDay(wall)
}

/** Whole months, below 0 where the end is earlier; from noon of Jan 31 on, one is full at noon of Mar 1 but not on Feb 28. */
export function monthsBetween(start: WallTime, end: WallTime): number {
  const direction = end < start ? -1 : 1
  // A day that has not come to the time of day of the start is not full.
  const isBegun = direction * (timeOfDay(end) - timeOfDay(start)) < 0
  const [from, to] = [wallClock(start), wallClock(isBegun ? end - direction * dayMs : end)]
  const months = (to.year - from.year) * 12 + to.month - from.month
  const isFull = direction * (to.day - from.day) >= 0
  return (isFull ? months : months - direction) || 0
}

export function startOfMonth(wall: WallTime): WallTime {
  const { year, month } = wallClock(wall)
  return Date.UTC(year, month - 1, 1)
}

/** Monday is 1, Sunday 7. */
export function weekday(wall: WallTime): number {
  return new Date(wall).getUTCDay() || 7
}

/** January 1 is 1. */
export function dayOfYear(wall: WallTime): number {
  return Math.floor((wall - Date.UTC(wallClock(wall).year, 0, 1)) / dayMs) + 1
}

/** ISO 8601: weeks begin on Monday, and the first is the one with the year's first Thursday. */
export function weekOfYear(wall: WallTime): number {
  const thursday = wall + (4 - weekday(wall)) * dayMs
  return Math.ceil(dayOfYear(thursday) / 7)
}

export function timeOfDay(wall: WallTime): number {
  return ((wall % dayMs) + dayMs) % dayMs
}

import { addMonths, dayMs, isInRange, monthsBetween, wallTime } from './calendar.ts'
import type { WallTime } from './calendar.ts'
import { spend } from './evaluation.ts'
import type { Evaluation } from './evaluation.ts'
import { formulaError } from './formula-error.ts'
import type { Place } from './formula-error.ts'
import { stepCosts } from './limits.ts'
import { isTimeZone, toMoment, toWallTime } from './time-zone.ts'

/** A date as a formula reads it. */
export type DateValue = {
  /** In the zone that was asked for, where it is a moment; else as it is written. */
  readonly wall: WallTime
} & (
  | { readonly kind: 'day' | 'clock' }
  /** Written with an offset: the same moment everywhere. */
  | { readonly kind: 'moment'; readonly moment: number }
)

const units = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second'] as const
export type DateUnit = (typeof units)[number]

const chineseUnits: Readonly<Record<string, DateUnit>> = {
  年: 'year',
  季度: 'quarter',
  月: 'month',
  周: 'week',
  天: 'day',
  日: 'day',
  小时: 'hour',
  时: 'hour',
  分钟: 'minute',
  分: 'minute',
  秒: 'second',
}
const unitMs = { week: 7 * dayMs, day: dayMs, hour: 3_600_000, minute: 60_000, second: 1_000 } as const
const unitMonths = { year: 12, quarter: 3, month: 1 } as const

const iso =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-](?:0\d|1[0-4]):?[0-5]\d)?)?$/

/** The zone for dates in this call: the one that is written there, else the organisation's, else UTC. */
export function zoneOf(written: string | undefined, evaluation: Evaluation, place: Place): string {
  const zone = written ?? evaluation.scope.timeZone ?? 'UTC'
  if (!isTimeZone(zone)) throw formulaError('timeZone', place, { zone: zone.slice(0, 50) })
  return zone
}

/**
 * Reads ISO 8601: a day, a time on a clock, or a moment.
 * @param zone for what a clock shows at a moment
 */
export function readDate(text: string, zone: string, evaluation: Evaluation, place: Place): DateValue {
  spend(evaluation, stepCosts.date, place)
  const match = iso.exec(text.trim())
  if (!match) throw formulaError('notADate', place)
  const part = (index: number) => Number(match[index] ?? 0)
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)]
  const whole = wallTime({ year, month, day, hour, minute, second })
  if (whole === undefined) throw formulaError('notADate', place)
  const written = whole + Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'))
  const offset = match[8]
  if (offset === undefined) return { kind: match[4] === undefined ? 'day' : 'clock', wall: written }
  const moment = written - offsetMs(offset)
  return { kind: 'moment', moment, wall: inRange(toWallTime(moment, zone), place) }
}

/**
 * The moment that a text names, or `undefined` where it names none: a day, a time on a clock, or anything else. Only a look
 * at texts that may be anything, so it is quick to say no.
 */
export function findMoment(text: string): number | undefined {
  if (text.length < 17 || text[4] !== '-') return undefined
  const match = iso.exec(text)
  const offset = match?.[8]
  if (offset === undefined) return undefined
  const moment = Date.parse(`${text.slice(0, 10)}T${text.slice(11, -offset.length)}Z`) - offsetMs(offset)
  return Number.isNaN(moment) ? undefined : moment
}

/** `day`, `days` or `天`, in any spelling of capitals. */
export function readUnit(text: string, place: Place): DateUnit {
  const word = text.trim().toLowerCase()
  const unit = units.find((each) => word === each || word === `${each}s`)
  if (unit) return unit
  if (Object.hasOwn(chineseUnits, word)) return chineseUnits[word]!
  throw formulaError('dateUnit', place, { unit: text.slice(0, 50) })
}

/**
 * A date some units later. Years to days move the clock on the wall, so nine o'clock stays nine o'clock; hours, minutes
 * and seconds of a moment are time that passes.
 */
export function addToDate(
  date: DateValue,
  count: number,
  unit: DateUnit,
  zone: string,
  evaluation: Evaluation,
  place: Place,
): DateValue {
  if (count === 0) return date
  spend(evaluation, stepCosts.moment, place)
  if (unit === 'hour' || unit === 'minute' || unit === 'second') {
    const ms = count * unitMs[unit]
    if (date.kind === 'moment') return atMoment(date.moment + ms, zone, place)
    return { kind: 'clock', wall: inRange(date.wall + ms, place) }
  }
  const moved =
    unit === 'week' || unit === 'day'
      ? date.wall + count * unitMs[unit]
      : addMonths(date.wall, count * unitMonths[unit])
  const wall = inRange(moved, place)
  if (date.kind !== 'moment') return { kind: date.kind, wall }
  return atMoment(toMoment(wall, zone), zone, place)
}

/** Whole units from one date to another, below 0 where the second is the earlier one. */
export function dateDifference(
  start: DateValue,
  end: DateValue,
  unit: DateUnit,
  zone: string,
  evaluation: Evaluation,
  place: Place,
): number {
  if (unit === 'hour' || unit === 'minute' || unit === 'second') {
    const isMoment = start.kind === 'moment' || end.kind === 'moment'
    const time = (date: DateValue) => (isMoment ? momentOf(date, zone, evaluation, place) : date.wall)
    return Math.trunc((time(end) - time(start)) / unitMs[unit]) || 0
  }
  if (unit === 'week' || unit === 'day') return Math.trunc((end.wall - start.wall) / unitMs[unit]) || 0
  return Math.trunc(monthsBetween(start.wall, end.wall) / unitMonths[unit]) || 0
}

export function momentOf(date: DateValue, zone: string, evaluation: Evaluation, place: Place): number {
  spend(evaluation, stepCosts.moment, place)
  return date.kind === 'moment' ? date.moment : toMoment(date.wall, zone)
}

/** ISO 8601 as it was read: a day, a time on a clock, or a moment in UTC. */
export function writeDate(date: DateValue): string {
  const text = new Date(date.kind === 'moment' ? date.moment : date.wall).toISOString()
  switch (date.kind) {
    case 'day':
      return text.slice(0, 10)
    case 'clock':
      return text.endsWith('.000Z') ? text.slice(0, 19) : text.slice(0, 23)
    case 'moment':
      return text
  }
}

function atMoment(moment: number, zone: string, place: Place): DateValue {
  inRange(moment, place)
  return { kind: 'moment', moment, wall: inRange(toWallTime(moment, zone), place) }
}

/** Every date that a formula makes goes through here. */
function inRange(time: number, place: Place): number {
  if (isInRange(time)) return time
  throw formulaError('dateRange', place)
}

function offsetMs(offset: string): number {
  if (offset === 'Z') return 0
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2))
  return (offset.startsWith('-') ? -minutes : minutes) * 60_000
}

import { dayMs } from './calendar.ts'
import type { WallTime } from './calendar.ts'

/** Milliseconds since 1970. */
export type Moment = number

interface Zone {
  readonly format: Intl.DateTimeFormat
  /** The latest answers by minute: formulas mostly ask about the same times, again and again. */
  readonly offsets: Map<number, number>
}

const MAX_OFFSETS = 1_000

/** By name in small letters: some 600, made when first used, because making one costs a hundred times what using it does. */
const zones = new Map<string, Zone>()
const fixedOffset = /^([+-])([01]\d|2[0-3])(?::?([0-5]\d))?$/
/** Before that, clocks were also put forward or back within a minute. */
const minutesAreWhole = Date.UTC(2000, 0, 1)

/** @param timeZone IANA name in any spelling of capitals, or an offset such as `+08:00` */
export function isTimeZone(timeZone: string): boolean {
  return fixedOffset.test(timeZone) || findZone(timeZone) !== undefined
}

/** What a clock in that zone shows at a moment. */
export function toWallTime(moment: Moment, timeZone: string): WallTime {
  return moment + offsetAt(moment, timeZone)
}

/**
 * The moment at which a clock in that zone shows a time. Where clocks are put back, a time comes twice: the earlier moment
 * counts. Where they are put forward, a time never comes: it counts as what the clock would show had it not been touched,
 * so 02:30 is half an hour behind the change.
 */
export function toMoment(wall: WallTime, timeZone: string): Moment {
  const before = offsetAt(wall - dayMs, timeZone)
  const after = offsetAt(wall + dayMs, timeZone)
  const [early, late] = [wall - Math.max(before, after), wall - Math.min(before, after)]
  if (toWallTime(early, timeZone) === wall) return early
  if (toWallTime(late, timeZone) === wall) return late
  return wall - before
}

/** Milliseconds that clocks of the zone are ahead of UTC. */
function offsetAt(moment: Moment, timeZone: string): number {
  const fixed = fixedOffset.exec(timeZone)
  if (fixed) {
    const minutes = Number(fixed[2]) * 60 + Number(fixed[3] ?? 0)
    return (fixed[1] === '-' ? -minutes : minutes) * 60_000
  }
  const zone = findZone(timeZone)!
  const minute = Math.floor(moment / 60_000)
  const known = moment >= minutesAreWhole ? zone.offsets.get(minute) : undefined
  if (known !== undefined) return known
  const second = Math.floor(moment / 1_000) * 1_000
  const [month, day, year, hour, minutes, seconds] = zone.format.format(second).match(/\d+/g)!.map(Number)
  const offset = Date.UTC(year!, month! - 1, day, hour, minutes, seconds) - second
  if (zone.offsets.size >= MAX_OFFSETS) zone.offsets.clear()
  zone.offsets.set(minute, offset)
  return offset
}

function findZone(timeZone: string): Zone | undefined {
  const name = timeZone.toLowerCase()
  const known = zones.get(name)
  if (known) return known
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    const made: Zone = { format, offsets: new Map() }
    zones.set(name, made)
    return made
  } catch {
    return undefined
  }
}

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from '../../../nodes/json.ts'
import { compileFormula } from '../../../nodes/values/formula/formula.ts'
import { size } from '../../crash/size.ts'

const numRuns = size(300, 20_000)
/** Milliseconds that a test may take. */
const patience = size(60_000, 1_800_000)
const minuteMs = 60_000
const hourMs = 60 * minuteMs

const zones = Intl.supportedValuesOf('timeZone')
const years = { from: Date.UTC(1950, 0, 1), to: Date.UTC(2090, 0, 1) }

function evaluate(source: string, names: Record<string, Json>): Json {
  return compileFormula(source).evaluate({ names, now: () => new Date(0) })
}

/** Another way to ask than the product's: what `Intl` writes behind GMT. */
const offsetFormats = new Map<string, Intl.DateTimeFormat>()
function offsetOf(zone: string, moment: number): number {
  let format = offsetFormats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset', year: 'numeric' })
    offsetFormats.set(zone, format)
  }
  const text = format.formatToParts(moment).find(({ type }) => type === 'timeZoneName')!.value
  const [, sign, hours = 0, minutes = 0, seconds = 0] = /GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?/.exec(text)!
  const offset = Number(hours) * hourMs + Number(minutes) * minuteMs + Number(seconds) * 1_000
  return sign === '-' ? -offset : offset
}

/** The last minute before a change of the zone's clocks, and the first behind it; searched, not calculated. */
function changeAfter(zone: string, start: number): { before: number; after: number } | undefined {
  const end = start + 400 * 24 * hourMs
  for (let time = start; time < end; time += 6 * hourMs) {
    if (offsetOf(zone, time) === offsetOf(zone, time + 6 * hourMs)) continue
    let [before, after] = [time, time + 6 * hourMs]
    while (after - before > 1_000) {
      const middle = Math.floor((before + after) / 2_000) * 1_000
      if (offsetOf(zone, middle) === offsetOf(zone, time)) before = middle
      else after = middle
    }
    return { before, after }
  }
  return undefined
}

const wallText = (wall: number) => new Date(wall).toISOString().slice(0, 19)
const momentOf = (wall: number, zone: string) =>
  Date.parse(String(evaluate('MOMENT(wall, zone)', { wall: wallText(wall), zone })))

test(
  'a time on a clock is the earliest moment at which a clock there shows it',
  () => {
    const minutes = fc.integer({ min: years.from / minuteMs, max: years.to / minuteMs })
    fc.assert(
      fc.property(fc.constantFrom(...zones), minutes, (zone, minute) => {
        const moment = minute * minuteMs
        const wall = moment + offsetOf(zone, moment)
        const found = momentOf(wall, zone)
        expect(found + offsetOf(zone, found)).toBe(wall)
        expect(found).toBeLessThanOrEqual(moment)
      }),
      { numRuns },
    )
  },
  patience,
)

test('a change within a minute is seen', () => {
  const names = { before: '1972-01-07T00:44:29Z', after: '1972-01-07T00:44:31Z', zone: 'Africa/Monrovia' }
  const source = 'FORMAT(before, "HH:mm:ss", zone) & " " & FORMAT(after, "HH:mm:ss", zone)'
  expect(evaluate(source, names)).toBe('23:59:59 00:44:31')
})

test(
  'where clocks are put forward or back, the written rule holds to the second',
  () => {
    const starts = fc.integer({ min: years.from / minuteMs, max: years.to / minuteMs })
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        starts,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (zone, start, at) => {
          const change = changeAfter(zone, start * minuteMs)
          if (!change) return
          const { after } = change
          const [old, next] = [offsetOf(zone, change.before), offsetOf(zone, after)]
          const into = Math.floor((Math.abs(next - old) / 1_000 - 1) * at) * 1_000
          if (next > old) {
            // a gap: the clock that was not put forward shows this time that long behind the change
            expect(momentOf(after + old + into, zone)).toBe(after + into)
          } else {
            // an overlap: the time is shown before the change, and again behind it
            const wall = after + next + into
            expect(momentOf(wall, zone)).toBe(wall - old)
            expect(momentOf(wall, zone)).toBeLessThan(after)
          }
        },
      ),
      { numRuns },
    )
  },
  patience,
)

test(
  'days later it is the same time on the clock, unless that time never comes; hours are time that passes',
  () => {
    const minutes = fc.integer({ min: years.from / minuteMs, max: years.to / minuteMs })
    const counts = fc.integer({ min: -400, max: 400 })
    fc.assert(
      fc.property(fc.constantFrom(...zones), minutes, counts, (zone, minute, count) => {
        const moment = minute * minuteMs
        const names = { date: new Date(moment).toISOString(), count, zone }
        const later = Date.parse(String(evaluate('DATEADD(date, count, "day", zone)', names)))
        const wall = moment + offsetOf(zone, moment) + count * 24 * hourMs
        expect(later).toBe(count === 0 ? moment : momentOf(wall, zone))
        const hours = Date.parse(String(evaluate('DATEADD(date, count, "hour", zone)', names)))
        expect(hours).toBe(moment + count * hourMs)
        expect(evaluate('DATEDIF(date, DATEADD(date, count, "hour"), "hour", zone)', names)).toBe(count)
      }),
      { numRuns },
    )
  },
  patience,
)

test(
  'parts of days are those of the calendar',
  () => {
    const days = fc.integer({
      min: Date.UTC(1000, 0, 1) / (24 * hourMs),
      max: Date.UTC(9999, 11, 31) / (24 * hourMs),
    })
    fc.assert(
      fc.property(days, fc.integer({ min: -2_000, max: 2_000 }), (day, months) => {
        const date = new Date(day * 24 * hourMs).toISOString().slice(0, 10)
        const ask = (source: string) => evaluate(source, { date, months })
        const start = String(ask('MONTHSTART(date)'))
        const end = String(ask('MONTHEND(date)'))
        expect([start.slice(0, 7), start.slice(8)]).toEqual([date.slice(0, 7), '01'])
        expect(
          evaluate('DAY(DATEDELTA(end, 1)) = 1', { end: end.startsWith('9999-12') ? '2026-01-31' : end }),
        ).toBe(true)
        expect(ask('MONTHDAYS(date)')).toBe(Number(end.slice(8)))
        expect(ask('DAYOFYEAR(date)')).toBe(1 + Number(ask('DATEDIF(DATE(YEAR(date), 1, 1), date, "day")')))
        expect(ask('WEEKDAYSTR(date)')).toBe(
          new Intl.DateTimeFormat('en', { weekday: 'long', timeZone: 'UTC' }).format(Date.parse(date)),
        )
        const year = Number(date.slice(0, 4)) + months / 12
        if (year < 1002 || year > 9997) return
        const moved = String(ask('DATEADD(date, months, "month")'))
        expect(Number(moved.slice(8))).toBeLessThanOrEqual(Number(date.slice(8)))
        expect(evaluate('DATEDIF(start, moved, "month")', { start, moved: `${moved.slice(0, 8)}01` })).toBe(
          months,
        )
      }),
      { numRuns },
    )
  },
  patience,
)

/** Year and week as a calendar that prints them says: the week belongs to the year of its Thursday. */
test.each([
  ['2004-12-27', 53],
  ['2005-01-02', 53],
  ['2005-01-03', 1],
  ['2008-12-29', 1],
  ['2009-12-31', 53],
  ['2010-01-03', 53],
  ['2010-01-04', 1],
  ['2020-12-31', 53],
  ['2021-01-04', 1],
  ['2026-12-28', 53],
])('%s lies in week %i', (date, week) => {
  expect(evaluate('WEEKOFYEAR(date)', { date })).toBe(week)
})

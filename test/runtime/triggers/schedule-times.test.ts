import { describe, expect, test } from 'vitest'
import type { Schedule, ScheduleTimes } from '../../../nodes/triggers/settings.ts'
import { ScheduleClock } from '../../../runtime/triggers/schedule-times.ts'

const clockOf = (times: ScheduleTimes, timeZone: string, holidays: string[] = []) =>
  new ScheduleClock({ times, timeZone, skipHolidays: holidays.length > 0 }, new Set(holidays))
const cron = (pattern: string): ScheduleTimes => ({ form: 'cron', cron: pattern })
const iso = (times: readonly number[]) => times.map((time) => new Date(time).toISOString())
/** The times after a moment, in UTC. */
const timesOf = (clock: ScheduleClock, after: string, count: number) =>
  iso(clock.nextOnes(Date.parse(after), count))

/** The changes of the clock in 2026: the last minute before each, and what the clock shows before and after. */
const zones = [
  { zone: 'America/New_York', forward: '2026-03-08T07:00:00Z', back: '2026-11-01T06:00:00Z', by: 60 },
  { zone: 'Europe/Berlin', forward: '2026-03-29T01:00:00Z', back: '2026-10-25T01:00:00Z', by: 60 },
  { zone: 'Australia/Lord_Howe', forward: '2026-10-03T15:30:00Z', back: '2026-04-04T15:00:00Z', by: 30 },
] as const

/** What a clock on the wall shows, from the browser's own tables: `2026-03-08 03:00`. */
function wallTime(moment: number, zone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(
    moment,
  )
}

describe.each(zones)('in $zone', ({ zone, forward, back, by }) => {
  test('a time of day that does not come is due when the clock has been put forward, and once', () => {
    const change = Date.parse(forward)
    // the first minute that the clock leaves out
    const [hour, minute] = wallTime(change - 60_000, zone)
      .slice(11)
      .split(':')
      .map(Number)
    const leftOut = (hour! * 60 + minute! + 1 + 10) % 1_440
    const time = `${String(Math.floor(leftOut / 60)).padStart(2, '0')}:${String(leftOut % 60).padStart(2, '0')}`
    const due = clockOf({ form: 'day', time }, zone).nextOnes(change - 20 * 3_600_000, 3)
    expect(due).toHaveLength(3)
    expect(due[0]).toBe(change)
    expect(wallTime(due[0]!, zone).slice(11)).not.toBe(time)
    expect(due.slice(1).map((each) => wallTime(each, zone).slice(11))).toEqual([time, time])
    // the day before it came as always
    const [before] = clockOf({ form: 'day', time }, zone).nextOnes(change - 26 * 3_600_000, 1)
    expect(wallTime(before!, zone).slice(11)).toBe(time)
  })

  test('a time of day that comes twice is due the first time only', () => {
    const change = Date.parse(back)
    const time = wallTime(change - 10 * 60_000, zone).slice(11)
    expect(wallTime(change - 10 * 60_000 + by * 60_000, zone).slice(11)).toBe(time)
    const due = clockOf({ form: 'day', time }, zone).nextOnes(change - 3 * 3_600_000, 2)
    expect(due[0]).toBe(change - 10 * 60_000)
    expect(due[1]! - due[0]!).toBe(86_400_000 + by * 60_000)
  })

  test.each(['forward', 'back'] as const)(
    'what is due every ten minutes goes on without a gap or a double when the clock is put %s',
    (direction) => {
      const change = Date.parse(direction === 'forward' ? forward : back)
      const start = change - 2 * 3_600_000 - 1
      const due = clockOf(cron('*/10 * * * *'), zone).nextOnes(start, 24)
      expect(due).toEqual(Array.from({ length: 24 }, (_, index) => start + 1 + index * 600_000))
    },
  )

  test('a day has its time once on each day of the year', () => {
    const due = clockOf({ form: 'day', time: '02:15' }, zone).nextOnes(
      Date.parse('2025-12-31T15:00:00Z'),
      366,
    )
    const days = due.map((each) => wallTime(each, zone).slice(0, 10))
    expect(new Set(days).size).toBe(366)
  })

  test('looking back finds the same times as looking ahead', () => {
    for (const change of [forward, back]) {
      const from = Date.parse(change) - 5 * 3_600_000
      const until = from + 40 * 3_600_000
      for (const pattern of ['*/20 * * * *', '30 2 * * *', '15,45 1,2 * * *', '0 * * * *']) {
        const clock = clockOf(cron(pattern), zone)
        const ahead = clock.nextOnes(from, 500).filter((each) => each <= until)
        expect(iso(clock.lastOnes(from, until, 500))).toEqual(iso(ahead))
      }
    }
  })
})

test('times of day in a list count as times of day: none is lost and none comes twice', () => {
  const clock = clockOf(cron('30 1,2,14 * * *'), 'America/New_York')
  expect(timesOf(clock, '2026-03-08T05:00:00Z', 3)).toEqual([
    '2026-03-08T06:30:00.000Z',
    '2026-03-08T07:00:00.000Z',
    '2026-03-08T18:30:00.000Z',
  ])
  expect(timesOf(clock, '2026-11-01T05:00:00Z', 3)).toEqual([
    '2026-11-01T05:30:00.000Z',
    '2026-11-01T07:30:00.000Z',
    '2026-11-01T19:30:00.000Z',
  ])
})

describe('calendar forms', () => {
  test('weekdays count from Monday', () => {
    const clock = clockOf({ form: 'week', weekdays: [1, 7], time: '09:30' }, 'Europe/Berlin')
    expect(timesOf(clock, '2026-07-01T00:00:00Z', 3)).toEqual([
      '2026-07-05T07:30:00.000Z',
      '2026-07-06T07:30:00.000Z',
      '2026-07-12T07:30:00.000Z',
    ])
  })

  test('a day that a month does not have is passed over, and the last day is the last of each', () => {
    const on31 = clockOf({ form: 'month', day: 31, time: '08:00' }, 'UTC')
    expect(timesOf(on31, '2026-01-31T09:00:00Z', 2)).toEqual([
      '2026-03-31T08:00:00.000Z',
      '2026-05-31T08:00:00.000Z',
    ])
    const last = clockOf({ form: 'month', day: 'last', time: '08:00' }, 'UTC')
    expect(timesOf(last, '2028-01-31T09:00:00Z', 2)).toEqual([
      '2028-02-29T08:00:00.000Z',
      '2028-03-31T08:00:00.000Z',
    ])
  })
})

describe('holidays', () => {
  test('are passed over, by the calendar of the zone', () => {
    const clock = clockOf({ form: 'day', time: '07:00' }, 'Asia/Shanghai', ['2026-10-01', '2026-10-02'])
    // 23:00 UTC of the day before is 07:00 in Shanghai
    expect(timesOf(clock, '2026-09-29T23:30:00Z', 2)).toEqual([
      '2026-10-02T23:00:00.000Z',
      '2026-10-03T23:00:00.000Z',
    ])
  })

  test('are passed over whole where something is due each minute, and looking back leaves them out too', () => {
    const clock = clockOf(cron('* * * * *'), 'UTC', ['2026-10-01'])
    expect(timesOf(clock, '2026-09-30T23:58:30Z', 2)).toEqual([
      '2026-09-30T23:59:00.000Z',
      '2026-10-02T00:00:00.000Z',
    ])
    const from = Date.parse('2026-10-01T12:00:00Z')
    expect(iso(clock.lastOnes(from, Date.parse('2026-10-02T00:01:00Z'), 10))).toEqual([
      '2026-10-02T00:00:00.000Z',
      '2026-10-02T00:01:00.000Z',
    ])
  })

  test('that take every day leave nothing, and end', () => {
    const days = Array.from({ length: 1_000 }, (_, index) =>
      new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10),
    )
    const clock = clockOf(cron('* * * * *'), 'UTC', days)
    expect(timesOf(clock, '2026-01-01T00:00:00Z', 1)).toEqual(['2028-09-27T00:00:00.000Z'])
  })
})

test.each(['60 * * * *', 'every day', '* * * * * *', '* * * *', '@@@@@@@@@'])(
  'refuses the pattern %s',
  (pattern) => {
    expect(() => clockOf(cron(pattern), 'UTC')).toThrow()
  },
)

test('finds no time where no day fits', () => {
  const schedule: Schedule = { times: cron('0 0 31 2 *'), timeZone: 'UTC', skipHolidays: false }
  expect(new ScheduleClock(schedule, new Set()).next(Date.parse('2026-01-01T00:00:00Z'))).toBeNull()
})

import { describe, expect, it } from 'vitest'
import { DailyCount } from '../../../../runtime/engine/policy/daily-count.ts'
import { dayIn, minutesOf, quietUntil } from '../../../../runtime/engine/policy/local-time.ts'
import { zoneOfNumber } from '../../../../runtime/engine/policy/recipient-zone.ts'
import { countryRule } from '../../../../runtime/engine/policy/country-rule.ts'

const at = (text: string) => Date.parse(text)
const hours = (from: string, until: string) => ({ from: minutesOf(from), until: minutesOf(until) })
const end = (from: string, until: string, zone: string, now: string) => {
  const time = quietUntil(hours(from, until), zone, at(now))
  return time === undefined ? undefined : new Date(time).toISOString()
}

describe('quiet hours', () => {
  it('hold from the first minute to the last, over midnight too', () => {
    expect(end('21:00', '08:00', 'Europe/Berlin', '2026-01-10T19:59:59Z')).toBeUndefined()
    expect(end('21:00', '08:00', 'Europe/Berlin', '2026-01-10T20:00:00Z')).toBe('2026-01-11T07:00:00.000Z')
    expect(end('21:00', '08:00', 'Europe/Berlin', '2026-01-11T06:59:59Z')).toBe('2026-01-11T07:00:00.000Z')
    expect(end('21:00', '08:00', 'Europe/Berlin', '2026-01-11T07:00:00Z')).toBeUndefined()
    expect(end('12:10', '13:05', 'Asia/Kolkata', '2026-01-10T06:45:00Z')).toBe('2026-01-10T07:35:00.000Z')
    expect(end('12:10', '13:05', 'Asia/Kolkata', '2026-01-10T07:35:00Z')).toBeUndefined()
  })

  it('may leave a single minute of the day', () => {
    expect(end('00:00', '23:59', 'UTC', '2026-01-10T10:00:00Z')).toBe('2026-01-10T23:59:00.000Z')
    expect(end('00:00', '23:59', 'UTC', '2026-01-10T23:59:30Z')).toBeUndefined()
    expect(end('07:50', '07:40', 'Asia/Kolkata', '2026-01-10T02:20:00Z')).toBe('2026-01-11T02:10:00.000Z')
  })

  it('end an hour earlier in the night that loses one, and later in the night that gains one', () => {
    // Clocks in Berlin go from 02:00 to 03:00 on 29 March 2026 and from 03:00 to 02:00 on 25 October.
    expect(end('22:00', '07:00', 'Europe/Berlin', '2026-03-28T22:00:00Z')).toBe('2026-03-29T05:00:00.000Z')
    expect(end('22:00', '07:00', 'Europe/Berlin', '2026-10-24T22:00:00Z')).toBe('2026-10-25T06:00:00.000Z')
    expect(end('22:00', '07:00', 'America/New_York', '2026-03-08T04:00:00Z')).toBe('2026-03-08T11:00:00.000Z')
  })

  it('end with the gap where their end is a time that does not exist that night', () => {
    expect(end('22:00', '02:30', 'Europe/Berlin', '2026-03-28T23:30:00Z')).toBe('2026-03-29T01:00:00.000Z')
  })

  it('may begin again where the clock shows the same hour twice', () => {
    // 01:30 UTC is 02:30 for the second time: the first 02:30 ended them at 00:30 UTC.
    expect(end('22:00', '02:30', 'Europe/Berlin', '2026-10-24T23:00:00Z')).toBe('2026-10-25T00:30:00.000Z')
    expect(end('22:00', '02:30', 'Europe/Berlin', '2026-10-25T01:10:00Z')).toBe('2026-10-25T01:30:00.000Z')
  })
})

describe('the recipient’s zone', () => {
  it('is that of the number’s country where it has one clock', () => {
    expect(zoneOfNumber('+8613800138000')).toBe('Asia/Shanghai')
    expect(zoneOfNumber('+4915123456789')).toBe('Europe/Berlin')
    expect(zoneOfNumber('+447700900123')).toBe('Europe/London')
    expect(zoneOfNumber('+919876543210')).toMatch(/^Asia\/(Kolkata|Calcutta)$/)
  })

  it('is unknown for countries with several clocks and numbers of none', () => {
    expect(zoneOfNumber('+12025550101')).toBeUndefined()
    expect(zoneOfNumber('+61412345678')).toBeUndefined()
    expect(zoneOfNumber('+99912345678')).toBeUndefined()
  })
})

describe('allowed countries', () => {
  it('compare calling codes with the number, and look a country up that shares its code', () => {
    const mayText = countryRule(['CN', '+44', 'US'])!
    expect(mayText('+8613800138000')).toBe(true)
    expect(mayText('+447700900123')).toBe(true)
    expect(mayText('+12025550101')).toBe(true)
    expect(mayText('+14165550123')).toBe(false) // Toronto shares +1
    expect(mayText('+4915123456789')).toBe(false)
  })

  it('are all where none is named', () => {
    expect(countryRule([])).toBeUndefined()
  })
})

describe('the daily cap', () => {
  const caps = { timeZone: 'Asia/Shanghai', messages: 3, segments: 5 }

  it('is a hard stop in messages and in segments', () => {
    const count = new DailyCount()
    const now = at('2026-03-01T08:00:00Z')
    expect([2, 2, 2, 1, 1].map((segments) => count.take(now, segments, caps) !== undefined)).toEqual([
      true,
      true,
      false,
      true,
      false,
    ])
  })

  it('counts anew from midnight of its zone, and goes on behind a restart', () => {
    const count = new DailyCount()
    const evening = at('2026-03-01T15:59:59.999Z') // 23:59 in Shanghai
    for (let index = 0; index < 3; index++) count.take(evening, 1, caps)
    const restarted = new DailyCount({ ...count.current })
    expect(restarted.take(evening, 1, caps)).toBeUndefined()
    expect(restarted.take(evening + 1, 1, caps)).toBe('2026-03-02')
  })

  it('does not open a day anew where the clock is set back over midnight', () => {
    const count = new DailyCount()
    const morning = at('2026-03-01T16:00:00Z')
    for (let index = 0; index < 3; index++) count.take(morning, 1, caps)
    expect(dayIn('Asia/Shanghai', morning - 1)).toBe('2026-03-01')
    expect(count.take(morning - 1, 1, caps)).toBeUndefined()
  })

  it('gives back what was certainly not taken, on its own day only', () => {
    const count = new DailyCount()
    const now = at('2026-03-01T08:00:00Z')
    const day = count.take(now, 2, caps)!
    count.giveBack(day, 2)
    expect(count.current).toMatchObject({ messages: 0, segments: 0 })
    count.take(now, 2, caps)
    count.take(now + 86_400_000, 1, caps)
    count.giveBack(day, 2)
    expect(count.current).toMatchObject({ messages: 1, segments: 1 })
  })
})

import { describe, expect, test } from 'vitest'
import type { Json } from '../../../nodes/json.ts'
import { placeholderText } from '../../../nodes/message-templates/placeholder-text.ts'
import type { Reader } from '../../../nodes/message-templates/placeholder-text.ts'
import { templatePlaceholder } from '../../../nodes/message-templates/schema.ts'

function write(placeholder: object, value: Json | undefined, reader: Reader = {}) {
  const written = placeholderText(templatePlaceholder.parse({ name: 'x', ...placeholder }), value, reader)
  return 'text' in written ? written.text : written.problem
}

describe('a value', () => {
  test.each([undefined, null, ''])('%j is missing, and an optional one is empty', (value) => {
    expect(write({}, value)).toMatchObject({ key: 'valueMissing', params: { name: 'x' } })
    expect(write({ required: false }, value)).toBe('')
  })

  test.each([[['a']], [{ a: 1 }]])('%j cannot stand in a text', (value) => {
    expect(write({}, value)).toMatchObject({ key: 'notText' })
  })

  test('is no longer than its placeholder allows', () => {
    expect(write({ maxLength: 3 }, 'abc')).toBe('abc')
    expect(write({ maxLength: 3 }, 'abcd')).toMatchObject({
      key: 'valueTooLong',
      params: { name: 'x', length: 4, limit: 3 },
    })
  })

  test('loses what no person types', () => {
    expect(write({}, 'pay\u202Emoc.live\u0000')).toBe('paymoc.live')
  })
})

describe('by type', () => {
  test.each([
    ['number', 4.5, '4.5'],
    ['number', '1,200.50', '1,200.50'],
    ['url', 'https://example.com/a?b=c', 'https://example.com/a?b=c'],
    ['code', 123456, '123456'],
    ['code', 'A1b2', 'A1b2'],
    ['text', true, 'true'],
  ])('%s: %j', (type, value, text) => {
    expect(write({ type }, value)).toBe(text)
  })

  test.each([
    ['number', 'a lot', 'notNumber'],
    ['url', 'javascript:alert(1)', 'notUrl'],
    ['url', 'example.com', 'notUrl'],
    ['code', '12 34', 'notCode'],
    ['date-time', 'tomorrow', 'notDateTime'],
    ['date-time', '2026-02-31', 'notDateTime'],
    ['date-time', 42, 'notDateTime'],
  ])('%s is not %j', (type, value, key) => {
    expect(write({ type }, value)).toMatchObject({ severity: 'error', key })
  })
})

describe('a date', () => {
  const at = (value: string, reader: Reader) => write({ type: 'date-time' }, value, reader)

  test('is written as people of the language do, in their time zone', () => {
    const moment = '2026-08-01T09:30:00Z'
    expect(at(moment, { locale: 'zh-CN', timeZone: 'Asia/Shanghai' })).toBe('2026年8月1日 17:30')
    expect(at(moment, { locale: 'en-US', timeZone: 'America/New_York' })).toBe('Aug 1, 2026, 5:30 AM')
  })

  test('says UTC where the time zone is not known, or is none', () => {
    expect(at('2026-08-01T09:30:00Z', { locale: 'en-GB' })).toContain('09:30 UTC')
    expect(at('2026-08-01T11:30:00+02:00', { locale: 'en-GB', timeZone: 'Mars/Base' })).toContain('09:30 UTC')
  })

  test('stays as it is without an offset, and stays a day without a time', () => {
    expect(at('2026-08-01T09:30', { locale: 'en-GB', timeZone: 'Asia/Shanghai' })).toBe('1 Aug 2026, 09:30')
    expect(at('2026-08-01', { locale: 'en-GB', timeZone: 'Asia/Shanghai' })).toBe('1 Aug 2026')
  })

  test('never makes a text Unicode, and takes any locale', () => {
    for (const locale of ['en', 'en-US', 'en_GB', 'fr', 'nonsense-!!', 'xx'])
      expect(at('2026-08-01T21:30', { locale })).not.toMatch(/[\u00A0\u202F]/)
  })
})

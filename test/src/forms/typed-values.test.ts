import { describe, expect, it } from 'vitest'
import type { ValueType } from '../../../nodes/graph/schema.ts'
import { formatTyped, parseTyped, typeOfValue } from '../../../src/forms/typed-values.ts'

describe('parseTyped', () => {
  it.each<[ValueType, string, unknown]>([
    ['text', ' as it is ', ' as it is '],
    ['number', ' 3.5 ', 3.5],
    ['number', '-0.1', -0.1],
    ['boolean', 'true', true],
    ['datetime', '2026-03-01T08:00', '2026-03-01T08:00'],
    ['datetime', '2026-03-01T08:00:00+08:00', '2026-03-01T08:00:00+08:00'],
    ['phone', '+1 202-555-0123', '+1 202-555-0123'],
    ['list', '[1, "a"]', [1, 'a']],
    ['object', '{"a": 1}', { a: 1 }],
  ])('reads %s from "%s"', (type, typed, value) => {
    expect(parseTyped(type, typed)).toEqual({ ok: true, value })
  })

  it.each<[ValueType, string]>([
    ['number', ''],
    ['number', '1,5'],
    ['number', 'Infinity'],
    ['boolean', 'yes'],
    ['datetime', 'tomorrow'],
    ['datetime', '2026-13-41'],
    ['phone', 'call me'],
    ['list', '{}'],
    ['list', '[1,'],
    ['object', '[]'],
    ['object', 'null'],
  ])('refuses %s "%s" and names the kind of value', (type, typed) => {
    expect(parseTyped(type, typed)).toEqual({ ok: false, key: type })
  })

  it.each([['a'], [3], [true], [[1, { a: null }]], [{ a: [] }]])(
    'shows %j so that it reads back',
    (value) => {
      expect(parseTyped(typeOfValue(value), formatTyped(value))).toEqual({ ok: true, value })
    },
  )
})

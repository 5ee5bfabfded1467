import { describe, expect, it } from 'vitest'
import type { ValueType } from '../../../nodes/graph/schema.ts'
import { formatTyped, openingType, parseTyped, retype, typeOfValue } from '../../../src/forms/typed-values.ts'

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
    ['member', '{"kind":"member","id":"m1","name":"Ada"}', { kind: 'member', id: 'm1', name: 'Ada' }],
    ['role', ' r1 ', { kind: 'role', id: 'r1' }],
    ['members', '[{"kind":"member","id":"m1"}]', [{ kind: 'member', id: 'm1' }]],
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

  it.each<[ValueType, string]>([
    ['member', '{"kind":"role","id":"r1"}'],
    ['member', '[]'],
    ['members', '[]'],
    ['members', 'm1'],
  ])('refuses %s "%s": nobody is chosen', (type, typed) => {
    expect(parseTyped(type, typed)).toEqual({ ok: false, key: 'directory' })
  })

  const somebody = { kind: 'member', id: 'm1', name: 'Ada' }
  it.each([['a'], [3], [true], [[1, { a: null }]], [{ a: [] }], [somebody], [[somebody]], [[somebody, 1]]])(
    'shows %j so that it reads back',
    (value) => {
      expect(parseTyped(typeOfValue(value), formatTyped(value))).toEqual({ ok: true, value })
    },
  )
})

describe('retype', () => {
  const ada = '{"kind":"member","id":"m1"}'
  const again = (from: ValueType, to: ValueType, typed: string) => parseTyped(to, retype(from, to, typed))

  it('keeps a text between types that are typed, and those chosen between one and several of a kind', () => {
    expect(retype('text', 'number', '12')).toBe('12')
    expect(again('member', 'members', ada)).toEqual({ ok: true, value: [{ kind: 'member', id: 'm1' }] })
    expect(again('members', 'member', `[${ada}]`)).toEqual({ ok: true, value: { kind: 'member', id: 'm1' } })
  })

  it.each<[ValueType, ValueType, string]>([
    ['member', 'role', ada],
    ['member', 'text', ada],
    ['text', 'member', 'Ada'],
  ])('starts empty from %s to %s', (from, to, typed) => {
    expect(retype(from, to, typed)).toBe('')
  })
})

describe('openingType', () => {
  it.each<[unknown, ValueType | undefined, ValueType]>([
    ['', 'department', 'department'],
    ['', undefined, 'text'],
    [7, 'text', 'number'],
    ['2026-03-01T08:00', 'datetime', 'datetime'],
    ['tomorrow', 'datetime', 'text'],
    ['+12025550123', 'phone', 'phone'],
    // it stays the text that it is
    ['5', 'number', 'text'],
  ])('opens %j, where %s is wanted, as %s', (value, wanted, type) => {
    expect(openingType(value as never, wanted)).toBe(type)
  })
})

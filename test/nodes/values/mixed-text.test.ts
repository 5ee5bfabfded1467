import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evaluateValue } from '../../../nodes/values/evaluate-value.ts'
import {
  mixedTextWords,
  plainParts,
  readMixedText,
  writeMixedText,
} from '../../../nodes/values/mixed-text.ts'
import type { TextPart } from '../../../nodes/values/mixed-text.ts'
import type { Value } from '../../../nodes/values/value.ts'

const formula = (source: string): Value => ({ kind: 'formula', source })
const device = { source: 'device' }

test('a text without values is a fixed text', () => {
  expect(writeMixedText(['Pump 7 ', 'stands'])).toEqual({ kind: 'fixed', value: 'Pump 7 stands' })
  expect(readMixedText({ kind: 'fixed', value: 'Pump {{7}}' })).toEqual(['Pump {{7}}'])
  expect(readMixedText({ kind: 'fixed', value: '' })).toEqual([])
})

test('a text with values is the formula that joins them', () => {
  const parts = [
    'Pump "',
    device,
    '" \\ needs\n',
    { source: 'severity + 1' },
    { source: 'not late' },
    ' people',
  ]
  const value = writeMixedText(parts)
  expect(value).toEqual(
    formula('"Pump \\"" & device & "\\" \\\\ needs\\n" & (severity + 1) & (not late) & " people"'),
  )
  expect(readMixedText(value)).toEqual(parts)
  const names = { device: 'P7', severity: 2, late: false }
  expect(evaluateValue(value, { names, now: () => new Date(0) })).toBe('Pump "P7" \\ needs\n3true people')
})

test('a value alone is written as a text too, and nothing adds no characters', () => {
  const value = writeMixedText([device])
  expect(value).toEqual(formula('"" & device'))
  expect(readMixedText(value)).toEqual([device])
  expect(evaluateValue(value, { names: { device: null }, now: () => new Date(0) })).toBe('')
})

test('another formula is no text, however much it looks like one', () => {
  for (const source of [
    'device',
    'a & b',
    'device&"!"',
    'CONCAT("a", b)',
    '"a" & ',
    "'a' & b",
    '= "a" & b',
    '"a"',
  ]) {
    expect(readMixedText(formula(source)), source).toBeNull()
  }
  expect(readMixedText({ kind: 'variable', path: 'device' })).toBeNull()
  expect(readMixedText({ kind: 'fixed', value: [1] })).toBeNull()
})

test('it is told with the values in braces', () => {
  expect(mixedTextWords('"Pump " & device & " stands"')).toBe('Pump {{device}} stands')
  expect(mixedTextWords('UPPER(device)')).toBeNull()
})

test('what is written is read again, whatever stands in it', () => {
  const sources = [
    'device',
    '(a)',
    '((a & "b"))',
    '"x" & y',
    '(a) & (b)',
    '-a',
    'not a',
    'a = b',
    'IF(a, "}}", b)',
  ]
  const anyPart: fc.Arbitrary<TextPart> = fc.oneof(
    fc.string(),
    fc.constantFrom('"', '\\', '\n', '{{', '}}', '”', '(', ' & '),
    fc.constantFrom(...sources, 'nodes["s-1"].x', 'lines[1].part', '(a) + (b)').map((source) => ({ source })),
  )
  fc.assert(
    fc.property(fc.array(anyPart, { maxLength: 8 }), (parts) => {
      const value = writeMixedText(parts)
      expect(readMixedText(value)).toEqual(plainParts(parts))
      expect(plainParts(plainParts(parts))).toEqual(plainParts(parts))
    }),
  )
})

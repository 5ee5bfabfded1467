import { expect, test } from 'vitest'
import { FormulaError } from '../../../nodes/errors.ts'
import type { Json } from '../../../nodes/json.ts'
import { checkValue, evaluateValue, valueNames } from '../../../nodes/values/evaluate-value.ts'
import type { Scope } from '../../../nodes/values/scope.ts'

const scope: Scope = {
  names: {
    device: 'Pump 3',
    order: { lines: [{ quantity: 2 }] },
    nodes: { 'sms-1': { counts: { accepted: 1 } } },
  },
  now: () => new Date(0),
}
const variable = (path: string) => ({ kind: 'variable', path }) as const

test('a fixed value is given as it is, even where it looks like a formula', () => {
  const value: Json = { kind: 'formula', source: '1 + 1' }
  expect(evaluateValue({ kind: 'fixed', value }, scope)).toEqual(value)
})

test('a formula is evaluated', () => {
  expect(evaluateValue({ kind: 'formula', source: 'device & "!"' }, scope)).toBe('Pump 3!')
})

test.each<[path: string, result: Json]>([
  ['device', 'Pump 3'],
  ['order.lines.1.quantity', 2],
  ['order.lines.2.quantity', null],
  ['order.lines.quantity', [2]],
  ['order.none.at.all', null],
  ['nodes.sms-1.counts.accepted', 1],
  ['nodes.other.counts', null],
  ['order.constructor', null],
  ['order.__proto__.polluted', null],
  ['order.toString', null],
])('the variable %s gives %j', (path, result) => {
  expect(evaluateValue(variable(path), scope)).toEqual(result)
})

test.each([
  ['devcie', 'FORMULA_UNKNOWN_NAME', 'nameDidYouMean'],
  ['elsewhere.x', 'FORMULA_UNKNOWN_NAME', 'unknownName'],
  ['constructor', 'FORMULA_UNKNOWN_NAME', 'unknownName'],
  ['device.length', 'FORMULA_TYPE', 'noFields'],
  ['order.lines.length', 'FORMULA_TYPE', 'noFields'],
  ['order.lines.0', 'FORMULA_TYPE', 'noFields'],
])('the variable %s is refused', (path, code, reason) => {
  const evaluate = () => evaluateValue(variable(path), scope)
  expect(evaluate).toThrow(FormulaError)
  expect(evaluate).toThrow(expect.objectContaining({ code, params: expect.objectContaining({ reason }) }))
})

test('a step that has not run gives nothing, even before any step has run', () => {
  expect(evaluateValue(variable('nodes.sms1.counts'), { ...scope, names: {} })).toBeNull()
})

test('names are known without evaluating', () => {
  expect(valueNames({ kind: 'fixed', value: 1 })).toEqual([])
  expect(valueNames(variable('nodes.sms-1.counts'))).toEqual(['nodes.sms-1'])
  expect(valueNames({ kind: 'formula', source: 'a + b' })).toEqual(['a', 'b'])
  expect(checkValue(variable('nodes.sms-1.x'), new Set(['nodes.sms-1']))).toBeNull()
  expect(checkValue(variable('nodes'), new Set(['nodes.sms-1']))).toMatchObject({
    code: 'FORMULA_UNKNOWN_NAME',
  })
})

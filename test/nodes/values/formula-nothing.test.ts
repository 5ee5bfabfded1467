import { describe, expect, test } from 'vitest'
import { FormulaError } from '../../../nodes/errors.ts'
import type { Json } from '../../../nodes/json.ts'
import { compileFormula } from '../../../nodes/values/formula/formula.ts'

/** The chapter "Nothing" of docs/formulas.md, line by line. */
const names: Record<string, Json> = {
  nothing: null,
  zero: 0,
  no: false,
  text: 'a',
  gaps: [3, null, 1],
  none: [],
  lines: [{ quantity: 2 }, {}, null],
  order: {},
  nodes: {},
}
const evaluate = (source: string) => compileFormula(source).evaluate({ names, now: () => new Date(0) })

describe('with nothing', () => {
  test.each<[source: string, result: Json]>([
    ['nothing.field', null],
    ['nothing[1]', null],
    ['order.customer.name', null],
    ['gaps[9]', null],
    ['nodes.sms.counts.sent', null],
    ['nothing = null', true],
    ['nothing = zero or nothing = "" or nothing = no or nothing = none', false],
    ['nothing != zero', true],
    ['text & nothing & text', 'aa'],
    ['CONCAT(text, nothing)', 'a'],
    ['TEXT(nothing)', ''],
    ['JOIN(gaps, "-")', '3--1'],
    ['SUM(gaps)', 4],
    ['AVG(gaps)', 2],
    ['MIN(gaps)', 1],
    ['MAX(gaps)', 3],
    ['COUNT(gaps)', 2],
    ['SUM(lines.quantity)', 2],
    ['ISEMPTY(nothing) and ISEMPTY("") and ISEMPTY(none) and ISEMPTY(order)', true],
    ['ISEMPTY(zero) or ISEMPTY(no)', false],
    ['ISNOTEMPTY(nothing)', false],
    ['DEFAULTVALUE(nothing, 1)', 1],
    ['COALESCE(nothing, no)', false],
    ['INCLUDES(gaps, null)', true],
    ['UNIQUE(LIST(null, 1, null))', [null, 1]],
    ['MAP(lines, item.quantity)', [2, null, null]],
    ['IF(no, 1)', null],
    ['IFS(no, 1)', null],
    ['FIRST(none)', null],
    ['LAST(none)', null],
  ])('%s → %j', (source, result) => {
    expect(evaluate(source)).toEqual(result)
  })

  test.each<[source: string, reason: string, marked: string]>([
    ['absent', 'unknownName', 'absent'],
    ['1 + nothing', 'needsNumberGotNothing', 'nothing'],
    ['-nothing', 'needsNumberGotNothing', 'nothing'],
    ['SUM(1, nothing)', 'needsNumberGotNothing', 'nothing'],
    ['nothing < 1', 'notComparable', 'nothing < 1'],
    ['no or nothing', 'needsBoolean', 'nothing'],
    ['not nothing', 'needsBoolean', 'nothing'],
    ['IF(nothing, 1)', 'needsBoolean', 'nothing'],
    ['FILTER(lines, item.quantity)', 'needsBoolean', 'item.quantity'],
    ['UPPER(nothing)', 'needsTextGotNothing', 'nothing'],
    ['YEAR(nothing)', 'needsTextGotNothing', 'nothing'],
    ['COUNT(nothing)', 'needsListGotNothing', 'nothing'],
    ['SORT(gaps)', 'notComparable', 'gaps'],
    ['SORTBY(lines, item.quantity)', 'notComparable', 'item.quantity'],
    ['TODAY(nothing)', 'needsTextGotNothing', 'nothing'],
    ['AVG(LIST(nothing))', 'emptyList', 'AVG(LIST(nothing))'],
  ])('%s is an error: %s', (source, reason, marked) => {
    let error: unknown
    try {
      evaluate(source)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(FormulaError)
    const { params, position, length } = error as FormulaError
    expect(params.reason).toBe(reason)
    expect(source.slice(position, position + length)).toBe(marked)
  })
})

import fc from 'fast-check'
import type { Json } from '../../nodes/json.ts'
import { formulaFunctions } from '../../nodes/values/formula/functions.ts'

/** Values that formulas of `anyFormula` may name, most of them of a type that fits somewhere. */
export const anyNames: fc.Arbitrary<Record<string, Json>> = fc
  .record(
    {
      a: fc.jsonValue({ maxDepth: 3 }),
      b: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.string()),
      list: fc.array(fc.oneof(fc.integer(), fc.string(), fc.constant(null)), { maxLength: 6 }),
      lines: fc.array(fc.record({ x: fc.integer(), 名: fc.string() }, { requiredKeys: [] }), {
        maxLength: 5,
      }),
      设备: fc.string({ unit: 'grapheme' }),
      日期: fc
        .date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
        .map((date) => date.toISOString()),
      nodes: fc.dictionary(fc.constantFrom('b', 'sms1'), fc.jsonValue({ maxDepth: 2 })),
    },
    { requiredKeys: [] },
  )
  // What a run can hold went through JSON, so there is no `-0`.
  .map((names) => JSON.parse(JSON.stringify(names)) as Record<string, Json>)

const names = [
  'a',
  'b',
  '设备',
  '日期',
  'list',
  'lines',
  'nodes.b',
  'a.b',
  'lines.x',
  'list[1]',
  'item',
  'item.x',
  '当前项',
]
const literals = [
  '1',
  '0',
  '0.1',
  '-3',
  '1e308',
  '1e-300',
  '9007199254740993',
  '"x"',
  '"-0"',
  'true',
  'null',
  '""',
]
const patterns = [
  '"0.00%"',
  '"#,##0.##"',
  '"yyyy-MM-dd HH:mm"',
  '"h:mm AM/PM"',
  '"month"',
  '"天"',
  '"quarters"',
]
const zones = ['"Asia/Shanghai"', '"America/New_York"', '"australia/lord_howe"', '"+05:30"', '"Mars/Olympus"']
const dates = ['NOW()', '"2026-03-08T02:30"', '"2026-11-01T01:30:00-04:00"', '"2024-02-29"', '"0999-01-01"']
const lists = ['list', 'lines', 'a', 'LIST(1, 2.5, 3)', 'SPLIT("a,b", ",")', 'LIST()']
const operators = [...'+-*/%&=<>', ' and ', ' or ', '<>', '>=']

/** Well-formed formulas of all operators and functions; many of them fail while they are evaluated, at some place. */
export const anyFormula: fc.Arbitrary<string> = fc.letrec<{ formula: string }>((tie) => ({
  formula: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...names),
    fc.constantFrom(...literals),
    fc.constantFrom(...patterns, ...zones, ...dates),
    fc
      .tuple(tie('formula'), fc.constantFrom(...operators), tie('formula'))
      .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
    fc
      .tuple(fc.constantFrom(...formulaFunctions), fc.array(tie('formula'), { maxLength: 4 }), fc.boolean())
      .map(([{ name, alias }, args, isChinese]) => `${isChinese ? alias : name}(${args.join(', ')})`),
    fc
      .tuple(
        fc.constantFrom('MAP', 'FILTER', 'ANY', 'ALL', 'SORTBY'),
        fc.constantFrom(...lists),
        tie('formula'),
      )
      .map(([name, list, inner]) => `${name}(${list}, ${inner})`),
    fc
      .tuple(
        fc.constantFrom('FORMAT', 'DATEADD', 'DATESTR', 'EXTRACT', 'YEAR', 'MOMENT'),
        fc.constantFrom(...dates, '日期'),
        fc.constantFrom(...patterns, '1'),
        fc.constantFrom(...zones),
      )
      .map(([name, date, pattern, zone]) =>
        name === 'DATEADD'
          ? `DATEADD(${date}, 1, ${pattern}, ${zone})`
          : name === 'YEAR' || name === 'MOMENT'
            ? `${name}(${date}, ${zone})`
            : `${name}(${date}, ${pattern}, ${zone})`,
      ),
  ),
})).formula

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FormulaError } from '../../../nodes/errors.ts'
import type { Json } from '../../../nodes/json.ts'
import { compileFormula } from '../../../nodes/values/formula/formula.ts'
import { formulaFunctions } from '../../../nodes/values/formula/functions.ts'
import { formulaLimits } from '../../../nodes/values/formula/limits.ts'

/** What a run can hold: it went through JSON, so there is no `-0`. */
const values = fc
  .dictionary(fc.constantFrom('a', 'b', '设备', 'nodes'), fc.jsonValue({ maxDepth: 3 }))
  .map((names) => JSON.parse(JSON.stringify(names)) as Record<string, Json>)
const scopeOf = (names: Record<string, Json>) => ({ names, now: () => new Date(0), timeZone: 'UTC' })

/** Every outcome is a JSON value within the limit, or a FormulaError whose place lies in the source. */
function expectHarmless(source: string, names: Record<string, Json>) {
  try {
    const result = compileFormula(source).evaluate(scopeOf(names))
    expect(JSON.parse(JSON.stringify(result))).toEqual(result)
    if (typeof result === 'string' && !Object.values(names).includes(result)) {
      expect(result.length).toBeLessThanOrEqual(formulaLimits.text)
    }
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error
    expect(error.position).toBeGreaterThanOrEqual(0)
    expect(error.position + error.length).toBeLessThanOrEqual(source.length)
    expect(error.params.reason).toBeTypeOf('string')
  }
}

test('any text is a formula or a FormulaError', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), values, expectHarmless), {
    numRuns: 2_000,
  })
})

test('any sequence of words is a formula or a FormulaError', () => {
  const words = fc.constantFrom(
    ...[
      'a',
      'b',
      '设备',
      'nodes',
      'constructor',
      '__proto__',
      'true',
      'null',
      'not',
      'and',
      'or',
      '1',
      '0.1',
    ],
    ...[
      '1e308',
      '"x"',
      "'",
      '"',
      '(',
      ')',
      '[',
      ']',
      '.',
      ',',
      '+',
      '-',
      '*',
      '/',
      '%',
      '&',
      '=',
      '<',
      '>',
      '!',
    ],
    ...formulaFunctions.map((each) => `${each.name}(`),
  )
  const sources = fc.array(words, { maxLength: 25 }).map((all) => all.join(' '))
  fc.assert(fc.property(sources, values, expectHarmless), { numRuns: 2_000 })
})

test('any well-formed formula gives a value or a FormulaError', () => {
  const { formula } = fc.letrec<{ formula: string }>((tie) => ({
    formula: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('a', 'b', '设备', 'nodes.b', 'a.b', 'b[1]', '1', '0.1', '-3', '"x"', 'true', 'null'),
      fc.constantFrom('1e308', '1e-300', '"-0"', '"0.00%"', '"#,##0.##"', '"yyyy HH:mm"', 'NOW()'),
      fc
        .tuple(tie('formula'), fc.constantFrom(...'+-*/%&=<>', ' and ', ' or ', '<>', '>='), tie('formula'))
        .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
      fc
        .tuple(fc.constantFrom(...formulaFunctions), fc.array(tie('formula'), { maxLength: 3 }))
        .map(([{ name }, args]) => `${name}(${args.join(', ')})`),
    ),
  }))
  fc.assert(fc.property(formula, values, expectHarmless), { numRuns: 2_000 })
})

test('decimal sums and products are those of whole numbers', () => {
  const cents = fc.integer({ min: -1_000_000, max: 1_000_000 })
  fc.assert(
    fc.property(cents, cents, (left, right) => {
      const names = { a: left / 100, b: right / 100 }
      const evaluate = (source: string) => compileFormula(source).evaluate(scopeOf(names))
      expect(evaluate('a + b')).toBe((left + right) / 100)
      expect(evaluate('a - b')).toBe((left - right) / 100)
      expect(evaluate('a * b')).toBeCloseTo((left * right) / 10_000, 9)
      expect(String(evaluate('a * b')).replace(/^.*\./, '').length).toBeLessThanOrEqual(12)
    }),
  )
})

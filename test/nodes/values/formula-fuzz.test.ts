import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FormulaError } from '../../../nodes/errors.ts'
import type { Json } from '../../../nodes/json.ts'
import { checkFormula, compileFormula } from '../../../nodes/values/formula/formula.ts'
import { formulaFunctions } from '../../../nodes/values/formula/functions.ts'
import { formulaLimits } from '../../../nodes/values/formula/limits.ts'
import { size } from '../../crash/size.ts'
import { anyFormula, anyNames } from '../../support/formulas.ts'

const numRuns = size(2_000, 100_000)
/** Milliseconds that a test may take. */
const patience = size(60_000, 1_800_000)
const scopeOf = (names: Record<string, Json>) => ({ names, now: () => new Date(0), timeZone: 'UTC' })

/** Every outcome is a JSON value within the limit, or a FormulaError whose place lies in the source. */
function expectHarmless(source: string, names: Record<string, Json>) {
  const before = JSON.stringify(names)
  try {
    const result = compileFormula(source).evaluate(scopeOf(names))
    const text = JSON.stringify(result)
    expect(JSON.parse(text)).toEqual(result)
    expect(text.length).toBeLessThanOrEqual(before.length + 10 * formulaLimits.list)
  } catch (error) {
    expectLocated(error, source)
  }
  expect(JSON.stringify(names)).toBe(before)
  const fault = checkFormula(source, new Set(Object.keys(names)))
  if (fault) expectLocated(fault, source)
}

function expectLocated(error: unknown, source: string) {
  if (!(error instanceof FormulaError)) throw error
  expect(error.position).toBeGreaterThanOrEqual(0)
  expect(error.position + error.length).toBeLessThanOrEqual(source.length)
  expect(error.params.reason).toBeTypeOf('string')
}

test(
  'any text is a formula or a FormulaError',
  () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), anyNames, expectHarmless), {
      numRuns,
    })
  },
  patience,
)

test(
  'any sequence of words is a formula or a FormulaError',
  () => {
    const values = ['a', 'b', '设备', 'list', 'item', 'nodes', 'constructor', '__proto__', 'true', 'null']
    const signs = ["'", '"', ...'()[].,+-*/%&=<>!', '（', '，', '“']
    const words = fc.constantFrom(
      ...[...values, ...signs, '1', '0.1', '1e308', '"x"', 'not', 'and', 'or'],
      ...formulaFunctions.flatMap(({ name, alias }) => [`${name}(`, `${alias}(`]),
    )
    const sources = fc.array(words, { maxLength: 25 }).map((all) => all.join(' '))
    fc.assert(fc.property(sources, anyNames, expectHarmless), { numRuns })
  },
  patience,
)

test(
  'any well-formed formula gives a value or a FormulaError',
  () => {
    fc.assert(fc.property(anyFormula, anyNames, expectHarmless), { numRuns })
  },
  patience,
)

test('most of the formulas that are made up here can be read, and many give a value', () => {
  const outcomes = { value: 0, syntax: 0, error: 0 }
  for (const [source, names] of fc.sample(fc.tuple(anyFormula, anyNames), { numRuns: 1_000, seed: 1 })) {
    try {
      compileFormula(source).evaluate(scopeOf(names))
      outcomes.value++
    } catch (error) {
      outcomes[(error as FormulaError).code === 'FORMULA_SYNTAX' ? 'syntax' : 'error']++
    }
  }
  // `NOT()` cannot be read: the word takes a value
  expect(outcomes.syntax).toBeLessThan(10)
  expect(outcomes.value).toBeGreaterThan(200)
})

test(
  'decimal sums and products are those of whole numbers',
  () => {
    const cents = fc.integer({ min: -1_000_000, max: 1_000_000 })
    fc.assert(
      fc.property(cents, cents, (left, right) => {
        const names = { a: left / 100, b: right / 100 }
        const evaluate = (source: string) => compileFormula(source).evaluate(scopeOf(names))
        expect(evaluate('a + b')).toBe((left + right) / 100)
        expect(evaluate('a - b')).toBe((left - right) / 100)
        expect(evaluate('a * b')).toBe(Number(`${left * right}e-4`) || 0)
      }),
      { numRuns },
    )
  },
  patience,
)

test(
  'decimals of any length are added and multiplied as on paper, as far as a number can hold them',
  () => {
    const digits = fc.tuple(fc.integer({ min: -999_999, max: 999_999 }), fc.integer({ min: 0, max: 9 }))
    fc.assert(
      fc.property(digits, digits, ([left, leftDecimals], [right, rightDecimals]) => {
        const names = {
          a: Number(`${left}e-${leftDecimals}`) || 0,
          b: Number(`${right}e-${rightDecimals}`) || 0,
        }
        const evaluate = (source: string) => compileFormula(source).evaluate(scopeOf(names))
        const decimals = Math.max(leftDecimals, rightDecimals)
        const sum =
          BigInt(left) * 10n ** BigInt(decimals - leftDecimals) +
          BigInt(right) * 10n ** BigInt(decimals - rightDecimals)
        expect(evaluate('a + b')).toBe(Number(`${sum}e-${decimals}`) || 0)
        const product = BigInt(left) * BigInt(right)
        expect(evaluate('a * b')).toBe(Number(`${product}e-${leftDecimals + rightDecimals}`) || 0)
      }),
      { numRuns },
    )
  },
  patience,
)

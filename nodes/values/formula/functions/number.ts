import type { Json } from '../../../json.ts'
import { calculate, roundDecimal, truncateDecimal } from '../decimal.ts'
import { formulaError } from '../formula-error.ts'
import type { Place } from '../formula-error.ts'
import { needNumber } from '../types.ts'
import type { FormulaArgument, FormulaFunction } from './define.ts'
import { defineFunction } from './define.ts'

const number: FormulaArgument = { name: 'number', type: 'number' }
/** A number, or a list of numbers. */
const numbers: FormulaArgument = { name: 'number', type: 'any', repeats: true }

function* eachNumber(values: Json[], places: readonly Place[]): Generator<number> {
  for (const [index, value] of values.entries()) {
    const place = places[index]!
    if (Array.isArray(value)) {
      for (const item of value) {
        if (typeof item !== 'number') throw formulaError('needsNumberOrList', place)
        yield item
      }
    } else yield needNumber(value, place)
  }
}

function extreme(name: 'MIN' | 'MAX', isBetter: (candidate: number, best: number) => boolean) {
  return defineFunction<Json[]>(name, [numbers], 'number', (values, { place, places }) => {
    let best: number | undefined
    for (const each of eachNumber(values, places)) {
      if (best === undefined || isBetter(each, best)) best = each
    }
    if (best === undefined) throw formulaError('emptyList', place, { name })
    return best
  })
}

function total(values: Json[], { place, places }: { place: Place; places: readonly Place[] }) {
  let [sum, count] = [0, 0]
  for (const each of eachNumber(values, places)) {
    sum = calculate('+', sum, each, place)
    count++
  }
  return { sum, count }
}

function toDecimals(name: 'ROUND' | 'TRUNCATE', run: (value: number, decimals: number) => number) {
  return defineFunction<[number, number | undefined]>(
    name,
    [number, { name: 'decimals', type: 'number', optional: true }],
    'number',
    ([value, decimals = 0], { places }) => {
      if (Number.isInteger(decimals) && Math.abs(decimals) <= 15) return run(value, decimals)
      throw formulaError('decimals', places[1]!, { min: -15, max: 15 })
    },
  )
}

/** What people write as a number; `Number` itself would also take `0x10`, `` and `Infinity`. */
const written = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/

export const numberFunctions: readonly FormulaFunction[] = [
  toDecimals('ROUND', roundDecimal),
  toDecimals('TRUNCATE', truncateDecimal),
  defineFunction<[number]>('ABS', [number], 'number', ([value]) => Math.abs(value)),
  extreme('MIN', (candidate, best) => candidate < best),
  extreme('MAX', (candidate, best) => candidate > best),
  defineFunction<Json[]>('SUM', [numbers], 'number', (values, call) => total(values, call).sum),
  defineFunction<Json[]>('AVG', [numbers], 'number', (values, call) => {
    const { sum, count } = total(values, call)
    if (count === 0) throw formulaError('emptyList', call.place, { name: 'AVG' })
    return calculate('/', sum, count, call.place)
  }),
  defineFunction<[number, number]>(
    'MOD',
    [number, { name: 'divisor', type: 'number' }],
    'number',
    ([value, divisor], { place }) => calculate('%', value, divisor, place),
  ),
  defineFunction<[Json]>('NUMBER', [{ name: 'value', type: 'any' }], 'number', ([value], { places }) => {
    if (typeof value !== 'string') return needNumber(value, places[0]!)
    const result = written.test(value.trim()) ? Number(value) : Number.NaN
    if (!Number.isFinite(result)) throw formulaError('notANumberText', places[0]!)
    return result === 0 ? 0 : result
  }),
]

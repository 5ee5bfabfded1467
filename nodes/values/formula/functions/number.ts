import type { Json } from '../../../json.ts'
import { calculate, power, roundDecimal, truncateDecimal } from '../decimal.ts'
import { spend } from '../evaluation.ts'
import { formulaError } from '../formula-error.ts'
import { stepCosts } from '../limits.ts'
import { needNumber, wholeNumber } from '../types.ts'
import type { Call, FormulaArgument, FormulaFunction } from './define.ts'
import { defineFunction } from './define.ts'

const number: FormulaArgument = { name: 'number', type: 'number' }
/** A number, or a list of numbers; what is nothing in a list is passed over. */
const numbers: FormulaArgument = { name: 'number', type: 'any', repeats: true }

function* eachNumber(values: Json[], { evaluation, place, places }: Call): Generator<number> {
  for (const [index, value] of values.entries()) {
    const valuePlace = places[index]!
    if (Array.isArray(value)) {
      spend(evaluation, value.length * stepCosts.number, place)
      for (const item of value) {
        if (typeof item === 'number') yield item
        else if (item !== null) throw formulaError('needsNumberOrList', valuePlace)
      }
    } else yield needNumber(value, valuePlace)
  }
}

function extreme(name: 'MIN' | 'MAX', alias: string, isBetter: (candidate: number, best: number) => boolean) {
  return defineFunction<Json[]>({ name, alias, args: [numbers], returns: 'number' }, (values, call) => {
    let best: number | undefined
    for (const each of eachNumber(values, call)) {
      if (best === undefined || isBetter(each, best)) best = each
    }
    if (best === undefined) throw formulaError('emptyList', call.place, { name })
    return best
  })
}

function total(values: Json[], call: Call) {
  let [sum, count] = [0, 0]
  for (const each of eachNumber(values, call)) {
    sum = calculate('+', sum, each, call.place)
    count++
  }
  return { sum, count }
}

function toDecimals(
  name: 'ROUND' | 'TRUNCATE',
  alias: string,
  run: (value: number, decimals: number) => number,
) {
  return defineFunction<[number, number | undefined]>(
    {
      name,
      alias,
      args: [number, { name: 'decimals', type: 'number', optional: true }],
      returns: 'number',
    },
    ([value, decimals = 0], { places }) => {
      if (Number.isInteger(decimals) && Math.abs(decimals) <= 15) return run(value, decimals)
      throw formulaError('decimals', places[1]!, { min: -15, max: 15 })
    },
  )
}

/** What people write as a number; `Number` itself would also take `0x10`, `` and `Infinity`. */
const written = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/

export const numberFunctions: readonly FormulaFunction[] = [
  toDecimals('ROUND', '四舍五入', roundDecimal),
  toDecimals('TRUNCATE', '截断', truncateDecimal),
  defineFunction<[number]>({ name: 'ABS', alias: '绝对值', args: [number], returns: 'number' }, ([value]) =>
    Math.abs(value),
  ),
  extreme('MIN', '最小值', (candidate, best) => candidate < best),
  extreme('MAX', '最大值', (candidate, best) => candidate > best),
  defineFunction<Json[]>(
    { name: 'SUM', alias: '求和', args: [numbers], returns: 'number' },
    (values, call) => total(values, call).sum,
  ),
  defineFunction<Json[]>(
    { name: 'AVG', alias: '平均值', args: [numbers], returns: 'number' },
    (values, call) => {
      const { sum, count } = total(values, call)
      if (count === 0) throw formulaError('emptyList', call.place, { name: 'AVG' })
      return calculate('/', sum, count, call.place)
    },
  ),
  defineFunction<[number, number]>(
    {
      name: 'MOD',
      alias: '取余',
      args: [number, { name: 'divisor', type: 'number' }],
      returns: 'number',
    },
    ([value, divisor], { place }) => calculate('%', value, divisor, place),
  ),
  defineFunction<[number, number]>(
    {
      name: 'POWER',
      alias: '乘方',
      args: [number, { name: 'exponent', type: 'number' }],
      returns: 'number',
    },
    ([base, exponent], { place }) => power(base, exponent, place),
  ),
  defineFunction<[number | undefined, number | undefined]>(
    {
      name: 'RANDOM',
      alias: '随机数',
      args: [
        { name: 'from', type: 'number', optional: true },
        { name: 'to', type: 'number', optional: true },
      ],
      returns: 'number',
    },
    ([from, to], { evaluation, place, places }) => {
      const { random = Math.random } = evaluation.scope
      if (from === undefined) return random()
      if (to === undefined) throw formulaError('tooFew', place, { name: 'RANDOM', count: 2 })
      const least = wholeNumber(from, places[0]!)
      if (wholeNumber(to, places[1]!) < least) throw formulaError('randomRange', place)
      return least + Math.floor(random() * (to - least + 1))
    },
  ),
  defineFunction<[Json]>(
    { name: 'NUMBER', alias: '数字', args: [{ name: 'value', type: 'any' }], returns: 'number' },
    ([value], { places }) => {
      if (typeof value !== 'string') return needNumber(value, places[0]!)
      const result = written.test(value.trim()) ? Number(value) : Number.NaN
      if (!Number.isFinite(result)) throw formulaError('notANumberText', places[0]!)
      return result === 0 ? 0 : result
    },
  ),
]

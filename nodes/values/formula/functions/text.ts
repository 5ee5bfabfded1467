import type { Json } from '../../../json.ts'
import { limitText } from '../evaluation.ts'
import { formulaError } from '../formula-error.ts'
import type { Place } from '../formula-error.ts'
import { toText } from '../types.ts'
import type { FormulaArgument, FormulaFunction } from './define.ts'
import { defineFunction } from './define.ts'

const text: FormulaArgument = { name: 'text', type: 'text' }
const count: FormulaArgument = { name: 'count', type: 'number' }

function wholeCount(value: number, place: Place): number {
  if (Number.isInteger(value) && value >= 0) return value
  throw formulaError('count', place)
}

/** Characters as people count them: an emoji or a rare Chinese character is one, not two. */
function characters(value: string): string[] {
  return Array.from(value)
}

export const textFunctions: readonly FormulaFunction[] = [
  defineFunction<Json[]>(
    'CONCAT',
    [{ name: 'value', type: 'any', repeats: true }],
    'text',
    (values, { place, places }) => {
      let joined = ''
      for (const [index, value] of values.entries())
        joined = limitText(joined + toText(value, places[index]!), place)
      return joined
    },
  ),
  defineFunction<[Json]>('LEN', [{ name: 'value', type: 'any' }], 'number', ([value], { places }) => {
    if (Array.isArray(value)) return value.length
    if (typeof value !== 'string') throw formulaError('needsTextOrList', places[0]!)
    return characters(value).length
  }),
  defineFunction<[string]>('UPPER', [text], 'text', ([value], { place }) =>
    limitText(value.toUpperCase(), place),
  ),
  defineFunction<[string]>('LOWER', [text], 'text', ([value], { place }) =>
    limitText(value.toLowerCase(), place),
  ),
  defineFunction<[string]>('TRIM', [text], 'text', ([value]) => value.trim()),
  defineFunction<[string, number]>('LEFT', [text, count], 'text', ([value, length], { places }) =>
    characters(value).slice(0, wholeCount(length, places[1]!)).join(''),
  ),
  defineFunction<[string, number]>('RIGHT', [text, count], 'text', ([value, length], { places }) => {
    const all = characters(value)
    return all.slice(Math.max(0, all.length - wholeCount(length, places[1]!))).join('')
  }),
  defineFunction<[string, string]>(
    'CONTAINS',
    [text, { name: 'part', type: 'text' }],
    'boolean',
    ([value, part]) => value.includes(part),
  ),
  defineFunction<[Json]>('TEXT', [{ name: 'value', type: 'any' }], 'text', ([value], { places }) =>
    toText(value, places[0]!),
  ),
]

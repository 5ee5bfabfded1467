import type { Json } from '../../../json.ts'
import { compare } from '../compare.ts'
import { limitText, spend } from '../evaluation.ts'
import type { Evaluation } from '../evaluation.ts'
import type { Place } from '../formula-error.ts'
import { toText } from '../types.ts'
import type { FormulaArgument, FormulaFunction } from './define.ts'
import { defineFunction } from './define.ts'

const list: FormulaArgument = { name: 'list', type: 'list' }

function equal(left: Json, right: Json, evaluation: Evaluation, place: Place): boolean {
  spend(evaluation, 1, place)
  return compare('=', left, right, evaluation, place)
}

/** Lists and objects are compared one by one; everything else is looked up. */
function unique(items: readonly Json[], evaluation: Evaluation, place: Place): Json[] {
  const seen = new Set<Json>()
  const nested: Json[] = []
  return items.filter((item) => {
    if (item === null || typeof item !== 'object') return !seen.has(item) && seen.add(item)
    if (nested.some((each) => equal(each, item, evaluation, place))) return false
    nested.push(item)
    return true
  })
}

export const listFunctions: readonly FormulaFunction[] = [
  defineFunction<[Json[]]>('COUNT', [list], 'number', ([items]) => {
    return items.filter((item) => item !== null).length
  }),
  defineFunction<[Json[]]>('FIRST', [list], 'any', ([items]) => items[0] ?? null),
  defineFunction<[Json[]]>('LAST', [list], 'any', ([items]) => items.at(-1) ?? null),
  defineFunction<[Json[], Json]>(
    'INCLUDES',
    [list, { name: 'value', type: 'any' }],
    'boolean',
    ([items, value], { evaluation, place }) => items.some((item) => equal(item, value, evaluation, place)),
  ),
  defineFunction<[Json[]]>('UNIQUE', [list], 'list', ([items], { evaluation, place }) =>
    unique(items, evaluation, place),
  ),
  defineFunction<[Json[], boolean | undefined]>(
    'SORT',
    [list, { name: 'descending', type: 'boolean', optional: true }],
    'list',
    ([items, descending = false], { evaluation, places }) => {
      const place = places[0]!
      return [...items].sort((a, b) => {
        spend(evaluation, 1, place)
        const [left, right] = descending ? [b, a] : [a, b]
        if (compare('<', left, right, evaluation, place)) return -1
        return compare('>', left, right, evaluation, place) ? 1 : 0
      })
    },
  ),
  defineFunction<[Json[], string | undefined]>(
    'JOIN',
    [list, { name: 'separator', type: 'text', optional: true }],
    'text',
    ([items, separator = ', '], { place, places }) => {
      let joined = ''
      for (const [index, item] of items.entries()) {
        joined = limitText(joined + (index === 0 ? '' : separator) + toText(item, places[0]!), place)
      }
      return joined
    },
  ),
]

import type { Json } from '../../../json.ts'
import { compare, order } from '../compare.ts'
import { limitText, makeList, spend } from '../evaluation.ts'
import type { Evaluation } from '../evaluation.ts'
import type { Place } from '../formula-error.ts'
import { stepCosts } from '../limits.ts'
import { toText } from '../types.ts'
import type { FormulaArgument, FormulaFunction } from './define.ts'
import { defineFunction, defineItemFunction } from './define.ts'

const list: FormulaArgument = { name: 'list', type: 'list' }
const condition: FormulaArgument = { name: 'condition', type: 'boolean', each: true }
const expression: FormulaArgument = { name: 'expression', type: 'any', each: true }
const descending: FormulaArgument = { name: 'descending', type: 'boolean', optional: true }

function equal(left: Json, right: Json, evaluation: Evaluation, place: Place): boolean {
  spend(evaluation, stepCosts.comparison, place)
  return compare('=', left, right, evaluation, place)
}

/** Lists and objects are compared one by one; everything else is looked up. */
function unique(items: readonly Json[], evaluation: Evaluation, place: Place): Json[] {
  const seen = new Set<Json>()
  const nested: Json[] = []
  return items.filter((item) => {
    spend(evaluation, stepCosts.comparison, place)
    if (item === null || typeof item !== 'object') return !seen.has(item) && seen.add(item)
    if (nested.some((each) => equal(each, item, evaluation, place))) return false
    nested.push(item)
    return true
  })
}

/** Items in the order of their keys; those with equal keys stay as they were. */
function sorted(
  items: readonly Json[],
  keyOf: (item: Json) => Json,
  isDescending: boolean,
  evaluation: Evaluation,
  place: Place,
): Json[] {
  const keyed = items.map((item) => ({ item, key: keyOf(item) }))
  keyed.sort((a, b) => {
    spend(evaluation, stepCosts.comparison, place)
    const [left, right] = isDescending ? [b, a] : [a, b]
    return order(left.key, right.key, evaluation, place)
  })
  return keyed.map(({ item }) => item)
}

export const listFunctions: readonly FormulaFunction[] = [
  defineFunction<Json[]>(
    {
      name: 'LIST',
      alias: '列表',
      args: [{ name: 'value', type: 'any', optional: true, repeats: true }],
      returns: 'list',
    },
    (values, { evaluation, place }) => makeList(values.length, (index) => values[index]!, evaluation, place),
  ),
  defineFunction<[Json[]]>(
    { name: 'COUNT', alias: '计数', args: [list], returns: 'number' },
    ([items]) => items.filter((item) => item !== null).length,
  ),
  defineFunction<[Json[]]>(
    { name: 'FIRST', alias: '首项', args: [list], returns: 'any' },
    ([items]) => items[0] ?? null,
  ),
  defineFunction<[Json[]]>(
    { name: 'LAST', alias: '末项', args: [list], returns: 'any' },
    ([items]) => items.at(-1) ?? null,
  ),
  defineFunction<[Json[], Json]>(
    { name: 'INCLUDES', alias: '列表包含', args: [list, { name: 'value', type: 'any' }], returns: 'boolean' },
    ([items, value], { evaluation, place }) => items.some((item) => equal(item, value, evaluation, place)),
  ),
  defineItemFunction(
    { name: 'MAP', alias: '映射', args: [list, expression], returns: 'list' },
    (items, each, { evaluation, place }) =>
      makeList(items.length, (index) => each(items[index]!), evaluation, place),
  ),
  defineItemFunction(
    { name: 'FILTER', alias: '筛选', args: [list, condition], returns: 'list' },
    (items, each) => items.filter((item) => each(item) === true),
  ),
  defineItemFunction(
    { name: 'ANY', alias: '任一满足', args: [list, condition], returns: 'boolean' },
    (items, each) => items.some((item) => each(item) === true),
  ),
  defineItemFunction(
    { name: 'ALL', alias: '全部满足', args: [list, condition], returns: 'boolean' },
    (items, each) => items.every((item) => each(item) === true),
  ),
  defineFunction<[Json[]]>(
    { name: 'UNIQUE', alias: '去重', args: [list], returns: 'list' },
    ([items], { evaluation, place }) => unique(items, evaluation, place),
  ),
  defineFunction<[Json[], boolean | undefined]>(
    { name: 'SORT', alias: '排序', args: [list, descending], returns: 'list' },
    ([items, isDescending = false], { evaluation, places }) =>
      sorted(items, (item) => item, isDescending, evaluation, places[0]!),
  ),
  defineItemFunction(
    { name: 'SORTBY', alias: '排序依据', args: [list, expression, descending], returns: 'list' },
    (items, each, { evaluation, places }, [isDescending = false]) =>
      sorted(items, each, isDescending === true, evaluation, places[1]!),
  ),
  defineFunction<[Json[], string | undefined]>(
    {
      name: 'JOIN',
      alias: '拼接',
      args: [list, { name: 'separator', type: 'text', optional: true }],
      returns: 'text',
    },
    ([items, separator = ', '], { place, places }) => {
      let joined = ''
      for (const [index, item] of items.entries()) {
        joined = limitText(joined + (index === 0 ? '' : separator) + toText(item, places[0]!), place)
      }
      return joined
    },
  ),
]

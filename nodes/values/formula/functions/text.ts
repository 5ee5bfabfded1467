import type { Json } from '../../../json.ts'
import { limitText, makeList, spend } from '../evaluation.ts'
import { formulaError } from '../formula-error.ts'
import type { Place } from '../formula-error.ts'
import { stepCosts } from '../limits.ts'
import { toText } from '../types.ts'
import type { Call, FormulaArgument, FormulaFunction } from './define.ts'
import { defineFunction } from './define.ts'

const text: FormulaArgument = { name: 'text', type: 'text' }
const part: FormulaArgument = { name: 'part', type: 'text' }
const count: FormulaArgument = { name: 'count', type: 'number' }

function wholeCount(value: number, place: Place): number {
  if (Number.isInteger(value) && value >= 0) return value
  throw formulaError('count', place)
}

/** Only such texts hold characters of two UTF-16 units. */
const pairs = /[\ud800-\udbff]/

/** Characters as people count them: an emoji or a rare Chinese character is one, not two. `from` and `to` count from 0. */
function slice(value: string, from: number, to: number, { evaluation, place }: Call): string {
  if (!pairs.test(value)) return value.slice(from, to)
  spend(evaluation, value.length * stepCosts.pair, place)
  return Array.from(value).slice(from, to).join('')
}

function lengthOf(value: string, { evaluation, place }: Call): number {
  if (!pairs.test(value)) return value.length
  spend(evaluation, value.length * stepCosts.pair, place)
  return Array.from(value).length
}

/** Stops as soon as the text has grown too long, not when all of it is made. */
function replaceAll(value: string, part: string, by: string, { evaluation, place }: Call): string {
  if (part === '') return value
  let made = ''
  let from = 0
  for (let at = value.indexOf(part); at !== -1; at = value.indexOf(part, from)) {
    spend(evaluation, stepCosts.replacement, place)
    made = limitText(made + value.slice(from, at) + by, place)
    from = at + part.length
  }
  return from === 0 ? value : limitText(made + value.slice(from), place)
}

export const textFunctions: readonly FormulaFunction[] = [
  defineFunction<Json[]>(
    { name: 'CONCAT', alias: '连接', args: [{ name: 'value', type: 'any', repeats: true }], returns: 'text' },
    (values, { place, places }) => {
      let joined = ''
      for (const [index, value] of values.entries())
        joined = limitText(joined + toText(value, places[index]!), place)
      return joined
    },
  ),
  defineFunction<[Json]>(
    { name: 'LEN', alias: '长度', args: [{ name: 'value', type: 'any' }], returns: 'number' },
    ([value], call) => {
      if (Array.isArray(value)) return value.length
      if (typeof value !== 'string') throw formulaError('needsTextOrList', call.places[0]!)
      return lengthOf(value, call)
    },
  ),
  defineFunction<[string]>(
    { name: 'UPPER', alias: '大写', args: [text], returns: 'text' },
    ([value], { place }) => limitText(value.toUpperCase(), place),
  ),
  defineFunction<[string]>(
    { name: 'LOWER', alias: '小写', args: [text], returns: 'text' },
    ([value], { place }) => limitText(value.toLowerCase(), place),
  ),
  defineFunction<[string]>({ name: 'TRIM', alias: '去空格', args: [text], returns: 'text' }, ([value]) =>
    value.trim(),
  ),
  defineFunction<[string, number]>(
    { name: 'LEFT', alias: '取左', args: [text, count], returns: 'text' },
    ([value, length], call) => slice(value, 0, wholeCount(length, call.places[1]!), call),
  ),
  defineFunction<[string, number]>(
    { name: 'RIGHT', alias: '取右', args: [text, count], returns: 'text' },
    ([value, length], call) => {
      const from = lengthOf(value, call) - wholeCount(length, call.places[1]!)
      return slice(value, Math.max(0, from), Infinity, call)
    },
  ),
  defineFunction<[string, number, number]>(
    {
      name: 'MID',
      alias: '截取',
      args: [text, { name: 'position', type: 'number' }, count],
      returns: 'text',
    },
    ([value, position, length], call) => {
      const from = Math.max(0, wholeCount(position, call.places[1]!) - 1)
      return slice(value, from, from + wholeCount(length, call.places[2]!), call)
    },
  ),
  defineFunction<[string, number, number, string]>(
    {
      name: 'INSERT',
      alias: '插入',
      args: [text, { name: 'position', type: 'number' }, count, { name: 'by', type: 'text' }],
      returns: 'text',
    },
    ([value, position, length, by], call) => {
      const from = Math.max(0, wholeCount(position, call.places[1]!) - 1)
      const behind = slice(value, from + wholeCount(length, call.places[2]!), Infinity, call)
      return limitText(slice(value, 0, from, call) + by + behind, call.place)
    },
  ),
  defineFunction<[string, string]>(
    { name: 'SPLIT', alias: '拆分', args: [text, { name: 'separator', type: 'text' }], returns: 'list' },
    ([value, separator], { evaluation, place, places }) => {
      if (separator === '') throw formulaError('separatorMissing', places[1]!)
      const split = value.split(separator)
      spend(evaluation, split.length * stepCosts.replacement, place)
      return makeList(split.length, (index) => split[index]!.trim(), evaluation, place)
    },
  ),
  defineFunction<[string, string, string]>(
    { name: 'REPLACE', alias: '替换', args: [text, part, { name: 'by', type: 'text' }], returns: 'text' },
    ([value, sought, by], call) => replaceAll(value, sought, by, call),
  ),
  defineFunction<[string, string]>(
    { name: 'LOCATE', alias: '位置', args: [part, text], returns: 'number' },
    ([sought, value], call) => {
      const at = value.indexOf(sought)
      if (at === -1) return 0
      spend(call.evaluation, at, call.place)
      return lengthOf(value.slice(0, at), call) + 1
    },
  ),
  defineFunction<[string, string]>(
    { name: 'CONTAINS', alias: '包含', args: [text, part], returns: 'boolean' },
    ([value, sought]) => value.includes(sought),
  ),
  defineFunction<[string, string]>(
    { name: 'STARTSWITH', alias: '开头是', args: [text, part], returns: 'boolean' },
    ([value, sought]) => value.startsWith(sought),
  ),
  defineFunction<[string, string]>(
    { name: 'ENDSWITH', alias: '结尾是', args: [text, part], returns: 'boolean' },
    ([value, sought]) => value.endsWith(sought),
  ),
  defineFunction<[Json]>(
    { name: 'TEXT', alias: '文本', args: [{ name: 'value', type: 'any' }], returns: 'text' },
    ([value], { places }) => toText(value, places[0]!),
  ),
]

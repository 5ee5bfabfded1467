import type { Json } from '../../../json.ts'
import { limitText, spend } from '../evaluation.ts'
import { formulaError } from '../formula-error.ts'
import type { Place } from '../formula-error.ts'
import { toText } from '../types.ts'
import type { FormulaArgument, FormulaFunction } from './define.ts'
import { defineFunction } from './define.ts'

const text: FormulaArgument = { name: 'text', type: 'text' }
const part: FormulaArgument = { name: 'part', type: 'text' }
const count: FormulaArgument = { name: 'count', type: 'number' }

function wholeCount(value: number, place: Place): number {
  if (Number.isInteger(value) && value >= 0) return value
  throw formulaError('count', place)
}

/** Characters as people count them: an emoji or a rare Chinese character is one, not two. */
function characters(value: string): string[] {
  return Array.from(value)
}

/** Stops as soon as the text has grown too long, not when all of it is made. */
function replaceAll(value: string, part: string, by: string, place: Place): string {
  if (part === '') return value
  let made = ''
  let from = 0
  for (let at = value.indexOf(part); at !== -1; at = value.indexOf(part, from)) {
    made = limitText(made + value.slice(from, at) + by, place)
    from = at + part.length
  }
  return from === 0 ? value : limitText(made + value.slice(from), place)
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
  defineFunction<[string, number, number]>(
    'MID',
    [text, { name: 'start', type: 'number' }, count],
    'text',
    ([value, start, length], { places }) => {
      const from = Math.max(0, wholeCount(start, places[1]!) - 1)
      return characters(value)
        .slice(from, from + wholeCount(length, places[2]!))
        .join('')
    },
  ),
  defineFunction<[string, string, string]>(
    'REPLACE',
    [text, part, { name: 'by', type: 'text' }],
    'text',
    ([value, sought, by], { place }) => replaceAll(value, sought, by, place),
  ),
  defineFunction<[string, string]>('LOCATE', [part, text], 'number', ([sought, value], call) => {
    const at = value.indexOf(sought)
    if (at === -1) return 0
    spend(call.evaluation, at, call.place)
    return characters(value.slice(0, at)).length + 1
  }),
  defineFunction<[string, string]>('CONTAINS', [text, part], 'boolean', ([value, sought]) =>
    value.includes(sought),
  ),
  defineFunction<[string, string]>('STARTSWITH', [text, part], 'boolean', ([value, sought]) =>
    value.startsWith(sought),
  ),
  defineFunction<[string, string]>('ENDSWITH', [text, part], 'boolean', ([value, sought]) =>
    value.endsWith(sought),
  ),
  defineFunction<[Json]>('TEXT', [{ name: 'value', type: 'any' }], 'text', ([value], { places }) =>
    toText(value, places[0]!),
  ),
]

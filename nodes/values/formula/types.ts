import type { Json } from '../../json.ts'
import { formulaError } from './formula-error.ts'
import type { Place } from './formula-error.ts'

export function needNumber(value: Json, place: Place): number {
  if (typeof value === 'number') return value
  if (typeof value === 'string') throw formulaError('needsNumberGotText', place)
  throw formulaError(value === null ? 'needsNumberGotNothing' : 'needsNumber', place)
}

/** Whole, and small enough that its neighbours are numbers too. */
export function wholeNumber(value: number, place: Place): number {
  if (Number.isSafeInteger(value)) return value
  throw formulaError('wholeNumber', place)
}

export function needText(value: Json, place: Place): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') throw formulaError('needsTextGotNumber', place)
  throw formulaError(value === null ? 'needsTextGotNothing' : 'needsText', place)
}

export function needBoolean(value: Json, place: Place): boolean {
  if (typeof value === 'boolean') return value
  throw formulaError('needsBoolean', place)
}

export function needList(value: Json, place: Place): Json[] {
  if (Array.isArray(value)) return value
  throw formulaError(value === null ? 'needsListGotNothing' : 'needsList', place)
}

/** Text for `&`, CONCAT, JOIN and TEXT: nothing becomes an empty text; lists and objects are refused. */
export function toText(value: Json, place: Place): string {
  if (typeof value === 'string') return value
  if (value === null) return ''
  if (typeof value === 'object') throw formulaError('notJoinable', place)
  return String(value)
}

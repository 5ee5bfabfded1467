import { isForbiddenKey } from '../json.ts'
import type { Json } from '../json.ts'

/**
 * Reads one field of an object: own properties only. A field that is not there, and any field of nothing, is nothing.
 * @returns `undefined` where the value is of a kind that has no fields
 */
export function readField(value: Json, key: string): Json | undefined {
  if (value === null || isForbiddenKey(key)) return null
  if (typeof value !== 'object' || Array.isArray(value)) return undefined
  return Object.hasOwn(value, key) ? value[key]! : null
}

/** Reads one place of a list, counted from 1; nothing where the list is shorter. */
export function readItem(list: readonly Json[], place: number): Json {
  return list[place - 1] ?? null
}

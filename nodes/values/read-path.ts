import { isForbiddenKey } from '../json.ts'
import type { Json } from '../json.ts'

/**
 * Reads one field of an object: own properties only. A field that is not there, and any field of nothing, is nothing.
 * A field of a list is the list of that field of each of its items; one of them at least must have it.
 * @returns `undefined` where the value, or the items of the list, have no such field
 */
export function readField(value: Json, key: string): Json | undefined {
  return Array.isArray(value) ? readFieldOfEach(value, key) : readOwnField(value, key)
}

function readFieldOfEach(list: readonly Json[], key: string): Json[] | undefined {
  const fields: Json[] = []
  let isKnown = list.length === 0
  for (const item of list) {
    const field = readOwnField(item, key)
    if (field === undefined) return undefined
    isKnown ||= item !== null && Object.hasOwn(item as object, key)
    fields.push(field)
  }
  return isKnown ? fields : undefined
}

function readOwnField(value: Json, key: string): Json | undefined {
  if (value === null || isForbiddenKey(key)) return null
  if (typeof value !== 'object' || Array.isArray(value)) return undefined
  return Object.hasOwn(value, key) ? value[key]! : null
}

/** Reads one place of a list, counted from 1; nothing where the list is shorter. */
export function readItem(list: readonly Json[], place: number): Json {
  return list[place - 1] ?? null
}

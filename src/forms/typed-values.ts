import {
  directoryTypeOf,
  directoryTypes,
  isDirectoryType,
  readDirectoryValue,
  type DirectoryEntry,
  type DirectoryType,
} from '../../nodes/directory/directory-value.ts'
import type { ValueType } from '../../nodes/graph/schema.ts'
import type { Json, JsonObject } from '../../nodes/json.ts'

/** What became of a typed text: a value, or the key of a text below `function.typed`. */
export type Typed = { ok: true; value: Json } | { ok: false; key: string }

const isoMoment = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/
const phoneNumber = /^\+?[\d ()./-]{3,30}$/

/** Reads what a person typed for a value of this type; booleans are typed as `true` or `false`. */
export function parseTyped(type: ValueType, typed: string): Typed {
  const trimmed = typed.trim()
  switch (type) {
    case 'text':
      return { ok: true, value: typed }
    case 'number': {
      const number = Number(trimmed)
      return trimmed !== '' && Number.isFinite(number) ? { ok: true, value: number } : refuse('number')
    }
    case 'boolean':
      return trimmed === 'true' || trimmed === 'false'
        ? { ok: true, value: trimmed === 'true' }
        : refuse('boolean')
    case 'datetime':
      return isoMoment.test(trimmed) && !Number.isNaN(Date.parse(trimmed))
        ? { ok: true, value: trimmed }
        : refuse('datetime')
    case 'phone':
      return phoneNumber.test(trimmed) ? { ok: true, value: trimmed } : refuse('phone')
    case 'list': {
      const parsed = parseJson(trimmed)
      return Array.isArray(parsed) ? { ok: true, value: parsed } : refuse('list')
    }
    case 'object': {
      const parsed = parseJson(trimmed)
      return parsed !== undefined && parsed !== null && typeof parsed === 'object' && !Array.isArray(parsed)
        ? { ok: true, value: parsed }
        : refuse('object')
    }
    default: {
      const entries = typedEntries(type, trimmed)
      return entries.length > 0 ? { ok: true, value: valueOf(type, entries) } : refuse('directory')
    }
  }
}

/** Who is chosen in a field of such a type; nobody where its text is none of it. */
export function typedEntries(type: DirectoryType, typed: string): DirectoryEntry[] {
  const parsed = parseJson(typed)
  const value = readDirectoryValue(type, typeof parsed === 'object' ? parsed : typed.trim())
  return Array.isArray(value) ? value : value ? [value] : []
}

/** The text that stands in the field for those who are chosen. */
export function formatEntries(type: DirectoryType, entries: readonly DirectoryEntry[]): string {
  return entries.length === 0 ? '' : formatTyped(valueOf(type, entries))
}

/** What is left of a typed text when the type of its field changes: who is chosen is no text for another type. */
export function retype(from: ValueType, to: ValueType, typed: string): string {
  if (!isDirectoryType(from) && !isDirectoryType(to)) return typed
  if (!isDirectoryType(from) || !isDirectoryType(to)) return ''
  const isSameKind = directoryTypes[from].kind === directoryTypes[to].kind
  return isSameKind ? formatEntries(to, typedEntries(from, typed)) : ''
}

function valueOf(type: DirectoryType, entries: readonly DirectoryEntry[]): Json {
  const values = entries.map((entry): Json => ({ ...entry }) as JsonObject)
  return directoryTypes[type].isList ? values : values[0]!
}

/** The text that stands in the field for a value. */
export function formatTyped(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value)
}

/** The type a fixed value has by itself: what its editor shows when it opens. */
export function typeOfValue(value: Json | undefined): ValueType {
  if (typeof value === 'number') return 'number'
  if (typeof value === 'boolean') return 'boolean'
  const directoryType = directoryTypeOf(value)
  if (directoryType) return directoryType
  if (Array.isArray(value)) return 'list'
  return value !== null && typeof value === 'object' ? 'object' : 'text'
}

/** The type with which the editor of a fixed value opens where the place wants one: dates and phone numbers are texts. */
export function openingType(value: Json, wanted: ValueType | undefined): ValueType {
  if (wanted === undefined) return typeOfValue(value)
  if (value === '') return wanted
  const isWrittenAsText = wanted === 'datetime' || wanted === 'phone'
  return isWrittenAsText && typeof value === 'string' && parseTyped(wanted, value).ok
    ? wanted
    : typeOfValue(value)
}

function refuse(key: string): Typed {
  return { ok: false, key }
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

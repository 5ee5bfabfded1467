import { directoryTypeOf } from '../directory/directory-value.ts'
import type { DirectoryEntry } from '../directory/directory-value.ts'
import { phoneNumber } from '../graph/function-file.ts'
import { isJsonObject } from '../json.ts'
import type { Json } from '../json.ts'
import { maskPhone } from '../messages.ts'
import { mixedTextWords } from '../values/mixed-text.ts'
import { value as valueSchema } from '../values/value.ts'
import type { Value } from '../values/value.ts'

/** A parameter as a program has it: texts in quotation marks, names of variables and formulas as they are. */
export function jsonWords(param: Json | undefined): string {
  if (param === undefined) return ''
  const read = valueSchema.safeParse(param)
  return read.success ? valueWords(read.data) : fixedWords(param)
}

export function valueWords(value: Value): string {
  switch (value.kind) {
    case 'fixed':
      return fixedWords(value.value)
    case 'variable':
      return value.path
    case 'formula': {
      const words = mixedTextWords(value.source)
      if (words !== null) return JSON.stringify(words)
      return value.source.replace(/\s*\n\s*/g, ' ')
    }
  }
}

/** Numbers of phones are masked wherever they stand. */
function fixedWords(value: Json): string {
  if (!directoryTypeOf(value)) return JSON.stringify(masked(value))
  const entries = (Array.isArray(value) ? value : [value]) as unknown as DirectoryEntry[]
  return entries.map(({ name, id }) => name ?? id).join(', ')
}

function masked(value: Json): Json {
  if (typeof value === 'string') return phoneNumber.test(value) ? maskPhone(value.trim()) : value
  if (Array.isArray(value)) return value.map(masked)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value as Record<string, Json>).map(([key, each]) => [key, masked(each)]),
  )
}

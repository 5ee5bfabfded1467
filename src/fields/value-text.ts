import { directoryTypeOf, type DirectoryEntry } from '../../nodes/directory/directory-value.ts'
import type { Json } from '../../nodes/json.ts'
import { mixedTextWords } from '../../nodes/values/mixed-text.ts'
import type { Value } from '../../nodes/values/value.ts'

/** A value as people read it: the text itself, the names of people, the variable, or the formula. */
export function valueText(value: Value | undefined): string {
  switch (value?.kind) {
    case 'fixed':
      return fixedText(value.value)
    case 'variable':
      return value.path
    case 'formula':
      return mixedTextWords(value.source) ?? value.source
    case undefined:
      return ''
  }
}

function fixedText(value: Json): string {
  if (typeof value === 'string') return value
  if (!directoryTypeOf(value)) return JSON.stringify(value)
  const entries = (Array.isArray(value) ? value : [value]) as unknown as DirectoryEntry[]
  return entries.map(({ name, id }) => name ?? id).join(', ')
}

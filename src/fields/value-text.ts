import type { Value } from '../../nodes/values/value.ts'

/** A value as people read it: the text itself, the name, or the formula. */
export function valueText(value: Value | undefined): string {
  switch (value?.kind) {
    case 'fixed':
      return typeof value.value === 'string' ? value.value : JSON.stringify(value.value)
    case 'variable':
      return value.path
    case 'formula':
      return value.source
    case undefined:
      return ''
  }
}

import type { Json } from '../json.ts'
import { cleanVariable } from '../services/sms/template.ts'
import { dateTimeText } from './date-time-text.ts'
import type { PlaceholderType, TemplatePlaceholder } from './schema.ts'
import { error, placeOf, type TemplateProblem, type TemplateProblemKey } from './template-problem.ts'

/** For whom a value is written: dates look different in each language and time zone. */
export interface Reader {
  /** BCP 47. */
  locale?: string | undefined
  /** IANA, for example `Asia/Shanghai`. */
  timeZone?: string | undefined
}

/**
 * What stands in the text for a placeholder. An optional one without a value is empty.
 * @param value as the graph computed it; `undefined`: nothing was given
 */
export function placeholderText(
  placeholder: TemplatePlaceholder,
  value: Json | undefined,
  reader: Reader,
): { text: string } | { problem: TemplateProblem } {
  const { name, type, maxLength, required } = placeholder
  const fault = (key: TemplateProblemKey, params: Record<string, string | number> = {}) => ({
    problem: error(key, { name, ...params }, placeOf(placeholder)),
  })
  if (value === undefined || value === null || value === '') {
    return required ? fault('valueMissing') : { text: '' }
  }
  if (typeof value === 'object') return fault('notText')
  const written = texts[type](cleanVariable(String(value)), reader)
  if (written === undefined) return fault(typeFaults[type])
  if (maxLength !== undefined && written.length > maxLength) {
    return fault('valueTooLong', { length: written.length, limit: maxLength })
  }
  return { text: written }
}

/** Writes a value of each type; `undefined`: it is no such thing. */
const texts: Record<PlaceholderType, (value: string, reader: Reader) => string | undefined> = {
  text: (value) => value,
  number: (value) => (/^[+-]?\d+([.,]\d+)*(e[+-]?\d+)?$/i.test(value.trim()) ? value.trim() : undefined),
  'date-time': dateTimeText,
  url: (value) => {
    const protocol = URL.canParse(value.trim()) ? new URL(value.trim()).protocol : ''
    return protocol === 'https:' || protocol === 'http:' ? value.trim() : undefined
  },
  code: (value) => (/^[A-Za-z0-9]+$/.test(value.trim()) ? value.trim() : undefined),
}

/** What is said of a value that is no such thing. */
export const typeFaults: Record<PlaceholderType, TemplateProblemKey> = {
  text: 'notText',
  number: 'notNumber',
  'date-time': 'notDateTime',
  url: 'notUrl',
  code: 'notCode',
}

import {
  isReadableFormula,
  plainParts,
  readMixedText,
  writeMixedText,
  type TextPart,
} from '../../nodes/values/mixed-text.ts'
import type { Value } from '../../nodes/values/value.ts'

/**
 * While it is edited, a text with values in it is one text in which each value stands between two characters that no
 * text has: Unicode keeps them for programs. What a person types or pastes can so never be taken for a value.
 */
const OPEN = '\uFDD0'
const CLOSE = '\uFDD1'

/** A value in the text of the editor; group 1 is its formula. */
export const chipPattern = /\uFDD0([^\uFDD0\uFDD1]*)\uFDD1/gu

/** The text of the editor for a value; null for one that is no text. */
export function editorText(value: Value): string | null {
  const parts = readMixedText(value)
  return parts && textOf(parts)
}

/** What is put into the text for a formula. */
export function insertedText(source: string): string {
  return textOf(plainParts([{ source }]))
}

function textOf(parts: readonly TextPart[]): string {
  return parts
    .map((part) => (typeof part === 'string' ? clean(part) : OPEN + clean(part.source) + CLOSE))
    .join('')
}

/** The value that is saved for the text of the editor. */
export function editedValue(text: string): Value {
  const parts = text
    .split(chipPattern)
    .map((part, index): TextPart => (index % 2 === 0 ? clean(part) : { source: part }))
  return writeMixedText(parts)
}

/** What is copied: `Pump {{device}} stands`. */
export function copiedText(text: string): string {
  return text.replace(chipPattern, '{{$1}}')
}

/** What is pasted: each `{{…}}` that holds a formula becomes what `insert` makes of it, anything else stays. */
export function pastedText(text: string, insert: (source: string) => string): string {
  let read = ''
  let rest = clean(text)
  for (let start = rest.indexOf('{{'); start !== -1; start = rest.indexOf('{{')) {
    const found = firstFormula(rest, start + 2)
    if (!found) {
      read += rest.slice(0, start + 2)
      rest = rest.slice(start + 2)
      continue
    }
    read += rest.slice(0, start) + insert(found.source)
    rest = rest.slice(found.end)
  }
  return read + rest
}

/** A text within a formula may hold braces too. */
function firstFormula(text: string, from: number): { source: string; end: number } | undefined {
  for (let end = text.indexOf('}}', from); end !== -1; end = text.indexOf('}}', end + 1)) {
    const source = text.slice(from, end).trim()
    if (isReadableFormula(source)) return { source, end: end + 2 }
  }
  return undefined
}

function clean(text: string): string {
  return text.replace(/[\uFDD0\uFDD1]/gu, '')
}

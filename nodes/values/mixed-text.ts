import { FormulaError } from '../errors.ts'
import { parseFormula } from './formula/parse.ts'
import type { Expression } from './formula/syntax.ts'
import type { Value } from './value.ts'

/** A piece of a text with values in it: text as it is, or the formula whose value stands there (`device`, `severity + 1`). */
export type TextPart = string | { readonly source: string }

/**
 * The parts of a text with values in it. It is stored as the formula that joins them, `"Pump " & device & " stands"`;
 * any other formula is no such text, also where it gives one.
 * @returns null for what is no text: a variable, another formula, a list
 */
export function readMixedText(value: Value): TextPart[] | null {
  switch (value.kind) {
    case 'fixed':
      return typeof value.value === 'string' ? [value.value].filter(Boolean) : null
    case 'variable':
      return null
    case 'formula':
      return readJoined(value.source)
  }
}

/** The value that stores a text: fixed as long as nothing else stands in it. */
export function writeMixedText(parts: readonly TextPart[]): Value {
  const plain = plainParts(parts)
  const texts = plain.filter((part) => typeof part === 'string')
  if (texts.length === plain.length) return { kind: 'fixed', value: texts.join('') }
  const operands = plain.map((part) => (typeof part === 'string' ? quote(part) : operand(part.source)))
  // a value alone keeps its type, and values alone are no text that somebody wrote
  if (texts.length === 0) operands.unshift('""')
  return { kind: 'formula', source: operands.join(' & ') }
}

/**
 * Parts as they are read again: neighbouring texts are one, and a formula that joins values gives them one by one.
 */
export function plainParts(parts: readonly TextPart[]): TextPart[] {
  const plain: TextPart[] = []
  for (const part of parts.flatMap((each) =>
    typeof each === 'string' ? [each] : partsOfFormula(each.source),
  )) {
    const last = plain.at(-1)
    if (part === '') continue
    if (typeof part === 'string' && typeof last === 'string') plain[plain.length - 1] = last + part
    else plain.push(part)
  }
  return plain
}

/** A text with values in it on one line: `Pump {{device}} stands`; null for any other formula. */
export function mixedTextWords(source: string): string | null {
  const parts = readJoined(source)
  return parts && parts.map((part) => (typeof part === 'string' ? part : `{{${part.source}}}`)).join('')
}

/** Whether a formula can stand in a text. */
export function isReadableFormula(source: string): boolean {
  return read(source) !== null
}

function readJoined(source: string): TextPart[] | null {
  const parts = partsOfFormula(source)
  if (!parts.some((part) => typeof part === 'string')) return null
  const written = writeMixedText(parts)
  // only what is written here: a formula that somebody wrote in another way stays as they wrote it
  return written.kind === 'formula' && written.source === source ? plainParts(parts) : null
}

function partsOfFormula(source: string): TextPart[] {
  const expression = read(source)
  if (!expression) return [{ source }]
  return operandsOf(expression).map((each) => {
    if (each.kind === 'literal' && typeof each.value === 'string') return each.value
    const { position, length } = each.place
    return { source: withoutBrackets(source.slice(position, position + length)) }
  })
}

/** What `&` joins, from left to right. A long text has many parts and all of them hang on the left: no recursion there. */
function operandsOf(expression: Expression): Expression[] {
  const operands: Expression[] = []
  let left = expression
  while (left.kind === 'binary' && left.operator === '&') {
    operands.unshift(...operandsOf(left.right))
    left = left.left
  }
  return [left, ...operands]
}

function withoutBrackets(source: string): string {
  const inner = source.startsWith('(') && source.endsWith(')') ? source.slice(1, -1).trim() : source
  return inner !== source && read(inner) ? withoutBrackets(inner) : source
}

/** What may bind more loosely than `&` stands in brackets. */
function operand(source: string): string {
  const kind = read(source)?.kind
  return kind === 'binary' || kind === 'negate' || kind === 'not' ? `(${source})` : source
}

const escapes: Readonly<Record<string, string>> = {
  ...{ '\\': '\\\\', '"': '\\"', '\n': '\\n', '\t': '\\t', '\r': '\\r' },
}

function quote(text: string): string {
  return `"${text.replace(/[\\"\n\t\r]/g, (character) => escapes[character]!)}"`
}

function read(source: string): Expression | null {
  try {
    return parseFormula(source)
  } catch (error) {
    if (error instanceof FormulaError) return null
    throw error
  }
}

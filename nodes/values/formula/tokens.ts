import { formulaError } from './formula-error.ts'
import type { Place } from './formula-error.ts'

export type Token = Place &
  (
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'text'; readonly value: string }
    | { readonly kind: 'name'; readonly value: string }
    | { readonly kind: 'symbol'; readonly value: string }
    | { readonly kind: 'end'; readonly value: '' }
  )

const twoCharacterSymbols: ReadonlySet<string> = new Set(['==', '!=', '<>', '<=', '>=', '&&', '||'])
const symbols = '+-*/%=<>&!()[],.'
/** Opening quote → closing quote; curly ones are what a Chinese keyboard or a word processor types. */
const quotes: Readonly<Record<string, string>> = { '"': '"', "'": "'", '“': '”', '‘': '’' }
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' }

const name = /[\p{L}_][\p{L}\p{N}_]*/uy
const number = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y

/** Cuts a source into tokens. Full-width signs such as `（`, `，` and `＋` count as their half-width twins. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = []
  let position = 0
  const add = (token: Omit<Token, keyof Place>, length: number) => {
    tokens.push({ ...token, position, length } as Token)
    position += length
  }
  while (position < source.length) {
    const character = halfWidth(source[position]!)
    if (/\s/.test(character)) position++
    else if (Object.hasOwn(quotes, character)) {
      const { value, end } = readText(source, position)
      add({ kind: 'text', value }, end - position)
    } else if (character >= '0' && character <= '9') {
      const text = match(number, source, position) ?? ''
      const rest = match(name, source, position + text.length)
      const value = Number(text)
      if (rest !== undefined || !Number.isFinite(value)) {
        const found = text + (rest ?? '')
        throw formulaError('badNumber', { position, length: found.length }, { found })
      }
      add({ kind: 'number', value }, text.length)
    } else if (symbols.includes(character) || character === '|') {
      const pair = character + halfWidth(source[position + 1] ?? '')
      if (twoCharacterSymbols.has(pair)) add({ kind: 'symbol', value: pair }, 2)
      else if (character === '|') throw unexpectedCharacter(source, position)
      else add({ kind: 'symbol', value: character }, 1)
    } else {
      const value = match(name, source, position)
      if (value === undefined) throw unexpectedCharacter(source, position)
      add({ kind: 'name', value }, value.length)
    }
  }
  add({ kind: 'end', value: '' }, 0)
  return tokens
}

function halfWidth(character: string): string {
  const code = character.charCodeAt(0)
  if (code < 0xff01 || code > 0xff5e) return character
  const twin = String.fromCharCode(code - 0xfee0)
  return symbols.includes(twin) || twin === '|' ? twin : character
}

/** Reads a text from its opening quote. A quote inside is doubled, as in a spreadsheet, or stands behind `\`. */
function readText(source: string, start: number): { value: string; end: number } {
  const closing = quotes[source[start]!]!
  let value = ''
  for (let at = start + 1; at < source.length; at++) {
    const character = source[at]!
    if (character === closing) {
      if (source[at + 1] !== closing) return { value, end: at + 1 }
      value += closing
      at++
    } else if (character === '\\') {
      const next = source[++at] ?? ''
      if (Object.hasOwn(escapes, next)) value += escapes[next]!
      else if (next === '\\' || Object.hasOwn(quotes, next) || next === closing) value += next
      else
        throw formulaError('badEscape', { position: at - 1, length: 1 + next.length }, { found: `\\${next}` })
    } else value += character
  }
  throw formulaError('textNotClosed', { position: start, length: source.length - start }, { found: closing })
}

function match(pattern: RegExp, source: string, position: number): string | undefined {
  pattern.lastIndex = position
  return pattern.exec(source)?.[0]
}

function unexpectedCharacter(source: string, position: number) {
  const found = String.fromCodePoint(source.codePointAt(position)!)
  return formulaError('unexpectedCharacter', { position, length: found.length }, { found })
}

import { ErrorCode, FlowError } from './errors.ts'
import { isForbiddenKey } from './json.ts'
import { fillText } from './locales/fill-text.ts'
import en from './locales/en.json' with { type: 'json' }

export interface JsonLimits {
  /** Size of the text in UTF-8. */
  maxBytes: number
  /** Objects and lists inside each other; a text without any has depth 0. */
  maxDepth: number
}

type Reason = keyof typeof en.errors.BODY_INVALID.reasons

/**
 * A JSON text that is refused before anything is built from it. Codes: `BODY_TOO_LARGE`, `BODY_INVALID`.
 * Quotes nothing of the text but a forbidden key: the rest may be personal.
 */
export class JsonTextError extends FlowError {
  /** 1-based, of the first offending character. */
  readonly line: number
  readonly column: number

  constructor(reason: Reason, text: string, position: number, params: Record<string, string | number> = {}) {
    const before = text.slice(0, position)
    const line = before.split('\n').length
    const column = position - before.lastIndexOf('\n')
    const facts = { ...params, reason, line, column }
    super(ErrorCode.BodyInvalid, fillText(en.errors.BODY_INVALID.reasons[reason], facts), {
      hint: en.errors.BODY_INVALID.hint,
      params: facts,
    })
    this.line = line
    this.column = column
  }
}

/** Reads a JSON text after `checkJsonText`; throws the same errors. */
export function parseJsonText(text: string, limits: JsonLimits): unknown {
  checkJsonText(text, limits)
  return JSON.parse(text)
}

/**
 * Proves in one pass that a text is JSON of bounded size and depth without keys that reach a prototype. `JSON.parse`
 * itself has no depth limit, names no position in some engines, and quotes the text in its messages.
 * @throws JsonTextError, or FlowError `BODY_TOO_LARGE`
 */
export function checkJsonText(text: string, limits: JsonLimits): void {
  checkBytes(text, limits.maxBytes)
  const open: ('{' | '[')[] = []
  let at = skipSpace(text, 0)
  for (;;) {
    // here stands a value
    const character = text[at]
    if (character === '{' || character === '[') {
      if (open.length === limits.maxDepth)
        throw new JsonTextError('tooDeep', text, at, { limit: limits.maxDepth })
      open.push(character)
      at = skipSpace(text, at + 1)
      if (text[at] !== closing(character)) {
        if (character === '{') at = key(text, at)
        continue
      }
    } else if (character === '"') at = skipSpace(text, stringEnd(text, at))
    else at = skipSpace(text, scalarEnd(text, at))
    // a value has ended, or an empty object or list is about to close
    while (open.length > 0 && text[at] === closing(open.at(-1)!)) {
      open.pop()
      at = skipSpace(text, at + 1)
    }
    if (open.length === 0) {
      if (at < text.length) throw new JsonTextError('unexpected', text, at)
      return
    }
    if (text[at] !== ',') throw unexpected(text, at)
    at = skipSpace(text, at + 1)
    if (open.at(-1) === '{') at = key(text, at)
  }
}

function closing(bracket: '{' | '['): string {
  return bracket === '{' ? '}' : ']'
}

/** `__proto__` and `prototype` as they are; `constructor` with each character as an escape of six. */
const SHORTEST_FORBIDDEN = 9
const LONGEST_FORBIDDEN = 66

function readKey(quoted: string): string {
  return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1)
}

/** Passes a key and its colon; returns where its value starts. */
function key(text: string, at: number): number {
  if (text[at] !== '"') throw unexpected(text, at)
  const end = stringEnd(text, at)
  const written = end - at - 2
  if (written >= SHORTEST_FORBIDDEN && written <= LONGEST_FORBIDDEN) {
    const name = readKey(text.slice(at, end))
    if (isForbiddenKey(name)) throw new JsonTextError('forbiddenKey', text, at, { name })
  }
  const colon = skipSpace(text, end)
  if (text[colon] !== ':') throw unexpected(text, colon)
  return skipSpace(text, colon + 1)
}

/** Returns the place behind the closing quote. */
function stringEnd(text: string, at: number): number {
  for (let next = at + 1; next < text.length; next++) {
    const code = text.charCodeAt(next)
    if (code === 0x22) return next + 1
    if (code < 0x20) throw new JsonTextError('controlCharacter', text, next)
    if (code === 0x5c) {
      next++
      if (text[next] === 'u') {
        for (const last = next + 4; next < last;)
          if (!isHex(text.charCodeAt(++next))) throw unexpected(text, next)
      } else if (next >= text.length || !'"\\/bfnrt'.includes(text[next]!)) throw unexpected(text, next)
    }
  }
  throw unexpected(text, text.length)
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y

function scalarEnd(text: string, at: number): number {
  number.lastIndex = at
  if (number.test(text)) return number.lastIndex
  const word = ['true', 'false', 'null'].find((each) => text.startsWith(each, at))
  if (word === undefined) throw unexpected(text, at)
  return at + word.length
}

function skipSpace(text: string, at: number): number {
  for (;;) {
    const code = text.charCodeAt(at)
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at
    at++
  }
}

function isHex(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102)
}

function unexpected(text: string, at: number): JsonTextError {
  return new JsonTextError(
    at >= text.length ? 'unexpectedEnd' : 'unexpected',
    text,
    Math.min(at, text.length),
  )
}

function checkBytes(text: string, maxBytes: number): void {
  if (text.length * 3 <= maxBytes) return
  let bytes = text.length
  for (let at = 0; at < text.length && bytes <= maxBytes; at++) {
    const code = text.charCodeAt(at)
    if (code >= 0x80) bytes += code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 1 : 2
  }
  if (bytes <= maxBytes) return
  const { title, hint } = en.errors.BODY_TOO_LARGE
  throw new FlowError(ErrorCode.BodyTooLarge, fillText(title, { limit: maxBytes }), {
    hint: fillText(hint, { limit: maxBytes }),
    params: { limit: maxBytes },
  })
}

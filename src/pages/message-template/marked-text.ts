import { gsmSubstitute } from '../../../nodes/services/sms/gsm-alphabet.ts'
import type { SegmentCount } from '../../../nodes/services/sms/segments.ts'

/** A piece of a text; `mark` says that it makes the whole text Unicode. */
export interface TextPiece {
  text: string
  mark: boolean
}

/** A character that makes a text Unicode, and what could stand in its place; `undefined`: nothing means the same. */
export interface UnicodeCharacter {
  character: string
  substitute: string | undefined
}

/**
 * The characters worth pointing at: a few among many that would fit into GSM-7. A text that is written in another
 * script is Unicode on purpose.
 */
export function accidental({ characters, forcedBy }: SegmentCount): SegmentCount['forcedBy'] {
  return forcedBy.length < 20 && forcedBy.length <= characters / 4 ? forcedBy : []
}

/** Cuts a text at those characters. */
export function markedText(text: string, count: SegmentCount): TextPiece[] {
  const pieces: TextPiece[] = []
  let start = 0
  for (const { index, character } of accidental(count)) {
    if (index > start) pieces.push({ text: text.slice(start, index), mark: false })
    pieces.push({ text: character, mark: true })
    start = index + character.length
  }
  if (start < text.length) pieces.push({ text: text.slice(start), mark: false })
  return pieces
}

/** Each of those characters once. */
export function unicodeCharacters(count: SegmentCount): UnicodeCharacter[] {
  const found = new Set(accidental(count).map(({ character }) => character))
  return [...found].map((character) => ({ character, substitute: gsmSubstitute(character) }))
}

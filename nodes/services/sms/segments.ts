import type { MessageForm } from '../../messages.ts'
import { gsmSeptets } from './gsm-alphabet.ts'

export interface SegmentCount {
  encoding: 'gsm-7' | 'ucs-2'
  /** What a person would count: an emoji is one. */
  characters: number
  /** What counts against the length of a part: septets (an extension character takes two) or UTF-16 units. */
  units: number
  /** Parts that the text travels in, each of them billed; 0 for an empty text. */
  segments: number
  /** The first characters (20 at most) that make the text travel as UCS-2; `gsmSubstitute` names a way out. */
  forcedBy: readonly ForcingCharacter[]
}

export interface ForcingCharacter {
  /** In UTF-16 units from the start of the text that was given. */
  index: number
  /** The whole character, also where it is a surrogate pair. */
  character: string
}

export interface SegmentOptions {
  /**
   * `standard` (unless said otherwise): by alphabet, 160 / 153 or 70 / 67.
   * `alibaba-domestic`: to mainland China each character counts as one whatever its alphabet, 70 / 67.
   */
  rule?: 'standard' | 'alibaba-domestic'
  /** Alibaba's signature without brackets: the phone shows `【signature】` before the text, and it is counted. */
  signature?: string | undefined
}

const MAX_FORCING = 20

/**
 * Counts the parts of a text as networks do. Neither an extension character nor a surrogate pair is split.
 * @see 3GPP TS 23.038 for the alphabet, TS 23.040 for the header that shortens the parts of a longer text;
 *   Alibaba Cloud SMS, billing of domestic messages, for the 70 and 67 characters, read 2026-08
 */
export function countSegments(text: string, options: SegmentOptions = {}): SegmentCount {
  const prefix = options.signature ? `【${options.signature}】` : ''
  if (options.rule === 'alibaba-domestic') return countUcs2(prefix + text, [])
  const whole = prefix + text
  let units = 0
  for (let index = 0; index < whole.length; index++) {
    const septets = gsmSeptets[whole.charCodeAt(index)]!
    if (septets === 0) return countUcs2(whole, forcing(text))
    units += septets
  }
  return {
    encoding: 'gsm-7',
    characters: whole.length,
    units,
    segments: gsm7Segments(whole, units),
    forcedBy: [],
  }
}

/** How a provider counts a text to this number. The signature stands before Alibaba's texts wherever they go. */
export function segmentOptions(provider: string, phone: string, signature?: string): SegmentOptions {
  if (provider !== 'alibaba') return {}
  return { rule: phone.startsWith('+86') ? 'alibaba-domestic' : 'standard', signature }
}

/** How a service counts the parts of what it sends. */
export interface SegmentCounter {
  provider: string
  /** Alibaba's, without brackets. */
  signature?: string | undefined
}

/** Parts of what a person reads; `undefined` where the words are known to the provider alone. */
export function segmentsOf(
  { text, shown }: MessageForm,
  phone: string,
  { provider, signature }: SegmentCounter,
): number | undefined {
  const read = text ?? shown
  return read === undefined
    ? undefined
    : countSegments(read, segmentOptions(provider, phone, signature)).segments
}

function countUcs2(text: string, forcedBy: ForcingCharacter[]): SegmentCount {
  return {
    encoding: 'ucs-2',
    characters: text.length - pairsIn(text),
    units: text.length,
    segments: ucs2Segments(text),
    forcedBy,
  }
}

function gsm7Segments(text: string, units: number): number {
  if (units === 0) return 0
  if (units <= 160) return 1
  let segments = 1
  let used = 0
  for (let index = 0; index < text.length; index++) {
    const septets = gsmSeptets[text.charCodeAt(index)]!
    if (used + septets > 153) {
      segments++
      used = 0
    }
    used += septets
  }
  return segments
}

function ucs2Segments(text: string): number {
  if (text.length <= 70) return text.length === 0 ? 0 : 1
  let segments = 0
  for (let start = 0; start < text.length; segments++) {
    start += 67
    if (start < text.length && isPair(text, start - 1)) start--
  }
  return segments
}

function forcing(text: string): ForcingCharacter[] {
  const found: ForcingCharacter[] = []
  for (let index = 0; index < text.length && found.length < MAX_FORCING; index++) {
    if (gsmSeptets[text.charCodeAt(index)] !== 0) continue
    const length = isPair(text, index) ? 2 : 1
    found.push({ index, character: text.slice(index, index + length) })
    index += length - 1
  }
  return found
}

function pairsIn(text: string): number {
  let pairs = 0
  for (let index = 1; index < text.length; index++) if (isPair(text, index - 1)) pairs++
  return pairs
}

function isPair(text: string, index: number): boolean {
  return (text.charCodeAt(index) & 0xfc00) === 0xd800 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00
}

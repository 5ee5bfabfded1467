export interface SegmentCount {
  encoding: 'GSM-7' | 'UCS-2'
  /** Parts that the text travels in, each of them billed; 0 for an empty text. */
  segments: number
  /** Septets (GSM-7, where an extension character takes two) or UTF-16 units (UCS-2). */
  units: number
}

const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑܧ¿abcdefghijklmnopqrstuvwxyzäöñüà'
const extension = '\f^{}\\[~]|€'

/** Septets by UTF-16 unit; 0 means that GSM-7 does not have the character. */
const septets = new Uint8Array(0x10000)
for (const character of basic) septets[character.charCodeAt(0)] = 1
for (const character of extension) septets[character.charCodeAt(0)] = 2

/**
 * Counts the parts of a text as networks do, for every provider: pass exactly what the phone shows, so for Alibaba
 * with the signature in its brackets. Neither an extension character nor a surrogate pair is split between parts.
 * @see 3GPP TS 23.038 for the alphabet, TS 23.040 for the header that shortens the parts of a longer text
 */
export function countSegments(text: string): SegmentCount {
  let units = 0
  for (let index = 0; index < text.length; index++) {
    const size = septets[text.charCodeAt(index)]!
    if (size === 0) return { encoding: 'UCS-2', units: text.length, segments: ucs2Segments(text) }
    units += size
  }
  return { encoding: 'GSM-7', units, segments: gsm7Segments(text, units) }
}

function gsm7Segments(text: string, units: number): number {
  if (units === 0) return 0
  if (units <= 160) return 1
  let segments = 1
  let used = 0
  for (let index = 0; index < text.length; index++) {
    const size = septets[text.charCodeAt(index)]!
    if (used + size > 153) {
      segments++
      used = 0
    }
    used += size
  }
  return segments
}

function ucs2Segments(text: string): number {
  if (text.length <= 70) return 1
  let segments = 0
  for (let start = 0; start < text.length; segments++) {
    start += 67
    if (start < text.length && isPair(text, start - 1)) start--
  }
  return segments
}

function isPair(text: string, index: number): boolean {
  return (text.charCodeAt(index) & 0xfc00) === 0xd800 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00
}

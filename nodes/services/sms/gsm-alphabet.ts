const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑܧ¿abcdefghijklmnopqrstuvwxyzäöñüà'
const extension = '\f^{}\\[~]|€'

/**
 * What each UTF-16 unit takes in the GSM-7 alphabet, in septets: 1, 2 for the extension table, 0 where GSM-7 does not
 * have the character and so the whole text travels as UCS-2.
 * @see 3GPP TS 23.038, section 6.2.1
 */
export const gsmSeptets: Readonly<Uint8Array> = septetTable()

function septetTable(): Uint8Array {
  const table = new Uint8Array(0x10000)
  for (const character of basic) table[character.charCodeAt(0)] = 1
  for (const character of extension) table[character.charCodeAt(0)] = 2
  return table
}

/** What people mean by characters that programs put in their place, and that Unicode does not fold to ASCII itself. */
const lookAlikes: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '‚': "'",
  '‛': "'",
  '′': "'",
  '`': "'",
  '´': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '‟': '"',
  '″': '"',
  '«': '"',
  '»': '"',
  '‹': "'",
  '›': "'",
  '‐': '-',
  '‑': '-',
  '‒': '-',
  '–': '-',
  '—': '-',
  '―': '-',
  '−': '-',
  '•': '-',
  '·': '.',
  '×': 'x',
  '\t': ' ',
  '\u00A0': ' ',
  '\u200B': '',
  '\u200C': '',
  '\u200D': '',
  '\u2028': '\n',
  '\u2029': '\n',
  '\uFEFF': '',
  '。': '.',
  '、': ',',
  '【': '[',
  '】': ']',
  '《': '"',
  '》': '"',
}

/**
 * What could stand in place of a character so that the text fits into GSM-7: `'` for `’`, `e` for `ê`, `,` for `，`.
 * Only for characters that mean the same to a reader: `undefined` for an emoji, and for letters of other scripts.
 */
export function gsmSubstitute(character: string): string | undefined {
  if (Object.hasOwn(lookAlikes, character)) return lookAlikes[character]
  const folded = character.normalize('NFKD').replace(/\p{M}/gu, '')
  if (folded === '' || folded === character) return undefined
  for (let index = 0; index < folded.length; index++) {
    if (gsmSeptets[folded.charCodeAt(index)] === 0) return undefined
  }
  return folded
}

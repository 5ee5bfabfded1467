/** The digits in what was typed or pasted: full-width ones, spaces and words around a code are what people and phones add. */
export function typedDigits(text: string, most: number): string {
  return text.normalize('NFKC').replace(/\D/g, '').slice(0, most)
}

/**
 * A typed number with the calling code that was chosen beside it; a number with a code of its own keeps that.
 * @param callingCode without its plus
 */
export function wholeNumber(typed: string, callingCode: string): string {
  const text = typed.normalize('NFKC').trim()
  if (text.startsWith('+')) return text
  if (text.startsWith('00')) return `+${text.slice(2).trimStart()}`
  return text === '' || callingCode === '' ? text : `+${callingCode} ${text}`
}

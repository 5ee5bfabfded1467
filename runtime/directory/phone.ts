import { createRequire } from 'node:module'
import type { CountryCode } from 'libphonenumber-js/max'

/**
 * Reads a number as people type it: `(202) 555-0123`, `+44 7700 900123`, `０１０…`.
 * With `+` the right length is enough: only the provider knows which numbers are in use. Without `+` the country is
 * a guess, so the number must fit the country's plan; else a Chinese number would become somebody's in America.
 *
 * @param country where a number without `+` belongs, two capital letters
 * @returns E.164, or the text as it was typed where it is no phone number
 */
export function readPhone(text: string, country: string): string {
  const typed = text.trim()
  if (typed === '') return ''
  const number = library().parsePhoneNumberFromString(typed, {
    defaultCountry: country as CountryCode,
    extract: false,
  })
  if (!number || number.ext) return typed
  const isReadable = /^[+＋]/.test(typed) ? number.isPossible() : number.isValid()
  return isReadable ? number.number : typed
}

/** Its tables of all countries take a while to read, so they are read when the first number comes. */
let loaded: typeof import('libphonenumber-js/max') | undefined
function library() {
  loaded ??= createRequire(import.meta.url)('libphonenumber-js/max') as typeof import('libphonenumber-js/max')
  return loaded
}

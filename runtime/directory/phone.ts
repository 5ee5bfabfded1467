import { createRequire } from 'node:module'
import type { CountryCode, PhoneNumber } from 'libphonenumber-js/max'
import type { SkipReason } from '../../nodes/directory/schema.ts'

/** A number as somebody wrote it, understood. */
export interface ReadNumber {
  /** E.164; the text as it was typed where it is no phone number; empty: none. */
  phone: string
  /** Why no text can be sent there. A number nobody wrote down is no problem of the number. */
  phoneProblem: SkipReason | undefined
}

/**
 * Reads a number as people type it: `(202) 555-0123`, `+44 7700 900123`, `０１０…`.
 * With `+` the right length is enough: only the provider knows which numbers are in use. Without `+` the country is
 * a guess, so the number must fit the country's plan; else a Chinese number would become somebody's in America.
 *
 * @param country where a number without `+` belongs, two capital letters
 */
export function readPhone(text: string, country: string): ReadNumber {
  const typed = text.trim()
  if (typed === '') return { phone: '', phoneProblem: undefined }
  const number = parse(typed, country)
  if (typeof number === 'string') return { phone: typed, phoneProblem: number }
  if (number.ext) return { phone: typed, phoneProblem: 'phone-extension' }
  const length = library().validatePhoneNumberLength(typed, country as CountryCode)
  if (length !== undefined) return { phone: typed, phoneProblem: problems[length] }
  const isReadable = /^[+＋]/.test(typed) ? number.isPossible() : number.isValid()
  if (!isReadable) return { phone: typed, phoneProblem: 'phone-not-national' }
  return { phone: number.number, phoneProblem: problemOfType(number) }
}

const problems = {
  NOT_A_NUMBER: 'invalid-phone',
  INVALID_LENGTH: 'invalid-phone',
  INVALID_COUNTRY: 'phone-country',
  TOO_SHORT: 'phone-too-short',
  TOO_LONG: 'phone-too-long',
} as const satisfies Record<string, SkipReason>

function parse(typed: string, country: string): PhoneNumber | SkipReason {
  const { parsePhoneNumberWithError, ParseError } = library()
  try {
    return parsePhoneNumberWithError(typed, { defaultCountry: country as CountryCode, extract: false })
  } catch (error) {
    if (error instanceof ParseError)
      return problems[error.message as keyof typeof problems] ?? 'invalid-phone'
    throw error
  }
}

/** Many plans, such as America's, do not tell landlines from mobiles: then nothing is said against the number. */
function problemOfType(number: PhoneNumber): SkipReason | undefined {
  switch (number.getType()) {
    case 'FIXED_LINE':
      return 'landline'
    case 'PREMIUM_RATE':
    case 'SHARED_COST':
    case 'VOICEMAIL':
    case 'PAGER':
      return 'special-number'
    default:
      return undefined
  }
}

/** Its tables of all countries take a while to read, so they are read when the first number comes. */
let loaded: typeof import('libphonenumber-js/max') | undefined
function library() {
  loaded ??= createRequire(import.meta.url)('libphonenumber-js/max') as typeof import('libphonenumber-js/max')
  return loaded
}

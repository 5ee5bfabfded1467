import { createRequire } from 'node:module'

type Library = typeof import('libphonenumber-js/max')

/** Its tables of all countries take a while to read, so they are read when the first number comes. */
let loaded: Library | undefined
function library(): Library {
  loaded ??= createRequire(import.meta.url)('libphonenumber-js/max') as Library
  return loaded
}

/**
 * The country of an E.164 number as two capital letters. Where several countries share the calling code and the number
 * tells none of them from the others, the one that the code belongs to first; undefined where it belongs to none.
 */
export function countryOf(phone: string): string | undefined {
  const number = library().parsePhoneNumberFromString(phone)
  return number?.country ?? number?.getPossibleCountries()[0]
}

/** `GB` → `44` */
export function countryCallingCode(country: string): string | undefined {
  return library().isSupportedCountry(country) ? library().getCountryCallingCode(country) : undefined
}

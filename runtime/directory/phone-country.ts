import { createRequire } from 'node:module'

type Library = typeof import('libphonenumber-js/max')

/** Its tables of all countries take a while to read, so they are read when the first number comes. */
let loaded: Library | undefined
function library(): Library {
  loaded ??= createRequire(import.meta.url)('libphonenumber-js/max') as Library
  return loaded
}

/** The country of an E.164 number as two capital letters, or undefined where the number belongs to none. */
export function countryOf(phone: string): string | undefined {
  return library().parsePhoneNumberFromString(phone)?.country
}

/** The countries that share a calling code, for example `CA`, `US` and others for `1`. */
export function countryCallingCode(country: string): string | undefined {
  return library().isSupportedCountry(country) ? library().getCountryCallingCode(country) : undefined
}

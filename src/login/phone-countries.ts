import type { CallingCodes } from '../dialogs/service/calling-codes.ts'

/** A country whose numbers get codes. */
export interface PhoneCountry {
  /** Two letters. */
  country: string
  name: string
  /** Without its plus. */
  callingCode: string
}

/**
 * The countries that a login method allows, by name.
 * @param allowed  countries and calling codes (`+1`); none: `home` alone
 */
export function phoneCountries(
  allowed: readonly string[],
  home: string,
  codes: CallingCodes,
  pageLocale: string,
): PhoneCountry[] {
  const entries = allowed.length === 0 ? [home] : allowed
  const names = new Intl.DisplayNames(pageLocale, { type: 'region' })
  const { compare } = new Intl.Collator(pageLocale)
  const found: PhoneCountry[] = []
  for (const [callingCode, sharing] of Object.entries(codes)) {
    for (const country of sharing) {
      // `001` and the like are codes of no country
      if (!/^[A-Z]{2}$/.test(country)) continue
      if (!entries.includes(country) && !entries.includes(`+${callingCode}`)) continue
      found.push({ country, name: names.of(country) ?? country, callingCode })
    }
  }
  return found.sort((one, other) => compare(one.name, other.name))
}

/** The country that is chosen first: the organisation's own, where it is among them. */
export function firstCountry(countries: readonly PhoneCountry[], home: string): string {
  return (countries.find(({ country }) => country === home) ?? countries[0])?.country ?? ''
}

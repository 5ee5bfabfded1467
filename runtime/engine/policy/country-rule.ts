import { countryCallingCode, countryOf } from '../../directory/phone-country.ts'

/**
 * Reads a list of countries once. Calling codes are compared with the number itself; a country that shares its code
 * with others is looked up for each number that begins with the code.
 * @returns says whether an E.164 number may be texted; `undefined`: every number may
 */
export function countryRule(countries: readonly string[]): ((phone: string) => boolean) | undefined {
  if (countries.length === 0) return undefined
  const codes = countries.filter((each) => each.startsWith('+'))
  const letters = new Set(countries.filter((each) => !each.startsWith('+')))
  const beginnings = [...letters].map((country) => `+${countryCallingCode(country) ?? ' '}`)
  return (phone) => {
    if (codes.some((code) => phone.startsWith(code))) return true
    if (!beginnings.some((beginning) => phone.startsWith(beginning))) return false
    const country = countryOf(phone)
    return country !== undefined && letters.has(country)
  }
}

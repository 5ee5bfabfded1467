import type { UiOption } from '../../ui/index.ts'

/** Calling codes without their plus, each with the countries that share it, the main one first: `44` → `GB GG IM JE`. */
export type CallingCodes = Readonly<Record<string, readonly string[]>>

/** Loads the calling codes of all countries, which only the form of a send policy asks for. */
export async function loadCallingCodes(): Promise<CallingCodes> {
  const { default: metadata } = await import('libphonenumber-js/min/metadata')
  return metadata.country_calling_codes
}

/**
 * What a send policy may name: countries, each with its calling code, and below them the codes. A search finds both by
 * name, by the two letters and by `+number`.
 * @param countries  as `countryOptions` gives them
 */
export function policyCountryOptions(
  countries: readonly UiOption[],
  codes: CallingCodes,
  groups: { countries: string; codes: string },
): UiOption[] {
  const names = new Map(countries.map(({ value, label }) => [value, label]))
  const codeOf = new Map<string, string>()
  const byCode: UiOption[] = []
  for (const [code, sharing] of Object.entries(codes)) {
    const known = sharing.filter((country) => names.has(country))
    if (known.length === 0) continue
    for (const country of known) codeOf.set(country, `+${code}`)
    byCode.push({
      value: `+${code}`,
      label: `+${code}`,
      description: known.map((country) => `${names.get(country)!} (${country})`).join(', '),
      group: groups.codes,
    })
  }
  return [
    ...countries.map((country) => ({
      ...country,
      description: [country.value, codeOf.get(country.value)].filter(Boolean).join(' · '),
      group: groups.countries,
    })),
    ...byCode,
  ]
}

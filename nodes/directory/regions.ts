import { z } from 'zod'

/** Countries whose numbering plans are known, as ISO 3166-1 names them. */
export const countries = (
  'AC AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BW BY BZ CA CC ' +
  'CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB ' +
  'GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH ' +
  'KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV ' +
  'MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS RU RW SA SB ' +
  'SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TA TC TD TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG US ' +
  'UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW'
).split(' ')
const knownCountries: ReadonlySet<string> = new Set(countries)

/** Two capital letters of a country whose numbering plan is known. */
export const country = z
  .string()
  .trim()
  .toUpperCase()
  .refine((text) => knownCountries.has(text), { error: 'homeCountry' })

/** An IANA time zone such as `Asia/Shanghai`. */
export const timeZone = z.string().trim().max(60).refine(isTimeZone, { error: 'timeZone' })

/** A BCP 47 language tag in its usual spelling, `zh-CN`. */
export const locale = z
  .string()
  .trim()
  .max(60)
  .refine((text) => canonicalLocale(text) !== undefined, { error: 'locale' })
  .overwrite((text) => canonicalLocale(text) ?? text)

export function isTimeZone(text: string): boolean {
  // `+08:00` is known to the engine, but is no zone: it has no summer time
  if (!/^[A-Za-z]/.test(text)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
    return true
  } catch {
    return false
  }
}

/** `zh-cn` and `zh_CN` → `zh-CN`; `undefined` where it is no language tag. */
export function canonicalLocale(text: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(text.trim().replaceAll('_', '-'))[0]
  } catch {
    return undefined
  }
}

/** What holds for people of whom nothing else is known, and for numbers without a country code. */
export const organisation = z.object({ country, timeZone, locale })
export type Organisation = z.infer<typeof organisation>

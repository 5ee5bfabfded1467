import { countryOf } from '../../directory/phone-country.ts'

/** Half a year apart: zones that agree at both moments have the same clock all year. */
const WINTER = Date.UTC(2026, 0, 15)
const SUMMER = Date.UTC(2026, 6, 15)

const zones = new Map<string, string | undefined>()

/** The time zone of a number's country where all of the country has one clock. */
export function zoneOfNumber(phone: string): string | undefined {
  const country = countryOf(phone)
  if (country === undefined) return undefined
  if (!zones.has(country)) zones.set(country, zoneOfCountry(country))
  return zones.get(country)
}

function zoneOfCountry(country: string): string | undefined {
  // The zone data keep a second clock for Xinjiang; China's official time is one.
  if (country === 'CN') return 'Asia/Shanghai'
  // `getTimeZones` of the standard; TypeScript's library does not have it yet
  const locale = new Intl.Locale(`und-${country}`) as Intl.Locale & { getTimeZones?(): string[] | undefined }
  const [first, ...others] = locale.getTimeZones?.() ?? []
  if (first === undefined) return undefined
  const hasOneClock = others.every((zone) =>
    [WINTER, SUMMER].every((time) => offsetIn(zone, time) === offsetIn(first, time)),
  )
  return hasOneClock ? first : undefined
}

function offsetIn(timeZone: string, time: number): string {
  return new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).format(time)
}

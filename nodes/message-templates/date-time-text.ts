import type { Reader } from './placeholder-text.ts'

const iso = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/

/**
 * Writes a date or moment as people of a locale do: `Aug 1, 2026, 5:30 PM`, `2026年8月1日 17:30`. A moment with an offset is
 * moved to the reader's time zone; where that is not known it is given in UTC and says so.
 * @param value ISO 8601; a date alone stays a date, a time without an offset stays as it is
 * @returns `undefined` where the text is no such date
 */
export function dateTimeText(value: string, { locale = 'en', timeZone }: Reader): string | undefined {
  const [, date, time, offset] = iso.exec(value.trim()) ?? []
  if (date === undefined) return undefined
  const moment = Date.parse(`${date}T${time ?? '00:00'}${offset ?? 'Z'}`)
  if (Number.isNaN(moment) || !isRealDay(date)) return undefined
  const format =
    time === undefined
      ? formatter(locale, 'UTC', { dateStyle: 'medium' })
      : offset === undefined
        ? formatter(locale, 'UTC', dayAndTime)
        : timeZone !== undefined && isTimeZone(timeZone)
          ? formatter(locale, timeZone, dayAndTime)
          : formatter(locale, 'UTC', { ...withParts, timeZoneName: 'short' })
  // the narrow space that some languages put before AM would make the whole text Unicode
  return format.format(moment).replace(/[\u00A0\u202F]/g, ' ')
}

const dayAndTime = { dateStyle: 'medium', timeStyle: 'short' } as const
/** Styles and single parts exclude each other. */
const withParts = {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
} as const

/** The 31st of February reads as a day of March. */
function isRealDay(date: string): boolean {
  return new Date(`${date}T00:00Z`).toISOString().startsWith(date)
}

const formatters = new Map<string, Intl.DateTimeFormat>()

/** A formatter costs far more than a text. A locale that the machine does not know is written as English. */
function formatter(
  locale: string,
  timeZone: string,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  const key = `${locale} ${timeZone} ${options.dateStyle} ${options.timeStyle}`
  let found = formatters.get(key)
  if (!found) {
    const known = Intl.DateTimeFormat.supportedLocalesOf(canonical(locale))
    found = new Intl.DateTimeFormat(known.length > 0 ? known : 'en', { ...options, timeZone })
    if (formatters.size >= 1_000) formatters.clear()
    formatters.set(key, found)
  }
  return found
}

function canonical(locale: string): string[] {
  try {
    return Intl.getCanonicalLocales(locale.replaceAll('_', '-'))
  } catch {
    return []
  }
}

const zones = new Map<string, boolean>()
function isTimeZone(zone: string): boolean {
  let known = zones.get(zone)
  if (known === undefined) {
    try {
      new Intl.DateTimeFormat('en', { timeZone: zone })
      known = true
    } catch {
      known = false
    }
    if (zones.size >= 1_000) zones.clear()
    zones.set(zone, known)
  }
  return known
}

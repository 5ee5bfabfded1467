import { countries } from '../../../nodes/directory/regions.ts'
import type { UiOption } from '../../ui/index.ts'

/** Languages that texts are written in most; any other that is set already is offered too. */
const languages = (
  'ar bg bn cs da de de-AT de-CH el en en-AU en-GB en-IN en-US es es-MX et fa fi fr fr-CA he hi hr hu id it ja ko lt ' +
  'lv ms nl no pl pt pt-BR ro ru sk sl sr sv sw ta th tr uk ur vi zh-CN zh-HK zh-TW'
).split(' ')

/** Every country by its name in the language of the page. */
export function countryOptions(pageLocale: string): UiOption[] {
  const names = new Intl.DisplayNames(pageLocale, { type: 'region' })
  return sorted(
    countries.map((value) => ({ value, label: names.of(value) ?? value, description: value })),
    pageLocale,
  )
}

/** @param current what is set now */
export function localeOptions(pageLocale: string, current: string | undefined): UiOption[] {
  const names = new Intl.DisplayNames(pageLocale, { type: 'language' })
  const all = new Set([...languages, ...(current ? [current] : [])])
  return sorted(
    [...all].map((value) => ({ value, label: names.of(value) ?? value, description: value })),
    pageLocale,
  )
}

/** @param current what is set now */
export function timeZoneOptions(current: string | undefined): UiOption[] {
  const all = new Set(['UTC', ...Intl.supportedValuesOf('timeZone'), ...(current ? [current] : [])])
  return [...all].map((value) => ({ value, label: value }))
}

function sorted(options: UiOption[], pageLocale: string): UiOption[] {
  const { compare } = new Intl.Collator(pageLocale)
  return options.sort((a, b) => compare(a.label, b.label))
}

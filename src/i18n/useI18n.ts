import { inject, readonly, ref, shallowRef, type InjectionKey, type Ref } from 'vue'
import type english from '../locales/en.json'
import type approvals from '../locales/approvals.en.json'
import type audit from '../locales/audit.en.json'
import type canvas from '../locales/canvas.en.json'
import type deliveries from '../locales/deliveries.en.json'
import type functions from '../locales/function.en.json'
import type inbox from '../locales/inbox.en.json'
import type login from '../locales/login.en.json'
import type messages from '../locales/messages.en.json'
import type templates from '../locales/templates.en.json'
import type triggers from '../locales/triggers.en.json'
import type tryIt from '../locales/try-it.en.json'
import type versions from '../locales/versions.en.json'
import type xRay from '../locales/x-ray.en.json'
import type shared from '../../nodes/locales/en.json'
import { loadTexts, type Locale } from './texts.ts'
import { translate, type TextParams, type Texts } from './translate.ts'

type Paths<T> = {
  [K in keyof T & string]: T[K] extends string | { other: string } ? K : `${K}.${Paths<T[K]>}`
}[keyof T & string]

/**
 * The key of a text, checked by the compiler; also where the end of it is one of several, such as the state of a run.
 * Keys that are made from codes or from the names of node types, parameters and commands have the name of their area only.
 */
export type TextKey =
  | Paths<typeof english>
  | Paths<typeof approvals>
  | Paths<typeof audit>
  | Paths<typeof canvas>
  | Paths<typeof deliveries>
  | Paths<typeof functions>
  | Paths<typeof inbox>
  | Paths<typeof login>
  | Paths<typeof messages>
  | Paths<typeof templates>
  | Paths<typeof triggers>
  | Paths<typeof tryIt>
  | Paths<typeof versions>
  | Paths<typeof xRay>
  | Paths<Omit<typeof shared, 'errors' | 'problems'>>
  | `${'nodes' | 'palette' | 'services' | 'formula' | 'errors' | 'problems' | 'validation' | 'canvas'}.${string}`
  | `${'function.typed' | 'messages.events.words'}.${string}`

/** Gives the text in the current language, in English where a translation is missing, else the key itself. */
export type Translate = (key: TextKey, params?: TextParams) => string

export interface I18n {
  t: Translate
  /** True where a text exists: for keys made from codes, such as `errors.<CODE>.hint`. */
  has(key: string): boolean
  locale: Readonly<Ref<Locale>>
  /** Switches once the texts are loaded, so that nobody sees keys. */
  setLocale(locale: Locale): Promise<void>
}

export const i18nKey: InjectionKey<I18n> = Symbol('sms-logic i18n')

/** Makes the texts of one editor. Two editors on a page may speak two languages. */
export async function createI18n(
  first: Locale,
  load: (locale: Locale) => Promise<Texts> = loadTexts,
): Promise<I18n> {
  const locale = ref(first)
  const texts = shallowRef<Texts>({})
  let fallback: Texts = {}

  async function setLocale(next: Locale) {
    const loaded = await load(next)
    fallback = next === 'en' ? loaded : await load('en')
    texts.value = loaded
    locale.value = next
  }
  const find = (key: string, params?: TextParams) =>
    translate(texts.value, locale.value, key, params) ?? translate(fallback, 'en', key, params)

  await setLocale(first)
  return {
    t: (key, params) => find(key, params) ?? key,
    has: (key) => find(key) !== undefined,
    locale: readonly(locale) as Readonly<Ref<Locale>>,
    setLocale,
  }
}

/** The texts of the editor this component belongs to. */
export function useI18n(): I18n {
  const i18n = inject(i18nKey)
  if (!i18n) throw new Error('provide(i18nKey, await createI18n(locale)) is missing above this component')
  return i18n
}

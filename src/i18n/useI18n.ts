import { inject, readonly, ref, shallowRef, type InjectionKey, type Ref } from 'vue'
import type english from '../locales/en.json'
import { loadTexts, type Locale } from './texts.ts'
import { translate, type TextParams, type Texts } from './translate.ts'

type Paths<T> = {
  [K in keyof T & string]: T[K] extends string | { other: string } ? K : `${K}.${Paths<T[K]>}`
}[keyof T & string]

/**
 * The key of a text. Keys of `src/locales/en.json` are checked by the compiler; those of other areas and of
 * `nodes/locales` begin with the name of their area and are checked by a test over both languages.
 */
export type TextKey =
  | Paths<typeof english>
  | `${'approvals' | 'audit' | 'callbacks' | 'canvas' | 'csv' | 'nodes' | 'palette' | 'formula' | 'function' | 'errors' | 'inbox' | 'login' | 'account' | 'accounts' | 'rights' | 'problems' | 'skipped' | 'messageStates' | 'deliveryStates' | 'messages' | 'optOuts' | 'runs' | 'unknown' | 'validation' | 'triggers' | 'versions' | 'services' | 'template' | 'xRay' | 'tryIt'}.${string}`

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

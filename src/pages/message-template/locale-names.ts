/** Languages that are offered; any other can be typed. */
export const commonLocales = [
  'en',
  'zh-CN',
  'zh-TW',
  'ja',
  'ko',
  'de',
  'fr',
  'es',
  'it',
  'nl',
  'pl',
  'pt-BR',
  'ru',
  'tr',
  'vi',
  'th',
  'id',
  'ar',
] as const

/** The name of a language in the language of the page: `English`, `简体中文`; the code itself where it has none. */
export function localeName(locale: string, pageLocale: string): string {
  try {
    return new Intl.DisplayNames([pageLocale], { type: 'language' }).of(locale) ?? locale
  } catch {
    return locale
  }
}

export { createI18n, i18nKey, useI18n, type I18n, type TextKey, type Translate } from './useI18n.ts'
export { isLocale, loadTexts, locales, mergeTexts, preferredLocale, type Locale } from './texts.ts'
export type { TextParams, Texts } from './translate.ts'

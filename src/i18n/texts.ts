import type { Texts } from './translate.ts'

/** The languages of the editor, named in themselves. */
export const locales = { en: 'English', 'zh-CN': '简体中文' } as const
export type Locale = keyof typeof locales
export const isLocale = (value: unknown): value is Locale =>
  typeof value === 'string' && Object.hasOwn(locales, value)

/** Every locale file: `<locale>.json` or `<area>.<locale>.json`, the editor's own and those both sides speak. */
const files = {
  ...import.meta.glob<Texts>('../locales/*.json', { import: 'default' }),
  ...import.meta.glob<Texts>('../../nodes/locales/*.json', { import: 'default' }),
}

/** Loads and merges all files of one language. */
export async function loadTexts(locale: Locale): Promise<Texts> {
  const paths = Object.keys(files).filter(
    (path) => path.endsWith(`/${locale}.json`) || path.endsWith(`.${locale}.json`),
  )
  return mergeTexts(await Promise.all(paths.map((path) => files[path]!())))
}

/** Puts several trees of texts into one; two areas may share a branch, a later leaf wins. */
export function mergeTexts(all: readonly Texts[]): Texts {
  const merged: Record<string, string | Texts> = {}
  for (const texts of all) {
    for (const [key, value] of Object.entries(texts)) {
      const known = merged[key]
      merged[key] =
        typeof known === 'object' && typeof value === 'object' ? mergeTexts([known, value]) : value
    }
  }
  return merged
}

/** The first language: what was chosen before, else the browser's, else English. */
export function preferredLocale(stored: string | null, browserLanguages: readonly string[]): Locale {
  if (isLocale(stored)) return stored
  for (const language of browserLanguages) {
    if (/^zh\b/i.test(language)) return 'zh-CN'
    if (/^en\b/i.test(language)) return 'en'
  }
  return 'en'
}

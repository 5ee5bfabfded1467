import en from './en.json' with { type: 'json' }
import { fillText } from './fill-text.ts'
import zhCN from './zh-CN.json' with { type: 'json' }

/** The texts that editor, server and command line share: errors, problems, states. */
export const locales = { en, 'zh-CN': zhCN } as const
export type Locale = keyof typeof locales

/**
 * Says a text in a language; English where the language lacks it, the key itself where both do.
 * @param key dotted path, for example `errors.NOT_FOUND.hint`
 * @param params facts for the `{name}` holes
 */
export function translate(
  locale: Locale,
  key: string,
  params: Readonly<Record<string, string | number>> = {},
): string {
  return fillText(textAt(locales[locale], key) ?? textAt(en, key) ?? key, params)
}

function textAt(texts: object, key: string): string | undefined {
  let found: unknown = texts
  for (const part of key.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, part)) return undefined
    found = (found as Record<string, unknown>)[part]
  }
  return typeof found === 'string' ? found : undefined
}

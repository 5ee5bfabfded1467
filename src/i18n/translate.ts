/** Texts of one language: nested objects with a text, or plural forms `{ one, other }`, at each leaf. */
export interface Texts {
  readonly [key: string]: string | Texts
}
export type TextParams = Readonly<Record<string, string | number>>

/** Finds `a.b.c` in nested texts. */
export function textAt(texts: Texts, key: string): string | Texts | undefined {
  let found: string | Texts | undefined = texts
  for (const part of key.split('.')) {
    if (typeof found !== 'object' || !Object.hasOwn(found, part)) return undefined
    found = found[part]
  }
  return found
}

/**
 * Fills `{name}` with parameters. Where the entry has plural forms, `params.count` picks one by the language's rules.
 * @returns undefined where there is no such text
 */
export function translate(
  texts: Texts,
  locale: string,
  key: string,
  params?: TextParams,
): string | undefined {
  let found = textAt(texts, key)
  if (typeof found === 'object' && typeof found['other'] === 'string') {
    const form = new Intl.PluralRules(locale).select(Number(params?.['count'] ?? 0))
    found = found[form] ?? found['other']
  }
  if (typeof found !== 'string') return undefined
  if (!params) return found
  return found.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(params, name) ? params[name]! : whole
    return typeof value === 'number' ? value.toLocaleString(locale) : value
  })
}

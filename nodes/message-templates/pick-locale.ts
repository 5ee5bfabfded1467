/**
 * Picks what belongs to a person's locale: exactly that, else the language alone (`zh` for `zh-CN`), else another
 * region of the language, else the default locale's.
 * @param locale as the directory has it, `zh_cn` too; without one, the default locale's is taken
 * @returns `undefined` where the default locale has nothing either
 */
export function pickByLocale<T>(
  byLocale: Readonly<Record<string, T>>,
  locale: string | undefined,
  defaultLocale: string,
): { locale: string; value: T } | undefined {
  const wanted = folded(locale ?? defaultLocale)
  const language = languageOf(wanted)
  const known = Object.keys(byLocale)
  const found =
    known.find((each) => folded(each) === wanted) ??
    known.find((each) => folded(each) === language) ??
    known.find((each) => languageOf(folded(each)) === language) ??
    known.find((each) => each === defaultLocale)
  return found === undefined ? undefined : { locale: found, value: byLocale[found]! }
}

function folded(locale: string): string {
  return locale.trim().replaceAll('_', '-').toLowerCase()
}

function languageOf(locale: string): string {
  return locale.split('-', 1)[0]!
}

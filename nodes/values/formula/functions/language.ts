import type { Locale } from '../../../locales/index.ts'
import { formulaError } from '../formula-error.ts'
import type { Call, FormulaArgument } from './define.ts'

/** The second argument of functions that give a word: `en` or `zh`; the organisation's language where it is left out. */
export const language: FormulaArgument = { name: 'language', type: 'text', optional: true }

/** `zh-CN` and `zh` are Chinese; any other language that the organisation speaks gets English words. */
export function languageOf(chosen: string | undefined, { evaluation, places }: Call): Locale {
  if (chosen !== undefined && !/^(?:en|zh)\b/i.test(chosen)) throw formulaError('language', places[1]!)
  return /^zh\b/i.test(chosen ?? evaluation.scope.language ?? 'en') ? 'zh-CN' : 'en'
}

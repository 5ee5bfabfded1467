import { checkFormula } from '../../nodes/values/formula/formula.ts'
import type { Translate } from '../i18n/index.ts'

/** The first fault of a formula, ready to be shown; places count UTF-16 units from 0. */
export interface FormulaFault {
  from: number
  to: number
  text: string
}

/** @returns `null` for a formula that is in order, and for an empty one: that is a missing value, not a fault */
export function checkFormulaText(
  source: string,
  knownNames: ReadonlySet<string>,
  t: Translate,
): FormulaFault | null {
  if (source.trim() === '') return null
  const error = checkFormula(source, knownNames)
  if (!error) return null
  const from = Math.min(error.position, source.length)
  return {
    from,
    to: Math.min(from + Math.max(error.length, 1), source.length),
    text: t(`problems.formula.${error.params.reason}`, error.params),
  }
}

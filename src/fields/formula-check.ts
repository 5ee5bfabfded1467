import { checkFormula } from '../../nodes/values/formula/formula.ts'
import type { FormulaError } from '../../nodes/errors.ts'
import type { Translate } from '../i18n/index.ts'
import type { SampleNames, SampleSource } from './sample-names.ts'
import { sampleResult } from './sample-result.ts'

/** The first fault of a formula, ready to be shown; places count UTF-16 units from 0. */
export interface FormulaFault {
  from: number
  to: number
  text: string
  /** `warning`: only with the sample values. */
  severity: 'error' | 'warning'
}

/** @returns `null` for a formula that is in order, and for an empty one: that is a missing value, not a fault */
export function checkFormulaText(
  source: string,
  knownNames: ReadonlySet<string>,
  t: Translate,
): FormulaFault | null {
  if (source.trim() === '') return null
  const error = checkFormula(source, knownNames)
  return error && faultAt(source, error, 'error', t)
}

/** What a formula that is in order fails by with sample values. */
export function checkWithSamples(
  source: string,
  samples: SampleNames,
  dates: Pick<SampleSource, 'timeZone' | 'language'>,
  t: Translate,
): FormulaFault | null {
  if (source.trim() === '') return null
  const result = sampleResult({ kind: 'formula', source }, samples, dates)
  return result?.kind === 'failed' ? faultAt(source, result.error, 'warning', t) : null
}

function faultAt(
  source: string,
  error: FormulaError,
  severity: FormulaFault['severity'],
  t: Translate,
): FormulaFault {
  const from = Math.min(error.position, source.length)
  return {
    from,
    to: Math.min(from + Math.max(error.length, 1), source.length),
    text: t(`problems.formula.${error.params.reason}`, error.params),
    severity,
  }
}

import type { Json } from '../../json.ts'
import type { Scope } from '../scope.ts'
import { formulaError } from './formula-error.ts'
import type { Place } from './formula-error.ts'
import { formulaLimits } from './limits.ts'

/** One evaluation under way: what it may read and what it has used up. */
export interface Evaluation {
  readonly scope: Scope
  steps: number
}

/** A compiled part of a formula. */
export type Evaluate = (evaluation: Evaluation) => Json

/** Counts work that grows with the data: characters or items looked at. */
export function spend(evaluation: Evaluation, steps: number, place: Place): void {
  evaluation.steps += steps
  if (evaluation.steps > formulaLimits.steps) throw formulaError('tooManySteps', place)
}

export function spendOn(evaluation: Evaluation, value: Json, place: Place): void {
  if (typeof value === 'string' || Array.isArray(value)) spend(evaluation, value.length, place)
}

/** Every text that a formula makes goes through here before it can grow further. */
export function limitText(text: string, place: Place): string {
  if (text.length > formulaLimits.text)
    throw formulaError('textTooLong', place, { limit: formulaLimits.text })
  return text
}

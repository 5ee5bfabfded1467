import type { Json } from '../../json.ts'
import type { Scope } from '../scope.ts'
import { formulaError } from './formula-error.ts'
import type { Place } from './formula-error.ts'
import { formulaLimits, stepCosts } from './limits.ts'

/** One evaluation under way: what it may read and what it has used up. */
export interface Evaluation {
  readonly scope: Scope
  steps: number
  /** What the word `item` stands for, in what is evaluated once for each item of a list. */
  item: Json
  /** One for the whole evaluation, so that two `NOW()` are the same; set when it is first asked for. */
  now?: Date
}

export function nowOf(evaluation: Evaluation): Date {
  return (evaluation.now ??= evaluation.scope.now())
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

/**
 * Makes a list of what `next` gives, `count` times. A list may hold one value many times, so what it comes to is
 * counted while it grows.
 */
export function makeList(
  count: number,
  next: (index: number) => Json,
  evaluation: Evaluation,
  place: Place,
): Json[] {
  const list: Json[] = []
  let size = 0
  for (let index = 0; index < count; index++) {
    const value = next(index)
    size += sizeOf(value, evaluation, place, 0)
    if (size > formulaLimits.list) throw formulaError('listTooLong', place, { limit: formulaLimits.list })
    list.push(value)
  }
  return list
}

function sizeOf(value: Json, evaluation: Evaluation, place: Place, depth: number): number {
  if (typeof value === 'string') return value.length + 1
  if (typeof value !== 'object' || value === null) return 1
  if (depth === formulaLimits.depth) throw formulaError('tooManySteps', place)
  let size = 1
  for (const key of Object.keys(value)) {
    spend(evaluation, stepCosts.field, place)
    if (!Array.isArray(value)) size += key.length
    size += sizeOf((value as Record<string, Json>)[key]!, evaluation, place, depth + 1)
  }
  return size
}

import type { Json } from '../../json.ts'
import { findMoment } from './date.ts'
import { spend, spendOn } from './evaluation.ts'
import type { Evaluation } from './evaluation.ts'
import { formulaError } from './formula-error.ts'
import type { Place } from './formula-error.ts'
import { formulaLimits, stepCosts } from './limits.ts'
import type { Comparison } from './syntax.ts'

/**
 * `=` and `!=` take anything: values of different types are different, capitals matter, lists and objects are equal
 * when all they hold is. The other four put two numbers, or two texts (hence two ISO dates), in order; two moments by
 * time, whatever offsets they are written with.
 */
export function compare(
  operator: Comparison,
  left: Json,
  right: Json,
  evaluation: Evaluation,
  place: Place,
): boolean {
  switch (operator) {
    case '=':
      return isEqual(left, right, evaluation, place, 0)
    case '!=':
      return !isEqual(left, right, evaluation, place, 0)
    case '<':
      return order(left, right, evaluation, place) < 0
    case '<=':
      return order(left, right, evaluation, place) <= 0
    case '>':
      return order(left, right, evaluation, place) > 0
    case '>=':
      return order(left, right, evaluation, place) >= 0
  }
}

/** Below 0 where `left` comes first, 0 where neither does. */
export function order(left: Json, right: Json, evaluation: Evaluation, place: Place): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right
  if (typeof left !== 'string' || typeof right !== 'string') throw formulaError('notComparable', place)
  spendOn(evaluation, left, place)
  const moment = findMoment(left)
  if (moment !== undefined) {
    spend(evaluation, stepCosts.date, place)
    const other = findMoment(right)
    if (other !== undefined) return moment - other
  }
  return left < right ? -1 : left > right ? 1 : 0
}

function isEqual(left: Json, right: Json, evaluation: Evaluation, place: Place, depth: number): boolean {
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    if (typeof left === 'string' && typeof right === 'string') spendOn(evaluation, left, place)
    return left === right
  }
  if (depth === formulaLimits.depth) throw formulaError('tooManySteps', place)
  if (Array.isArray(left) !== Array.isArray(right)) return false
  const keys = Object.keys(left)
  spend(evaluation, (keys.length + 1) * stepCosts.field, place)
  if (keys.length !== Object.keys(right).length) return false
  const [a, b] = [left, right] as [Record<string, Json>, Record<string, Json>]
  return keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key]!, b[key]!, evaluation, place, depth + 1))
}

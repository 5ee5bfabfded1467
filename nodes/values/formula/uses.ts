import type { Place } from './formula-error.ts'
import { argumentAt, findFunction } from './functions.ts'
import { isItemName, partsOf } from './syntax.ts'
import type { Expression } from './syntax.ts'

/** One place where a value is used: an input or variable (`device`), or the result of a step (`nodes.sms1`). */
export interface NameUse {
  readonly name: string
  /** The id, where it is a step. */
  readonly step?: string
  /** The whole mention, `nodes["sms-1"]` with its brackets. */
  readonly place: Place
}

/** Left to right, so that the first mistake is named first. The `item` of a MAP is no name that something has set. */
export function usesOf(expression: Expression): NameUse[] {
  const uses: NameUse[] = []
  collect(expression, uses, false)
  return uses
}

function collect(expression: Expression, uses: NameUse[], isInItem: boolean): void {
  const { place } = expression
  if (expression.kind === 'name') {
    if (!isInItem || !isItemName(expression.name)) uses.push({ name: expression.name, place })
  } else if (expression.kind === 'step') {
    uses.push({ name: `nodes.${expression.id}`, step: expression.id, place })
  } else {
    const called = expression.kind === 'call' ? findFunction(expression.name) : undefined
    for (const [index, part] of partsOf(expression).entries()) {
      collect(part, uses, isInItem || (called !== undefined && argumentAt(called, index)?.each === true))
    }
  }
}

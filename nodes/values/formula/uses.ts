import type { Place } from './formula-error.ts'
import type { Expression } from './syntax.ts'

/** One place where a value is used: an input or variable (`device`), or the result of a step (`nodes.sms1`). */
export interface NameUse {
  readonly name: string
  /** The id, where it is a step. */
  readonly step?: string
  /** The whole mention, `nodes["sms-1"]` with its brackets. */
  readonly place: Place
}

/** Left to right, so that the first mistake is named first. */
export function usesOf(expression: Expression): NameUse[] {
  const uses: NameUse[] = []
  collect(expression, uses)
  return uses
}

function collect(expression: Expression, uses: NameUse[]): void {
  const { place } = expression
  switch (expression.kind) {
    case 'literal':
      return
    case 'name':
      uses.push({ name: expression.name, place })
      return
    case 'step':
      uses.push({ name: `nodes.${expression.id}`, step: expression.id, place })
      return
    case 'member':
    case 'negate':
    case 'not':
      collect(expression.of, uses)
      return
    case 'index':
      collect(expression.of, uses)
      collect(expression.index, uses)
      return
    case 'binary':
      collect(expression.left, uses)
      collect(expression.right, uses)
      return
    case 'call':
      for (const value of expression.values) collect(value, uses)
  }
}

import { findFunction } from '../formula/functions.ts'
import { isItemName } from '../formula/syntax.ts'
import type { Expression } from '../formula/syntax.ts'
import type { Names } from './names.ts'
import { kind, shapeOfJson, without } from './shape.ts'
import type { Shape } from './shape.ts'

/** The name or path that a part of a formula reads: `device`, `nodes.sms1.counts`. */
export function pathOf(expression: Expression): string | undefined {
  switch (expression.kind) {
    case 'name':
      return isItemName(expression.name) ? undefined : expression.name
    case 'step':
      return `nodes.${expression.id}`
    case 'member': {
      const path = pathOf(expression.of)
      return path === undefined || expression.key.includes('.') ? undefined : `${path}.${expression.key}`
    }
    default:
      return undefined
  }
}

/** How the shapes of what a formula reads are found. */
export type ShapeAt = (expression: Expression, names: Names) => Shape

/** What else is known of the names once a condition was evaluated to an answer. */
export function narrow(expression: Expression, answer: boolean, names: Names, shapeAt: ShapeAt): Names {
  const both = (parts: readonly Expression[], known: Names) =>
    parts.reduce((each, part) => narrow(part, answer, each, shapeAt), known)
  switch (expression.kind) {
    case 'not':
      return narrow(expression.of, !answer, names, shapeAt)
    case 'call':
      return narrowByCall(expression, answer, names, shapeAt)
    case 'binary': {
      const { operator, left, right } = expression
      if (operator === 'and') return answer ? both([left, right], names) : names
      if (operator === 'or') return answer ? names : both([left, right], names)
      if (operator === '=') return narrowByEqual(left, right, answer, names, shapeAt)
      if (operator === '!=') return narrowByEqual(left, right, !answer, names, shapeAt)
      if (operator === '<' || operator === '<=' || operator === '>' || operator === '>=') {
        return [left, right].reduce(
          (each, part) => remove(part, ~(kind.number | kind.text), each, shapeAt),
          names,
        )
      }
      return names
    }
    default:
      return remove(expression, ~kind.boolean, names, shapeAt)
  }
}

function narrowByCall(
  { name, values }: Expression & { kind: 'call' },
  answer: boolean,
  names: Names,
  shapeAt: ShapeAt,
): Names {
  const called = findFunction(name)?.name
  const [first] = values
  if (!first) return names
  if (called === 'NOT') return narrow(first, !answer, names, shapeAt)
  if (called === 'AND' || called === 'OR') {
    if (answer !== (called === 'AND')) return names
    return values.reduce((each, part) => narrow(part, answer, each, shapeAt), names)
  }
  if ((called === 'ISEMPTY' && !answer) || (called === 'ISNOTEMPTY' && answer)) {
    return remove(first, kind.nothing | kind.blank | kind.unset, names, shapeAt)
  }
  return names
}

function narrowByEqual(
  left: Expression,
  right: Expression,
  isEqual: boolean,
  names: Names,
  shapeAt: ShapeAt,
): Names {
  const [part, literal] = right.kind === 'literal' ? [left, right] : [right, left]
  if (literal.kind !== 'literal') return names
  const kinds = literal.value === '' ? kind.text | kind.blank : shapeOfJson(literal.value).kinds
  if (isEqual) {
    const same = literal.value === null ? kind.nothing | kind.blank : kinds
    return remove(part, ~same, names, shapeAt)
  }
  return literal.value === null ? remove(part, kind.nothing | kind.unset, names, shapeAt) : names
}

function remove(part: Expression, bits: number, names: Names, shapeAt: ShapeAt): Names {
  const path = pathOf(part)
  if (path === undefined) return names
  const shape = shapeAt(part, names)
  const narrowed = without(shape, bits)
  // a condition that nothing can meet says nothing
  return narrowed === shape || narrowed.kinds === 0 ? names : names.with(path, narrowed)
}

import type { Place } from './formula-error.ts'

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>='
export type Arithmetic = '+' | '-' | '*' | '/' | '%'
export type BinaryOperator = Arithmetic | Comparison | '&' | 'and' | 'or'

/** A parsed formula. Every part knows its place in the source, for error messages. */
export type Expression = { readonly place: Place } & (
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'name'; readonly name: string }
  /** The result of an earlier step: `nodes.sms1`. */
  | { readonly kind: 'step'; readonly id: string }
  | { readonly kind: 'member'; readonly of: Expression; readonly key: string }
  | { readonly kind: 'index'; readonly of: Expression; readonly index: Expression }
  | { readonly kind: 'negate'; readonly of: Expression }
  | { readonly kind: 'not'; readonly of: Expression }
  | {
      readonly kind: 'binary'
      readonly operator: BinaryOperator
      readonly left: Expression
      readonly right: Expression
    }
  | { readonly kind: 'call'; readonly name: string; readonly values: readonly Expression[] }
)

/** The words for the item that an argument of MAP, FILTER and the like is evaluated for. */
export function isItemName(name: string): boolean {
  return name === 'item' || name === '当前项'
}

/** The parts that stand directly in a part, from left to right. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'literal':
    case 'name':
    case 'step':
      return []
    case 'member':
    case 'negate':
    case 'not':
      return [expression.of]
    case 'index':
      return [expression.of, expression.index]
    case 'binary':
      return [expression.left, expression.right]
    case 'call':
      return expression.values
  }
}

/** How many names, literals, operators and calls it is made of. */
export function countParts(expression: Expression): number {
  return partsOf(expression).reduce((count, part) => count + countParts(part), 1)
}

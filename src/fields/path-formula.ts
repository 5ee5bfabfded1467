import { FormulaError } from '../../nodes/errors.ts'
import { formulaExpression } from '../../nodes/values/formula/formula.ts'
import { stepReference } from '../../nodes/values/formula/rename-steps.ts'
import type { Expression } from '../../nodes/values/formula/syntax.ts'

/** The formula that reads a path: `nodes.sms-1.counts.sent` → `nodes["sms-1"].counts.sent`. */
export function pathFormula(path: string): string {
  const [root, ...rest] = path.split('.')
  const start = root === 'nodes' && rest.length > 0 ? stepReference(rest.shift()!) : root!
  return start + rest.map((key) => (/^\d+$/.test(key) ? `[${key}]` : `.${key}`)).join('')
}

/** The path that a formula reads; `undefined`: it does more than that, or cannot be read. */
export function formulaPath(source: string): string | undefined {
  try {
    return pathOf(formulaExpression(source))
  } catch (error) {
    if (error instanceof FormulaError) return undefined
    throw error
  }
}

/** Of a whole formula: there `item` is a name as any other. */
function pathOf(expression: Expression): string | undefined {
  switch (expression.kind) {
    case 'name':
      return expression.name
    case 'step':
      return `nodes.${expression.id}`
    case 'member': {
      const of = pathOf(expression.of)
      return of === undefined ? undefined : `${of}.${expression.key}`
    }
    default:
      return undefined
  }
}

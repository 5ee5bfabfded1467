import { FormulaError } from '../../errors.ts'
import type { Json } from '../../json.ts'
import type { Scope } from '../scope.ts'
import { compile } from './compile.ts'
import { unknownName } from './formula-error.ts'
import { parseFormula } from './parse.ts'
import type { Expression } from './syntax.ts'
import { usesOf } from './uses.ts'
import type { NameUse } from './uses.ts'

export interface CompiledFormula {
  /** @throws FormulaError nothing else, whatever the values are */
  evaluate(scope: Scope): Json
  /** Every name it uses, once, in order of appearance: `device`, `nodes.sms1`. */
  readonly names: readonly string[]
}

interface CheckedFormula extends CompiledFormula {
  readonly uses: readonly NameUse[]
  readonly expression: Expression
}

/** Formulas of graphs that run are few and used again and again; drafts under typing push each other out. */
const CACHE_SIZE = 1_000
const cache = new Map<string, CheckedFormula>()

/**
 * Reads a formula once and keeps it for the next time.
 * @throws FormulaError with the place in the source
 */
export function compileFormula(source: string): CompiledFormula {
  return readFormula(source)
}

/**
 * Says what is wrong with a formula before it runs, or `null`.
 * @param knownNames what can be used where the formula stands: `device`, `nodes.sms1`
 */
export function checkFormula(source: string, knownNames: ReadonlySet<string>): FormulaError | null {
  try {
    const unknown = readFormula(source).uses.find((use) => !knownNames.has(use.name))
    return unknown ? unknownName(unknown.name, unknown.place, knownNames) : null
  } catch (error) {
    if (error instanceof FormulaError) return error
    throw error
  }
}

/**
 * The parsed formula, for what looks at it without evaluating it.
 * @throws FormulaError with the place in the source
 */
export function formulaExpression(source: string): Expression {
  return readFormula(source).expression
}

function readFormula(source: string): CheckedFormula {
  const known = cache.get(source)
  if (known) return known
  const expression = parseFormula(source)
  const evaluate = compile(expression)
  const uses = usesOf(expression)
  const made: CheckedFormula = {
    evaluate: (scope) => evaluate({ scope, steps: 0, item: null }),
    names: [...new Set(uses.map((use) => use.name))],
    uses,
    expression,
  }
  if (cache.size >= CACHE_SIZE) cache.delete(cache.keys().next().value!)
  cache.set(source, made)
  return made
}

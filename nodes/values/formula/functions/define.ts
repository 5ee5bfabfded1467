import type { Json } from '../../../json.ts'
import { spend, spendOn } from '../evaluation.ts'
import type { Evaluate, Evaluation } from '../evaluation.ts'
import type { Place } from '../formula-error.ts'
import { stepCosts } from '../limits.ts'

export type FormulaType = 'any' | 'text' | 'number' | 'boolean' | 'list' | 'datetime'

export interface FormulaArgument {
  readonly name: string
  /** `text`, `number`, `boolean` and `list` are checked before the function is called; `datetime` is an ISO text. */
  readonly type: FormulaType
  /** May be left out; so may all after it. */
  readonly optional?: true
  /** Only the last: may be given any number of times, but at least once unless it is optional. */
  readonly repeats?: true
  /** Evaluated once for each item of the list before it, which it knows as `item`. */
  readonly each?: true
}

/** What completion, documentation and the parser know of a function. */
export interface FunctionDeclaration {
  /** Capitals; formulas may write it in any spelling. */
  readonly name: string
  /** Its Chinese name. Both names stand in saved formulas, so neither is ever changed. */
  readonly alias: string
  readonly args: readonly FormulaArgument[]
  readonly returns: FormulaType
}

export interface FormulaFunction extends FunctionDeclaration {
  /** Builds the evaluation of one call. `values` has as many entries as the call has arguments. */
  readonly compile: (values: readonly CompiledArgument[], place: Place) => Evaluate
}

/** An argument, not evaluated yet, so that IF can leave one out. */
export interface CompiledArgument {
  readonly evaluate: Evaluate
  readonly place: Place
  /** How many names, literals, operators and calls it is made of. */
  readonly parts: number
}

export interface Call {
  readonly evaluation: Evaluation
  readonly place: Place
  /** Place of each argument. */
  readonly places: readonly Place[]
}

/** A function that uses the values of all its arguments; those left out are `undefined`. */
export function defineFunction<Values extends readonly (Json | undefined)[]>(
  declaration: FunctionDeclaration,
  run: (values: Values, call: Call) => Json,
): FormulaFunction {
  return {
    ...declaration,
    compile: (values, place) => {
      const places = values.map((value) => value.place)
      return (evaluation) => {
        const given = values.map((value) => {
          const result = value.evaluate(evaluation)
          spendOn(evaluation, result, value.place)
          return result
        })
        return run(given as unknown as Values, { evaluation, place, places })
      }
    },
  }
}

/**
 * A function of a list and of an expression that is evaluated once for each item of it.
 * @param run gets the items, what evaluates the expression for one of them, and the values of further arguments
 */
export function defineItemFunction(
  declaration: FunctionDeclaration,
  run: (items: readonly Json[], each: (item: Json) => Json, call: Call, more: readonly Json[]) => Json,
): FormulaFunction {
  return {
    ...declaration,
    compile: (values, place) => {
      const [list, expression, ...further] = values as [CompiledArgument, CompiledArgument]
      const places = values.map((value) => value.place)
      const cost = (expression.parts + 1) * stepCosts.part
      return (evaluation) => {
        const items = list.evaluate(evaluation) as Json[]
        const more = further.map((value: CompiledArgument) => value.evaluate(evaluation))
        const outer = evaluation.item
        const each = (item: Json) => {
          spend(evaluation, cost, place)
          evaluation.item = item
          return expression.evaluate(evaluation)
        }
        try {
          return run(items, each, { evaluation, place, places }, more)
        } finally {
          evaluation.item = outer
        }
      }
    },
  }
}

import type { Json } from '../../../json.ts'
import { spendOn } from '../evaluation.ts'
import type { Evaluate, Evaluation } from '../evaluation.ts'
import type { Place } from '../formula-error.ts'

export type FormulaType = 'any' | 'text' | 'number' | 'boolean' | 'list' | 'datetime'

export interface FormulaArgument {
  readonly name: string
  /** `text`, `number`, `boolean` and `list` are checked before the function is called; `datetime` is an ISO text. */
  readonly type: FormulaType
  /** May be left out; so may all after it. */
  readonly optional?: true
  /** Only the last: may be given any number of times, but at least once. */
  readonly repeats?: true
}

/** What completion, documentation and evaluation know of a function. */
export interface FormulaFunction {
  /** Capitals; formulas may write it in any spelling. */
  readonly name: string
  readonly args: readonly FormulaArgument[]
  readonly returns: FormulaType
  /** Builds the evaluation of one call. `values` has as many entries as the call has arguments. */
  readonly compile: (values: readonly CompiledArgument[], place: Place) => Evaluate
}

/** An argument, not evaluated yet, so that IF can leave one out. */
export interface CompiledArgument {
  readonly evaluate: Evaluate
  readonly place: Place
}

interface Call {
  readonly evaluation: Evaluation
  readonly place: Place
  /** Place of each argument. */
  readonly places: readonly Place[]
}

/** A function that uses the values of all its arguments; those left out are `undefined`. */
export function defineFunction<Values extends readonly (Json | undefined)[]>(
  name: string,
  args: readonly FormulaArgument[],
  returns: FormulaType,
  run: (values: Values, call: Call) => Json,
): FormulaFunction {
  return {
    name,
    args,
    returns,
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

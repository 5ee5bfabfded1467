import type { Json } from '../../../json.ts'
import type { FormulaFunction } from './define.ts'
import { defineFunction } from './define.ts'

/** Stops at the first argument that decides: the others are not evaluated. */
function logical(name: string, deciding: boolean): FormulaFunction {
  return {
    name,
    args: [{ name: 'condition', type: 'boolean', repeats: true }],
    returns: 'boolean',
    compile: (values) => (evaluation) => {
      for (const value of values) if (value.evaluate(evaluation) === deciding) return deciding
      return !deciding
    },
  }
}

function isEmpty(value: Json): boolean {
  if (value === null || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

export const logicFunctions: readonly FormulaFunction[] = [
  {
    name: 'IF',
    args: [
      { name: 'condition', type: 'boolean' },
      { name: 'then', type: 'any' },
      { name: 'otherwise', type: 'any', optional: true },
    ],
    returns: 'any',
    compile: ([condition, then, otherwise]) => {
      return (evaluation) => {
        if (condition!.evaluate(evaluation) === true) return then!.evaluate(evaluation)
        return otherwise ? otherwise.evaluate(evaluation) : null
      }
    },
  },
  logical('AND', false),
  logical('OR', true),
  defineFunction<[boolean]>('NOT', [{ name: 'condition', type: 'boolean' }], 'boolean', ([value]) => !value),
  {
    name: 'COALESCE',
    args: [{ name: 'value', type: 'any', repeats: true }],
    returns: 'any',
    compile: (values) => (evaluation) => {
      for (const value of values) {
        const found = value.evaluate(evaluation)
        if (found !== null) return found
      }
      return null
    },
  },
  defineFunction<[Json]>('ISEMPTY', [{ name: 'value', type: 'any' }], 'boolean', ([value]) => isEmpty(value)),
  defineFunction<[Json]>(
    'ISNOTEMPTY',
    [{ name: 'value', type: 'any' }],
    'boolean',
    ([value]) => !isEmpty(value),
  ),
  {
    name: 'DEFAULTVALUE',
    args: [
      { name: 'value', type: 'any' },
      { name: 'otherwise', type: 'any' },
    ],
    returns: 'any',
    compile: ([value, otherwise]) => {
      return (evaluation) => {
        const found = value!.evaluate(evaluation)
        return isEmpty(found) ? otherwise!.evaluate(evaluation) : found
      }
    },
  },
]

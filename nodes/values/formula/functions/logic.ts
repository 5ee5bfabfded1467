import type { Json } from '../../../json.ts'
import { needBoolean } from '../types.ts'
import type { CompiledArgument, FormulaFunction } from './define.ts'
import { defineFunction } from './define.ts'

/** Stops at the first argument that decides: the others are not evaluated. */
function logical(name: string, alias: string, deciding: boolean): FormulaFunction {
  return {
    name,
    alias,
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
    alias: '如果',
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
  {
    name: 'IFS',
    alias: '多条件',
    args: [
      { name: 'condition', type: 'boolean' },
      { name: 'then', type: 'any' },
      { name: 'more', type: 'any', optional: true, repeats: true },
    ],
    returns: 'any',
    compile: (values) => {
      const branches: { condition: CompiledArgument; then: CompiledArgument }[] = []
      for (let index = 0; index + 1 < values.length; index += 2) {
        branches.push({ condition: values[index]!, then: values[index + 1]! })
      }
      const otherwise = values.length % 2 === 1 ? values.at(-1) : undefined
      return (evaluation) => {
        for (const { condition, then } of branches) {
          if (needBoolean(condition.evaluate(evaluation), condition.place)) return then.evaluate(evaluation)
        }
        return otherwise ? otherwise.evaluate(evaluation) : null
      }
    },
  },
  logical('AND', '并且', false),
  logical('OR', '或者', true),
  defineFunction<[boolean]>(
    { name: 'NOT', alias: '非', args: [{ name: 'condition', type: 'boolean' }], returns: 'boolean' },
    ([value]) => !value,
  ),
  {
    name: 'COALESCE',
    alias: '首个非空',
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
  defineFunction<[Json]>(
    { name: 'ISEMPTY', alias: '为空', args: [{ name: 'value', type: 'any' }], returns: 'boolean' },
    ([value]) => isEmpty(value),
  ),
  defineFunction<[Json]>(
    { name: 'ISNOTEMPTY', alias: '不为空', args: [{ name: 'value', type: 'any' }], returns: 'boolean' },
    ([value]) => !isEmpty(value),
  ),
  {
    name: 'DEFAULTVALUE',
    alias: '默认值',
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
  defineFunction<[]>({ name: 'EMPTY', alias: '空值', args: [], returns: 'any' }, () => null),
  defineFunction<[]>({ name: 'EMPTYSTR', alias: '空文本', args: [], returns: 'text' }, () => ''),
]

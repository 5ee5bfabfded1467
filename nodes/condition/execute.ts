import { ErrorCode, FlowError } from '../errors.ts'
import { defineExecutor } from '../execution.ts'
import { condition } from './definition.ts'

export const conditionExecutor = defineExecutor(condition, (params, context) => {
  for (const [index, branch] of params.branches.entries()) {
    const answer = context.evaluate(branch.when)
    if (typeof answer !== 'boolean') {
      throw new FlowError(
        ErrorCode.FormulaType,
        `Branch ${index + 1} gave ${describe(answer)} instead of true or false`,
        {
          hint: 'Compare the value with something, for example: severity > 3',
          params: { expected: 'boolean', actual: describe(answer) },
        },
      )
    }
    if (answer) return { port: branch.id }
  }
  return { port: 'otherwise' }
})

function describe(value: unknown): string {
  if (value === null) return 'nothing'
  return Array.isArray(value) ? 'a list' : `a ${typeof value === 'string' ? 'text' : typeof value}`
}

import { defineExecutor } from '../execution.ts'
import { formulaError } from '../values/formula/formula-error.ts'
import { condition } from './definition.ts'

export const conditionExecutor = defineExecutor(
  condition,
  (params, context) => {
    for (const [index, { id, when }] of params.branches.entries()) {
      const answer = context.evaluate(when)
      if (typeof answer !== 'boolean') {
        const length = when.kind === 'formula' ? when.source.length : 0
        throw formulaError('branchNotBoolean', { position: 0, length }, { index: index + 1 })
      }
      if (answer) return { port: id }
    }
    return { port: 'otherwise' }
  },
  { inDryRun: true, pure: true },
)

import { defineExecutor } from '../execution.ts'
import { assignVariable } from './definition.ts'

export const assignVariableExecutor = defineExecutor(
  assignVariable,
  (params, context) => {
    const value = context.evaluate(params.value)
    return { port: 'next', assign: [params.name, value] as const }
  },
  { inDryRun: true, pure: true },
)

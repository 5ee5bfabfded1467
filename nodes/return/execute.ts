import { defineExecutor } from '../execution.ts'
import { returnNode } from './definition.ts'

export const returnExecutor = defineExecutor(
  returnNode,
  (params, context) => ({
    port: null,
    output: params.value ? context.evaluate(params.value) : null,
  }),
  { inDryRun: true, pure: true },
)

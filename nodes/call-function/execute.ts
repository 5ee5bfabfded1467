import { defineExecutor } from '../execution.ts'
import type { Json, JsonObject } from '../json.ts'
import { callFunction } from './definition.ts'

export const callFunctionExecutor = defineExecutor(
  callFunction,
  async (params, context) => {
    const input = (): JsonObject =>
      Object.fromEntries(
        Object.entries(params.inputs).map(([name, value]): [string, Json] => [name, context.evaluate(value)]),
      )
    context.recordInput({ function: params.function, wait: params.wait })
    const { id, output } = await context.call({ functionName: params.function, input, wait: params.wait })
    return { port: 'next', result: { run: id, ...(output !== undefined && { output }) } }
  },
  { inDryRun: true },
)

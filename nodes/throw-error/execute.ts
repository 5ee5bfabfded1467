import { ErrorCode, FlowError } from '../errors.ts'
import { defineExecutor } from '../execution.ts'
import { throwError } from './definition.ts'

/** Characters of a message that are kept. */
const LONGEST = 1_000

export const throwErrorExecutor = defineExecutor(
  throwError,
  (params, context) => {
    const value = context.evaluate(params.message)
    const text = (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, LONGEST)
    throw new FlowError(ErrorCode.Thrown, text || 'The function failed on purpose', { params: { text } })
  },
  { inDryRun: true },
)

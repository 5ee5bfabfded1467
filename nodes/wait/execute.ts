import type { z } from 'zod'
import { ErrorCode, FlowError } from '../errors.ts'
import { defineExecutor } from '../execution.ts'
import type { ExecutionContext } from '../execution.ts'
import { wait, waitUnits } from './definition.ts'

type Params = z.output<typeof wait.params>

/** Ten years. */
const LONGEST_MS = 3_652 * 86_400_000

export const waitExecutor = defineExecutor(
  wait,
  async (params, context) => {
    const until = context.once(() => readEnd(params, context))
    context.recordInput({ until: new Date(until).toISOString() })
    await context.waitUntil(until)
    return { port: 'next' }
  },
  { inDryRun: true },
)

/** @returns milliseconds since 1970 */
function readEnd(params: Params, context: ExecutionContext): number {
  const now = context.now().getTime()
  const end = params.mode === 'for' ? now + readDuration(params, context) : readMoment(params, context)
  if (end - now <= LONGEST_MS) return end
  throw refusal('A step waits ten years at most')
}

function readDuration({ amount, unit }: Params, context: ExecutionContext): number {
  const count = amount ? context.evaluate(amount) : null
  if (typeof count !== 'number' || !(count >= 0)) {
    throw refusal(`${JSON.stringify(count)} is not a time to wait: a number from 0 on is needed`)
  }
  return Math.round(count * waitUnits[unit])
}

function readMoment({ until }: Params, context: ExecutionContext): number {
  const text = until ? context.evaluate(until) : null
  const moment = typeof text === 'string' ? Date.parse(text) : NaN
  if (Number.isNaN(moment)) {
    throw refusal(`${JSON.stringify(text)} is not a moment to wait for: a date-time is needed`)
  }
  return moment
}

function refusal(message: string): FlowError {
  return new FlowError(ErrorCode.WaitInvalid, message, {
    hint: 'Look at what the value of the step gives.',
    params: { text: message },
  })
}

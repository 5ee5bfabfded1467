import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { checkCode } from '../../nodes/check-code/definition.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import { defineExecutor } from '../../nodes/execution.ts'
import type { ExecutionContext, NodeExecutor } from '../../nodes/execution.ts'
import { sendCode } from '../../nodes/send-code/definition.ts'
import type { sentCode } from '../../nodes/send-code/definition.ts'
import type { PlannedMessage } from '../../nodes/messages.ts'
import type { Value } from '../../nodes/values/value.ts'
import type { AskedForCode, VerificationCodes } from './verification-codes.ts'

export interface CodeNodeDependencies {
  codes: () => VerificationCodes
  /** The text of a code. @throws FlowError where its login method or service is gone */
  message: (challenge: string) => PlannedMessage
}

/** What the nodes of Service > Verification Code do. The rules are those of signing in: see `code-rules.ts`. */
export function codeNodeExecutors({ codes, message }: CodeNodeDependencies): NodeExecutor[] {
  return [
    defineExecutor(sendCode, async ({ method, phone, purpose }, context) => {
      // the same after a restart, so that the code is made and counted once
      const challenge = createHash('sha256').update(placeOf(context)).digest('base64url').slice(0, 32)
      const asked = codes().find(challenge) ?? ask()
      if (!('challenge' in asked)) return { port: 'refused', result: { challenge: '', ...asked } }
      const sending = context.resumeMessages?.() ?? context.sendMessages([message(challenge)])
      const [report] = await sending
      const isSent = report?.state === 'accepted' || report?.state === 'unknown'
      return {
        port: isSent ? 'sent' : 'failed',
        result: { ...asked },
        ...(!isSent && { unconnected: { error: notSent(report?.error?.message) } }),
      }

      function ask():
        AskedForCode | Pick<z.infer<typeof sentCode>, 'reason' | 'expiresInSeconds' | 'resendInSeconds'> {
        try {
          return codes().ask({
            ...{ method, challenge, purpose: purposeOf(purpose), phone: textOf(phone, context) },
            ...{ address: null, isWelcome: true },
          })
        } catch (error) {
          if (!(error instanceof FlowError)) throw error
          const reason = refusals[error.code]
          if (reason === undefined) throw error
          const resendInSeconds = Number(error.params['seconds'] ?? 0)
          return { reason, expiresInSeconds: 0, resendInSeconds }
        }
      }
    }),
    defineExecutor(checkCode, async ({ challenge, code, purpose }, context) => {
      const given = textOf(challenge, context)
      context.recordInput({ challenge: given })
      const typed = textOf(code, context).normalize('NFKC').replace(/[\s-]/g, '')
      try {
        codes().check(given, typed, purposeOf(purpose), placeOf(context))
        return { port: 'right', result: { right: true } }
      } catch (error) {
        if (!(error instanceof FlowError && error.code === ErrorCode.CodeWrong)) throw error
        return { port: 'wrong', result: { right: false } }
      }
    }),
  ] as NodeExecutor[]
}

const refusals: Partial<Record<ErrorCode, 'number' | 'too-many'>> = {
  [ErrorCode.BodyInvalid]: 'number',
  [ErrorCode.TooManyTries]: 'too-many',
}

/** This step of this run, whatever process executes it. */
function placeOf({ runId, stepPath }: ExecutionContext): string {
  return `${runId} ${stepPath}`
}

/** A function's codes open nothing that signing in asks for. */
function purposeOf(purpose: string): string {
  return `function ${purpose}`
}

function textOf(value: Value, context: ExecutionContext): string {
  const given = context.evaluate(value)
  return given === null || typeof given === 'object' ? '' : String(given)
}

function notSent(reason: string | undefined): FlowError {
  return new FlowError(ErrorCode.SmsRejected, reason ?? 'The code was not texted', {
    hint: 'Open the run to see what became of its text.',
  })
}

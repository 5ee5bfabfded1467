import { refuseTooMany } from '../directory/refuse-too-many.ts'
import { ErrorCode, FlowError, SmsError } from '../errors.ts'
import { defineExecutor } from '../execution.ts'
import type { ExecutionContext, SendOptions } from '../execution.ts'
import type { MessageCounts, MessageReport } from '../messages.ts'
import { withoutFailOver } from '../services/sms/fail-over.ts'
import { smsNotification } from './definition.ts'
import type { SmsNotificationParams } from './definition.ts'
import { chosenService, planMessages, prepareTexts, selectPeople } from './prepare.ts'
import { portFor, wantedBy } from './success.ts'
import type { Success } from './success.ts'
import { refuseTextless } from './template-texts.ts'

export const smsNotificationExecutor = defineExecutor(
  smsNotification,
  async (params, context) => {
    const options: SendOptions = { onUnknown: params.onUnknown === 'resend' ? 'resend' : 'hold' }
    const messages = await (context.resumeMessages?.(options) ?? planAndSend(params, context, options))
    const counts = countMessages(messages)
    const { success, onUnknown } = params
    const port = portFor(counts, success)
    // What nobody knows has a port of its own where the step's author wants one.
    const ownPort = onUnknown === 'uncertain' && port === 'partly' && counts.unknown > 0
    return {
      port: ownPort ? 'uncertain' : port,
      result: { counts, messages },
      ...(port === 'partly' && {
        unconnected: success.kind === 'best-effort' ? { port: 'sent' } : { error: uncertain(messages) },
      }),
      ...(port === 'failed' && { unconnected: { error: failureOf(messages, counts, success) } }),
    }
  },
  { inDryRun: true },
)

async function planAndSend(
  params: SmsNotificationParams,
  context: ExecutionContext,
  options: SendOptions,
): Promise<MessageReport[]> {
  const service = chosenService(params, context)
  const texts = prepareTexts(params, service, context)
  context.recordInput({
    service: service.name,
    provider: service.provider,
    ...(texts.template !== undefined && { template: texts.template }),
    ...withoutFailOver(texts.common),
  })
  const people = await selectPeople(params, context)
  refuseTooMany(people, params.maxRecipients)
  const plan = planMessages(people, texts, service, context, params)
  refuseTextless(plan)
  return context.sendMessages(plan, options)
}

/** The run's error where nobody was texted and nothing is connected to `failed`: the first refusal speaks for all. */
function failureOf(messages: readonly MessageReport[], counts: MessageCounts, success: Success): FlowError {
  if (counts.accepted > 0) return tooFew(counts.accepted, wantedBy(success, counts)!)
  const refused = messages.find((message) => message.error)?.error
  if (!refused) {
    return new FlowError(
      ErrorCode.NoRecipients,
      messages.length === 0
        ? 'The recipients of this step name nobody'
        : `None of the ${messages.length} selected people can be texted`,
      {
        hint: 'Open the run to see why each of them was skipped, then change the recipients or the directory.',
        params: { count: messages.length },
      },
    )
  }
  return new SmsError(refused.code as ErrorCode, refused.message, {
    hint: refused.hint,
    provider: refused.provider,
    providerCode: refused.providerCode,
    params: refused.params,
  })
}

function tooFew(accepted: number, wanted: number): FlowError {
  return new FlowError(ErrorCode.TooFewTexted, `${accepted} people were texted; this step wants ${wanted}`, {
    hint: 'Open the run to see what became of each of the others.',
    params: { accepted, wanted },
  })
}

/** A wanted number that may have been reached or not is not reached for a run that has no way for "partly". */
function uncertain(messages: readonly MessageReport[]): FlowError {
  const unknown = messages.find(({ state }) => state === 'unknown')?.error
  return new SmsError(
    ErrorCode.SmsOutcomeUnknown,
    unknown?.message ?? 'Nobody can tell whether some of the messages were taken',
    { hint: unknown?.hint, provider: unknown?.provider, providerCode: unknown?.providerCode },
  )
}

export function countMessages(messages: readonly MessageReport[]): MessageCounts {
  const counts: MessageCounts = {
    planned: messages.length,
    accepted: 0,
    rejected: 0,
    unknown: 0,
    suppressed: 0,
    cancelled: 0,
    expired: 0,
  }
  for (const { state } of messages) {
    if (state !== 'planned' && state !== 'dispatching' && state !== 'retry-wait') counts[state]++
  }
  return counts
}

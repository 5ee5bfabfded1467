import { resolveRecipients } from '../directory/resolve-recipients.ts'
import { ErrorCode, FlowError, SmsError } from '../errors.ts'
import { defineExecutor } from '../execution.ts'
import type { ExecutionContext } from '../execution.ts'
import type { MessageCounts, MessageReport } from '../messages.ts'
import { smsProviders } from '../services/sms/settings.ts'
import { cleanVariable, placeholdersOf, renderTemplate } from '../services/sms/template.ts'
import type { Value } from '../values/value.ts'
import { MAX_RECIPIENTS, smsNotification } from './definition.ts'

export const smsNotificationExecutor = defineExecutor(smsNotification, async (params, context) => {
  const service = context.smsService(params.service)
  if (!service) {
    throw new FlowError(ErrorCode.ServiceMissing, 'The SMS service of this step does not exist any more', {
      hint: 'Open the node and choose an SMS service.',
    })
  }
  const variables = evaluateVariables(params.variables, context)
  const body: { text: string } | { templateCode: string; templateVariables: Record<string, string> } =
    smsProviders[service.provider].template === 'code'
      ? { templateCode: params.templateCode ?? '', templateVariables: variables }
      : { text: render(params.templateText ?? '', variables) }

  context.recordInput({ service: service.name, provider: service.provider, ...body })
  const people = await resolveRecipients(params.recipients, context.directory)
  if (people.length > MAX_RECIPIENTS) {
    throw new FlowError(
      ErrorCode.TooManyRecipients,
      `${people.length} people are selected; one step texts at most ${MAX_RECIPIENTS}`,
      {
        hint: 'Select fewer people or split the step.',
        params: { count: people.length, limit: MAX_RECIPIENTS },
      },
    )
  }
  const messages = await context.sendMessages(
    people.map((person) => ({ ...person, ...body, serviceId: service.id })),
  )
  const counts = countMessages(messages)
  const port = portFor(counts)
  return {
    port,
    result: { counts, messages },
    ...(port === 'partly' && { unconnected: { port: 'sent' } }),
    ...(port === 'failed' && { unconnected: { error: failureOf(messages) } }),
  }
})

/** The run's error where nobody was texted and nothing is connected to `failed`: the first refusal speaks for all. */
function failureOf(messages: readonly MessageReport[]): FlowError {
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
  })
}

/**
 * `sent`: everybody who could be texted was. `failed`: certainly nobody was. `partly`: anything between,
 * and whenever a message may or may not have been taken.
 */
export function portFor(counts: MessageCounts): 'sent' | 'partly' | 'failed' {
  if (counts.unknown > 0) return 'partly'
  if (counts.accepted === 0) return 'failed'
  return counts.rejected + counts.cancelled + counts.expired > 0 ? 'partly' : 'sent'
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

function evaluateVariables(
  variables: Record<string, Value>,
  context: ExecutionContext,
): Record<string, string> {
  const texts: Record<string, string> = {}
  for (const [name, value] of Object.entries(variables)) {
    const result = context.evaluate(value)
    if (result === null || typeof result === 'object') {
      throw new FlowError(
        ErrorCode.TemplateVariableMissing,
        result === null
          ? `The template variable "${name}" has no value`
          : `The template variable "${name}" is not a text`,
        { hint: 'Open the node and set the variable to a text or a number.', params: { name } },
      )
    }
    texts[name] = cleanVariable(String(result))
  }
  return texts
}

function render(text: string, variables: Record<string, string>): string {
  const missing = placeholdersOf(text).find((name) => !Object.hasOwn(variables, name))
  if (missing !== undefined) {
    throw new FlowError(
      ErrorCode.TemplateVariableMissing,
      `The template variable "${missing}" has no value`,
      { hint: 'Open the node and set the variable.', params: { name: missing } },
    )
  }
  return renderTemplate(text, variables)
}

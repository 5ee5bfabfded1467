import { resolveRecipients } from '../directory/resolve-recipients.ts'
import type { RecipientSources } from '../directory/resolve-recipients.ts'
import type { ResolvedRecipient } from '../directory/schema.ts'
import { ErrorCode, FlowError } from '../errors.ts'
import type { ExecutionContext } from '../execution.ts'
import type { MessageBody, MessageForm, PlannedMessage } from '../messages.ts'
import { withFailOver } from '../services/sms/fail-over.ts'
import { smsProviders } from '../services/sms/settings.ts'
import type { SmsServiceSummary } from '../services/sms/settings.ts'
import { cleanVariable, placeholdersOf, renderTemplate } from '../services/sms/template.ts'
import type { Value } from '../values/value.ts'
import type { SmsNotificationParams } from './definition.ts'
import { templateCodesOf } from './template-codes.ts'
import { templateTexts } from './template-texts.ts'

/**
 * What an SMS step would do, without doing it: who gets which text, and who is skipped and why. The step itself, the
 * X-ray and the dry run all take these four steps, so that what is shown before is what happens then.
 */
export type PrepareContext = RecipientSources &
  Pick<
    ExecutionContext,
    'smsService' | 'failOverServices' | 'messageTemplate' | 'providerText' | 'suppression'
  >

/** What one person reads, or why there is no text. */
export type PreparedText = MessageBody & Pick<PlannedMessage, 'skipped' | 'error' | 'urgent'>

/** What the people of a step read. */
export interface PreparedTexts {
  /** For the history of the run: what stands there for everybody, of a message template in its default language. */
  common: MessageBody
  /** Name of the message template, where one is sent. */
  template?: string | undefined
  /** People who read the same get the same object: whoever counts or renders for many does it once for each object. */
  bodyFor(person: Partial<ResolvedRecipient>): PreparedText
}

/** @throws FlowError `SERVICE_MISSING` */
export function chosenService(params: SmsNotificationParams, context: PrepareContext): SmsServiceSummary {
  const service = context.smsService(params.service)
  if (service) return service
  throw new FlowError(ErrorCode.ServiceMissing, 'The SMS service of this step does not exist any more', {
    hint: 'Open the node and choose an SMS service.',
  })
}

/** @throws FlowError `TEMPLATE_VARIABLE_MISSING`, `TEMPLATE_UNUSABLE`, FormulaError */
export function prepareTexts(
  params: SmsNotificationParams,
  service: SmsServiceSummary,
  context: PrepareContext,
): PreparedTexts {
  if (params.template !== undefined) {
    return templateTexts(params.template, params.variables, service, context)
  }
  const variables = evaluateVariables(params.variables, context)
  const others = context.failOverServices?.(service.id) ?? []
  const form = formOf(service, params, variables, context, params.templateCode)
  const common =
    others.length === 0
      ? form
      : withFailOver(form, failOverForms(params, variables, service, others, context))
  return { common, bodyFor: () => common }
}

/** What the services that take over send; whoever has no code or text is left out. */
function failOverForms(
  params: SmsNotificationParams,
  variables: Record<string, string>,
  service: SmsServiceSummary,
  others: readonly SmsServiceSummary[],
  context: PrepareContext,
): [string, MessageForm][] {
  const codes = templateCodesOf(params, [service, ...others])
  return others.flatMap((other): [string, MessageForm][] => {
    const code = codes.find((each) => each.service === other)?.code
    const isThere = (code ?? params.templateText ?? '') !== ''
    return isThere ? [[other.id, formOf(other, params, variables, context, code)]] : []
  })
}

function formOf(
  { id, provider }: SmsServiceSummary,
  { templateText = '' }: SmsNotificationParams,
  variables: Record<string, string>,
  context: PrepareContext,
  templateCode = '',
): MessageForm {
  switch (smsProviders[provider].template) {
    case 'code': {
      const text = context.providerText?.(id, templateCode)
      const shown = text === undefined ? {} : { shown: renderTemplate(text, variables) }
      return { templateCode, templateVariables: variables, ...shown }
    }
    case 'text':
      return { text: render(templateText, variables) }
  }
}

/** Everybody who is selected, each once, those who cannot be texted with the reason. */
export function selectPeople(
  params: SmsNotificationParams,
  context: PrepareContext,
): Promise<ResolvedRecipient[]> {
  return resolveRecipients(params.recipients, context, { personalText: params.personalText })
}

/** One message per person. Whoever the service holds back at this moment is planned as skipped, with the reason. */
export function planMessages(
  people: readonly ResolvedRecipient[],
  texts: PreparedTexts,
  service: SmsServiceSummary,
  context: PrepareContext,
  { urgent = false }: Partial<Pick<SmsNotificationParams, 'urgent'>> = {},
): PlannedMessage[] {
  const serviceId = service.id
  const messages = people.map((person): PlannedMessage => ({
    ...(person.skipped ? texts.common : texts.bodyFor(person)),
    ...person,
    serviceId,
    timeZone: person.ownTimeZone,
    ...(urgent && { urgent }),
  }))
  const suppression = context.suppression?.(serviceId)
  if (suppression) {
    for (const message of messages) message.skipped ??= suppression(message)
  }
  return messages
}

function evaluateVariables(
  variables: Record<string, Value>,
  context: PrepareContext,
): Record<string, string> {
  const texts: Record<string, string> = {}
  for (const [name, value] of Object.entries(variables)) texts[name] = variableText(name, value, context)
  return texts
}

/**
 * What stands in a text in place of `${name}`.
 * @throws FlowError `TEMPLATE_VARIABLE_MISSING`, FormulaError
 */
export function variableText(name: string, value: Value, context: Pick<PrepareContext, 'evaluate'>): string {
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
  return cleanVariable(String(result))
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

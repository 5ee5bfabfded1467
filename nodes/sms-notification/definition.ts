import { z } from 'zod'
import { defineNode } from '../define.ts'
import { recipientProblems } from '../directory/check-recipients.ts'
import { maxRecipientsParam, recipientsParam } from '../directory/recipient-params.ts'
import type { CheckContext, Problem } from '../graph/problems.ts'
import { isWritable } from '../graph/schema.ts'
import type { GraphInput } from '../graph/schema.ts'
import { problemsForService } from '../message-templates/check-template.ts'
import { templateUseProblems } from '../message-templates/check-use.ts'
import { messageCounts, messageReport } from '../messages.ts'
import { failOverChain } from '../services/sms/fail-over.ts'
import { placeholdersOf } from '../services/sms/template.ts'
import { smsProviders } from '../services/sms/settings.ts'
import type { SmsServiceSummary } from '../services/sms/settings.ts'
import { wanted } from '../values/types/wanted.ts'
import { value } from '../values/value.ts'
import { success } from './success.ts'
import { templateCodesOf } from './template-codes.ts'

/** Most people one step texts, whatever its author says. */
const MOST_RECIPIENTS = 100_000

const params = z.strictObject({
  recipients: recipientsParam,
  /** Id of an SMS service element. */
  service: z.string().min(1).max(100).meta({ control: 'sms-service' }),
  /** Id of a message template element; in its place, code or text may stand here directly. */
  template: z.string().min(1).max(100).optional().meta({ control: 'message-template' }),
  /** Alibaba only: the code of an approved template. */
  templateCode: z.string().trim().max(100).optional().meta({ control: 'template-code' }),
  /** The codes of Alibaba services that take over, by id of the service: a code belongs to one account. */
  failOverCodes: z
    .record(z.string(), z.string().trim().max(100))
    .optional()
    .meta({ control: 'fail-over-codes' }),
  /** SNS and Twilio: the text, with `${name}` for each variable. */
  templateText: z.string().max(1_600).optional().meta({ control: 'template-text' }),
  variables: z.record(z.string(), value).default({}).meta({ control: 'template-variables' }),
  /** What follows where nobody knows whether a text was taken. */
  onUnknown: z.enum(['hold', 'uncertain', 'resend']).default('hold').meta({ control: 'select' }),
  /** A step that finds more people than this texts nobody. */
  maxRecipients: maxRecipientsParam(MOST_RECIPIENTS),
  /** People who share a number get a text each. */
  personalText: z.boolean().default(false).meta({ control: 'switch' }),
  /** Leaves in the quiet hours of a service too. */
  urgent: z.boolean().default(false).meta({ control: 'switch' }),
  success: success.default({ kind: 'best-effort' }).meta({ control: 'success' }),
})
export type SmsNotificationParams = z.output<typeof params>

/** Service > Message Service > SMS Notification: texts people, departments and roles through an SMS service. */
export const smsNotification = defineNode({
  type: 'sms-notification',
  version: 1,
  menu: ['service', 'message-service'],
  icon: 'message-square-text',
  input: 'in',
  outputs: ({ onUnknown }) =>
    onUnknown === 'uncertain' ? ['sent', 'partly', 'uncertain', 'failed'] : ['sent', 'partly', 'failed'],
  params,
  defaults: () => ({ recipients: [], service: '', variables: {} }),
  result: z.object({ counts: messageCounts, messages: z.array(messageReport) }),
  // a message template says itself what each of its placeholders takes
  wants: (path, { template }) =>
    path.startsWith('variables/') && template === undefined ? wanted.writable : undefined,
  check: (values, context) => [
    ...recipientProblems(values.recipients, context),
    ...smsServiceProblems(values, context),
  ],
})

/** What keeps a step from sending: its service, its code or text, and the values of that. */
export function smsServiceProblems(values: SmsNotificationParams, context: CheckContext): Problem[] {
  const { services } = context
  if (!services) return []
  const service = services.find((each) => each.id === values.service)
  if (!service) return [{ severity: 'error', key: 'serviceMissing', field: 'service' }]
  if (values.template !== undefined) return messageTemplateProblems(values, service, context)
  const others = [
    ...variableProblems(values.variables, context.graph.inputs),
    ...failOverProblems(values, failOverChain(service, services)),
  ]
  switch (smsProviders[service.provider].template) {
    case 'code':
      if (values.templateCode) return others
      return [{ severity: 'error', key: 'templateCodeMissing', field: 'templateCode' }, ...others]
    case 'text':
      return [...templateProblems(values.templateText ?? '', values.variables), ...others]
  }
}

/** A service that takes over needs a code of its own account, or a text, and the step has none for it. */
function failOverProblems(values: SmsNotificationParams, chain: readonly SmsServiceSummary[]): Problem[] {
  const codes = templateCodesOf(values, chain)
  return chain.slice(1).flatMap((other): Problem[] => {
    const code = codes.find(({ service }) => service === other)
    const params = { name: other.name }
    if (code) {
      if (code.code !== '') return []
      return [{ severity: 'warning', key: 'failOverCodeMissing', params, field: code.field }]
    }
    if (values.templateText?.trim()) return []
    return [{ severity: 'warning', key: 'failOverTextMissing', params, field: 'templateText' }]
  })
}

function messageTemplateProblems(
  { template: id, variables }: SmsNotificationParams,
  service: SmsServiceSummary,
  { templates, services = [], graph }: CheckContext,
): Problem[] {
  if (!templates) return []
  const template = templates.find((each) => each.id === id)
  if (!template) return [{ severity: 'error', key: 'messageTemplateMissing', field: 'template' }]
  const hindered = failOverChain(service, services)
    .slice(1)
    .filter((other) => problemsForService(template, other).some(({ severity }) => severity === 'error'))
  return [
    ...templateUseProblems(template, service, variables, graph.inputs),
    ...hindered.map(({ name }): Problem => ({
      severity: 'warning',
      key: 'failOverTemplateUnusable',
      params: { name },
      field: 'template',
    })),
  ]
}

/** An input that is no text, number or the like cannot stand in a text as a whole. */
function variableProblems(
  variables: SmsNotificationParams['variables'],
  inputs: readonly GraphInput[],
): Problem[] {
  return Object.entries(variables).flatMap(([name, each]): Problem[] => {
    const input = each.kind === 'variable' && inputs.find((known) => known.name === each.path)
    if (!input || isWritable(input.type)) return []
    return [{ severity: 'error', key: 'templateVariableType', params: { name }, field: `variables/${name}` }]
  })
}

function templateProblems(text: string, variables: SmsNotificationParams['variables']): Problem[] {
  if (text.trim() === '') return [{ severity: 'error', key: 'templateTextMissing', field: 'templateText' }]
  return placeholdersOf(text)
    .filter((name) => !Object.hasOwn(variables, name))
    .map((name) => ({
      severity: 'error',
      key: 'templateVariableMissing',
      params: { name },
      field: `variables/${name}`,
    }))
}

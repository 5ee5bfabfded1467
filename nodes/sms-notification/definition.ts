import { z } from 'zod'
import { defineNode } from '../define.ts'
import { recipient } from '../directory/schema.ts'
import type { Problem } from '../graph/problems.ts'
import { messageCounts, messageReport } from '../messages.ts'
import { placeholdersOf } from '../services/sms/template.ts'
import { smsProviders } from '../services/sms/settings.ts'
import { value } from '../values/value.ts'

/** Most people one step may text. */
export const MAX_RECIPIENTS = 1_000

/** Service > Message Service > SMS Notification: texts people, departments and roles through an SMS service. */
export const smsNotification = defineNode({
  type: 'sms-notification',
  version: 1,
  menu: ['service', 'message-service'],
  icon: 'message-square-text',
  input: 'in',
  outputs: ['sent', 'partly', 'failed'],
  params: z.strictObject({
    recipients: z.array(recipient).min(1).max(1_000).meta({ control: 'recipients' }),
    /** Id of an SMS service element. */
    service: z.string().min(1).max(100).meta({ control: 'sms-service' }),
    /** Alibaba only: the code of an approved template. */
    templateCode: z.string().trim().max(100).optional().meta({ control: 'template-code' }),
    /** SNS and Twilio: the text, with `${name}` for each variable. */
    templateText: z.string().max(1_600).optional().meta({ control: 'template-text' }),
    variables: z.record(z.string(), value).default({}).meta({ control: 'template-variables' }),
  }),
  defaults: () => ({ recipients: [], service: '', variables: {} }),
  result: z.object({ counts: messageCounts, messages: z.array(messageReport) }),
  check(params, { services }) {
    const problems: Problem[] = []
    const service = services?.find((each) => each.id === params.service)
    if (services && !service) problems.push({ severity: 'error', key: 'serviceMissing', field: 'service' })
    if (!service) return problems
    if (smsProviders[service.provider].template === 'code') {
      if (!params.templateCode)
        problems.push({ severity: 'error', key: 'templateCodeMissing', field: 'templateCode' })
      return problems
    }
    if (!params.templateText?.trim()) {
      problems.push({ severity: 'error', key: 'templateTextMissing', field: 'templateText' })
      return problems
    }
    for (const name of placeholdersOf(params.templateText)) {
      if (!Object.hasOwn(params.variables, name)) {
        problems.push({
          severity: 'error',
          key: 'templateVariableMissing',
          params: { name },
          field: `variables/${name}`,
        })
      }
    }
    return problems
  },
})

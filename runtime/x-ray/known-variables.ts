import { smsProviders } from '../../nodes/services/sms/settings.ts'
import type { SmsServiceSummary } from '../../nodes/services/sms/settings.ts'
import { placeholdersOf } from '../../nodes/services/sms/template.ts'
import type { SmsNotificationParams } from '../../nodes/sms-notification/definition.ts'
import { variableText } from '../../nodes/sms-notification/prepare.ts'
import type { PrepareContext } from '../../nodes/sms-notification/prepare.ts'
import { samplesOf } from '../../nodes/message-templates/check-template.ts'
import type { MessageTemplate } from '../../nodes/message-templates/schema.ts'
import type { Value } from '../../nodes/values/value.ts'
import type { Problems } from './problems.ts'
import type { SampleValues } from './sample-values.ts'

const nothing: Value = { kind: 'fixed', value: null }

/** The variables of a step as they can be known before a run; one that cannot stands in the text as `‹name›`. */
export function knownVariables(
  params: SmsNotificationParams,
  service: SmsServiceSummary | undefined,
  context: PrepareContext,
  samples: SampleValues,
  problems: Problems,
): Record<string, Value> {
  const template = params.template === undefined ? undefined : context.messageTemplate(params.template)
  if (template) return knownValues(template, params, context, samples, problems)
  const isText = service && smsProviders[service.provider].template === 'text'
  const names = isText ? placeholdersOf(params.templateText ?? '') : Object.keys(params.variables)
  return Object.fromEntries(
    names.map((name): [string, Value] => {
      const value = Object.hasOwn(params.variables, name) ? params.variables[name]! : nothing
      const text = problems.noted(() =>
        samples.knows(value) ? variableText(name, value, context) : undefined,
      )
      return [name, { kind: 'fixed', value: text ?? `‹${name}›` }]
    }),
  )
}

/** Of a message template; a value that cannot be known yet is the template's sample where `‹name›` would not do. */
function knownValues(
  template: MessageTemplate,
  { variables }: SmsNotificationParams,
  context: PrepareContext,
  samples: SampleValues,
  problems: Problems,
): Record<string, Value> {
  const standIns = samplesOf(template)
  return Object.fromEntries(
    template.placeholders
      .filter(({ name }) => Object.hasOwn(variables, name))
      .map(({ name, type, maxLength = Infinity }): [string, Value] => {
        const value = variables[name]!
        const known = problems.noted(() => (samples.knows(value) ? context.evaluate(value) : undefined))
        const unknown = type === 'text' && name.length + 2 <= maxLength ? `‹${name}›` : standIns[name]!
        return [name, { kind: 'fixed', value: known === undefined ? unknown : known }]
      }),
  )
}

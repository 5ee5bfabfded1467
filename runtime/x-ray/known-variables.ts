import { smsProviders } from '../../nodes/services/sms/settings.ts'
import type { SmsServiceSummary } from '../../nodes/services/sms/settings.ts'
import { placeholdersOf } from '../../nodes/services/sms/template.ts'
import type { SmsNotificationParams } from '../../nodes/sms-notification/definition.ts'
import { variableText } from '../../nodes/sms-notification/prepare.ts'
import type { PrepareContext } from '../../nodes/sms-notification/prepare.ts'
import { samplesOf } from '../../nodes/message-templates/check-template.ts'
import type { MessageTemplate } from '../../nodes/message-templates/schema.ts'
import type { Json } from '../../nodes/json.ts'
import type { Value } from '../../nodes/values/value.ts'
import type { Problems } from './problems.ts'
import type { SampleValues } from './sample-values.ts'

const nothing: Value = { kind: 'fixed', value: null }

/** What stands in a text for a value that cannot be known yet. */
export const unknownMark = (name: string) => `‹${name}›`

interface KnownVariables {
  variables: Record<string, Value>
  /** What stands in the texts for values that are not known. */
  unknown: string[]
  /** Samples of the template stand for values that are not known. */
  hasStandIns: boolean
}

/** The variables of a step as they can be known before a run, and what stands in the texts for the others. */
export function knownVariables(
  params: SmsNotificationParams,
  service: SmsServiceSummary | undefined,
  context: PrepareContext,
  samples: SampleValues,
  problems: Problems,
): KnownVariables {
  const template = params.template === undefined ? undefined : context.messageTemplate(params.template)
  if (template) return knownValues(template, params, context, samples, problems)
  const isText = service && smsProviders[service.provider].template === 'text'
  const names = isText ? placeholdersOf(params.templateText ?? '') : Object.keys(params.variables)
  const unknown: string[] = []
  const variables = Object.fromEntries(
    names.map((name): [string, Value] => {
      const value = Object.hasOwn(params.variables, name) ? params.variables[name]! : nothing
      const text = problems.noted(() =>
        samples.knows(value) ? variableText(name, value, context) : undefined,
      )
      if (text === undefined) unknown.push(unknownMark(name))
      return [name, { kind: 'fixed', value: text ?? unknownMark(name) }]
    }),
  )
  return { variables, unknown, hasStandIns: false }
}

/** @returns what a value is before a run; `undefined` where something that it is made of has no sample, or it fails */
export function knownValue(
  value: Value,
  context: Pick<PrepareContext, 'evaluate'>,
  samples: SampleValues,
  problems: Problems,
): Json | undefined {
  return problems.noted(() => (samples.knows(value) ? context.evaluate(value) : undefined))
}

/** Of a message template; a value that cannot be known yet is the template's sample where `‹name›` would not do. */
function knownValues(
  template: MessageTemplate,
  { variables }: SmsNotificationParams,
  context: PrepareContext,
  samples: SampleValues,
  problems: Problems,
): KnownVariables {
  const standIns = samplesOf(template)
  const unknown: string[] = []
  let hasStandIns = false
  const values = Object.fromEntries(
    template.placeholders
      .filter(({ name }) => Object.hasOwn(variables, name))
      .map(({ name, type, maxLength = Infinity }): [string, Value] => {
        const value = variables[name]!
        const known = knownValue(value, context, samples, problems)
        if (known !== undefined) return [name, { kind: 'fixed', value: known }]
        const mark = unknownMark(name)
        if (type === 'text' && mark.length <= maxLength) {
          unknown.push(mark)
          return [name, { kind: 'fixed', value: mark }]
        }
        hasStandIns = true
        return [name, { kind: 'fixed', value: standIns[name]! }]
      }),
  )
  return { variables: values, unknown, hasStandIns }
}

import { smsProviders } from '../../nodes/services/sms/settings.ts'
import type { SmsServiceSummary } from '../../nodes/services/sms/settings.ts'
import { placeholdersOf } from '../../nodes/services/sms/template.ts'
import type { SmsNotificationParams } from '../../nodes/sms-notification/definition.ts'
import { variableText } from '../../nodes/sms-notification/prepare.ts'
import type { PrepareContext } from '../../nodes/sms-notification/prepare.ts'
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

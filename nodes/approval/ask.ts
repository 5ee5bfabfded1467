import type { ResolvedRecipient } from '../directory/schema.ts'
import type { Value } from '../values/value.ts'
import type { ApprovalParams } from './definition.ts'
import type { SmsSwitch } from './sms-switch.ts'

/** How a step is decided: what stands in its node, without what depends on the moment. */
export type ApprovalRules = Pick<
  ApprovalParams,
  | 'sign'
  | 'canReject'
  | 'canReturn'
  | 'canTransfer'
  | 'canAdd'
  | 'comment'
  | 'nobody'
  | 'repeated'
  | 'late'
  | 'lateMinutes'
  | 'smsAfterMinutes'
  | 'smsDecides'
>

/** A step that asks people to decide. */
export interface AskForDecision {
  rules: ApprovalRules
  /** In their order; those who are skipped are not asked. */
  people: readonly ResolvedRecipient[]
  /** Who decides where time is up and the rules say *transfer*. */
  latePeople: readonly ResolvedRecipient[]
  /** With values that were worked out; null: nobody is texted. */
  sms: SmsSwitch | null
}

/** A step that shows the request to people. */
export interface CopyTo {
  people: readonly ResolvedRecipient[]
  sms: SmsSwitch | null
}

/** The switch with what its values give at this moment; null where it is off. */
export function settledSms(
  settings: SmsSwitch,
  evaluate: (value: Value) => Extract<Value, { kind: 'fixed' }>['value'],
): SmsSwitch | null {
  if (!settings.sms) return null
  const { sms, service, template, templateCode, failOverCodes, templateText } = settings
  const variables = Object.fromEntries(
    Object.entries(settings.variables).map(([name, value]) => [
      name,
      { kind: 'fixed' as const, value: evaluate(value) },
    ]),
  )
  return { sms, service, template, templateCode, failOverCodes, templateText, variables }
}

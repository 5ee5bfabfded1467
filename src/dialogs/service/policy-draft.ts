import { smsPolicy, type SmsPolicy } from '../../../nodes/services/sms/policy.ts'
import { formFields, type FormField } from '../../forms/form-fields.ts'

/** A send policy as it stands in its form: numbers as typed text, lists with one entry per line or chip. */
export type TypedPolicy = Readonly<Record<string, string | boolean | readonly string[]>>

/** The fields of a policy below their headings: `services.policy.groups.<name>` in the locale files. */
export const policyGroups = {
  testing: ['testMode', 'testNumbers'],
  countries: ['countries'],
  pace: ['ratePerSecond', 'burst'],
  caps: ['dailyMessages', 'dailySegments'],
  quiet: ['quietFrom', 'quietUntil', 'quietAction'],
  retries: ['timeToLiveMinutes', 'maxAttempts', 'firstDelaySeconds', 'maxDelaySeconds'],
  others: ['timeZone', 'fallback'],
} as const satisfies Record<string, readonly (keyof SmsPolicy)[]>
export type PolicyGroup = keyof typeof policyGroups

const fields = new Map(formFields(smsPolicy).map((field) => [field.name, field]))

export function policyFields(group: PolicyGroup): FormField[] {
  return policyGroups[group].map((name) => fields.get(name)!)
}

export function typedPolicy(policy: SmsPolicy): TypedPolicy {
  const known: Readonly<Record<string, unknown>> = policy
  const typed = [...fields.keys()].map((name) => {
    const value = known[name]
    if (typeof value === 'boolean' || Array.isArray(value)) return [name, value] as const
    return [name, value === undefined ? '' : String(value)] as const
  })
  return Object.fromEntries(typed) as TypedPolicy
}

/** What is sent to the server: empty fields left out, so that what they hold back ends. */
export function policyOf(typed: TypedPolicy): Record<string, unknown> {
  const policy: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(typed)) {
    if (typeof value !== 'string') policy[name] = value
    else if (value.trim() !== '') policy[name] = isNumber(name) ? Number(value) : value.trim()
  }
  return policy
}

function isNumber(name: string): boolean {
  return fields.get(name)?.control === 'number'
}

/** True where something of the group is switched on, or set otherwise than a new service has it. */
export function isInUse(group: PolicyGroup, typed: TypedPolicy): boolean {
  const initial = typedPolicy(smsPolicy.parse({}))
  return policyGroups[group].some((name) => JSON.stringify(typed[name]) !== JSON.stringify(initial[name]))
}

import type { CheckContext, Problem } from '../graph/problems.ts'
import { placeholdersOf } from '../services/sms/template.ts'
import { smsProviders } from '../services/sms/settings.ts'
import { smsServiceProblems } from '../sms-notification/definition.ts'
import type { SmsNotificationParams } from '../sms-notification/definition.ts'
import type { Value } from '../values/value.ts'
import type { SmsSwitch } from './sms-switch.ts'

/** Placeholders that a text of an approval has to have: what it is about, and the name of the one who reads it. */
export const neededPlaceholders = ['processTitle', 'userNick'] as const
/**
 * Placeholders of such texts that are filled by themselves, beside those two: title of the step, name of the initiator,
 * where to decide, and how the request ended.
 */
export const givenPlaceholders = [
  ...neededPlaceholders,
  'stepTitle',
  'initiatorName',
  'link',
  'result',
] as const
export type GivenPlaceholder = (typeof givenPlaceholders)[number]

/** Such a text as an SMS step would send it, with what is filled by itself. */
export function smsParams(
  settings: SmsSwitch,
  given: Partial<Record<GivenPlaceholder, string>>,
): SmsNotificationParams {
  const { sms: _, service = '', variables, ...rest } = settings
  const filled: Record<string, Value> = { ...variables }
  // The words of a code live at the provider: it gets what it has to have, and what the node names.
  const names = settings.templateCode
    ? givenPlaceholders.filter((name) => isNeeded(name) || Object.hasOwn(variables, name))
    : givenPlaceholders.filter((name) => isUsed(name, settings))
  for (const name of names) filled[name] = { kind: 'fixed', value: given[name] ?? '' }
  return {
    ...rest,
    service,
    variables: filled,
    recipients: [],
    onUnknown: 'hold',
    maxRecipients: 1,
    personalText: true,
    urgent: false,
    success: { kind: 'best-effort' },
  }
}

function isNeeded(name: string): boolean {
  return (neededPlaceholders as readonly string[]).includes(name)
}

function isUsed(name: string, { template, templateText = '' }: SmsSwitch): boolean {
  return template !== undefined || placeholdersOf(templateText).includes(name)
}

/** What keeps the text of a switch from being sent; nothing where it is off. */
export function smsSwitchProblems(settings: SmsSwitch, context: CheckContext): Problem[] {
  if (!settings.sms) return []
  if (settings.service === undefined) {
    return [{ severity: 'error', key: 'paramRequired', params: { field: 'service' }, field: 'service' }]
  }
  const filled = smsParams(settings, Object.fromEntries(givenPlaceholders.map((name) => [name, name])))
  return [
    ...placeholderProblems(settings, context),
    ...smsServiceProblems(withoutUnused(filled, settings, context), context),
  ]
}

/** A message template is told only of the placeholders that it has. */
function withoutUnused(
  filled: SmsNotificationParams,
  { template, variables }: SmsSwitch,
  { templates }: CheckContext,
): SmsNotificationParams {
  const found = templates?.find(({ id }) => id === template)
  if (!found) return filled
  const declared = new Set(found.placeholders.map(({ name }) => name))
  const kept = Object.entries(filled.variables).filter(
    ([name]) => declared.has(name) || Object.hasOwn(variables, name),
  )
  return { ...filled, variables: Object.fromEntries(kept) }
}

/** A text that does not say what it is about, or to whom, is refused where it is chosen. */
function placeholderProblems(settings: SmsSwitch, { services, templates }: CheckContext): Problem[] {
  const service = services?.find(({ id }) => id === settings.service)
  const template = templates?.find(({ id }) => id === settings.template)
  const names =
    settings.template !== undefined
      ? template?.placeholders.map(({ name }) => name)
      : service && smsProviders[service.provider].template === 'text' && settings.templateText?.trim()
        ? placeholdersOf(settings.templateText)
        : undefined
  if (!names) return []
  const field = settings.template !== undefined ? 'template' : 'templateText'
  return neededPlaceholders
    .filter((name) => !names.includes(name))
    .map((name) => ({ severity: 'error', key: 'approvalPlaceholderMissing', params: { name }, field }))
}

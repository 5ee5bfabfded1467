import type { SmsService } from '../../../nodes/api/elements.ts'
import { fieldProblems } from '../../../nodes/field-problems.ts'
import { SANDBOX_ENDPOINT } from '../../../nodes/services/sms/common.ts'
import { secretFields, smsProviders, type SmsProviderName } from '../../../nodes/services/sms/settings.ts'
import { smsPolicy, policyForNew } from '../../../nodes/services/sms/policy.ts'
import { formFields, type FormField } from '../../forms/form-fields.ts'
import { policyOf, typedPolicy, type TypedPolicy } from './policy-draft.ts'

/** A service as it stands in its form: every setting as typed text. */
export interface ServiceDraft {
  provider: SmsProviderName
  name: string
  values: Readonly<Record<string, string>>
  /** Kept secrets of a saved service that are typed anew or removed; the others stay as they are. */
  secrets: Readonly<Record<string, 'replace' | 'remove'>>
  policy: TypedPolicy
}

/** A setting as the form shows it. */
export interface SettingField extends FormField {
  isSecret: boolean
}

/** The settings of a provider in the order of its schema. The endpoint has a line of its own in the form. */
export function settingFields(provider: SmsProviderName): SettingField[] {
  const secrets = secretFields(provider)
  return formFields(smsProviders[provider].settings).map((field) => ({
    ...field,
    isSecret: secrets.includes(field.name),
  }))
}

/** The form of a new service, or of one that exists. */
export function draftOf(provider: SmsProviderName, service?: SmsService): ServiceDraft {
  const { settings } = smsProviders[provider]
  const known = service?.settings ?? {}
  const values = Object.keys(settings.shape).map((name) => {
    const value = known[name] ?? (service ? undefined : defaultOf(settings.shape, name))
    return [name, value === undefined || value === null ? '' : String(value)] as const
  })
  const policy = typedPolicy(service?.policy ?? policyForNew(false))
  return { provider, name: service?.name ?? '', values: Object.fromEntries(values), secrets: {}, policy }
}

function defaultOf(shape: object, name: string): unknown {
  const field = (shape as Record<string, { safeParse(value: undefined): { data?: unknown } }>)[name]!
  return field.safeParse(undefined).data
}

/** The secrets that the server keeps and that are not touched. None once the endpoint has another origin. */
export function keptSecrets(draft: ServiceDraft, service?: SmsService): string[] {
  if (!service || movesEndpoint(draft, service)) return []
  return Object.keys(service.secrets).filter((name) => service.secrets[name]!.set && !draft.secrets[name])
}

/** True where secrets would go to another address than the one they were typed for. */
export function movesEndpoint(draft: ServiceDraft, service: SmsService): boolean {
  return originOf(draft.values['endpoint']) !== originOf(service.settings['endpoint'])
}

function originOf(endpoint: unknown): string {
  if (typeof endpoint !== 'string') return ''
  return URL.canParse(endpoint) ? new URL(endpoint).origin : endpoint.trim()
}

/** What is sent to the server: empty settings and kept secrets left out, removed secrets as null. */
export function settingsOf(draft: ServiceDraft, service?: SmsService): Record<string, unknown> {
  const kept = keptSecrets(draft, service)
  const settings: Record<string, unknown> = {}
  for (const field of settingFields(draft.provider)) {
    const typed = (draft.values[field.name] ?? '').trim()
    if (field.isSecret && draft.secrets[field.name] === 'remove') settings[field.name] = null
    else if (typed !== '' && !kept.includes(field.name)) {
      settings[field.name] = field.control === 'number' ? Number(typed) : typed
    }
  }
  return settings
}

/** The refused fields by path (`name`, `settings/accountSid`), each as a key below `validation.`. */
export function checkDraft(draft: ServiceDraft, service?: SmsService): Record<string, string> {
  const errors: Record<string, string> = {}
  if (draft.name.trim() === '') errors['name'] = 'required'
  const settings = Object.fromEntries(
    Object.entries(settingsOf(draft, service)).filter(([, value]) => value !== null),
  )
  for (const name of keptSecrets(draft, service)) settings[name] = 'kept'
  const parsed = smsProviders[draft.provider].settings.safeParse(settings)
  if (!parsed.success) {
    for (const { path, key } of fieldProblems(parsed.error, settings, 'settings')) {
      errors[path] ??= key ?? 'invalid'
    }
  }
  const policy = policyOf(draft.policy)
  const parsedPolicy = smsPolicy.safeParse(policy)
  if (!parsedPolicy.success) {
    for (const { path, key } of fieldProblems(parsedPolicy.error, policy, 'policy')) {
      // one entry of a list is shown at its list
      errors[path.split('/').slice(0, 2).join('/')] ??= key ?? 'invalid'
    }
  }
  return errors
}

export const isSandbox = (draft: ServiceDraft) => draft.values['endpoint'] === SANDBOX_ENDPOINT

/**
 * Points a draft to the sandbox, credentials included, or away from it again.
 * What was typed for the real provider is not kept: credentials belong to one address. Whoever leaves the sandbox
 * begins in test mode.
 *
 * @param sandbox the settings that `GET /api/sandbox` names for this provider
 */
export function switchSandbox(
  draft: ServiceDraft,
  isOn: boolean,
  sandbox: Readonly<Record<string, unknown>>,
): ServiceDraft {
  const changes = Object.entries(sandbox).map(([name, value]) => [name, isOn ? String(value) : ''] as const)
  return {
    ...draft,
    values: { ...draft.values, endpoint: '', ...Object.fromEntries(changes) },
    secrets: {},
    policy: { ...draft.policy, testMode: !isOn },
  }
}

/** True where closing the form would lose something. */
export function isChanged(draft: ServiceDraft, from: ServiceDraft): boolean {
  return JSON.stringify(draft) !== JSON.stringify(from)
}

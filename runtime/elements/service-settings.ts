import type { z } from 'zod'
import type { SecretState } from '../../nodes/api/elements.ts'
import { ErrorCode, FieldsError } from '../../nodes/errors.ts'
import { fieldProblems } from '../../nodes/field-problems.ts'
import { SANDBOX_ENDPOINT } from '../../nodes/services/sms/common.ts'
import { secretFields, smsProviders } from '../../nodes/services/sms/settings.ts'
import type { SmsProviderName } from '../../nodes/services/sms/settings.ts'
import { isReference } from '../secrets/secret-references.ts'

/** The complete settings of a provider, secrets included. */
export type ProviderSettings<P extends SmsProviderName = SmsProviderName> = z.output<
  (typeof smsProviders)[P]['settings']
>

/** Settings taken apart: what is stored in the clear and what goes into the vault. */
export interface SplitSettings {
  plain: Record<string, z.core.util.JSONType>
  secrets: Record<string, string>
  /** Secrets that stay as they are. */
  kept: string[]
}

/**
 * Checks typed settings and takes the secrets out.
 *
 * @param keptSecrets names of secrets that are stored already and may be left out
 * @throws FieldsError `BODY_INVALID` naming each refused field below `settings/`
 */
export function splitSettings(
  provider: SmsProviderName,
  typed: Record<string, unknown>,
  keptSecrets: readonly string[] = [],
): SplitSettings {
  const settings = Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== null))
  const kept = keptSecrets.filter((name) => !Object.hasOwn(typed, name))
  for (const name of kept) settings[name] = 'kept'
  const parsed = smsProviders[provider].settings.safeParse(settings)
  if (!parsed.success) {
    throw new FieldsError(
      ErrorCode.BodyInvalid,
      'Some settings are missing or wrong',
      fieldProblems(parsed.error, settings, 'settings'),
      { hint: 'Correct the marked fields.' },
    )
  }
  const plain: SplitSettings['plain'] = { ...parsed.data }
  const secrets: Record<string, string> = {}
  for (const name of secretFields(provider)) {
    if (typeof plain[name] === 'string' && !kept.includes(name)) secrets[name] = plain[name]
    delete plain[name]
  }
  return { plain, secrets, kept }
}

/** Where a service sends its secrets: an origin, `sandbox`, or empty for the provider's own address. */
export function endpointOrigin(settings: { endpoint?: unknown }): string {
  const { endpoint } = settings
  if (endpoint === SANDBOX_ENDPOINT) return SANDBOX_ENDPOINT
  return typeof endpoint === 'string' && URL.canParse(endpoint) ? new URL(endpoint).origin : ''
}

/** What may be told of a secret. Four characters of a short one would be too much of it. */
export function describeSecret(secret: string): SecretState {
  if (isReference(secret)) return { set: true, last4: '', reference: secret }
  return { set: true, last4: secret.length >= 12 ? secret.slice(-4) : '' }
}

import { z } from 'zod'
import { alibabaSettings } from './alibaba.ts'
import { awsSnsSettings } from './aws-sns.ts'
import { twilioSettings } from './twilio.ts'

/** The providers in the order of the menu. A fourth one is one more file here and in `runtime/providers/sms`. */
export const smsProviders = {
  alibaba: { settings: alibabaSettings, template: 'code' },
  'aws-sns': { settings: awsSnsSettings, template: 'text' },
  twilio: { settings: twilioSettings, template: 'text' },
} as const satisfies Record<string, { settings: z.ZodObject; template: 'code' | 'text' }>

export type SmsProviderName = keyof typeof smsProviders
export const smsProviderNames = Object.keys(smsProviders) as SmsProviderName[]
export const smsProviderName = z.enum(['alibaba', 'aws-sns', 'twilio'])

/** What everybody may know of a service: enough to pick it and to check a node that uses it. */
export const smsServiceSummary = z.object({
  id: z.string(),
  name: z.string(),
  provider: smsProviderName,
  /** True where the service talks to the local sandbox instead of the real provider. */
  sandbox: z.boolean(),
  /** Only numbers on its own list are texted. */
  testMode: z.boolean().optional(),
  /** Id of the service that takes over what this one certainly did not take. */
  fallback: z.string().optional(),
})
export type SmsServiceSummary = z.infer<typeof smsServiceSummary>

/** The names of the secret fields of a provider's settings, read from the schema's metadata. */
export function secretFields(provider: SmsProviderName): string[] {
  const shape: Record<string, z.ZodType> = smsProviders[provider].settings.shape
  return Object.keys(shape).filter((name) => fieldMeta(shape[name]!).secret === true)
}

/** How a settings field is shown and kept. Labels are `services.<provider>.<field>` in the locale files. */
export interface SettingsFieldMeta {
  /** Write-only: encrypted at rest, never returned. */
  secret?: boolean
  /** Below "More settings" in the dialog. */
  advanced?: boolean
  control?: 'text' | 'password' | 'select' | 'switch'
  options?: readonly string[]
  placeholder?: string
}
export function fieldMeta(schema: z.ZodType): SettingsFieldMeta {
  return (schema.meta() ?? {}) as SettingsFieldMeta
}

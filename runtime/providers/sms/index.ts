import type { SmsProvider } from '../../../nodes/services/sms/provider.ts'
import type { AlibabaSettings } from '../../../nodes/services/sms/alibaba.ts'
import type { AwsSnsSettings } from '../../../nodes/services/sms/aws-sns.ts'
import type { TwilioSettings } from '../../../nodes/services/sms/twilio.ts'
import { SANDBOX_ENDPOINT } from '../../../nodes/services/sms/common.ts'
import { sandboxOff } from './sandbox-off.ts'
import type { Timeouts } from './transport.ts'

/** The settings of each provider, as its Zod schema returns them. */
export interface SmsSettings {
  alibaba: AlibabaSettings
  'aws-sns': AwsSnsSettings
  twilio: TwilioSettings
}

export interface SmsProviderOptions {
  /** Where the sandbox listens; null or absent where none runs, and services that point there cannot send. */
  sandboxUrl?: string | null | undefined
  timeouts?: Timeouts | undefined
  /** Where a provider that takes an address with each text (Twilio) is to report what becomes of it. */
  statusCallback?: (() => string | undefined) | undefined
}

/**
 * Opens the door to one SMS service: one object per service and credentials, kept for every send. Loads only the
 * library of the provider that is asked for.
 * @param settings already parsed by the provider's schema in `nodes/services/sms`
 */
export async function openSmsProvider<Name extends keyof SmsSettings>(
  provider: Name,
  settings: SmsSettings[Name],
  { sandboxUrl, timeouts, statusCallback }: SmsProviderOptions = {},
): Promise<SmsProvider> {
  const inSandbox = settings.endpoint === SANDBOX_ENDPOINT
  if (inSandbox && !sandboxUrl) return sandboxOff(provider)
  const endpoint = inSandbox ? sandboxUrl! : settings.endpoint
  const options = { origin: endpoint && new URL(endpoint).origin, timeouts, statusCallback }
  const open = openers[provider] as (
    settings: SmsSettings[Name],
    options: ProviderOptions,
  ) => Promise<SmsProvider>
  return open(settings, options)
}

interface ProviderOptions {
  origin: string | undefined
  timeouts: Timeouts | undefined
  statusCallback: SmsProviderOptions['statusCallback']
}
const openers: {
  [Name in keyof SmsSettings]: (settings: SmsSettings[Name], options: ProviderOptions) => Promise<SmsProvider>
} = {
  alibaba: async (settings, options) => (await import('./alibaba.ts')).openAlibaba(settings, options),
  'aws-sns': async (settings, options) => (await import('./aws-sns.ts')).openAwsSns(settings, options),
  twilio: async (settings, options) => (await import('./twilio.ts')).openTwilio(settings, options),
}

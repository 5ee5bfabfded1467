import type { SendFailure, SmsProvider } from '../../../nodes/services/sms/provider.ts'
import type { SmsProviderName } from '../../../nodes/services/sms/settings.ts'

/** Stands in for a service that points at the sandbox while none runs: says so, and sends nothing. */
export function sandboxOff(provider: SmsProviderName): SmsProvider {
  const error: SendFailure = {
    provider,
    providerCode: 'SANDBOX_OFF',
    about: 'configuration',
    message: 'The service points at the sandbox, and the sandbox is not running; nothing was sent',
  }
  return {
    name: provider,
    send: async () => ({ state: 'unreachable', error }),
    checkCredentials: async () => ({ ok: false, error }),
    close: async () => {},
  }
}

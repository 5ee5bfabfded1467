import type { SmsProviderName } from './settings.ts'

/** What a phone shows as the sender of a service's texts, and answers to; empty where the provider chooses it. */
export function senderOf(provider: SmsProviderName, settings: Record<string, unknown>): string {
  const text = (name: string) => (typeof settings[name] === 'string' ? settings[name] : '')
  switch (provider) {
    case 'alibaba':
      return text('verifySign')
    case 'aws-sns':
      return text('originationNumber') || text('senderId')
    case 'twilio':
      return text('messagingServiceSid') || text('fromNumber')
  }
}

const refusals: Record<SmsProviderName, ReadonlySet<string>> = {
  alibaba: new Set(['isv.CUSTOMER_REFUSED']),
  'aws-sns': new Set(['OptedOut', 'OptedOutException']),
  twilio: new Set(['21610']),
}

/** True for a refusal that says: this person wants no texts from this sender. */
export function saysOptedOut(provider: SmsProviderName, providerCode: string): boolean {
  return refusals[provider].has(providerCode)
}

import { ErrorCode, FlowError } from '../../../nodes/errors.ts'
import type { OutgoingSms, SendFailure, SendOutcome } from '../../../nodes/services/sms/provider.ts'
import { secretFields, type SmsProviderName } from '../../../nodes/services/sms/settings.ts'
import type { WireAnswer } from './transport.ts'
import type { TransportError } from './transport-error.ts'

export type NotAccepted = Exclude<SendOutcome, { state: 'accepted' }>

/** What a request without a whole answer proves: not sent, or nobody can tell. */
export function transportFailure(provider: SmsProviderName, { code, sent }: TransportError): NotAccepted {
  const message = sent
    ? 'The connection ended before a whole answer came; the message may have been taken'
    : 'No connection to the provider; nothing was sent'
  return {
    state: sent ? 'unknown' : 'unreachable',
    error: { provider, providerCode: code, about: 'network', message },
  }
}

/** An answer that says nothing we understand: a server error, a page of a proxy, a success without an id. */
export function unclearAnswer(
  provider: SmsProviderName,
  answer: WireAnswer,
  details?: Partial<SendFailure>,
): NotAccepted {
  const message =
    answer.status >= 200 && answer.status < 300
      ? 'The answer does not say whether the message was taken'
      : `The answer was HTTP ${answer.status}; the message may have been taken`
  return {
    state: 'unknown',
    error: {
      provider,
      providerCode: `HTTP_${answer.status}`,
      about: 'provider',
      message,
      httpStatus: answer.status,
      ...details,
    },
  }
}

/** The SDK refused the call itself: no request was made, and the same call would be refused again. */
export function refusedBySdk(provider: SmsProviderName, thrown: unknown): NotAccepted {
  const name = thrown instanceof Error && /^[A-Za-z]{1,60}$/.test(thrown.name) ? thrown.name : 'Error'
  const message = 'The provider’s library refused the settings or the message; nothing was sent'
  return {
    state: 'rejected',
    error: { provider, providerCode: `SDK_${name}`, about: 'configuration', message },
  }
}

const MAX_MESSAGE_CHARACTERS = 200

/**
 * Makes a provider's message fit to be stored and shown: without what was sent, without URLs and numbers, and without
 * the long strings that signature errors quote.
 * @param unspeakable strings that must not come back, for example `privateParts(message)` and `secretsOf(…)`
 */
export function scrub(message: string, unspeakable: readonly string[]): string {
  const longestFirst = unspeakable.filter((part) => part.length >= 3).sort((a, b) => b.length - a.length)
  let text = message
  for (const part of longestFirst) text = text.replaceAll(part, '…')
  return text
    .replace(/[a-z][a-z0-9+.-]*:\/\/\S+/gi, '…')
    .replace(/\S*%[0-9a-f]{2}\S*/gi, '…')
    .replace(/\+?\d[\d ().-]{2,}\d|\d{4,}/g, '…')
    .replace(/[^\s…]{32,}/g, '…')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_MESSAGE_CHARACTERS)
}

/** A query that got no clear answer changed nothing, so it counts as not having reached the provider. */
const queryCodes = {
  rejected: ErrorCode.SmsRejected,
  throttled: ErrorCode.SmsThrottled,
  unreachable: ErrorCode.SmsUnreachable,
  unknown: ErrorCode.SmsUnreachable,
} as const

/** The error of a question that a provider did not answer. @param what for example `Twilio did not describe the template` */
export function refusedQuery(what: string, { state, error }: NotAccepted): FlowError {
  return new FlowError(queryCodes[state], `${what}: ${error.providerCode}`)
}

/** What a provider's message about this text may quote and we must not repeat. */
export function privateParts(message: OutgoingSms): string[] {
  const values = Object.values({ ...message.templateVariables, ...message.contentVariables })
  return [message.to, message.to.slice(1), message.text ?? '', ...values]
}

/** The values of a service's secret fields. */
export function secretsOf(provider: SmsProviderName, settings: object): string[] {
  const values: Record<string, unknown> = { ...settings }
  return secretFields(provider).flatMap((field) => (typeof values[field] === 'string' ? [values[field]] : []))
}

/** Milliseconds that a `Retry-After` header asks for (seconds or a date), or undefined where there is none. */
export function retryAfterMs(headers: Record<string, string>, now: number): number | undefined {
  const value = headers['retry-after']?.trim()
  if (!value) return undefined
  if (/^\d+(\.\d+)?$/.test(value)) return Math.round(Number(value) * 1000)
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

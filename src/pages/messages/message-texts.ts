import type { MessageEntry, MessageEvent } from '../../../nodes/api/messages.ts'
import { explainProviderCode } from '../../../nodes/services/sms/explanations/index.ts'
import type { SmsProviderName } from '../../../nodes/services/sms/settings.ts'
import type { I18n } from '../../i18n/index.ts'
import { messageCause } from '../function/run-texts.ts'
import type { Cause } from '../function/run-texts.ts'

type Texts = Pick<I18n, 't' | 'has' | 'locale'>

/** Why the text did not leave or did not arrive, in words; null where there is nothing to say. */
export function reasonOf(
  message: MessageEntry,
  provider: SmsProviderName | undefined,
  i18n: Texts,
): Cause | null {
  const { deliveryCode } = message
  const known = message.error?.provider ?? provider
  const explained = deliveryCode && known ? explainProviderCode(known, deliveryCode, i18n.locale.value) : null
  return explained ?? messageCause(message, i18n)
}

/** What happened, in one line. */
export function eventTitle(event: MessageEvent, { t, has }: Texts): string {
  switch (event.kind) {
    case 'planned':
      return t('messages.events.planned')
    case 'attempt':
      return t(`messages.events.attempts.${event.outcome}`, { attempt: event.attempt })
    case 'on-its-way':
      return t('messages.events.onItsWay', { attempt: event.attempt })
    case 'waiting':
      return t('messages.events.waiting')
    case 'settled':
      return t(`messages.events.settled.${event.state}`)
    case 'receipt': {
      const word = `messages.events.words.${event.status}` as const
      const delivery = event.delivery && (`deliveryStates.${event.delivery}` as const)
      const status = delivery ? t(delivery) : has(word) ? t(word) : event.status
      return t(`messages.events.receipts.${event.source}`, { status })
    }
  }
}

/** The code that an event brought, and what it means. */
export function eventCause(
  event: MessageEvent,
  provider: SmsProviderName | undefined,
  locale: string,
): { code: string; cause: Cause | null } | null {
  const code =
    event.kind === 'attempt' ? event.providerCode : event.kind === 'receipt' ? event.code : undefined
  if (code === undefined) return null
  return { code, cause: provider ? explainProviderCode(provider, code, locale) : null }
}

/**
 * Facts of an event worth quoting to the provider's support.
 * @param earlier what happened before: a provider's id is told once
 */
export function eventFacts(
  event: MessageEvent,
  earlier: readonly MessageEvent[],
  { t }: Pick<I18n, 't'>,
): string[] {
  const facts: string[] = []
  if (event.kind === 'attempt') {
    const { httpStatus, requestId } = event.evidence ?? {}
    if (typeof httpStatus === 'number')
      facts.push(t('messages.events.httpStatus', { status: String(httpStatus) }))
    if (typeof requestId === 'string') facts.push(t('messages.events.requestId', { id: requestId }))
  }
  const id = providerIdOf(event)
  if (id !== undefined && earlier.every((each) => providerIdOf(each) !== id)) {
    facts.push(t('messages.events.providerId', { id }))
  }
  if (event.kind === 'receipt') {
    const { note } = event.facts
    if (typeof note === 'string' && note !== '') facts.push(t('messages.events.note', { note }))
    if (event.source !== 'report') facts.push(t(`messages.events.proofs.${event.proof}`))
  }
  return facts
}

const providerIdOf = (event: MessageEvent) =>
  event.kind === 'attempt' || event.kind === 'receipt' ? event.providerId : undefined

import type { MessageBody, MessageForm } from '../../messages.ts'
import { smsProviders } from './settings.ts'
import type { SmsServiceSummary } from './settings.ts'

/** A service and those that take over from it, in their order, each once. */
export function failOverChain(
  service: SmsServiceSummary,
  services: readonly SmsServiceSummary[],
): SmsServiceSummary[] {
  const chain: SmsServiceSummary[] = []
  let next: SmsServiceSummary | undefined = service
  while (next && !chain.includes(next)) {
    chain.push(next)
    const fallback: string | undefined = next.fallback
    next = fallback === undefined ? undefined : services.find(({ id }) => id === fallback)
  }
  return chain
}

/**
 * A message with what each service that takes over sends in its place. A text goes everywhere: it is not repeated.
 * @param others by id of the service; one that is not here cannot take over with a template
 */
export function withFailOver(
  body: MessageForm,
  others: readonly (readonly [serviceId: string, form: MessageForm])[],
): MessageBody {
  const different = others.filter(([, { text }]) => text === undefined || text !== body.text)
  return different.length === 0 ? body : { ...body, failOver: Object.fromEntries(different) }
}

/** What a service sends that takes a message over; `undefined` where the message has nothing for it. */
export function failOverForm(
  { failOver, text }: MessageBody,
  { id, provider }: Pick<SmsServiceSummary, 'id' | 'provider'>,
): MessageForm | undefined {
  const own = failOver && Object.hasOwn(failOver, id) ? failOver[id] : undefined
  return own ?? (smsProviders[provider].template === 'text' && text !== undefined ? { text } : undefined)
}

/** What the service that sends first is given: what stands in the history of a run. */
export function withoutFailOver<Body extends MessageBody>({
  failOver: _,
  ...body
}: Body): Omit<Body, 'failOver'> {
  return body
}

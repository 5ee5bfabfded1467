import type { MessageForm } from '../../nodes/messages.ts'
import type { OutgoingSms } from '../../nodes/services/sms/provider.ts'
import type { MessageRow } from '../ledger/ledger.ts'
import { messageId } from './describe-run.ts'

/** What the service that a message is with now sends of it: its own form where it took over from another one. */
export function presentForm({ body, serviceId, options }: MessageRow): MessageForm {
  if (!options?.earlierServices?.length) return body
  return body.failOver?.[serviceId] ?? { text: body.text }
}

/**
 * A message as its service is given it. A text with a code that was taken out is left out: it is no text that could be
 * sent, or compared with what a provider has.
 * @param id under which the provider gets, or got, the request
 */
export function outgoing(message: MessageRow, attempt: number, id = messageId(message)): OutgoingSms {
  const { shown: _, ...form } = presentForm(message)
  const sms = { id, attempt, to: message.phone, ...form }
  if (message.body.withheld !== undefined) delete sms.text
  return sms
}

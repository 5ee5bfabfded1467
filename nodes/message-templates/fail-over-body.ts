import type { MessageBody } from '../messages.ts'
import type { SmsProviderName } from '../services/sms/settings.ts'
import type { RenderedBody } from './render-message.ts'

/**
 * One body for a service and those that take over from it: each provider takes its own part. Where two would take the
 * same part, the service that comes first has its way. Twilio takes a content template before a text, so a service of
 * Twilio's that sends a text gets no content template of another one.
 * @param provider of the service that sends first
 * @param others what the services that take over would be given, in their order
 */
export function withFailOver(
  provider: SmsProviderName,
  body: RenderedBody,
  others: readonly RenderedBody[],
): MessageBody {
  const merged: MessageBody = { ...body }
  for (const other of others) {
    if ('text' in other) merged.text ??= other.text
    if ('templateCode' in other && merged.templateCode === undefined) Object.assign(merged, other)
    if ('contentSid' in other && merged.contentSid === undefined && provider !== 'twilio') {
      Object.assign(merged, other)
    }
  }
  return merged
}

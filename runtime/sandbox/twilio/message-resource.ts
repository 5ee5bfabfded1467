import type { TakenMessage } from '../sandbox-file.ts'

export interface MessageResource {
  message: TakenMessage
  status: 'accepted' | 'queued' | 'delivered' | 'undelivered'
  numMedia: number
}

/**
 * A message as Twilio's JSON shows it. What is not known is an explicit null: client libraries turn a missing date
 * into the present moment.
 */
export function messageResource({ message, status, numMedia }: MessageResource): Record<string, unknown> {
  const date = rfc2822(message.at)
  const uri = `/2010-04-01/Accounts/${message.account}/Messages/${message.id}.json`
  const senderIsKnown = status !== 'accepted'
  return {
    account_sid: message.account,
    api_version: '2010-04-01',
    body: message.text,
    date_created: date,
    date_sent: status === 'delivered' ? date : null,
    date_updated: date,
    direction: 'outbound-api',
    error_code: status === 'undelivered' ? Number(message.failure) : null,
    error_message: null,
    from: senderIsKnown ? message.from : null,
    messaging_service_sid: message.reference,
    num_media: String(numMedia),
    num_segments: senderIsKnown ? String(message.segments) : '0',
    price: null,
    price_unit: 'USD',
    sid: message.id,
    status,
    subresource_uris: { media: uri.replace('.json', '/Media.json') },
    to: message.to,
    uri,
  }
}

/** Where a text ends up: the emulator is always done by the time somebody asks. */
export function endOf({ failure }: TakenMessage): 'delivered' | 'undelivered' {
  return failure === null ? 'delivered' : 'undelivered'
}

export function rfc2822(milliseconds: number): string {
  return new Date(milliseconds).toUTCString().replace('GMT', '+0000')
}

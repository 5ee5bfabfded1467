import type { DeliveryState } from '../../messages.ts'

const states: Readonly<Record<string, DeliveryState>> = {
  accepted: 'queued',
  scheduled: 'queued',
  queued: 'queued',
  sending: 'queued',
  sent: 'sent',
  partially_delivered: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'undelivered',
  failed: 'failed',
  canceled: 'failed',
}

/** What Twilio's word for a message's state means; undefined for words of inbound messages and unknown ones. */
export function twilioDelivery(status: string): DeliveryState | undefined {
  return Object.hasOwn(states, status) ? states[status] : undefined
}

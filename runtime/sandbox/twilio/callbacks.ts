import { createHmac } from 'node:crypto'
import type { TwilioAccount } from '../accounts.ts'
import { arrange } from '../receipt-plans.ts'
import type { TakenMessage } from '../sandbox-file.ts'
import type { SmsNetwork } from '../sms-network.ts'

/** Codes for texts that never reach their phone. */
export const undeliveredCodes = { undelivered: '30003', failed: '30008' } as const

/** Reports what becomes of a text to the address that came with it. The state it was answered with is not reported. */
export function reportTwilioStatus(
  message: TakenMessage,
  url: string,
  account: TwilioAccount,
  answered: 'accepted' | 'queued',
  network: SmsNetwork,
): void {
  const plan = network.receipts.of(message.to)
  const states = [...(answered === 'accepted' ? ['queued'] : []), ...statesOf[plan.delivery]]
  for (const [index, status] of arrange(states, plan).entries()) {
    const code = status === 'undelivered' || status === 'failed' ? undeliveredCodes[status] : undefined
    const fields = {
      ...{ ApiVersion: '2010-04-01', AccountSid: message.account, From: message.from, To: message.to },
      ...{ MessageSid: message.id, SmsSid: message.id, MessageStatus: status, SmsStatus: status },
      ...(message.reference && { MessagingServiceSid: message.reference }),
      ...(code && { ErrorCode: code }),
    }
    const { delayMs } = network.courier
    network.courier.pushLater(
      {
        ...{ provider: 'twilio', kind: 'status', phone: message.to, messageId: message.id, status },
        ...signedForm(url, fields, account.authToken),
      },
      delayMs * (index + 1),
    )
  }
}

const statesOf = {
  delivered: ['sent', 'delivered'],
  undelivered: ['sent', 'undelivered'],
  failed: ['failed'],
  none: ['sent'],
} as const

/** A form as Twilio posts it, with its signature. @see Twilio "Security: validating requests", read 2026-08 */
export function signedForm(url: string, fields: Record<string, string>, authToken: string) {
  return {
    url,
    contentType: 'application/x-www-form-urlencoded; charset=utf-8',
    headers: { 'x-twilio-signature': twilioSignature(url, fields, authToken) },
    body: new URLSearchParams(fields).toString(),
  }
}

export function twilioSignature(url: string, fields: Record<string, string>, authToken: string): string {
  const names = Object.keys(fields).sort()
  const signed = url + names.map((name) => name + fields[name]!).join('')
  return createHmac('sha1', authToken).update(signed, 'utf8').digest('base64')
}

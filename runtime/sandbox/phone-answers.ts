import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { SandboxAccounts } from './accounts.ts'
import { showPhone } from './alibaba/phone-numbers.ts'
import { beijingTime } from './alibaba/queries.ts'
import type { Push } from './courier.ts'
import type { TakenMessage } from './sandbox-file.ts'
import type { SmsNetwork } from './sms-network.ts'
import { signedForm } from './twilio/callbacks.ts'

const stopWords = /^(stop|stopall|unsubscribe|cancel|end|quit|revoke|optout)$/i
const startWords = /^(start|yes|unstop)$/i

/**
 * Answers the last text on a phone. Twilio and Amazon SNS keep their own list of who answered STOP and refuse further
 * texts; Twilio and Alibaba pass the answer on to the address of the account.
 * @throws FlowError `CONFLICT` where the phone has no text, or its sender takes no answers
 */
export async function answerFromPhone(
  phone: string,
  text: string,
  accounts: SandboxAccounts,
  network: SmsNetwork,
): Promise<void> {
  const last = network.file.findMessages({ to: phone, limit: 50 }).find(({ failure }) => failure === null)
  if (!last) throw new FlowError(ErrorCode.Conflict, 'There is no text on this phone to answer')
  switch (last.provider) {
    case 'twilio': {
      if (!/^\+?\d+$/.test(last.from)) throw oneWay()
      keepKeyword(text, `${last.from} ${phone}`, network)
      return deliver(twilioAnswer(last, text, accounts, network), network)
    }
    case 'aws-sns':
      return keepKeyword(text, phone, network)
    case 'alibaba':
      return deliver(alibabaAnswer(last, text, network), network)
  }
}

function keepKeyword(text: string, key: string, network: SmsNetwork): void {
  if (stopWords.test(text.trim())) network.optedOut.add(key)
  if (startWords.test(text.trim())) network.optedOut.delete(key)
}

async function deliver(push: Push | undefined, network: SmsNetwork): Promise<void> {
  if (push) await network.courier.push(push)
}

function twilioAnswer(last: TakenMessage, text: string, accounts: SandboxAccounts, network: SmsNetwork) {
  const url = network.callbacksOf('twilio', last.account)?.inbound
  const account = accounts.twilio.find(({ accountSid }) => accountSid === last.account)
  if (url === undefined || !account) return undefined
  const sid = `SM${network.nextId()}`
  const fields = {
    ...{ ApiVersion: '2010-04-01', AccountSid: last.account, From: last.to, To: last.from, Body: text },
    ...{ MessageSid: sid, SmsSid: sid, SmsMessageSid: sid, SmsStatus: 'received' },
    ...{ NumMedia: '0', NumSegments: '1' },
    ...(last.reference && { MessagingServiceSid: last.reference }),
  }
  return {
    ...({ provider: 'twilio', kind: 'inbound', status: 'received' } as const),
    ...{ phone: last.to, messageId: sid },
    ...signedForm(url, fields, account.authToken),
  }
}

function alibabaAnswer(last: TakenMessage, text: string, network: SmsNetwork): Push | undefined {
  const url = network.callbacksOf('alibaba', last.account)?.inbound
  if (url === undefined) return undefined
  const id = String(Number.parseInt(network.nextId().slice(16), 16))
  const answer = {
    phone_number: showPhone(last.to),
    send_time: beijingTime(network.now().getTime()),
    content: text,
    sign_name: last.from,
    dest_code: '1069000',
    sequence_id: `${network.now().getTime()}${id}`,
  }
  return {
    ...({ provider: 'alibaba', kind: 'inbound', status: 'received' } as const),
    ...{ phone: last.to, messageId: answer.sequence_id, url },
    contentType: 'application/json;charset=UTF-8',
    body: JSON.stringify([answer]),
  }
}

function oneWay(): FlowError {
  return new FlowError(ErrorCode.Conflict, 'A sender of letters takes no answers', {
    hint: 'Give the SMS service a number as its sender to try answers.',
  })
}

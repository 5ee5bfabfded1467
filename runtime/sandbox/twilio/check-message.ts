import type { TwilioAccount } from '../accounts.ts'
import { renderContent } from './contents.ts'
import type { Refusal } from './replies.ts'

export interface TwilioMessage {
  to: string
  from: string
  body: string
  messagingServiceSid: string | null
  numMedia: number
}

/** Numbers that Twilio reserves for trying out refusals. @see Twilio "Test credentials", read 2026-08 */
const magicTo: Record<string, (to: string) => Refusal> = {
  '+15005550001': (to) => invalidTo(to),
  '+15005550002': (to) => ({
    code: 21612,
    message: `The 'To' phone number: ${to}, is not currently reachable via SMS.`,
  }),
  '+15005550003': (to) => regionNotEnabled(to),
  '+15005550009': (to) => ({ code: 21614, message: `'To' number is not a valid mobile number: ${to}` }),
}
const magicFrom: Record<string, (from: string) => Refusal> = {
  '+15005550001': (from) => invalidFrom(from),
  '+15005550007': (from) => notOwned(from),
  '+15005550008': (from) => ({
    code: 21611,
    message: `This 'From' number ${from} has exceeded the maximum number of queued messages.`,
  }),
}

/** Checks a new message in the order of its parts; answers the message, or the first refusal. */
export function checkMessage(
  form: URLSearchParams,
  account: TwilioAccount,
  optedOut: ReadonlySet<string>,
): TwilioMessage | Refusal {
  const to = form.get('To')
  const from = form.get('From')
  const serviceSid = form.get('MessagingServiceSid')
  const numMedia = form.getAll('MediaUrl').length

  if (!to) return { code: 21604, message: "A 'To' phone number is required." }
  if (!from && !serviceSid) return { code: 21603, message: "A 'From' phone number is required." }
  const option = checkOptions(form)
  if (option) return option
  const content = renderContent(form, account.contents)
  if (typeof content === 'object') return content
  const body = content ?? form.get('Body') ?? ''
  if (!body && numMedia === 0) return { code: 21602, message: 'Message body is required.' }
  if (body.length > 1_600) {
    return { code: 21617, message: 'The concatenated message body exceeds the 1600 character limit.' }
  }
  const number = to.replace(/[\s().-]/g, '')
  if (!/^\+[1-9]\d{6,14}$/.test(number)) return invalidTo(to)
  const sender = senderOf(from, serviceSid, account)
  if (typeof sender !== 'string') return sender
  if (sender === number) {
    return { code: 21266, message: "'To' and 'From' number cannot be the same" }
  }
  const reserved = magicTo[number]
  if (reserved) return reserved(number)
  if (account.blockedPrefixes.some((prefix) => number.startsWith(prefix))) return regionNotEnabled(number)
  if (optedOut.has(number) || optedOut.has(`${sender} ${number}`)) return unsubscribed
  return { to: number, from: sender, body, messagingServiceSid: serviceSid, numMedia }
}

function senderOf(from: string | null, serviceSid: string | null, account: TwilioAccount): string | Refusal {
  if (serviceSid) {
    const service = account.messagingServices.find((each) => each.sid === serviceSid)
    if (!service) {
      return { code: 21701, message: `The Messaging Service resource does not exist: ${serviceSid}` }
    }
    if (!from) return service.sender
  }
  const sender = from!
  const reserved = magicFrom[sender]
  if (reserved) return reserved(sender)
  if (account.senders.includes(sender)) return sender
  const couldBeOurs = /^(\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/.test(sender)
  return couldBeOurs ? notOwned(sender) : invalidFrom(sender)
}

function checkOptions(form: URLSearchParams): Refusal | undefined {
  const callback = form.get('StatusCallback')
  if (callback !== null && !isWebUrl(callback)) {
    return { code: 21609, message: `The 'StatusCallback' URL ${callback} is not a valid URL.` }
  }
  const validity = form.get('ValidityPeriod')
  if (
    validity !== null &&
    !(/^\d{1,5}$/.test(validity) && Number(validity) >= 1 && Number(validity) <= 36_000)
  ) {
    return {
      code: 21624,
      message: `The validity period ${validity} is invalid: allowed are 1 to 36000 seconds.`,
    }
  }
  if (form.has('ScheduleType') || form.has('SendAt')) {
    return { code: 20001, message: 'The sandbox does not schedule messages.' }
  }
  return undefined
}

function isWebUrl(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:')
}

const unsubscribed: Refusal = { code: 21610, message: 'Attempt to send to unsubscribed recipient' }

function invalidTo(to: string): Refusal {
  return { code: 21211, message: `Invalid 'To' Phone Number: ${to}` }
}

function invalidFrom(from: string): Refusal {
  return {
    code: 21212,
    message: `The 'From' number ${from} is not a valid phone number, shortcode, or alphanumeric sender ID.`,
  }
}

function notOwned(from: string): Refusal {
  return {
    code: 21606,
    message: `The 'From' phone number ${from} is not a valid, message-capable Twilio phone number for your account.`,
  }
}

function regionNotEnabled(to: string): Refusal {
  return {
    code: 21408,
    message: `Permission to send an SMS has not been enabled for the region indicated by the 'To' number: ${to}`,
  }
}

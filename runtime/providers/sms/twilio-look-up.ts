import { z } from 'zod'
import { twilioDelivery } from '../../../nodes/services/sms/twilio-status.ts'
import type { FoundSms, LookUp, OutgoingSms } from '../../../nodes/services/sms/provider.ts'
import type { WireAnswer } from './transport.ts'
import { parseAnswer } from './parse-answer.ts'

/** Twilio counts in full seconds, and clocks differ. */
const ALLOWANCE_MS = 30_000
const PAGE_SIZE = 200
const MOST_PAGES = 5

const listed = z.object({
  sid: z.string(),
  status: z.string(),
  body: z.string().nullish(),
  date_created: z.string(),
  direction: z.string().nullish(),
  messaging_service_sid: z.string().nullish(),
  error_code: z.number().int().nullish(),
})
const page = z.object({ messages: z.array(listed), next_page_uri: z.string().nullish() })

/** An answer that says nothing of the message: with what came instead of it. */
export interface Unreadable {
  unreadable: WireAnswer
}

export interface TwilioList {
  /** Number or messaging service that the texts of this account leave by. */
  sender: { From?: string | undefined; MessagingServiceSid?: string | undefined }
  /** One page of the account's messages, newest first. @param path what Twilio named as the next page, or a query */
  fetch(path: string): Promise<WireAnswer | undefined>
}

/**
 * Looks for a text in the list of an account's messages: the same number and sender, not older than the attempt, the
 * same words. `DateSent` would not do as a filter: it is empty while a text waits.
 * @returns undefined where no answer came; the caller knows why
 */
export async function lookUpAtTwilio(
  message: OutgoingSms,
  since: Date,
  { sender, fetch }: TwilioList,
): Promise<Extract<LookUp, { state: 'found' | 'absent' }> | Unreadable | undefined> {
  const query = new URLSearchParams({ To: message.to, PageSize: String(PAGE_SIZE) })
  if (sender.From) query.set('From', sender.From)
  const from = since.getTime() - ALLOWANCE_MS
  const matches: FoundSms[] = []
  let path: string | null = `?${query}`
  for (let pages = 0; path !== null && pages < MOST_PAGES; pages++) {
    const answer = await fetch(path)
    if (!answer) return undefined
    const read = answer.status === 200 ? parseAnswer(answer, page) : undefined
    if (!read) return { unreadable: answer }
    const young = read.messages.filter((each) => !(Date.parse(each.date_created) < from))
    for (const each of young) {
      if (each.direction?.startsWith('inbound')) continue
      const isOurs = !sender.MessagingServiceSid || each.messaging_service_sid === sender.MessagingServiceSid
      // A text that Twilio made from a template cannot be compared with ours.
      if (isOurs && message.text === undefined) return { unreadable: answer }
      if (isOurs && isSameText(each.body ?? '', message.text!)) matches.push(describe(each))
    }
    path = young.length < read.messages.length ? null : (read.next_page_uri ?? null)
    if (path !== null && pages === MOST_PAGES - 1) return { unreadable: answer }
  }
  // oldest first: the first one that is nobody else's is ours
  return matches.length > 0 ? { state: 'found', matches: matches.reverse() } : { state: 'absent' }
}

/** Trial accounts get a line in front of each text. */
function isSameText(body: string, text: string): boolean {
  return body === text || (body.startsWith('Sent from your Twilio trial account') && body.endsWith(text))
}

function describe({ sid, status, error_code: code }: z.output<typeof listed>): FoundSms {
  return {
    isExact: false,
    providerId: sid,
    status,
    delivery: twilioDelivery(status),
    ...(code && { code: String(code) }),
  }
}

import { z } from 'zod'
import { recipientReason, skipReason } from './directory/schema.ts'
import { smsProviderName } from './services/sms/settings.ts'

/**
 * States of one message (this person gets this text from this step).
 * `planned → dispatching → accepted | rejected | retry-wait | unknown`, or `suppressed` (with its reason), `cancelled`,
 * `expired` (its time to live ended before it could be sent).
 */
export const messageStates = [
  'planned',
  'dispatching',
  'retry-wait',
  'accepted',
  'rejected',
  'unknown',
  'suppressed',
  'cancelled',
  'expired',
] as const
export const messageState = z.enum(messageStates)
export type MessageState = z.infer<typeof messageState>

/**
 * What receipts said of an accepted message, in the order in which it can rise. `delivered`, `undelivered` and
 * `failed` are ends.
 */
export const deliveryStates = ['queued', 'sent', 'delivered', 'undelivered', 'failed'] as const
export const deliveryState = z.enum(deliveryStates)
export type DeliveryState = z.infer<typeof deliveryState>

/** Settled messages never change state again by the engine's own doing (`unknown` may become `accepted` by proof). */
export function isSettled(state: MessageState): boolean {
  return state !== 'planned' && state !== 'dispatching' && state !== 'retry-wait'
}

/** What one provider is given: a text, or a template that is kept there with its values. */
export interface MessageForm {
  text?: string | undefined
  templateCode?: string | undefined
  templateVariables?: Record<string, string> | undefined
  contentSid?: string | undefined
  contentVariables?: Record<string, string> | undefined
  /**
   * What the person will read of a template that is kept at the provider, without Alibaba's signature; absent where
   * its text was never read from there. Not sent.
   */
  shown?: string | undefined
}

/** What a message carries: the form of the service that sends it first, and of those that may take over. */
export interface MessageBody extends MessageForm {
  /** By id of the service: what it sends where it takes over. A text goes everywhere and is not repeated here. */
  failOver?: Record<string, MessageForm> | undefined
  /** A login code or security notice: sent also to those who opted out of everything else. */
  essential?: boolean | undefined
  /** Id of a code that the recorded text only has a mask for: see `runtime/engine/withheld-codes.ts`. */
  withheld?: string | undefined
}

/** What a step asks for, one entry per selected person, also those who are skipped. */
export interface PlannedMessage extends MessageBody {
  memberId: string
  name: string
  /** E.164; empty where skipped for want of a number. */
  phone: string
  reasons: z.infer<typeof recipientReason>[]
  skipped?: z.infer<typeof skipReason> | undefined
  /** Only with `no-text`: what is wrong with the text. */
  error?: MessageError | undefined
  serviceId: string
  /** IANA name of the person's own clock; without one, quiet hours go by the country of the number. */
  timeZone?: string | undefined
  /** Quiet hours do not hold it back. */
  urgent?: boolean | undefined
}

/** Why a message was not accepted, for people and programs. */
export const messageError = z.object({
  code: z.string(),
  provider: smsProviderName.optional(),
  providerCode: z.string().optional(),
  about: z.enum(['recipient', 'configuration', 'content', 'provider', 'network']).optional(),
  message: z.string(),
  /** What to do next. */
  hint: z.string().optional(),
  /** Facts for the translated text. */
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  /**
   * Why the fail-over service did not take over although it may: it does not exist or had its turn, the message's time
   * is over, or it sends approved templates (texts) and the message has none. Text: `function.messages.failOver.<reason>`.
   */
  failOver: z.enum(['gone', 'expired', 'no-template', 'no-text']).optional(),
})
export type MessageError = z.infer<typeof messageError>

/** What became of one message. Numbers are masked (`+44****0123`) everywhere but in the ledger itself. */
export const messageReport = z.object({
  id: z.string(),
  memberId: z.string(),
  name: z.string(),
  phone: z.string().describe('Masked'),
  state: messageState,
  /** Only with `suppressed`. */
  reason: skipReason.optional(),
  /** While it waits for its next attempt, or for quiet hours to end: ISO 8601. */
  waitsUntil: z.string().optional(),
  attempts: z.int(),
  providerId: z.string().optional(),
  segments: z.int().optional(),
  error: messageError.optional(),
  /** What receipts have proved so far; absent before the first one. */
  delivery: deliveryState.optional(),
  deliveryCode: z.string().optional().describe('The provider’s code for a failure on the way'),
  deliveryConflict: z.boolean().optional().describe('One receipt said delivered, another failed'),
  at: z.string().describe('ISO 8601, last change'),
})
export type MessageReport = z.infer<typeof messageReport>

export const messageCounts = z.object({
  planned: z.int().describe('People selected, skipped ones included'),
  accepted: z.int(),
  rejected: z.int(),
  unknown: z.int(),
  suppressed: z.int(),
  cancelled: z.int(),
  expired: z.int(),
})
export type MessageCounts = z.infer<typeof messageCounts>

/** Masks a number for logs, pages and errors: country and last four digits at most. */
export function maskPhone(phone: string): string {
  if (phone.length < 7) return phone === '' ? '' : '****'
  return `${phone.slice(0, 3)}****${phone.slice(-4)}`
}

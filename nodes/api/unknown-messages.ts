import { z } from 'zod'
import { skipReason } from '../directory/schema.ts'
import { messageReport } from '../messages.ts'

/** What kept an unknown message from being sent again: a reason to skip people, or its time to live. */
export const heldResend = skipReason.or(z.literal('expired'))
export type HeldResend = z.infer<typeof heldResend>

/** A message that nobody knows the outcome of, and what is done about it. */
export const unknownMessage = z.object({
  message: messageReport,
  runId: z.string(),
  functionName: z.string(),
  /** The SMS service that it was handed to. */
  serviceId: z.string(),
  /** What the text was, for looking it up in the provider's console; empty for a template whose text was never read from there. */
  text: z.string(),
  templateCode: z.string().optional(),
  contentSid: z.string().optional(),
  /** Begin of the attempt that nobody knows the end of. */
  since: z.string(),
  /**
   * `waiting`: the provider is asked again at `nextLookUp`; `absent`: the provider proved not to have it; `final`: nobody
   * asks any more; `resending`: a further attempt is on its way.
   */
  phase: z.enum(['waiting', 'absent', 'final', 'resending']),
  nextLookUp: z.string().nullable(),
  lookUps: z.int(),
  /** Why it was not sent again by itself, where its step says so. */
  held: heldResend.optional(),
  /** Its step may send twice: it is sent again by itself once the provider has not got it, or cannot be asked. */
  sendsAgain: z.boolean(),
  /** When it is sent again by itself, as far as that is known already. */
  nextAttempt: z.string().nullable(),
})
export type UnknownMessage = z.infer<typeof unknownMessage>

/** What a person found out, or decided. The note is kept with the message. */
export const resolveMessage = z.strictObject({
  as: z.enum(['accepted', 'not-sent', 'resend']),
  note: z.string().trim().max(500).default(''),
})

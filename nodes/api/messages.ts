import { z } from 'zod'
import { functionName } from '../graph/schema.ts'
import { deliveryState, messageCounts, messageReport, messageState } from '../messages.ts'
import { xRayReason } from './x-ray.ts'

/** `a,b` or a repeated parameter. */
function listOf<T extends z.ZodType>(item: T) {
  const split = (given: unknown) =>
    (Array.isArray(given) ? given : [given]).flatMap((each) =>
      typeof each === 'string' ? each.split(',') : [],
    )
  return z.preprocess(split, z.array(item).min(1).max(20))
}

/** Which messages are meant. Everything given must fit; nothing given: all. */
export const messageFilter = z.object({
  state: listOf(messageState).optional(),
  delivery: listOf(deliveryState).optional().describe('What receipts have proved so far'),
  service: z.string().min(1).max(100).optional(),
  function: functionName.optional(),
  person: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .describe('Member id, part of the name, or a whole phone number'),
  from: z.iso.datetime({ offset: true }).optional().describe('Begin of the run, ISO 8601'),
  to: z.iso.datetime({ offset: true }).optional().describe('Before this moment'),
})
export type MessageFilter = z.infer<typeof messageFilter>

/** `<run>-<number>` */
export const messageIdPattern = /^[0-9A-Za-z]{1,40}-\d{1,9}$/
const messageId = z.string().regex(messageIdPattern)

export const messageQuery = messageFilter.extend({
  before: messageId.optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export type MessageQuery = z.infer<typeof messageQuery>

export const messageEntry = messageReport.extend({
  runId: z.string(),
  functionName: z.string(),
  serviceId: z.string(),
  created: z.string().describe('ISO 8601, when it was planned'),
})
export type MessageEntry = z.infer<typeof messageEntry>

export const messagePage = z.object({
  messages: z.array(messageEntry),
  next: z.string().nullable().describe('`before` of the next page; null: there is no more'),
  searchedTo: z
    .string()
    .nullable()
    .describe(
      'Set where one request was not enough to fill the page: what ran after this moment was looked through',
    ),
})
export type MessagePage = z.infer<typeof messagePage>

/** planned = accepted + rejected + unknown + suppressed + cancelled + expired + open, always. */
export const messageTotals = messageCounts.extend({ open: z.int().describe('Not settled yet') })
export type MessageTotals = z.infer<typeof messageTotals>

export const messageCountsAnswer = z.object({
  counts: messageTotals,
  delivery: z.record(deliveryState, z.int()).describe('Those that a receipt spoke of'),
  asOf: z.string().describe('ISO 8601, when the counting began'),
  isComplete: z.boolean().describe('False: ask again, the counting goes on'),
  countedTo: z.string().nullable().describe('What ran after this moment is counted; null: everything'),
})
export type MessageCountsAnswer = z.infer<typeof messageCountsAnswer>

/** What happened to one message, one entry per fact, oldest first. */
export const messageEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('planned'), at: z.string() }),
  z.object({
    kind: z.literal('attempt'),
    at: z.string().describe('End of the request'),
    attempt: z.int(),
    isLatest: z.literal(true).optional().describe('It was at `at` or before'),
    started: z.string().optional(),
    outcome: z.enum(['accepted', 'rejected', 'throttled', 'unreachable', 'unknown']),
    providerId: z.string().optional(),
    providerCode: z.string().optional(),
    evidence: z.record(z.string(), z.json()).optional(),
  }),
  z.object({ kind: z.literal('on-its-way'), at: z.string(), attempt: z.int() }),
  z.object({ kind: z.literal('waiting'), at: z.string().describe('Earliest next attempt') }),
  z.object({
    kind: z.literal('receipt'),
    at: z.string(),
    source: z.enum(['report', 'look-up', 'person']).describe('Who said it'),
    status: z.string().describe('The word of the source'),
    code: z.string().optional(),
    proof: z.enum(['accepted', 'not-sent', 'none']).describe('What it proves of the attempt'),
    delivery: deliveryState.optional(),
    providerId: z.string().optional(),
    facts: z.record(z.string(), z.json()),
  }),
  z.object({
    kind: z.literal('settled'),
    at: z.string(),
    state: z.enum(['rejected', 'unknown', 'suppressed', 'cancelled', 'expired']),
  }),
])
export type MessageEvent = z.infer<typeof messageEvent>

/** The whole life of one message. */
export const messageDetail = messageEntry.extend({
  nodeId: z.string(),
  nodeTitle: z.string().nullable().describe('As the run’s own version of the function calls it'),
  reasons: z.array(xRayReason).describe('Every selection that led to this person'),
  text: z.string().optional().describe('What the person read, as far as it is known here'),
  templateCode: z.string().optional(),
  templateVariables: z.record(z.string(), z.string()).optional(),
  contentSid: z.string().optional(),
  contentVariables: z.record(z.string(), z.string()).optional(),
  history: z.array(messageEvent),
})
export type MessageDetail = z.infer<typeof messageDetail>

/** Messages of one file at most. */
export const MAX_EXPORTED = 1_000_000

export const messageExport = messageFilter.extend({
  numbers: z.enum(['masked', 'whole']).default('masked'),
  language: z.enum(['en', 'zh-CN']).default('en'),
  limit: z.coerce.number().int().min(1).max(MAX_EXPORTED).default(100_000),
})
export type MessageExport = z.infer<typeof messageExport>

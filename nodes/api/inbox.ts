import { z } from 'zod'
import { directoryId } from '../directory/schema.ts'
import { inboxEntry } from '../inbox.ts'

export const byMember = z.object({ member: directoryId })
export const byInboxEntry = byMember.extend({ id: z.string().min(1).max(40) })

export const inboxQuery = z.object({
  before: z
    .string()
    .regex(/^[01]-[0-9A-Z]{1,40}$/)
    .optional()
    .describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export type InboxQuery = z.infer<typeof inboxQuery>

const unread = z.int().describe('How many entries of the member are not read yet')

export const inboxPage = z.object({
  entries: z.array(inboxEntry).describe('Those that are not read yet before the others, newest first'),
  next: z.string().nullable().describe('`before` of the next page; null: there is no more'),
  unread,
})
export type InboxPage = z.infer<typeof inboxPage>

export const inboxUnread = z.object({ unread })

export const markInboxEntry = z.strictObject({ read: z.boolean() })

/** `unread`: the count as it stands when the stream begins. */
export const inboxEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('unread'), unread }),
  z.object({ type: z.literal('added'), entry: inboxEntry, unread }),
  z.object({ type: z.literal('changed'), entry: inboxEntry, unread }),
  z.object({ type: z.literal('all-read'), unread }),
])
export type InboxEvent = z.infer<typeof inboxEvent>

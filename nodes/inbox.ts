import { z } from 'zod'

/** Most characters of the title and of the text of an entry. */
export const MAX_TITLE = 200
export const MAX_TEXT = 2_000

/** What a person reads. */
export const notice = z.object({
  title: z.string(),
  text: z.string().describe('Plain text with line breaks; may be empty'),
  link: z.string().optional().describe('`https://…`, or a place within the application: `/orders/7`'),
})
export type Notice = z.infer<typeof notice>

/** One entry of somebody's inbox. */
export const inboxEntry = notice.extend({
  id: z.string(),
  memberId: z.string(),
  functionName: z.string(),
  runId: z.string().nullable().describe('The run that notified; null where it is not kept any more'),
  created: z.string().describe('ISO 8601'),
  read: z.string().nullable().describe('When it was read, ISO 8601; null: not yet'),
})
export type InboxEntry = z.infer<typeof inboxEntry>

import { z } from 'zod'
import { defineNode } from '../define.ts'
import { recipientProblems } from '../directory/check-recipients.ts'
import { maxRecipientsParam, recipientsParam } from '../directory/recipient-params.ts'
import { skipReason } from '../directory/schema.ts'
import type { Problem } from '../graph/problems.ts'
import { wanted } from '../values/types/wanted.ts'
import { value } from '../values/value.ts'
import type { Value } from '../values/value.ts'
import { readLink } from './read-link.ts'

/** Most people one step notifies, whatever its author says. */
const MOST_RECIPIENTS = 10_000

const params = z.strictObject({
  recipients: recipientsParam,
  title: value.meta({ control: 'text-value' }),
  text: value.default({ kind: 'fixed', value: '' }).meta({ control: 'text-lines' }),
  /** `https://…`, or `/orders/7` for a place within the application that shows the inbox. */
  link: value.optional().meta({ control: 'text-value' }),
  /** A step that finds more people than this notifies nobody. */
  maxRecipients: maxRecipientsParam(MOST_RECIPIENTS),
})
export type MessageNotificationParams = z.output<typeof params>

/** One person of a step. Text of a reason: `skipped.<reason>` in the locale files. */
export const notifiedPerson = z.object({
  memberId: z.string(),
  name: z.string(),
  skipped: skipReason.optional(),
})

export const notificationReport = z.object({
  counts: z.object({ selected: z.int(), notified: z.int(), skipped: z.int() }),
  people: z.array(notifiedPerson),
})
export type NotificationReport = z.infer<typeof notificationReport>

/** Service > Message Service > Message Notification: puts a message into the inbox of people, departments and roles. */
export const messageNotification = defineNode({
  type: 'message-notification',
  version: 1,
  menu: ['service', 'message-service'],
  icon: 'bell',
  input: 'in',
  outputs: ['next'],
  params,
  defaults: () => ({
    recipients: [],
    title: { kind: 'fixed' as const, value: '' },
    text: { kind: 'fixed' as const, value: '' },
  }),
  result: notificationReport,
  wants: (path) => {
    if (path === 'title') return wanted.writable
    return path === 'text' || path === 'link' ? wanted.writableIfAny : undefined
  },
  check: (values, context) => [
    ...recipientProblems(values.recipients, context),
    ...titleProblems(values.title),
    ...linkProblems(values.link),
  ],
})

function titleProblems(title: Value): Problem[] {
  const isEmpty = title.kind === 'fixed' && String(title.value ?? '').trim() === ''
  return isEmpty
    ? [{ severity: 'error', key: 'paramRequired', params: { field: 'title' }, field: 'title' }]
    : []
}

/** A link that is written down can be checked before anybody follows it. */
function linkProblems(link: Value | undefined): Problem[] {
  if (link?.kind !== 'fixed' || link.value === null || link.value === '') return []
  const read = readLink(String(link.value))
  return typeof read === 'string' ? [{ severity: 'error', key: 'linkRefused', field: 'link' }] : []
}

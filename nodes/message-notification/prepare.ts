import { resolveRecipients } from '../directory/resolve-recipients.ts'
import type { RecipientSources } from '../directory/resolve-recipients.ts'
import type { ResolvedRecipient } from '../directory/schema.ts'
import { ErrorCode, FlowError } from '../errors.ts'
import type { Notice } from '../inbox.ts'
import { MAX_TEXT, MAX_TITLE } from '../inbox.ts'
import { fillText } from '../locales/fill-text.ts'
import en from '../locales/en.json' with { type: 'json' }
import type { Value } from '../values/value.ts'
import type { MessageNotificationParams, NotificationReport } from './definition.ts'
import { readLink } from './read-link.ts'

/** What everybody of a step reads. @throws FlowError `NOTIFICATION_INVALID`, FormulaError */
export function prepareNotice(
  { title, text, link }: Pick<MessageNotificationParams, 'title' | 'text' | 'link'>,
  context: Pick<RecipientSources, 'evaluate'>,
): Notice {
  const heading = textOf(title, 'title', context)
  if (heading === '') throw invalid('titleMissing')
  if (heading.length > MAX_TITLE) throw invalid('titleTooLong', { limit: MAX_TITLE })
  const body = textOf(text, 'text', context)
  if (body.length > MAX_TEXT) throw invalid('textTooLong', { limit: MAX_TEXT })
  const address = link ? textOf(link, 'link', context) : ''
  if (address === '') return { title: heading, text: body }
  const read = readLink(address)
  if (typeof read === 'string') throw invalid(read)
  return { title: heading, text: body, link: read.link }
}

/** Everybody who is selected, each once, those who have no inbox with the reason. */
export function selectReaders(
  { recipients }: Pick<MessageNotificationParams, 'recipients'>,
  sources: RecipientSources,
): Promise<ResolvedRecipient[]> {
  return resolveRecipients(recipients, sources, { by: 'inbox' })
}

export function reportOf(people: readonly ResolvedRecipient[]): NotificationReport {
  const skipped = people.filter((person) => person.skipped).length
  return {
    counts: { selected: people.length, notified: people.length - skipped, skipped },
    people: people.map((person) => ({
      memberId: person.memberId,
      name: person.name,
      ...(person.skipped && { skipped: person.skipped }),
    })),
  }
}

/** Nothing gives an empty text. */
function textOf(value: Value, name: string, context: Pick<RecipientSources, 'evaluate'>): string {
  const given = context.evaluate(value)
  if (given === null) return ''
  if (typeof given === 'object') throw invalid('notText', { name })
  return String(given).trim()
}

function invalid(
  reason: keyof typeof en.errors.NOTIFICATION_INVALID.reasons,
  params: Record<string, string | number> = {},
): FlowError {
  const { hint, reasons } = en.errors.NOTIFICATION_INVALID
  return new FlowError(ErrorCode.NotificationInvalid, fillText(reasons[reason], params), {
    hint,
    params: { reason, ...params },
  })
}

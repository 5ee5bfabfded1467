import type { XRayReport } from '../api/x-ray.ts'
import type { ResolvedRecipient, RecipientReason } from '../directory/schema.ts'
import type { Notice } from '../inbox.ts'
import { pageOfPeople } from '../sms-notification/x-ray.ts'
import type { NamelessReport, PageOptions } from '../sms-notification/x-ray.ts'

/**
 * Describes who would find which notice in the inbox, and who would not and why.
 * @param notice missing where it could not be made
 */
export function noticeReportOf(
  people: readonly ResolvedRecipient[],
  notice: Notice | undefined,
  options: PageOptions & { estimated?: boolean },
): NamelessReport {
  const skipped: XRayReport['skipped'] = {}
  let texted = 0
  for (const person of people) {
    if (person.skipped) skipped[person.skipped] = (skipped[person.skipped] ?? 0) + 1
    else texted++
  }
  const { matching, page } = pageOfPeople(people, options)
  const { estimated = false } = options
  return {
    channel: 'inbox',
    service: null,
    selected: people.length,
    texted,
    skipped,
    segments: null,
    estimated,
    differentTexts: notice ? 1 : 0,
    matching,
    people: page.map(({ memberId, name, skipped: reason, reasons }) => ({
      memberId,
      name,
      phone: '',
      ...(reason && { skipped: reason }),
      reasons: reasons as readonly RecipientReason[],
      text: reason || !notice ? null : 0,
    })),
    texts: notice ? [textOf(notice, estimated)] : [],
  }
}

function textOf({ title, text, link }: Notice, estimated: boolean): XRayReport['texts'][number] {
  const lines = [title, text, link].filter(Boolean).join('\n')
  return { text: lines, encoding: null, characters: lines.length, segments: null, estimated, forcedBy: [] }
}

import type { XRayReason, XRayReport, XRayText } from '../../nodes/api/x-ray.ts'
import type { I18n } from '../i18n/index.ts'

type Texts = Pick<I18n, 't'>

/** Why a person was selected. */
export function reasonText({ kind, name, includeSubDepartments }: XRayReason, { t }: Texts): string {
  switch (kind) {
    case 'member':
      return t('xRay.reasons.member')
    case 'department':
      return t(includeSubDepartments ? 'xRay.reasons.departmentBelow' : 'xRay.reasons.department', {
        name: name || t('xRay.reasons.gone'),
      })
    case 'leaders':
      return t(includeSubDepartments ? 'xRay.reasons.leadersBelow' : 'xRay.reasons.leaders', {
        name: name || t('xRay.reasons.gone'),
      })
    case 'role':
      return t('xRay.reasons.role', { name: name || t('xRay.reasons.gone') })
    case 'organisation-role':
      return t('xRay.reasons.organisationRole', { name: name || t('xRay.reasons.gone') })
    case 'value':
      return t('xRay.reasons.value', { name })
  }
}

/** How many SMS the step makes in total. */
export function segmentsText({ segments, estimated }: XRayReport, { t }: Texts): string {
  if (segments === null) return t('xRay.segmentsUnknown')
  return t(estimated ? 'xRay.segmentsAbout' : 'xRay.segments', { count: segments })
}

/** A piece of a text: plain, a character that makes the text Unicode, or a value that is not known yet. */
export interface TextPart {
  text: string
  kind: 'plain' | 'forcing' | 'unknown'
}

export function textParts({ text, forcedBy }: XRayText): TextPart[] {
  const marks = [
    ...forcedBy.map(({ index, character }) => ({ index, text: character, kind: 'forcing' as const })),
    ...[...(text ?? '').matchAll(/‹[^‹›]{1,64}›/g)].map((match) => ({
      index: match.index,
      text: match[0],
      kind: 'unknown' as const,
    })),
  ].sort((a, b) => a.index - b.index)
  const parts: TextPart[] = []
  let end = 0
  for (const mark of marks) {
    if (mark.index < end) continue
    if (mark.index > end) parts.push({ text: text!.slice(end, mark.index), kind: 'plain' })
    parts.push({ text: mark.text, kind: mark.kind })
    end = mark.index + mark.text.length
  }
  if (text !== null && end < text.length) parts.push({ text: text.slice(end), kind: 'plain' })
  return parts
}

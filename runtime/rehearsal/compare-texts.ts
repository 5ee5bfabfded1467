import type { ReplayedText } from '../../nodes/api/try-it.ts'
import type { SkipReason } from '../../nodes/directory/schema.ts'
import { canonicalJson } from '../../nodes/graph/canonical.ts'
import { maskPhone } from '../../nodes/messages.ts'
import type { MessageForm, MessageState } from '../../nodes/messages.ts'

/** One text that a step means somebody to get. */
export interface IntendedText {
  path: string
  nodeId: string
  name: string
  phone: string
  form: MessageForm
}

/** Texts were made for these people; a rule of the moment held them back. */
const heldBack: ReadonlySet<SkipReason> = new Set<SkipReason>([
  'opted-out',
  'country-not-allowed',
  'daily-cap',
  'quiet-hours',
  'test-mode',
])

/** Whether a step meant this person to get a text, whatever became of it. */
export function isIntended(state: MessageState | undefined, skipped: SkipReason | undefined): boolean {
  if (skipped !== undefined) return heldBack.has(skipped)
  return state !== 'suppressed'
}

export interface ComparedTexts {
  same: number
  texts: ReplayedText[]
}

/**
 * Puts each text of before next to the one of the same person from the same step, else from another step, and says
 * where they differ.
 */
export function compareTexts(before: readonly IntendedText[], after: readonly IntendedText[]): ComparedTexts {
  const left = new Map<string, IntendedText[]>()
  for (const text of after) left.set(text.phone, [...(left.get(text.phone) ?? []), text])
  const take = (text: IntendedText, fits: (other: IntendedText) => boolean): IntendedText | undefined => {
    const candidates = left.get(text.phone) ?? []
    const at = candidates.findIndex(fits)
    return at < 0 ? undefined : candidates.splice(at, 1)[0]
  }
  const pairs = new Map<IntendedText, IntendedText>()
  const rules: ((text: IntendedText) => (other: IntendedText) => boolean)[] = [
    (text) => (other) => other.path === text.path,
    (text) => (other) => contentOf(other) === contentOf(text),
    () => () => true,
  ]
  for (const rule of rules) {
    for (const text of before) {
      const other = pairs.has(text) ? undefined : take(text, rule(text))
      if (other) pairs.set(text, other)
    }
  }

  let same = 0
  const texts: ReplayedText[] = []
  for (const text of before) {
    const other = pairs.get(text)
    if (other && contentOf(other) === contentOf(text)) same++
    else if (other) texts.push(difference('changed', other, text, other))
    else texts.push(difference('gone', text, text, undefined))
  }
  for (const text of [...left.values()].flat()) texts.push(difference('new', text, undefined, text))
  return { same, texts }
}

function difference(
  kind: ReplayedText['kind'],
  { nodeId, name, phone }: IntendedText,
  before: IntendedText | undefined,
  after: IntendedText | undefined,
): ReplayedText {
  const shown = (text: IntendedText | undefined) => (text ? readable(text.form) : null)
  return { kind, nodeId, name, phone: maskPhone(phone), before: shown(before), after: shown(after) }
}

function contentOf({ form }: IntendedText): string {
  const { text, templateCode, templateVariables, contentSid, contentVariables } = form
  return canonicalJson({ text, templateCode, templateVariables, contentSid, contentVariables })
}

/** The words of a template that is kept at the provider are not known here: its code and values stand for them. */
function readable({
  text,
  templateCode,
  templateVariables,
  contentSid,
  contentVariables,
}: MessageForm): string {
  if (text !== undefined) return text
  return `${templateCode ?? contentSid ?? ''} ${JSON.stringify(templateVariables ?? contentVariables ?? {})}`
}

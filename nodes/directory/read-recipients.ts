import type { Json } from '../json.ts'
import type { Value } from '../values/value.ts'
import { namedRecipient, supervisorsOf } from './schema.ts'
import type { NamedRecipient, Recipient, RecipientReason, SupervisorsOf } from './schema.ts'

/** Somebody or something that a step selects, and why. */
export type Selection = { reason: RecipientReason } & (
  | { kind: 'named'; recipient: NamedRecipient | SupervisorsOf }
  | { kind: 'phone'; text: string; name: string }
  /** A value named something that is no recipient. */
  | { kind: 'unreadable' }
)

/** Enough of a formula to recognise it: reasons are kept with every message. */
const MAX_SOURCE = 100

/**
 * Takes recipients apart, values evaluated. A value may give:
 * - a text: a phone number, E.164 or as people of the organisation's country write it;
 * - `{ kind, id }` as a recipient is saved: `member`, `department`, `role`, `organisation-role`, `leaders`;
 * - `{ kind: 'supervisors', id, level }`: who stands above a member;
 * - `{ kind: 'phone', number, name? }`;
 * - a list of any of these; `null` and empty texts name nobody.
 */
export function readRecipients(
  recipients: readonly Recipient[],
  evaluate: (value: Value) => Json,
): Selection[] {
  const selections: Selection[] = []
  for (const recipient of recipients) {
    if (recipient.kind === 'value') {
      const reason = { kind: 'value', source: sourceOf(recipient.value) } as const
      readValue(evaluate(recipient.value), reason, selections)
    } else {
      selections.push({ kind: 'named', recipient, reason: recipient })
    }
  }
  return selections
}

function readValue(value: Json, reason: RecipientReason, selections: Selection[]): void {
  if (value === null || value === '') return
  if (Array.isArray(value)) {
    for (const each of value) readValue(each, reason, selections)
  } else if (typeof value === 'string') {
    selections.push({ kind: 'phone', text: value, name: '', reason })
  } else {
    selections.push(typeof value === 'object' ? readObject(value, reason) : { kind: 'unreadable', reason })
  }
}

function readObject(value: { [key: string]: Json }, reason: RecipientReason): Selection {
  const { kind, id, includeSubDepartments, level, number, name } = value
  if (kind === 'phone' && typeof number === 'string') {
    return { kind: 'phone', text: number, name: typeof name === 'string' ? name.slice(0, 200) : '', reason }
  }
  if (kind === 'supervisors') {
    const read = supervisorsOf.safeParse({ kind, id, level })
    return read.success ? { kind: 'named', recipient: read.data, reason } : { kind: 'unreadable', reason }
  }
  const takesBelow = kind === 'department' || kind === 'leaders'
  const named = namedRecipient.safeParse({ kind, id, ...(takesBelow && { includeSubDepartments }) })
  return named.success ? { kind: 'named', recipient: named.data, reason } : { kind: 'unreadable', reason }
}

function sourceOf(value: Value): string {
  switch (value.kind) {
    case 'fixed':
      return ''
    case 'variable':
      return value.path
    case 'formula':
      return value.source.slice(0, MAX_SOURCE)
  }
}

import type { UnknownRow } from '../ledger/deliveries.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/**
 * Waits between look-ups. The first comes 5 s after the message became unknown, so they fall at 5 and 45 s, 3, 5, 15
 * and 60 minutes, 4, 12 and 24 hours.
 */
const waits = [40 * SECOND_MS, 135 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, 45 * MINUTE_MS]
const longWaits = [3 * HOUR_MS, 8 * HOUR_MS, 12 * HOUR_MS]

/** A provider that cannot be reached is tried again after this time, and its other messages wait with it. */
export const UNREACHABLE_MS = 55 * SECOND_MS
/** Two look-ups at least, this far apart, must find nothing before a message counts as absent. */
const ABSENCES_APART_MS = 120 * SECOND_MS

/** The plan after a look-up that said something, or that the provider could not answer. */
export function afterLookUp(unknown: UnknownRow, began: number, now: number, isAbsent: boolean): UnknownRow {
  const absences = isAbsent && began >= unknown.absentAfter ? [...unknown.absences, began] : unknown.absences
  const wait = [...waits, ...longWaits][unknown.tries]
  const next = { ...unknown, absences, tries: unknown.tries + 1 }
  if (isProvenAbsent(absences)) return { ...next, phase: 'absent' }
  return wait === undefined ? { ...next, phase: 'final' } : { ...next, due: now + wait }
}

/**
 * The plan where the provider offers no question. Where a further attempt is wanted, it leaves no earlier than after a
 * proof of absence: a silent provider may only be slow.
 */
export function withoutLookUp(unknown: UnknownRow): UnknownRow {
  return { ...unknown, phase: 'final', due: unknown.absentAfter + ABSENCES_APART_MS }
}

/** Found missing twice, far enough apart, both after the last moment at which the provider may have taken it. */
function isProvenAbsent(absences: readonly number[]): boolean {
  return absences.length >= 2 && absences.at(-1)! - absences[0]! >= ABSENCES_APART_MS
}

import type { UnknownRow } from '../ledger/deliveries.ts'
import { ABSENCES_APART_MS, lookUpWaitsMs } from '../ledger/look-up-waits.ts'

/** A provider that cannot be reached is tried again after this time, and its other messages wait with it. */
export const UNREACHABLE_MS = 55_000

/**
 * The plan after a look-up that said something, or that the provider could not answer.
 * @param began and `now` on the steady clock, as all moments of a plan
 */
export function afterLookUp(unknown: UnknownRow, began: number, now: number, isAbsent: boolean): UnknownRow {
  const isProof = isAbsent && !unknown.isRestored && began >= unknown.absentAfter
  const absences = isProof ? [...unknown.absences, began] : unknown.absences
  const wait = lookUpWaitsMs[unknown.tries + 1]
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

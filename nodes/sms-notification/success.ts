import { z } from 'zod'
import type { MessageCounts } from '../messages.ts'

/** When a step counts as done: by which port the run goes on. */
export const success = z.discriminatedUnion('kind', [
  /** Everybody who could be texted was; whoever could not be is no failure. */
  z.strictObject({ kind: z.literal('best-effort') }),
  /** Everybody who was selected, those who were skipped included. */
  z.strictObject({ kind: z.literal('all') }),
  z.strictObject({ kind: z.literal('any') }),
  z.strictObject({ kind: z.literal('at-least'), count: z.int().min(1).max(100_000) }),
])
export type Success = z.output<typeof success>

/** How many must have been accepted; nothing where the step does its best. */
export function wantedBy(policy: Success, { planned }: MessageCounts): number | undefined {
  switch (policy.kind) {
    case 'best-effort':
      return undefined
    case 'all':
      return planned
    case 'any':
      return 1
    case 'at-least':
      return policy.count
  }
}

/**
 * By best effort, `sent`: everybody who could be texted was; `failed`: certainly nobody was; `partly`: anything
 * between, and whenever a message may or may not have been taken.
 * By a number, `sent`: it is reached; `failed`: it certainly is not; `partly`: it may be, by messages that nobody knows
 * the outcome of.
 */
export function portFor(
  counts: MessageCounts,
  policy: Success = { kind: 'best-effort' },
): 'sent' | 'partly' | 'failed' {
  const wanted = wantedBy(policy, counts)
  if (wanted === undefined) {
    if (counts.unknown > 0) return 'partly'
    if (counts.accepted === 0) return 'failed'
    return counts.rejected + counts.cancelled + counts.expired > 0 ? 'partly' : 'sent'
  }
  if (counts.planned > 0 && counts.accepted >= wanted) return 'sent'
  return counts.accepted + counts.unknown >= wanted && counts.unknown > 0 ? 'partly' : 'failed'
}

import type { SendOutcome } from '../../nodes/services/sms/provider.ts'

/** Attempts per message, the first included. */
export const MAX_ATTEMPTS = 5
/** A message older than this is not tried again. */
export const TIME_TO_LIVE_MS = 24 * 60 * 60 * 1_000
const BASE_MS = 1_000
const CAP_MS = 60_000

/**
 * Says when a message may be tried again: only after an attempt that was certainly not accepted.
 * Exponential back-off with full jitter; the provider's Retry-After is a lower bound.
 * @param random in [0, 1)
 * @returns milliseconds to wait, or `null`: no further attempt
 */
export function retryDelayMs(
  outcome: SendOutcome,
  attempt: number,
  ageMs: number,
  random: () => number,
): number | null {
  if (outcome.state !== 'throttled' && outcome.state !== 'unreachable') return null
  if (outcome.error.about === 'configuration' || attempt >= MAX_ATTEMPTS) return null
  const jittered = random() * Math.min(CAP_MS, BASE_MS * 2 ** attempt)
  const delay = outcome.state === 'throttled' ? Math.max(jittered, outcome.retryAfterMs ?? 0) : jittered
  return ageMs + delay > TIME_TO_LIVE_MS ? null : Math.ceil(delay)
}

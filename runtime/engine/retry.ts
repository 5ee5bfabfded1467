import type { SmsPolicy } from '../../nodes/services/sms/policy.ts'
import type { SendOutcome } from '../../nodes/services/sms/provider.ts'

const MINUTE_MS = 60_000

/** The part of a service's policy that says how often and when a message is tried again. */
export type RetryPolicy = Pick<
  SmsPolicy,
  'maxAttempts' | 'firstDelaySeconds' | 'maxDelaySeconds' | 'timeToLiveMinutes'
>

/** The last moment at which a message may leave. */
export function expiryOf(began: number, { timeToLiveMinutes }: RetryPolicy): number {
  return began + timeToLiveMinutes * MINUTE_MS
}

/** True where a message of this age may not leave any more. */
export function isExpired(ageMs: number, { timeToLiveMinutes }: RetryPolicy): boolean {
  return ageMs > timeToLiveMinutes * MINUTE_MS
}

/**
 * Says when a message may be tried again: only after an attempt that was certainly not accepted.
 * Exponential back-off with full jitter; the provider's Retry-After is a lower bound.
 * @param attempt of this service, 1 for the first
 * @param random in [0, 1)
 * @returns milliseconds to wait, or `null`: no further attempt
 */
export function retryDelayMs(
  outcome: SendOutcome,
  attempt: number,
  ageMs: number,
  policy: RetryPolicy,
  random: () => number,
): number | null {
  if (outcome.state !== 'throttled' && outcome.state !== 'unreachable') return null
  if (outcome.error.about === 'configuration' || attempt >= policy.maxAttempts) return null
  const most = Math.min(policy.maxDelaySeconds, policy.firstDelaySeconds * 2 ** attempt) * 1_000
  const jittered = random() * most
  const delay = outcome.state === 'throttled' ? Math.max(jittered, outcome.retryAfterMs ?? 0) : jittered
  return isExpired(ageMs + delay, policy) ? null : Math.ceil(delay)
}

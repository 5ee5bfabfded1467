import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { LoginMethod } from '../../nodes/login/mobile-login.ts'
import type { CodeStore } from './code-store.ts'
import type { Origin } from './network.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

/** The rules of codes that no setting loosens. Reasons and sources: `docs/login.md`. */
export const CODE_LIMITS = {
  /** Wrong tries at one code, and at all codes of a number and purpose within a day. */
  wrongPerCode: 5,
  wrongPerPhone: 20,
  /** Seconds until a number may get the next code, doubled with each one that is not used. */
  firstResendSeconds: 60,
  longestResendSeconds: 32 * 60,
  phonePerHour: 5,
  phonePerDay: 10,
  networkTimes: 5,
  prefixPerHour: 50,
  /** Of a prefix's codes that had this long to be typed, fewer than this share were used: somebody is pumping. */
  pumpingAfter: 10,
  pumpingShare: 0.3,
  pumpingPatienceMs: 2 * MINUTE_MS,
} as const

/** A code that is asked for. */
export interface CodeRequest extends Origin {
  method: LoginMethod
  purpose: string
  phone: string
  now: number
}

/** @returns seconds until this number may get its next code for the purpose, 0: now */
export function resendSeconds(
  store: CodeStore,
  { phone, purpose, now }: Pick<CodeRequest, 'phone' | 'purpose' | 'now'>,
): number {
  const { count, newest } = store.unused(phone, purpose, now - DAY_MS)
  if (count === 0) return 0
  const { firstResendSeconds, longestResendSeconds } = CODE_LIMITS
  const wait = Math.min(firstResendSeconds * 2 ** (count - 1), longestResendSeconds)
  return Math.max(0, Math.ceil((newest + wait * SECOND_MS - now) / SECOND_MS))
}

/**
 * Refuses a code that would be one too many. Asked alike of numbers that may get in and of others.
 * @throws FlowError `TOO_MANY_TRIES` with the seconds to wait
 */
export function refuseTooMany(store: CodeStore, request: CodeRequest): void {
  const { method, phone, address, network, now } = request
  const waits = [
    resendSeconds(store, request),
    over(store.ofPhone(phone, now - HOUR_MS), CODE_LIMITS.phonePerHour, HOUR_MS, now),
    over(store.ofPhone(phone, now - DAY_MS), CODE_LIMITS.phonePerDay, DAY_MS, now),
    over(store.ofMethod(method.id, now - DAY_MS), method.dailyCodes, DAY_MS, now),
    prefixWait(store, phone, now),
  ]
  const { hourlyPerAddress } = method
  if (address !== null) {
    waits.push(over(store.ofAddress(address, now - HOUR_MS), hourlyPerAddress, HOUR_MS, now))
  }
  if (network !== null && network !== address) {
    const most = hourlyPerAddress * CODE_LIMITS.networkTimes
    waits.push(over(store.ofNetwork(network, now - HOUR_MS), most, HOUR_MS, now))
  }
  const seconds = Math.max(...waits)
  if (seconds === 0) return
  throw new FlowError(ErrorCode.TooManyTries, 'Too many codes were asked for', {
    hint: `Wait ${seconds} seconds, then ask for a code again.`,
    params: { seconds },
  })
}

/** Texts to neighbouring numbers that nobody ever types in are texts that somebody is paid for. */
function prefixWait(store: CodeStore, phone: string, now: number): number {
  const { prefixPerHour, pumpingAfter, pumpingShare, pumpingPatienceMs } = CODE_LIMITS
  const all = over(store.ofPrefix(phone, now - HOUR_MS, now), prefixPerHour, HOUR_MS, now)
  const old = store.ofPrefix(phone, now - HOUR_MS, now - pumpingPatienceMs)
  const isPumping = old.count >= pumpingAfter && old.used / old.count < pumpingShare
  return isPumping ? Math.max(all, untilFree(old.oldest, HOUR_MS, now)) : all
}

function over(
  { count, oldest }: { count: number; oldest: number },
  most: number,
  windowMs: number,
  now: number,
): number {
  return count < most ? 0 : untilFree(oldest, windowMs, now)
}

function untilFree(oldest: number, windowMs: number, now: number): number {
  return Math.max(1, Math.ceil((oldest + windowMs - now) / SECOND_MS))
}

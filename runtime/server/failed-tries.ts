import { ErrorCode, FlowError } from '../../nodes/errors.ts'

const MAX_FAILURES = 10
const WINDOW_MS = 60_000
const MAX_ADDRESSES = 1_000

/** Counts wrong tokens by address: after ten in a minute an address waits, also with a right one, or guessing would pay. */
export class FailedTries {
  readonly #now: () => number
  readonly #failures = new Map<string, { count: number; until: number }>()

  constructor(now: () => number) {
    this.#now = now
  }

  /** @throws FlowError `TOO_MANY_TRIES` */
  try(address: string, isRight: () => boolean): boolean {
    const now = this.#now()
    const known = this.#failures.get(address)
    if (known && known.until <= now) this.#failures.delete(address)
    else if (known && known.count >= MAX_FAILURES) throw tooManyTries(known.until - now)
    if (isRight()) return true
    if (this.#failures.size >= MAX_ADDRESSES) this.#failures.clear()
    const failures = this.#failures.get(address) ?? { count: 0, until: now + WINDOW_MS }
    failures.count++
    this.#failures.set(address, failures)
    return false
  }
}

function tooManyTries(waitMs: number): FlowError {
  const seconds = Math.ceil(waitMs / 1_000)
  return new FlowError(ErrorCode.TooManyTries, 'Too many wrong tokens were tried from this address', {
    hint: `Wait ${seconds} seconds, then try again.`,
    params: { seconds },
  })
}

import { randomBytes, timingSafeEqual } from 'node:crypto'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'

const MAX_FAILURES = 10
const WINDOW_MS = 60_000
const MAX_ADDRESSES = 1_000

/** The tokens that open this server: fixed ones for programs, and the one of the start link, which opens once. */
export class AccessTokens {
  readonly #fixed: Buffer[]
  readonly #now: () => number
  #link: Buffer | null
  readonly #failures = new Map<string, { count: number; until: number }>()
  /** Part of the link that is printed at the start. */
  readonly linkToken: string

  constructor(fixed: readonly string[], now: () => number = Date.now) {
    this.#fixed = fixed.map((token) => Buffer.from(token))
    this.#now = now
    this.linkToken = randomBytes(32).toString('base64url')
    this.#link = Buffer.from(this.linkToken)
  }

  /**
   * Answers whether `token` is one of the fixed tokens.
   * @param address of the caller, for counting wrong tries
   * @throws FlowError `TOO_MANY_TRIES`
   */
  accepts(token: string, address: string): boolean {
    return this.#try(address, () => this.#isFixed(token))
  }

  /** Like `accepts`, and takes the token of the start link too, the first time. */
  acceptsOnce(token: string, address: string): boolean {
    return this.#try(address, () => {
      if (this.#isFixed(token)) return true
      if (this.#link === null || !isSame(this.#link, Buffer.from(token))) return false
      this.#link = null
      return true
    })
  }

  #isFixed(token: string): boolean {
    const typed = Buffer.from(token)
    return this.#fixed.some((each) => isSame(each, typed))
  }

  /** After ten wrong tries in a minute an address waits, also with the right token: otherwise guessing would pay. */
  #try(address: string, isRight: () => boolean): boolean {
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

/** Takes as long for a right beginning as for a wrong one; only the length of a token can be learnt from the time. */
function isSame(token: Buffer, typed: Buffer): boolean {
  return token.length === typed.length && timingSafeEqual(token, typed)
}

function tooManyTries(waitMs: number): FlowError {
  const seconds = Math.ceil(waitMs / 1_000)
  return new FlowError(ErrorCode.TooManyTries, 'Too many wrong tokens were tried from this address', {
    hint: `Wait ${seconds} seconds, then try again.`,
    params: { seconds },
  })
}

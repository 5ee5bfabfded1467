import { randomBytes, timingSafeEqual } from 'node:crypto'
import { FailedTries } from './failed-tries.ts'

/** The tokens that open this server: fixed ones for programs, and the one of the start link, which opens once. */
export class AccessTokens {
  readonly #fixed: Buffer[]
  #link: Buffer | null
  readonly #tries: FailedTries
  /** Part of the link that is printed at the start. */
  readonly linkToken: string

  constructor(fixed: readonly string[], now: () => number = Date.now) {
    this.#fixed = fixed.map((token) => Buffer.from(token))
    this.#tries = new FailedTries(now)
    this.linkToken = randomBytes(32).toString('base64url')
    this.#link = Buffer.from(this.linkToken)
  }

  /**
   * Answers whether `token` is one of the fixed tokens.
   * @param address of the caller, for counting wrong tries
   * @throws FlowError `TOO_MANY_TRIES`
   */
  accepts(token: string, address: string): boolean {
    return this.#tries.try(address, () => this.isFixed(token))
  }

  /** Like `accepts`, and takes the token of the start link too, the first time. */
  acceptsOnce(token: string, address: string): boolean {
    return this.#tries.try(address, () => {
      if (this.isFixed(token)) return true
      if (this.#link === null || !isSame(this.#link, Buffer.from(token))) return false
      this.#link = null
      return true
    })
  }

  /** Counts nothing: for telling kinds of tokens apart. */
  isFixed(token: string): boolean {
    const typed = Buffer.from(token)
    return this.#fixed.some((each) => isSame(each, typed))
  }
}

/** Takes as long for a right beginning as for a wrong one; only the length of a token can be learnt from the time. */
function isSame(token: Buffer, typed: Buffer): boolean {
  return token.length === typed.length && timingSafeEqual(token, typed)
}

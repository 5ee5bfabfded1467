import { createHash, createHmac } from 'node:crypto'

/** Bytes of a token: enough that nobody finds one. */
const TOKEN_BYTES = 16
/** How long a link of a text is good for, at most. */
export const LINK_MS = 7 * 24 * 60 * 60 * 1_000

/**
 * Tokens of the links in texts: each is for one person's task alone. They are made anew from a key where a text is sent,
 * so that the store needs only their hash.
 */
export class DecideLinks {
  readonly #key: Buffer

  /** @param key outside the data folder, or derived from what is */
  constructor(key: Buffer) {
    this.#key = key
  }

  tokenFor(taskId: string): string {
    return createHmac('sha256', this.#key)
      .update(`decide ${taskId}`)
      .digest()
      .subarray(0, TOKEN_BYTES)
      .toString('base64url')
  }

  hashFor(taskId: string): Uint8Array {
    return this.hashOf(this.tokenFor(taskId))
  }

  hashOf(token: string): Uint8Array {
    return createHash('sha256').update(token).digest()
  }
}

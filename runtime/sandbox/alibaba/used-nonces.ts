/** How long the gateway remembers a nonce, by a support answer of the vendor; not a promise. */
const MEMORY_MS = 31 * 60_000
/** Bounds the memory: beyond it the older half is forgotten early. */
const MOST_NONCES = 250_000

/** The nonces of the last half hour: each may be used once. */
export class UsedNonces {
  #recent = new Set<string>()
  #older = new Set<string>()
  #recentSince = 0

  /** False for a nonce that was used before. */
  use(nonce: string, now: Date): boolean {
    const time = now.getTime()
    if (time - this.#recentSince > MEMORY_MS || this.#recent.size >= MOST_NONCES) {
      this.#older = time - this.#recentSince > 2 * MEMORY_MS ? new Set() : this.#recent
      this.#recent = new Set()
      this.#recentSince = time
    }
    if (this.#recent.has(nonce) || this.#older.has(nonce)) return false
    this.#recent.add(nonce)
    return true
  }
}

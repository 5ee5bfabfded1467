const MINUTE = 60_000
/** Codes to one number under one signature: 1 a minute, 5 an hour, 10 a day. */
const limits = [
  { name: 'day', windowMs: 24 * 60 * MINUTE, permits: 10 },
  { name: 'hour', windowMs: 60 * MINUTE, permits: 5 },
  { name: 'minute', windowMs: MINUTE, permits: 1 },
] as const
/** Bounds the memory: beyond it everybody starts anew. */
const MOST_NUMBERS = 100_000

/** Alibaba's limits on verification codes, which count what was accepted. */
export class CodeLimits {
  readonly #sent = new Map<string, number[]>()

  /** The limit in the vendor's words that one more code would break. */
  broken(sign: string, phone: string, now: Date): string | undefined {
    const times = this.#sent.get(`${sign} ${phone}`) ?? []
    const limit = limits.find(
      ({ windowMs, permits }) => times.filter((time) => now.getTime() - time < windowMs).length >= permits,
    )
    return limit && `触发${limit.name}级流控Permits:${limit.permits}`
  }

  count(sign: string, phone: string, now: Date): void {
    if (this.#sent.size >= MOST_NUMBERS) this.#sent.clear()
    const key = `${sign} ${phone}`
    this.#sent.set(key, [...(this.#sent.get(key) ?? []), now.getTime()].slice(-10))
  }
}

/** Rounding of times in milliseconds must not cost a whole message. */
const TINY = 1e-6

/**
 * Spreads messages evenly over time, some of them at once after a pause: the generic cell rate algorithm (ITU-T I.371,
 * as used by ATM and Redis-Cell). Its whole state is one time, the moment at which the next message would be due if
 * none ever came early; kept over a restart, no burst gets through behind it.
 */
export class Pace {
  /** Milliseconds since 1970; may lie ahead of the clock by `burst` intervals at most. */
  dueAt: number
  #intervalMs: number
  #burst: number

  constructor(ratePerSecond: number, burst: number, dueAt = 0) {
    this.#intervalMs = 1_000 / ratePerSecond
    this.#burst = burst
    this.dueAt = dueAt
  }

  set(ratePerSecond: number, burst: number): void {
    this.#intervalMs = 1_000 / ratePerSecond
    this.#burst = burst
  }

  /** How many messages may leave at this moment. */
  available(now: number): number {
    return Math.floor(this.#burst - (this.#due(now) - now) / this.#intervalMs + TINY)
  }

  /** The moment at which one more may leave. */
  nextAt(now: number): number {
    return Math.max(now, this.#due(now) - (this.#burst - 1) * this.#intervalMs)
  }

  take(now: number, count: number): void {
    this.dueAt = this.#due(now) + count * this.#intervalMs
  }

  /** A clock that was set back must not keep everybody waiting until it has caught up. */
  #due(now: number): number {
    this.dueAt = Math.min(this.dueAt, now + this.#burst * this.#intervalMs)
    return Math.max(this.dueAt, now)
  }
}

/**
 * Concurrency slots of one SMS service. A slot is taken before the message is marked `dispatching`,
 * so that a crash leaves no more messages unknown than were really on the wire.
 */
export class Gate {
  #limit: number
  #held = 0
  #closed = false
  readonly #waiting: (() => void)[] = []

  constructor(limit: number) {
    this.#limit = limit
  }

  get held(): number {
    return this.#held
  }

  setLimit(limit: number): void {
    this.#limit = limit
    this.#admit()
  }

  /** Takes a slot if one is free and nobody waits for it. */
  tryTake(): boolean {
    if (this.#closed || this.#held >= this.#limit || this.#waiting.length > 0) return false
    this.#held++
    return true
  }

  /** Waits for a slot, first come first served. Never answers after `close`. */
  take(): Promise<void> {
    if (this.tryTake()) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  release(): void {
    this.#held--
    this.#admit()
  }

  /** No slot is given out any more; those held stay held until released. */
  close(): void {
    this.#closed = true
  }

  #admit(): void {
    while (!this.#closed && this.#held < this.#limit && this.#waiting.length > 0) {
      this.#held++
      this.#waiting.shift()!()
    }
  }
}

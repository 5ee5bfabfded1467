/** Requests that wait for something that takes long: bounded in number, and answered early when the server stops. */
export class WaitingRequests {
  readonly #limit: number
  readonly #waiting = new Set<() => void>()

  constructor(limit: number) {
    this.#limit = limit
  }

  get isFull(): boolean {
    return this.#waiting.size >= this.#limit
  }

  /** @returns what `end` brings, or `null` after `seconds` or when the server stops */
  async wait<T>(end: Promise<T>, seconds: number): Promise<T | null> {
    let giveUp!: () => void
    const late = new Promise<null>((resolve) => {
      giveUp = () => resolve(null)
    })
    const timer = setTimeout(giveUp, seconds * 1_000)
    this.#waiting.add(giveUp)
    try {
      return await Promise.race([end, late])
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(giveUp)
    }
  }

  answerAll(): void {
    for (const giveUp of this.#waiting) giveUp()
  }
}

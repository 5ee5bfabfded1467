/** One request that waits, and where it stands in the list. */
interface Waiting {
  index: number
  giveUp: () => void
}

/** Requests that wait for something that takes long: bounded in number, and answered early when the server stops. */
export class WaitingRequests {
  readonly #limit: number
  /** A list, and no `Set`: see `ChurnMap` for what that costs where entries come and go all the time. */
  readonly #waiting: Waiting[] = []

  constructor(limit: number) {
    this.#limit = limit
  }

  get isFull(): boolean {
    return this.#waiting.length >= this.#limit
  }

  /** @returns what `end` brings, or `null` after `seconds` or when the server stops */
  async wait<T>(end: Promise<T>, seconds: number): Promise<T | null> {
    const waiting: Waiting = { index: this.#waiting.length, giveUp: nothing }
    this.#waiting.push(waiting)
    let timer: NodeJS.Timeout | undefined
    try {
      return await new Promise<T | null>((resolve, reject) => {
        waiting.giveUp = () => resolve(null)
        timer = setTimeout(waiting.giveUp, seconds * 1_000)
        end.then(resolve, reject)
      })
    } finally {
      clearTimeout(timer)
      this.#remove(waiting)
    }
  }

  answerAll(): void {
    for (const { giveUp } of this.#waiting) giveUp()
  }

  /** The last takes its place. */
  #remove({ index }: Waiting): void {
    const last = this.#waiting.pop()!
    if (last.index === index) return
    last.index = index
    this.#waiting[index] = last
  }
}

const nothing = (): void => undefined

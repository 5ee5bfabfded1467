/** Nothing will happen in this step for a while: whoever walks there rests until then. */
export class StepParked extends Error {
  /** Milliseconds since 1970. */
  readonly until: number
  /** True where nobody walks in the run any more. */
  readonly isWhole: boolean

  constructor(until: number, isWhole = false) {
    super('The step waits')
    this.until = until
    this.isWhole = isWhole
  }
}

interface Resting {
  until: number
  /** Looks again. */
  wake: () => void
  /** Forgets the alarm. */
  stop: () => void
  leave: (whole: StepParked) => void
}

/**
 * Who walks in a run, and who rests. A run that walks in one place leaves the memory as soon as it rests. One that
 * walks in several leaves it once all of them rest; until then each wakes where it is.
 */
export class Branches {
  #walking = 1
  readonly #resting = new Set<Resting>()

  /** From now on bodies are walked, in place of whoever waits for them. */
  fork(): void {
    this.#walking--
  }

  /** All bodies have ended. */
  join(): void {
    this.#walking++
  }

  enter(): void {
    this.#walking++
  }

  leave(): void {
    this.#walking--
    const [first] = this.#resting
    if (this.#walking === 0 && first) first.leave(this.#wholeRun())
  }

  /**
   * Answers when a resting step should look again.
   * @param at calls back at a time, as `Timers.at`
   * @throws StepParked where nobody walks any more: the whole run rests
   */
  async rest({ until }: StepParked, at: (time: number, callback: () => void) => () => void): Promise<void> {
    if (this.#walking === 1) throw this.#wholeRun(until)
    await new Promise<void>((resolve, reject) => {
      const resting: Resting = {
        until,
        stop: at(until, () => resting.wake()),
        wake: () => {
          resting.stop()
          this.#resting.delete(resting)
          this.#walking++
          resolve()
        },
        leave: reject,
      }
      this.#walking--
      this.#resting.add(resting)
    })
  }

  /** Lets all that rest look again. */
  wake(): void {
    for (const resting of [...this.#resting]) resting.wake()
  }

  #wholeRun(until = Infinity): StepParked {
    for (const resting of this.#resting) resting.stop()
    const earliest = Math.min(until, ...[...this.#resting].map((each) => each.until))
    this.#resting.clear()
    return new StepParked(earliest, true)
  }
}

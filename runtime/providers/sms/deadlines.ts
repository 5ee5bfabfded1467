/** Something that has to be over in time. */
export interface Deadline {
  /** The moment by `performance.now()`. */
  readonly due: number
  onDue(): void
}

/**
 * Watches deadlines that are all equally long, so that the first to begin is the first due: one timer serves them all,
 * where a timer for each call would cost as much as signing it.
 */
export class Deadlines {
  readonly #open = new Set<Deadline>()
  #timer: NodeJS.Timeout | undefined

  add(deadline: Deadline): void {
    this.#open.add(deadline)
    if (!this.#timer) this.#wakeAt(deadline.due)
  }

  remove(deadline: Deadline): void {
    this.#open.delete(deadline)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #wakeAt(due: number): void {
    this.#timer = setTimeout(this.#wake, Math.max(1, due - performance.now()))
    this.#timer.unref() // an open request keeps the process alive by its socket
  }

  readonly #wake = (): void => {
    this.#timer = undefined
    const now = performance.now()
    for (const deadline of this.#open) {
      if (deadline.due > now) return this.#wakeAt(deadline.due)
      this.#open.delete(deadline)
      deadline.onDue()
    }
  }
}

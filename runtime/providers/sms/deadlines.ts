/** Something that has to be over in time. */
export interface Deadline {
  /** The moment by `performance.now()`. */
  readonly due: number
  onDue(): void
  /** Set by `Deadlines` alone: who watches it, and its neighbours there. */
  watchedBy: Deadlines | undefined
  before: Deadline | undefined
  after: Deadline | undefined
}

/**
 * Watches deadlines that are all equally long, so that the first to begin is the first due: one timer serves them all,
 * where a timer for each call would cost as much as signing it.
 *
 * A chain of neighbours, and no `Set`: see `ChurnMap` for what that costs where entries come and go all the time.
 */
export class Deadlines {
  #first: Deadline | undefined
  #last: Deadline | undefined
  #timer: NodeJS.Timeout | undefined

  add(deadline: Deadline): void {
    deadline.watchedBy = this
    deadline.before = this.#last
    if (this.#last) this.#last.after = deadline
    else this.#first = deadline
    this.#last = deadline
    if (!this.#timer) this.#wakeAt(deadline.due)
  }

  /** Does nothing for one that is not watched. */
  remove(deadline: Deadline): void {
    if (deadline.watchedBy !== this) return
    const { before, after } = deadline
    if (before) before.after = after
    else this.#first = after
    if (after) after.before = before
    else this.#last = before
    deadline.watchedBy = undefined
    deadline.before = undefined
    deadline.after = undefined
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
    for (let next = this.#first; next; next = this.#first) {
      if (next.due > now) return this.#wakeAt(next.due)
      this.remove(next)
      next.onDue()
    }
  }
}

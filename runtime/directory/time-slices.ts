import { setImmediate as nextTurn } from 'node:timers/promises'

/** Longest piece of work before others get their turn. */
const SLICE_MS = 15

/** Splits long work into pieces, so that the server answers others in between: `if (slices.isOver) await slices.next()`. */
export class TimeSlices {
  #since = performance.now()

  get isOver(): boolean {
    return performance.now() - this.#since > SLICE_MS
  }

  async next(): Promise<void> {
    await nextTurn()
    this.#since = performance.now()
  }
}

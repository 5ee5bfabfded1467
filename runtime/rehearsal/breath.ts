import { setImmediate } from 'node:timers/promises'

/** Steps after which others get their turn: a walk in memory waits for nothing by itself. */
const STEPS = 200

/** Lets the rest of the server breathe in a walk of many steps. */
export class Breath {
  #steps = 0

  async taken(): Promise<void> {
    if (++this.#steps % STEPS === 0) await setImmediate()
  }
}

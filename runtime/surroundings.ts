import { randomFillSync } from 'node:crypto'
import { monotonicFactory } from 'ulid'

/** Time and ids, passed in so that tests are exact. */
export interface Surroundings {
  now(): Date
  /** The same in milliseconds since 1970, for who asks at every step; `now` is asked where it is missing. */
  time?(): number
  /** Milliseconds of a clock that nobody can put; that of the process where it is missing. */
  elapsed?(): number
  /** A new id of 26 characters `[0-9A-Z]`; later ids sort after earlier ones. */
  newId(): string
}

export function systemSurroundings(): Surroundings {
  const ulid = monotonicFactory(randomFraction())
  return { now: () => new Date(), time: Date.now, newId: () => ulid() }
}

/** Random numbers in [0, 1) from the system's source, taken in blocks: one call per number would cost more than the id. */
function randomFraction(): () => number {
  const block = new Uint32Array(1_024)
  let next = block.length
  return () => {
    if (next === block.length) {
      randomFillSync(block)
      next = 0
    }
    return block[next++]! / 2 ** 32
  }
}

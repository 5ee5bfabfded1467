import { systemSurroundings } from '../../runtime/surroundings.ts'
import type { Surroundings } from '../../runtime/surroundings.ts'

/** A clock that stands where a test puts it and goes on from there. */
export interface MovingClock extends Surroundings {
  set(time: string): void
  advance(milliseconds: number): void
  /** Somebody puts the clock on the wall somewhere else: no time passes. */
  put(milliseconds: number): void
}

export function movingClock(time: string): MovingClock {
  const { newId } = systemSurroundings()
  let offset = Date.parse(time) - Date.now()
  let passed = 0
  const advance = (milliseconds: number) => {
    offset += milliseconds
    passed += Math.max(0, milliseconds)
  }
  return {
    newId,
    now: () => new Date(Date.now() + offset),
    elapsed: () => performance.now() + passed,
    set: (next) => advance(Date.parse(next) - Date.now() - offset),
    advance,
    put: (milliseconds) => (offset += milliseconds),
  }
}

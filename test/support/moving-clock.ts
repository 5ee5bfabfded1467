import { systemSurroundings } from '../../runtime/surroundings.ts'
import type { Surroundings } from '../../runtime/surroundings.ts'

/** A clock that stands where a test puts it and goes on from there. */
export interface MovingClock extends Surroundings {
  set(time: string): void
  advance(milliseconds: number): void
}

export function movingClock(time: string): MovingClock {
  const { newId } = systemSurroundings()
  let offset = Date.parse(time) - Date.now()
  return {
    newId,
    now: () => new Date(Date.now() + offset),
    set: (next) => (offset = Date.parse(next) - Date.now()),
    advance: (milliseconds) => (offset += milliseconds),
  }
}

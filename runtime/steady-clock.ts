/**
 * A clock that goes on at the true pace, wherever the clock on the wall is put while this process lives.
 * @param shiftMs by how much the clock on the wall was ahead of this one when it was looked at last, in the process before
 * @param elapsed milliseconds of a clock that nobody can put
 * @returns milliseconds, to be compared with its own times alone
 */
export function steadyClock(wall: () => number, elapsed: () => number, shiftMs: number): () => number {
  const offset = wall() - shiftMs - elapsed()
  return () => Math.floor(offset + elapsed())
}

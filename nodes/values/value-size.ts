import type { Json } from '../json.ts'

/** Most that a variable may come to that steps change bit by bit: each change is kept in the history of the run. */
export const LARGEST_GROWN = 262_144
/** Most that a loop may collect. */
export const LARGEST_COLLECTED = 1_000_000
const DEEPEST = 64

/**
 * Characters and values of a value in all, counted up to a limit: a list may hold one value many times, and that one
 * another.
 * @returns `Infinity` above the limit, or where lists and objects stand more than 64 deep inside each other
 */
export function sizeUpTo(limit: number, value: Json): number {
  let size = 0
  const waiting: { value: Json; depth: number }[] = [{ value, depth: 0 }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, depth } = next
    size += typeof value === 'string' ? value.length + 1 : 1
    if (size > limit || depth > DEEPEST) return Infinity
    if (typeof value !== 'object' || value === null) continue
    for (const [key, inner] of Object.entries(value)) {
      if (!Array.isArray(value)) size += key.length
      waiting.push({ value: inner, depth: depth + 1 })
    }
    // what waits counts one each at least
    if (size + waiting.length > limit) return Infinity
  }
  return size
}

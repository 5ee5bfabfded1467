/**
 * A fraction in [0, 1) that belongs to a seed and a name, whatever else was drawn before: the fate of one message stays
 * the same while a scenario is made smaller around it.
 */
export function drawn(seed: number, name: string): number {
  let hash = seed ^ 0x9e3779b9
  for (let index = 0; index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x85ebca6b)
    hash ^= hash >>> 13
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0xc2b2ae35)
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32
}

/** Fractions in [0, 1), one after the other (mulberry32). */
export function sequence(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Picks by weight: `[[6, 'accepted'], [1, 'rejected']]`. */
export function weighted<T>(fraction: number, choices: readonly (readonly [number, T])[]): T {
  let rest = fraction * choices.reduce((sum, [weight]) => sum + weight, 0)
  for (const [weight, choice] of choices) {
    rest -= weight
    if (rest < 0) return choice
  }
  return choices.at(-1)![1]
}

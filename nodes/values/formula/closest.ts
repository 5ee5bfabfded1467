/** The word a person probably meant, or `undefined` where none is near: at most one slip for each three characters begun. */
export function closest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined
  let bestDistance = Math.min(Math.ceil(word.length / 3) + 1, word.length)
  for (const each of known) {
    if (Math.abs(each.length - word.length) >= bestDistance) continue
    const distance = slips(word.toLowerCase(), each.toLowerCase())
    if (distance < bestDistance) [best, bestDistance] = [each, distance]
  }
  return best
}

/** Levenshtein distance: letters added, left out or changed. */
function slips(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[b.length]!
}

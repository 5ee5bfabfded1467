/** More slips than this are another word, however long it is. */
const MOST_SLIPS = 4

/** The word a person probably meant, or `undefined` where none is near: one slip, in longer words one in three letters. */
export function closest(word: string, known: Iterable<string>): string | undefined {
  if (word.length < 2) return undefined
  const wanted = word.toLowerCase()
  let best: string | undefined
  let fewest = Math.min(MOST_SLIPS, Math.max(1, Math.floor(word.length / 3))) + 1
  for (const each of known) {
    if (Math.abs(each.length - word.length) >= fewest) continue
    const count = slips(wanted, each.toLowerCase(), fewest)
    if (count < fewest) [best, fewest] = [each, count]
  }
  return best
}

/**
 * Letters added, left out, changed, or swapped with the next one (Damerau-Levenshtein distance). Looks only at letters
 * whose places differ by less than `limit`: what is further apart comes to more.
 */
function slips(a: string, b: string, limit: number): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = new Array<number>(b.length + 1).fill(Infinity)
    next[0] = i
    const last = Math.min(b.length, i + limit)
    for (let j = Math.max(1, i - limit); j <= last; j++) {
      const changed = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swapped = isSwapped ? before[j - 2]! + 1 : Infinity
      next[j] = Math.min(changed, row[j]! + 1, next[j - 1]! + 1, swapped)
    }
    before = row
    row = next
  }
  return row[b.length]!
}

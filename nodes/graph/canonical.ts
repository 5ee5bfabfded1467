/**
 * One text for one value: keys sorted by code unit at every level, no spaces, `undefined` members left out.
 * Two graphs with the same content have the same text, whatever wrote them.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  )
}

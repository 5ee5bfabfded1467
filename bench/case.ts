/** One measured figure. A ratio compares with the bare counterpart that ran interleaved in the same run. */
export interface BenchCase {
  name: string
  value: number
  unit: string
  ratio?: number
  relativeTo?: string
  /** What must be reached, for example `ratio >= 0.4` or `value < 500`. */
  goal?: string
}

/** The middle of several measurements: one disturbed round does not move it. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}

/** True where the case's goal is reached, or it has none. */
export function reachesGoal({ goal, value, ratio }: BenchCase): boolean {
  if (goal === undefined) return true
  const match = /^(value|ratio) (<|<=|>|>=) ([\d.]+)$/.exec(goal)
  if (!match) throw new Error(`A goal reads "ratio >= 0.4", not "${goal}"`)
  const actual = match[1] === 'value' ? value : ratio!
  const wanted = Number(match[3])
  switch (match[2]) {
    case '<':
      return actual < wanted
    case '<=':
      return actual <= wanted
    case '>':
      return actual > wanted
    default:
      return actual >= wanted
  }
}

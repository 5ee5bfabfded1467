/** Rate and latencies of a closed loop. */
export interface LoadResult {
  perSecond: number
  /** Milliseconds, sorted. */
  latencies: number[]
}

/** Keeps `concurrency` calls going until `count` have ended. */
export async function load(
  count: number,
  concurrency: number,
  call: (index: number) => Promise<unknown>,
): Promise<LoadResult> {
  const latencies: number[] = []
  let next = 0
  const started = performance.now()
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (next < count) {
        const before = performance.now()
        await call(next++)
        latencies.push(performance.now() - before)
      }
    }),
  )
  const perSecond = (count / (performance.now() - started)) * 1_000
  return { perSecond, latencies: latencies.sort((a, b) => a - b) }
}

export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
}

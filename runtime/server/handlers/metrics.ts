import type { Runtime } from '../../runtime.ts'
import type { Handlers } from '../handler.ts'

export function metricsHandlers({ metrics }: Runtime) {
  return { metrics: () => metrics.render() } satisfies Partial<Handlers>
}

import type { Runtime } from '../../runtime.ts'
import type { Handlers } from '../handler.ts'

export function restorationHandlers({ restored }: Runtime) {
  return {
    restoration: async () => ({ latest: await restored.latest() }),
    resumeRestored: async () => ({ resumed: await restored.resumeAll() }),
  } satisfies Partial<Handlers>
}

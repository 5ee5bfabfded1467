import type { Runtime } from '../../runtime.ts'
import type { Handlers } from '../handler.ts'

export function smsNotificationHandlers(runtime: Runtime) {
  return {
    xRaySmsStep: ({ body }) => runtime.xRay(body),
  } satisfies Partial<Handlers>
}

import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { SendOptions } from '../../nodes/execution.ts'
import type { MessageReport, PlannedMessage } from '../../nodes/messages.ts'
import type { StepRecord } from '../ledger/ledger.ts'
import type { LiveRun } from './live-run.ts'
import type { PreparingServices, Sender } from './step-context.ts'

/** Where services and those that take over from them are looked up. */
export type ServiceChains = Pick<PreparingServices, 'smsService' | 'failOverServices'>

/** The sender of debug runs: really sends, and refuses a step that could reach a real provider. */
export class SandboxSender implements Sender {
  readonly #sender: Sender
  readonly #services: ServiceChains

  constructor(sender: Sender, services: ServiceChains) {
    this.#sender = sender
    this.#services = services
  }

  /** @throws FlowError `SANDBOX_ONLY` */
  async send(
    run: LiveRun,
    step: StepRecord,
    plan: readonly PlannedMessage[],
    options?: SendOptions,
  ): Promise<MessageReport[]> {
    for (const id of new Set(plan.map(({ serviceId }) => serviceId))) {
      expectSandbox(id, this.#services)
    }
    return this.#sender.send(run, step, plan, options)
  }

  resume(run: LiveRun, step: StepRecord, options?: SendOptions): Promise<MessageReport[]> | undefined {
    return this.#sender.resume?.(run, step, options)
  }
}

/** @throws FlowError `SANDBOX_ONLY` where a service, or one that takes over from it, leads to real phones */
export function expectSandbox(serviceId: string, { smsService, failOverServices }: ServiceChains): void {
  const real = [smsService(serviceId), ...failOverServices(serviceId)].find((each) => each?.sandbox === false)
  if (!real) return
  const message = `A debug run sends to the sandbox only, and ${real.name} leads to real phones`
  throw new FlowError(ErrorCode.SandboxOnly, message, {
    hint: 'Choose a service of the sandbox in the step, or debug as a dry run.',
    params: { service: real.name },
  })
}

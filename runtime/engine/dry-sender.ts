import type { DryRunOutcome } from '../../nodes/api/runs.ts'
import { ErrorCode } from '../../nodes/errors.ts'
import { maskPhone } from '../../nodes/messages.ts'
import type { MessageError, MessageReport, MessageState, PlannedMessage } from '../../nodes/messages.ts'
import { xRayReportOf } from '../../nodes/sms-notification/x-ray.ts'
import type { StepRecord } from '../ledger/ledger.ts'
import { nameReasons } from '../x-ray/name-reasons.ts'
import type { LiveRun } from './live-run.ts'
import type { PreparingServices, Sender } from './step-context.ts'

/** People that the report of one step lists; the others are counted. */
const MAX_LISTED = 1_000

/**
 * Stands in for the sender in a dry run. It knows no provider and no ledger: it notes in the step who would have got
 * which text, and answers as if the outcome that the run assumes had happened.
 */
export class DrySender implements Sender {
  readonly #services: PreparingServices

  constructor(services: PreparingServices) {
    this.#services = services
  }

  async send(run: LiveRun, step: StepRecord, plan: readonly PlannedMessage[]): Promise<MessageReport[]> {
    const { smsService, signature, directory } = this.#services
    const serviceId = plan[0]?.serviceId ?? ''
    const report = xRayReportOf(plan, {
      service: smsService(serviceId),
      signature: signature(serviceId),
      show: 'all',
      search: '',
      offset: 0,
      limit: MAX_LISTED,
    })
    step.xRay = { ...report, people: await nameReasons(report.people, directory) }
    const states = assumedStates(run.row.dryRun ?? 'sent', report.texted)
    const at = run.now().toISOString()
    return plan.map((message, index): MessageReport => {
      const { memberId, name, skipped } = message
      const person = { id: `${run.row.id}-${index}`, memberId, name, phone: maskPhone(message.phone), at }
      if (skipped) return { ...person, state: 'suppressed', reason: skipped, attempts: 0 }
      const state = states.next().value
      return { ...person, state, attempts: 0, ...(state !== 'accepted' && { error: assumed }) }
    })
  }
}

/** `partly`: every second person is texted; of one person nobody knows. */
function* assumedStates(outcome: DryRunOutcome, count: number): Generator<MessageState, MessageState> {
  const partly: MessageState[] = count === 1 ? ['unknown'] : ['accepted', 'rejected']
  const states = { sent: ['accepted'] as const, failed: ['rejected'] as const, partly }[outcome]
  for (let index = 0; ; index++) yield states[index % states.length]!
}

const assumed: MessageError = {
  code: ErrorCode.DryRunRefused,
  message: 'The dry run assumed that nobody gets the text',
  hint: 'Connect the port failed, or start the dry run with another assumption.',
}

import type { NotificationPlan } from '../../nodes/execution.ts'
import type { NotificationReport } from '../../nodes/message-notification/definition.ts'
import { reportOf } from '../../nodes/message-notification/prepare.ts'
import { noticeReportOf } from '../../nodes/message-notification/x-ray.ts'
import type { Directory } from '../../nodes/directory/schema.ts'
import type { Inbox } from '../inbox/inbox.ts'
import type { Ledger, StepRecord } from '../ledger/ledger.ts'
import { nameReasons } from '../x-ray/name-reasons.ts'
import type { DurableWriter } from './durable-writer.ts'
import type { LiveRun } from './live-run.ts'

export interface NotificationsOptions {
  ledger: Ledger
  writer: DurableWriter
  inbox: Inbox
  directory: Directory
  newId: () => string
}

/** People that the report of one dry step lists; the others are counted. */
const MAX_LISTED = 1_000

/**
 * Puts the notices of steps into inboxes. The entries of a step and its report are written in one transaction, so that a
 * step which is executed again after a crash either has notified everybody or nobody.
 */
export class Notifications {
  readonly #on: NotificationsOptions

  constructor(options: NotificationsOptions) {
    this.#on = options
  }

  async notify(
    run: LiveRun,
    step: StepRecord,
    prepare: () => Promise<NotificationPlan>,
  ): Promise<NotificationReport> {
    if (step.begun !== undefined) return step.begun as NotificationReport
    const { notice, people } = await prepare()
    step.input = { ...notice }
    const report = reportOf(people)
    if (run.row.dryRun) {
      await this.#show(step, { notice, people })
      return report
    }
    if (report.counts.notified === 0 || run.isStopped(step.path)) return report
    step.begun = report
    run.noteBegun(step)
    const { id: runId, functionName } = run.row
    const created = run.time()
    const entries = people
      .filter(({ skipped }) => !skipped)
      .map(({ memberId }) => {
        const id = this.#on.newId()
        return { ...notice, id, memberId, runId, functionName, path: step.path, created }
      })
    const steps = run.takeUnrecorded()
    await this.#on.writer.durably(run, () => this.#on.ledger.notify(entries, steps))
    this.#on.inbox.delivered(entries)
    return report
  }

  async #show(step: StepRecord, { notice, people }: NotificationPlan): Promise<void> {
    const report = noticeReportOf(people, notice, { show: 'all', search: '', offset: 0, limit: MAX_LISTED })
    step.xRay = { ...report, people: await nameReasons(report.people, this.#on.directory) }
  }
}

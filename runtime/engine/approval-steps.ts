import type { AskForDecision, CopyTo } from '../../nodes/approval/ask.ts'
import type { ApprovalResult } from '../../nodes/approval/definition.ts'
import type { ResolvedRecipient } from '../../nodes/directory/schema.ts'
import type { Json } from '../../nodes/json.ts'
import type { Approvals } from '../approvals/approvals.ts'
import type { Ledger, StepRecord } from '../ledger/ledger.ts'
import { StepParked } from './branches.ts'
import type { DurableWriter } from './durable-writer.ts'
import type { LiveRun } from './live-run.ts'
import { NO_TIME } from './parked-runs.ts'

export interface ApprovalStepsOptions {
  ledger: Ledger
  writer: DurableWriter
  approvals: Approvals
}

/** Steps that ask people, or show them a request. */
export class ApprovalSteps {
  readonly #on: ApprovalStepsOptions

  constructor(options: ApprovalStepsOptions) {
    this.#on = options
  }

  /** @throws StepParked until they have decided */
  async ask(run: LiveRun, step: StepRecord, prepare: () => Promise<AskForDecision>): Promise<ApprovalResult> {
    const { approvals } = this.#on
    if (isTrial(run)) return passed(run)
    let known = approvals.stepAt(run.row.id, step.path)
    if (!known) {
      const asking = await prepare()
      step.input = named(asking.people)
      await this.#record(run)
      if (run.isStopped(step.path)) return passed(run)
      approvals.ask(placeOf(run, step), asking)
      known = approvals.stepAt(run.row.id, step.path)!
    }
    if (known.result) {
      approvals.taken(known)
      return known.result
    }
    if (run.isStopped(step.path)) {
      approvals.withdraw(known)
      return passed(run)
    }
    // The decision brings the run back.
    throw new StepParked(NO_TIME)
  }

  async copy(run: LiveRun, step: StepRecord, prepare: () => Promise<CopyTo>): Promise<number> {
    if (isTrial(run)) return 0
    const copying = await prepare()
    step.input = named(copying.people)
    await this.#record(run)
    if (run.isStopped(step.path)) return 0
    return this.#on.approvals.copy(placeOf(run, step), copying)
  }

  /** The run must be accepted before anybody is told of it. */
  async #record(run: LiveRun): Promise<void> {
    const steps = run.takeUnrecorded()
    await this.#on.writer.durably(run, () => this.#on.ledger.record(steps))
  }
}

function placeOf({ row, compiled }: LiveRun, { path, node }: StepRecord) {
  return { row, graph: compiled.graph, path, node }
}

/** What the history of the run shows of them. */
function named(people: readonly ResolvedRecipient[]): Json {
  return { people: people.map(({ name, skipped }) => ({ name, ...(skipped && { skipped }) })) }
}

/** Nobody is asked for a run that only tries the function out. */
function isTrial({ row }: LiveRun): boolean {
  return row.dryRun !== undefined || row.trigger === 'debug' || row.trigger === 'test'
}

function passed(run: LiveRun): ApprovalResult {
  return { outcome: 'approved', comment: '', by: [], decided: run.now().toISOString() }
}

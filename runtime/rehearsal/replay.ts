import type { Replay, ReplayedRun } from '../../nodes/api/try-it.ts'
import type { MessageReport, PlannedMessage } from '../../nodes/messages.ts'
import { isSettled, maskPhone } from '../../nodes/messages.ts'
import { FlowError } from '../../nodes/errors.ts'
import type { CompiledGraph, CompiledNode } from '../engine/compile-graph.ts'
import type { LiveRun } from '../engine/live-run.ts'
import type { Onlooker, StandIn } from '../engine/onlooker.ts'
import { presentForm } from '../engine/outgoing.ts'
import type { Sender } from '../engine/step-context.ts'
import type { Ledger, OpenRun, StepRecord } from '../ledger/ledger.ts'
import { Breath } from './breath.ts'
import { compareTexts, isIntended } from './compare-texts.ts'
import type { IntendedText } from './compare-texts.ts'
import { Rehearsal } from './rehearsal.ts'
import type { RehearsalDependencies } from './rehearsal.ts'
import { recordedStandIn } from './stand-ins.ts'

/** After this a replay begins with no further run. */
const MOST_MS = 20_000
/** Runs that are looked through for those that can be replayed. */
const LOOK_BACK = 1_000
const MOST_TEXTS = 200

/**
 * Walks a graph with the inputs of the last runs of its function, and says which texts would differ from what those
 * runs meant to send. What HTTP requests, calls and waits came to is taken from the records, so that nothing leaves.
 */
export async function replay(
  functionName: string,
  compiled: CompiledGraph,
  limit: number,
  on: RehearsalDependencies & { ledger: Ledger },
): Promise<Replay> {
  const ids = await recordedRuns(functionName, limit, on.ledger)
  const end = performance.now() + MOST_MS
  const runs: ReplayedRun[] = []
  for (const id of ids) {
    if (performance.now() > end) break
    const recorded = await on.ledger.run(id)
    if (recorded) runs.push(await replayOne(compiled, recorded, on))
  }
  const sum = (pick: (run: ReplayedRun) => number) => runs.reduce((all, run) => all + pick(run), 0)
  return {
    runs,
    same: sum((run) => run.same),
    changed: sum((run) => run.changed),
    new: sum((run) => run.new),
    gone: sum((run) => run.gone),
    failed: runs.filter((run) => run.statusAfter === 'failed' && run.statusBefore !== 'failed').length,
    leftOut: ids.length - runs.length,
  }
}

/** The newest runs that really happened and came to an end of their own. */
async function recordedRuns(functionName: string, limit: number, ledger: Ledger): Promise<string[]> {
  const found: string[] = []
  let before: string | undefined
  for (let seen = 0; seen < LOOK_BACK && found.length < limit;) {
    const page = await ledger.runs({ function: functionName, before, limit: 100 })
    if (page.length === 0) break
    seen += page.length
    before = page.at(-1)!.id
    const usable = page.filter(
      ({ status, dryRun, trigger }) =>
        (status === 'done' || status === 'failed') && !dryRun && trigger !== 'test',
    )
    found.push(...usable.map(({ id }) => id))
  }
  return found.slice(0, limit)
}

async function replayOne(
  compiled: CompiledGraph,
  recorded: OpenRun,
  on: RehearsalDependencies,
): Promise<ReplayedRun> {
  const { run } = recorded
  const sender = new ReplaySender(recorded)
  const records = new RecordedEffects(recorded.steps)
  const rehearsal = new Rehearsal(on, {
    outcome: 'sent',
    onlooker: records,
    sender,
    clock: () => run.created,
    ignoresPolicies: true,
  })
  const ended = await rehearsal
    .prepare(compiled, run.input)
    .then((walked) => rehearsal.walk(walked))
    .catch((error: unknown) => refusal(error))
  const { same, texts } = compareTexts(textsOf(recorded), sender.texts)
  const count = (kind: (typeof texts)[number]['kind']) => texts.filter((text) => text.kind === kind).length
  return {
    id: run.id,
    created: new Date(run.created).toISOString(),
    statusBefore: run.status,
    statusAfter: ended.status,
    error: ended.error,
    ...{ same, changed: count('changed'), new: count('new'), gone: count('gone') },
    texts: texts.slice(0, MOST_TEXTS),
    notExecuted: [...records.passedBy],
  }
}

/** The draft does not take these inputs. */
function refusal(error: unknown) {
  if (!(error instanceof FlowError)) throw error
  const { code, message, hint, params } = error
  return { status: 'failed' as const, error: { code, message, ...(hint !== undefined && { hint }), params } }
}

function textsOf({ messages }: OpenRun): IntendedText[] {
  return messages
    .filter(({ state, skipped }) => isIntended(state, skipped))
    .map((message) => ({
      path: message.path,
      nodeId: nodeOf(message.path),
      name: message.name,
      phone: message.phone,
      form: presentForm(message),
    }))
}

/** Answers with what the recorded run's steps with effects came to, where the same node stands at the same place. */
class RecordedEffects implements Onlooker {
  /** Nodes with effects that nothing is recorded of. */
  readonly passedBy = new Set<string>()
  readonly #steps: ReadonlyMap<string, StepRecord>
  readonly #breath = new Breath()

  constructor(steps: readonly StepRecord[]) {
    this.#steps = new Map(steps.filter(({ status }) => status !== 'running').map((step) => [step.path, step]))
  }

  async reach(
    node: CompiledNode,
    path: string,
    _frame: unknown,
    { row }: LiveRun,
  ): Promise<StandIn | undefined> {
    await this.#breath.taken()
    if (node.inDryRun && node.type !== 'call-function') return undefined
    const step = row.caller ? undefined : this.#steps.get(path)
    if (step?.type === node.type) return recordedStandIn(step)
    if (!node.inDryRun) this.passedBy.add(node.id)
    return undefined
  }
}

/** Notes what would be sent, and answers as the recorded run's services did; people who are new there get theirs. */
class ReplaySender implements Sender {
  readonly texts: IntendedText[] = []
  readonly #recorded: OpenRun

  constructor(recorded: OpenRun) {
    this.#recorded = recorded
  }

  send(run: LiveRun, step: StepRecord, plan: readonly PlannedMessage[]): Promise<MessageReport[]> {
    const { caller } = run.row
    const path = caller ? `${caller.path}>${step.path}` : step.path
    const before = new Map(
      this.#recorded.messages
        .filter((message) => message.path === path)
        .map((message) => [message.memberId || message.phone, message]),
    )
    const at = run.now().toISOString()
    const reports = plan.map((message, index): MessageReport => {
      const { memberId, name, phone, skipped } = message
      const person = {
        id: `${run.row.id}-${index}`,
        memberId,
        name,
        phone: maskPhone(phone),
        attempts: 0,
        at,
      }
      if (isIntended(undefined, skipped)) {
        this.texts.push({
          path,
          nodeId: caller ? nodeOf(caller.path) : step.node,
          name,
          phone,
          form: message,
        })
      }
      if (skipped) return { ...person, state: 'suppressed', reason: skipped }
      const known = before.get(memberId || phone)
      if (!known || !isSettled(known.state)) return { ...person, state: 'accepted' }
      const { state, error } = known
      return { ...person, state, ...(known.skipped && { reason: known.skipped }), ...(error && { error }) }
    })
    return Promise.resolve(reports)
  }
}

function nodeOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

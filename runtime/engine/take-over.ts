import { ERROR_PORT } from '../../nodes/define.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import { isSettled } from '../../nodes/messages.ts'
import type { Ledger, MessageRow, NewRun, OpenRun, RunRow, StepRecord } from '../ledger/ledger.ts'
import { describeMessage } from './describe-run.ts'

/**
 * What a run that goes on with this one begins with: the steps that were completed, with their results, and what the
 * others had decided once and for all. All else is executed anew.
 */
export function stepsToTakeOver({ steps, messages }: Pick<OpenRun, 'steps' | 'messages'>): StepRecord[] {
  const completed = new Set(steps.filter(isCompleted).map(({ path }) => path))
  const byPath = Map.groupBy(messages, ({ path }) => path)
  return steps.flatMap((step) => {
    if (completed.has(step.path) || containersOf(step.path).some((path) => completed.has(path))) {
      return [withCarried(step, byPath.get(step.path))]
    }
    return step.begun === undefined ? [] : [begunOnly(step)]
  })
}

/** The run went on after it: by one of its ports, or by the error port. */
function isCompleted({ status, port }: StepRecord): boolean {
  return status === 'done' || (status === 'failed' && port === ERROR_PORT)
}

/** `loop-1:3/try-2:body/send` stands in `loop-1` and in `loop-1:3/try-2`. */
function containersOf(path: string): string[] {
  const ends = [...path.matchAll(/:[^:/]*\//g)]
  return ends.map(({ index }) => path.slice(0, index))
}

function withCarried(step: StepRecord, messages: readonly MessageRow[] | undefined): StepRecord {
  if (!messages) return step
  return { ...step, carried: [...(step.carried ?? []), ...messages.map(describeMessage)] }
}

function begunOnly({ path, node, type, begun, started }: StepRecord): StepRecord {
  return { path, node, type, begun, started, status: 'running', port: null, finished: null }
}

/** @throws FlowError `CONFLICT` where a run has nothing that could be gone on with */
export function refuseTakeOver({ run, messages }: OpenRun): void {
  const reason = whyNot(run, messages)
  if (reason) throw new FlowError(ErrorCode.Conflict, reason.message, { hint: reason.hint })
}

function whyNot(run: RunRow, messages: readonly MessageRow[]): { message: string; hint: string } | undefined {
  if (run.finished === null) {
    return { message: 'The run has not ended', hint: 'Wait for its end, or cancel it.' }
  }
  if (run.status === 'done') {
    return { message: 'No step of the run has failed', hint: 'Run it again with the same input instead.' }
  }
  if (run.dryRun || run.trigger === 'test' || run.trigger === 'debug') {
    return { message: 'A dry run, a debug run or a test has nothing to go on with', hint: 'Start it again.' }
  }
  if (messages.some(({ state }) => !isSettled(state))) {
    return { message: 'Messages of the run are being sent again', hint: 'Wait until they are settled.' }
  }
  return undefined
}

/** Messages of a step in the runs that this one goes on with that were taken, or may have been. */
export async function takenBefore(ledger: Ledger, run: NewRun, path: string): Promise<MessageRow[]> {
  const taken: MessageRow[] = []
  let { source } = run
  while (source?.kind === 'retry') {
    const messages = await ledger.messagesAt(source.runId, path)
    taken.push(...messages.filter(({ state }) => state === 'accepted' || state === 'unknown'))
    source = (await ledger.runRow(source.runId))?.source
  }
  return taken
}

/** The latest run that the same step started in the runs that this one goes on with. */
export async function calledBefore(ledger: Ledger, run: NewRun, path: string): Promise<string | undefined> {
  let { source } = run
  while (source?.kind === 'retry') {
    const called = await ledger.calledRun(source.runId, path)
    if (called !== undefined) return latestRetry(ledger, called)
    source = (await ledger.runRow(source.runId))?.source
  }
  return undefined
}

async function latestRetry(ledger: Ledger, runId: string): Promise<string> {
  const retry = (await ledger.followers(runId)).find(({ kind }) => kind === 'retry')
  return retry ? latestRetry(ledger, retry.runId) : runId
}

import type { RunOutcome } from '../../nodes/api/runs.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { CalledRun, CallFunction } from '../../nodes/execution.ts'
import type { Caller, Ledger, StepRecord } from '../ledger/ledger.ts'
import type { RunHandle, StartRun } from '../runtime.ts'
import { StepParked } from './branches.ts'
import type { DurableWriter } from './durable-writer.ts'
import type { LiveRun } from './live-run.ts'
import { asMissing } from './start-refusal.ts'
import { calledBefore } from './take-over.ts'
import { NO_TIME } from './parked-runs.ts'
import type { Timers } from './timers.ts'

/** Functions that call functions that call functions. */
export const MOST_CALLERS = 16
/** A run that has waited this long for another leaves the memory; the other's end brings it back. */
const PARK_AFTER_MS = 60_000

export interface CallDependencies {
  ledger: Ledger
  writer: DurableWriter
  timers: Timers
  start: (request: StartRun & { caller: Caller }) => Promise<RunHandle>
  /** Goes on with a called run that failed. */
  retry: (id: string, by: { trigger: 'function'; caller: Caller }) => Promise<RunHandle>
  /** How a run ends that is under way, parked or over. */
  endOf: (id: string) => Promise<RunOutcome>
  cancel: (id: string) => Promise<unknown>
  isClosing: () => boolean
}

/** Runs that steps of other runs start: one for each step, whatever happens in between. */
export class Calls {
  readonly #on: CallDependencies

  constructor(dependencies: CallDependencies) {
    this.#on = dependencies
  }

  /** @throws FlowError `CALL_FAILED`, `CALL_TOO_DEEP`, `FUNCTION_MISSING`, and what the start of a run refuses; StepParked */
  async call(
    run: LiveRun,
    step: StepRecord,
    { functionName, input, wait }: CallFunction,
  ): Promise<CalledRun> {
    const id = (await this.#calledBy(run, step)) ?? (await this.#start(run, step, functionName, input()))
    if (!wait) return { id }
    const ended = await this.#wait(run, step, id)
    if (ended.status !== 'done') throw callFailed(functionName, ended)
    return { id, output: ended.output }
  }

  #calledBy({ row }: LiveRun, { path }: StepRecord): Promise<string | undefined> {
    return this.#on.ledger.calledRun(row.id, path)
  }

  async #start(
    run: LiveRun,
    step: StepRecord,
    functionName: string,
    input: StartRun['input'],
  ): Promise<string> {
    const depth = (run.row.caller?.depth ?? 0) + 1
    if (depth > MOST_CALLERS) throw tooDeep()
    // The other run has an effect of its own: this one must be accepted before it.
    const steps = run.takeUnrecorded()
    await this.#on.writer.durably(run, () => this.#on.ledger.record(steps))
    // The step is executed again at the next start.
    if (this.#on.isClosing()) await new Promise<never>(() => undefined)
    const caller = { runId: run.row.id, path: step.path, depth }
    const { dryRun, source } = run.row
    const trigger = run.row.trigger === 'debug' ? 'debug' : 'function'
    const before = source?.kind === 'retry' && (await calledBefore(this.#on.ledger, run.row, step.path))
    if (before) return (await this.#on.retry(before, { trigger: 'function', caller })).id
    try {
      return (await this.#on.start({ functionName, input, trigger, caller, dryRun })).id
    } catch (error) {
      throw asMissing(error, functionName)
    }
  }

  async #wait(run: LiveRun, { path }: StepRecord, id: string): Promise<RunOutcome> {
    const { promise: stopped, resolve: stop } = Promise.withResolvers<'stopped'>()
    const stopListening = run.onStop(path, () => stop('stopped'))
    const { promise: late, resolve: giveUp } = Promise.withResolvers<'late'>()
    const stopAlarm = this.#on.timers.at(this.#on.timers.now() + PARK_AFTER_MS, () => giveUp('late'))
    const ended = await Promise.race([this.#on.endOf(id), stopped, late])
    stopListening()
    stopAlarm()
    if (ended === 'late') throw new StepParked(NO_TIME)
    if (ended !== 'stopped') return ended
    await this.#on.cancel(id)
    return this.#on.endOf(id)
  }
}

export function callFailed(functionName: string, { id, status, error }: RunOutcome): FlowError {
  const reason = error?.message ?? status
  return new FlowError(ErrorCode.CallFailed, `The function ${functionName} failed: ${reason}`, {
    hint: 'Open its run to see where.',
    params: { function: functionName, run: id, reason, ...(error && { code: error.code }) },
  })
}

export function tooDeep(): FlowError {
  return new FlowError(ErrorCode.CallTooDeep, `More than ${MOST_CALLERS} functions call each other`, {
    hint: 'Look for functions that call each other in a circle.',
    params: { limit: MOST_CALLERS },
  })
}

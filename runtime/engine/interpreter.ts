import type { RunError } from '../../nodes/api/runs.ts'
import { ERROR_PORT } from '../../nodes/define.ts'
import { ErrorCode, FlowError, SmsError } from '../../nodes/errors.ts'
import type { StepResult } from '../../nodes/execution.ts'
import type { Json, JsonObject } from '../../nodes/json.ts'
import type { StepRecord } from '../ledger/ledger.ts'
import { StepParked } from './branches.ts'
import type { CompiledNode } from './compile-graph.ts'
import type { Frame } from './frame.ts'
import type { LiveRun } from './live-run.ts'
import type { StandIn } from './onlooker.ts'
import { BodyEnded, StepContext } from './step-context.ts'
import type { ContextServices, RunEnd } from './step-context.ts'

/** Steps of one run, loops included. */
const MAX_STEPS = 100_000
/** Finished steps are written with the next effect, or once there are so many. */
const MOST_UNRECORDED = 1_000

/** What the interpreter needs besides the run. */
export interface StepServices extends ContextServices {
  /** Told of errors that nobody foresaw; the run only says that there was one. */
  unforeseen: (error: unknown) => void
  /** Writes the finished steps of a run that has had no effect for long. */
  record: (run: LiveRun) => Promise<void>
}

/**
 * Walks a graph from Start until nothing follows. Steps that the ledger has already are not executed again.
 * @throws StepParked where the run leaves the memory for a while
 */
export async function interpret(run: LiveRun, services: StepServices): Promise<RunEnd> {
  const end = await walk(run.compiled.start, run, run.root, services)
  return end ?? { status: run.cancelRequested ? 'cancelled' : 'done', output: null, error: null }
}

/**
 * Walks from a node until nothing follows. Pure steps run without waiting; a step with effects waits inside its context.
 * @returns how the run ends, where it ends here
 */
export async function walk(
  first: CompiledNode | undefined,
  run: LiveRun,
  frame: Frame,
  services: StepServices,
): Promise<RunEnd | undefined> {
  let node = first
  /** Serves all steps that answer at once. */
  let pureSteps: StepContext | undefined
  /** When the step before ended, where this one begins in the same instant. */
  let instant: number | undefined
  while (node) {
    if (run.stepCount++ >= MAX_STEPS) return failure(describeError(tooManySteps(), node))
    const path = frame.path + node.id
    const recorded = run.recorded?.at(path)
    if (recorded && recorded.status !== 'running') {
      run.applyRecorded(frame, recorded)
      const next = nextOf(node, recorded)
      if (next) {
        node = next
        continue
      }
      if (recorded.error) return failure(recorded.error)
      if (recorded.port === null) return { status: 'done', output: recorded.result ?? null, error: null }
      return undefined
    }
    // A step that had planned messages before a restart still says what became of them.
    if (run.isStopped(path) && run.messagesOf(path).length === 0) return cancelled()
    let standIn: StandIn | undefined
    // A step that rested in between was asked about when it began.
    if (run.onlooker && !recorded) {
      standIn = await run.onlooker.reach(node, path, frame, run)
      instant = undefined
      if (run.isStopped(path)) return cancelled()
    }
    const step = beginStep(node, path, run, recorded, instant)
    let result: StepResult
    try {
      if (standIn) {
        result = standIn(step)
      } else if (run.row.dryRun && !node.inDryRun) {
        result = passBy(node, step)
      } else {
        const context =
          node.pure && pureSteps
            ? pureSteps.moveTo(step, node)
            : new StepContext(run, step, node, frame, services)
        if (node.pure) pureSteps = context
        const answer = node.execute(node.params, context)
        result = answer instanceof Promise ? await orAgain(answer, node, context, run, services) : answer
      }
    } catch (error) {
      if (error instanceof StepParked) throw error
      if (error instanceof BodyEnded && error.end.status !== 'failed') {
        const { end } = error
        step.result = end.output ?? undefined
        step.error = end.error ?? undefined
        endStep(run, frame, step, end.error ? 'failed' : 'done')
        return end
      }
      if (!(error instanceof FlowError) && !(error instanceof BodyEnded)) services.unforeseen(error)
      step.error = error instanceof BodyEnded ? error.end.error! : describeError(error, node)
      result = { port: null }
    }
    const following = step.error ? undefined : follow(node, result)
    if (following instanceof FlowError) step.error = describeError(following, node)
    step.port = result.port
    step.followed = fallbackOf(node, result)
    step.result = result.port === null ? (result.output ?? null) : withoutMessages(result.result)
    step.assign = result.assign
    const handler = step.error && node.next.get(ERROR_PORT)
    if (handler) {
      step.port = ERROR_PORT
      step.followed = undefined
      step.result = { ...(isObject(step.result) && step.result), error: step.error as unknown as Json }
      endStep(run, frame, step, 'failed', step.result)
    } else {
      endStep(run, frame, step, step.error ? 'failed' : 'done', result.result)
    }
    if (run.isStopped(path)) return cancelled()
    if (handler) node = handler
    else if (step.error) return failure(step.error)
    else if (result.port === null) return { status: 'done', output: result.output ?? null, error: null }
    else node = following as CompiledNode | undefined
    instant = node?.pure ? step.finished! : undefined
    if (run.unrecorded >= MOST_UNRECORDED) {
      await services.record(run)
      instant = undefined
    }
  }
  return undefined
}

/** Executes a step again each time that it has rested. */
async function orAgain(
  answer: Promise<StepResult>,
  node: CompiledNode,
  context: StepContext,
  run: LiveRun,
  services: StepServices,
): Promise<StepResult> {
  for (let again = answer; ;) {
    try {
      return await again
    } catch (error) {
      if (!(error instanceof StepParked) || error.isWhole) throw error
      await run.branches.rest(error, services.alarm)
    }
    again = Promise.resolve(node.execute(node.params, context))
  }
}

function beginStep(
  node: CompiledNode,
  path: string,
  run: LiveRun,
  begun: StepRecord | undefined,
  instant: number | undefined,
): StepRecord {
  const step: StepRecord = {
    path,
    node: node.id,
    type: node.type,
    status: 'running',
    port: null,
    followed: undefined,
    input: undefined,
    result: undefined,
    assign: undefined,
    error: undefined,
    begun: begun?.begun,
    started: begun?.started ?? instant ?? run.time(),
    finished: null,
  }
  run.begin(step)
  return step
}

/** A node that may have effects of its own is not executed in a dry run. */
function passBy(node: CompiledNode, step: StepRecord): StepResult {
  step.notExecuted = true
  return { port: node.firstPort }
}

function endStep(
  run: LiveRun,
  frame: Frame,
  step: StepRecord,
  status: 'done' | 'failed',
  result?: Json,
): void {
  step.status = status
  step.finished = run.time()
  run.apply(frame, step, result)
  run.end(step)
}

/** The next node after a recorded step. */
function nextOf(node: CompiledNode, { port, followed }: StepRecord): CompiledNode | undefined {
  return port === null ? undefined : node.next.get(followed ?? port)
}

/** The next node; nothing where the run ends here; an error where the graph leaves no way to go on. */
function follow(node: CompiledNode, { port, unconnected }: StepResult): CompiledNode | FlowError | undefined {
  if (port === null) return undefined
  const next = node.next.get(port)
  if (next || !unconnected) return next
  return 'error' in unconnected ? unconnected.error : node.next.get(unconnected.port)
}

/** The port whose connection is taken in place of an unconnected one. */
function fallbackOf(node: CompiledNode, { port, unconnected }: StepResult): string | undefined {
  if (port === null || !unconnected || node.next.has(port)) return undefined
  return 'port' in unconnected ? unconnected.port : undefined
}

/** Messages have a table of their own; the step's record does not repeat them. */
function withoutMessages(result: Json | undefined): Json | undefined {
  if (!isObject(result) || !('messages' in result)) return result
  const { messages: _, ...rest } = result
  return rest
}

function isObject(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function cancelled(): RunEnd {
  return failure({ code: ErrorCode.RunCancelled, message: 'The run was cancelled' })
}

function failure(error: RunError): RunEnd {
  return { status: error.code === ErrorCode.RunCancelled ? 'cancelled' : 'failed', output: null, error }
}

function tooManySteps(): FlowError {
  return new FlowError(ErrorCode.StepBudget, `The run took more than ${MAX_STEPS} steps`, {
    hint: 'Look for a part of the function that repeats without end.',
    params: { limit: MAX_STEPS },
  })
}

/** An error nobody foresaw is named, but its message stays inside: it may hold anything. */
function describeError(error: unknown, node: CompiledNode): RunError {
  if (!(error instanceof FlowError)) {
    return {
      code: ErrorCode.Internal,
      message: 'The step failed for a reason that was not foreseen',
      hint: 'The server’s log has the details.',
      nodeId: node.id,
    }
  }
  return {
    code: error.code,
    message: error.message,
    ...(error.hint !== undefined && { hint: error.hint }),
    ...(Object.keys(error.params).length > 0 && { params: error.params }),
    nodeId: node.id,
    ...(error instanceof SmsError && error.provider !== undefined && { provider: error.provider }),
    ...(error instanceof SmsError &&
      error.providerCode !== undefined && { providerCode: error.providerCode }),
  }
}

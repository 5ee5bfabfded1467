import type { RunError, RunStatus } from '../../nodes/api/runs.ts'
import { ErrorCode, FlowError, SmsError } from '../../nodes/errors.ts'
import type { StepResult } from '../../nodes/execution.ts'
import type { Json, JsonObject } from '../../nodes/json.ts'
import type { StepRecord } from '../ledger/ledger.ts'
import type { CompiledNode } from './compile-graph.ts'
import type { LiveRun } from './live-run.ts'
import { StepContext } from './step-context.ts'
import type { ContextServices } from './step-context.ts'

/** Steps of one run, loops included. */
const MAX_STEPS = 100_000

/** What the interpreter needs besides the run. */
export interface StepServices extends ContextServices {
  /** Told of errors that nobody foresaw; the run only says that there was one. */
  unforeseen: (error: unknown) => void
}

export interface RunEnd {
  status: RunStatus
  output: Json | null
  error: RunError | null
}

/**
 * Walks a graph from Start until nothing follows. Steps that the ledger has already are not executed again.
 * Pure steps run without waiting; a step with effects waits inside `sendMessages`.
 * @returns undefined where the run leaves the memory: see `LiveRun.parkedUntil`
 */
export async function interpret(run: LiveRun, services: StepServices): Promise<RunEnd | undefined> {
  let node: CompiledNode | undefined = run.compiled.start
  for (let count = 0; node; count++) {
    if (count >= MAX_STEPS) return failed(tooManySteps(), node)
    const recorded = run.recordedStep(node.id)
    if (recorded) {
      run.apply(recorded)
      if (recorded.error) return { status: 'failed', output: null, error: recorded.error }
      if (recorded.port === null) return { status: 'done', output: recorded.result ?? null, error: null }
      node = node.next.get(recorded.followed ?? recorded.port)
      continue
    }
    // A step that had planned messages before a restart still says what became of them.
    if (run.cancelRequested && run.messagesOf(node.id).length === 0) return cancelled()
    const step: StepRecord = beginStep(node, run)
    let result: StepResult
    try {
      if (run.row.dryRun && !node.inDryRun) {
        result = passBy(node, step)
      } else {
        const context = new StepContext(run, step, services)
        const answer = node.execute(node.params, context)
        result = answer instanceof Promise ? await answer : answer
      }
    } catch (error) {
      if (run.parkedUntil !== undefined) return undefined
      if (!(error instanceof FlowError)) services.unforeseen(error)
      step.status = 'failed'
      step.error = describeError(error, node)
      endStep(run, step)
      return { status: 'failed', output: null, error: step.error }
    }
    if (run.parkedUntil !== undefined) return undefined
    const following = follow(node, result)
    const error = following instanceof FlowError ? describeError(following, node) : undefined
    step.status = error ? 'failed' : 'done'
    step.port = result.port
    step.followed = fallbackOf(node, result)
    step.result = result.port === null ? (result.output ?? null) : withoutMessages(result.result)
    step.assign = result.assign
    step.error = error
    endStep(run, step, result.result)
    if (run.cancelRequested) return cancelled()
    if (error) return { status: 'failed', output: null, error }
    if (result.port === null) return { status: 'done', output: result.output ?? null, error: null }
    node = following as CompiledNode | undefined
  }
  return { status: run.cancelRequested ? 'cancelled' : 'done', output: null, error: null }
}

function beginStep(node: CompiledNode, run: LiveRun): StepRecord {
  const step: StepRecord = {
    path: node.id,
    node: node.id,
    type: node.type,
    status: 'running',
    port: null,
    followed: undefined,
    input: undefined,
    result: undefined,
    assign: undefined,
    error: undefined,
    started: run.time(),
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

function endStep(run: LiveRun, step: StepRecord, result?: Json): void {
  step.finished = run.time()
  run.apply(step, result)
  run.end(step)
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
  if (result === null || typeof result !== 'object' || !('messages' in result)) return result
  const { messages: _, ...rest } = result as JsonObject
  return rest
}

function cancelled(): RunEnd {
  return {
    status: 'cancelled',
    output: null,
    error: { code: ErrorCode.RunCancelled, message: 'The run was cancelled' },
  }
}

function failed(error: FlowError, node: CompiledNode): RunEnd {
  return { status: 'failed', output: null, error: describeError(error, node) }
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

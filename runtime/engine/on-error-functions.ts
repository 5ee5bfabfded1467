import type { RunError } from '../../nodes/api/runs.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { Graph } from '../../nodes/graph/schema.ts'
import type { JsonObject } from '../../nodes/json.ts'
import { isOnErrorInput, mayStartOnError } from '../../nodes/on-error.ts'
import type { OnErrorInput } from '../../nodes/on-error.ts'
import type { FunctionStore } from '../elements/functions.ts'
import type { RunRow, RunSource } from '../ledger/ledger.ts'
import type { OnErrors } from '../ledger/on-errors.ts'
import type { RunHandle, StartRun } from '../runtime.ts'
import type { LiveRun } from './live-run.ts'
import { asMissing, isPassing, reasonOf } from './start-refusal.ts'
import type { Timers } from './timers.ts'

/** Where the server takes no run at the moment, what is due tries again after this long. */
const TRY_AGAIN_MS = 1_000

export interface OnErrorDependencies {
  onErrors: OnErrors
  functions: FunctionStore
  timers: Timers
  /** The failed run, and the graph that it is pinned to. */
  failed: (id: string) => Promise<{ run: RunRow; graph: Graph }>
  start: (request: StartRun & { source: RunSource }) => Promise<RunHandle>
  unforeseen: (error: unknown) => void
}

/** Starts the *on error* function of each run that has failed: once, whatever happens in between. */
export class OnErrorFunctions {
  readonly #on: OnErrorDependencies
  readonly #underWay = new Map<string, Promise<void>>()
  #isAlarmSet = false

  constructor(dependencies: OnErrorDependencies) {
    this.#on = dependencies
  }

  /** Whether the failure of a run is to be noted, so that it is not lost before `failed` has dealt with it. */
  isDue({ row, compiled }: LiveRun): boolean {
    return compiled.graph.onErrorFunction !== undefined && mayStartOnError(row)
  }

  /** The failure of a run is durable. */
  failed(runId: string): void {
    if (this.#underWay.has(runId)) return
    const settled = this.#handle(runId)
      .catch(this.#on.unforeseen)
      .finally(() => this.#underWay.delete(runId))
    this.#underWay.set(runId, settled)
  }

  /** Goes on with what the last process left. */
  recover(): void {
    for (const id of this.#on.onErrors.due()) this.failed(id)
  }

  /** Waits for what is being started at this moment. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay.values())
  }

  async #handle(runId: string): Promise<void> {
    const { onErrors, functions, start, unforeseen } = this.#on
    const { run, graph } = await this.#on.failed(runId)
    const functionName = graph.onErrorFunction
    if (functionName === undefined || onErrors.isHandling(runId)) return onErrors.drop(runId, null)
    try {
      const { inputs } = functions.graph(functionName, 'published')
      const facts = factsOf(run, graph)
      const known = inputs.flatMap(({ name }) => (isOnErrorInput(name) ? [[name, facts[name]] as const] : []))
      const input: JsonObject = Object.fromEntries(known)
      const source = { runId, kind: 'on-error' } as const
      await start({ functionName, version: 'published', input, trigger: 'on-error', source })
    } catch (error) {
      if (isPassing(error)) return this.#tryAgainLater()
      if (!(error instanceof FlowError)) unforeseen(error)
      await onErrors.drop(runId, refusalOf(error, functionName))
    }
  }

  #tryAgainLater(): void {
    if (this.#isAlarmSet) return
    this.#isAlarmSet = true
    const { timers } = this.#on
    timers.at(timers.now() + TRY_AGAIN_MS, () => {
      this.#isAlarmSet = false
      this.recover()
    })
  }
}

function factsOf(run: RunRow, { nodes, title }: Graph): Readonly<Record<OnErrorInput, JsonObject[string]>> {
  const { code = ErrorCode.Internal, message = '', nodeId } = run.error ?? {}
  const step = nodes.find(({ id }) => id === nodeId)
  return {
    failedFunction: run.functionName,
    failedRun: run.id,
    failedStep: step?.title ?? nodeId ?? title,
    errorCode: code,
    errorMessage: message || code,
    failedAt: new Date(run.finished!).toISOString(),
    runLink: `/#/run/${run.id}`,
    failedInput: run.input,
  }
}

/** Names the function too: whoever reads it looks at another one. */
function refusalOf(error: unknown, functionName: string): RunError {
  const { params, ...reason } = reasonOf(asMissing(error, functionName))
  return { ...reason, params: { ...params, function: functionName } }
}

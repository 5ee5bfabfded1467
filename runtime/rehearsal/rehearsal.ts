import type { DryRunOutcome, Run } from '../../nodes/api/runs.ts'
import type { Directory } from '../../nodes/directory/schema.ts'
import type { JsonObject } from '../../nodes/json.ts'
import type { FunctionStore } from '../elements/functions.ts'
import { callFailed, MOST_CALLERS, tooDeep } from '../engine/calls.ts'
import { checkInput } from '../engine/check-input.ts'
import type { CompiledGraph } from '../engine/compile-graph.ts'
import type { GraphLibrary } from '../engine/graph-library.ts'
import { interpret, walk } from '../engine/interpreter.ts'
import type { StepServices } from '../engine/interpreter.ts'
import { LiveRun } from '../engine/live-run.ts'
import { nameEntries, refuseUnknown } from '../engine/name-entries.ts'
import type { Onlooker } from '../engine/onlooker.ts'
import type { ContextServices, Sender } from '../engine/step-context.ts'
import type { Caller } from '../ledger/ledger.ts'

export interface RehearsalDependencies {
  library: GraphLibrary
  functions: FunctionStore
  directory: Directory
  /** Those of dry runs. */
  services: StepServices
  newId: () => string
  clock: () => number
}

export interface RehearsalOptions {
  outcome: DryRunOutcome
  onlooker: Onlooker
  /** In place of the one of dry runs. */
  sender?: Sender
  http?: ContextServices['http']
  /** Milliseconds since 1970, for values that depend on the time; now unless given. */
  clock?: () => number
  /** True: what the send policies say at this moment holds nobody back. */
  ignoresPolicies?: boolean
}

/**
 * Walks graphs as dry runs that live in memory only: the ledger hears nothing of them, no request and no text leaves,
 * and functions that are called are walked in the same way.
 */
export class Rehearsal {
  readonly #on: RehearsalDependencies
  readonly #options: RehearsalOptions
  readonly #services: StepServices

  constructor(dependencies: RehearsalDependencies, options: RehearsalOptions) {
    this.#on = dependencies
    this.#options = options
    const { suppression, ...dry } = dependencies.services
    const services: StepServices = {
      ...dry,
      ...(suppression && !options.ignoresPolicies && { suppression }),
      sender: options.sender ?? dry.sender,
      http: options.http ?? dry.http,
      deliveries: { wait: () => Promise.resolve({ delivered: 0, undelivered: 0, waiting: 0 }) },
      calls: { call: (run, step, request) => this.#call(run, step.path, request) },
      walk: (first, run, frame) => walk(first, run, frame, services),
      record: (run) => {
        run.takeUnrecorded()
        return Promise.resolve()
      },
    }
    this.#services = services
  }

  /** @throws FieldsError `INPUT_…` */
  async prepare(compiled: CompiledGraph, given: JsonObject, caller?: Caller): Promise<LiveRun> {
    const checked = checkInput(compiled.graph.inputs, given)
    const { values, unknown } = await nameEntries(compiled.directoryInputs, checked, this.#on.directory)
    refuseUnknown(unknown)
    return this.prepareUnchecked(compiled, { ...checked, ...values }, caller)
  }

  /** With inputs that may be incomplete. */
  prepareUnchecked(compiled: CompiledGraph, input: JsonObject, caller?: Caller): LiveRun {
    const clock = this.#options.clock ?? this.#on.clock
    const row = {
      id: this.#on.newId(),
      functionName: compiled.graph.name,
      version: compiled.hash,
      trigger: 'page' as const,
      dryRun: this.#options.outcome,
      caller,
      input,
      created: clock(),
    }
    const run = new LiveRun(row, compiled, clock)
    run.onlooker = this.#options.onlooker
    return run
  }

  /** Walks to the end. */
  async walk(run: LiveRun): Promise<Run> {
    const end = await interpret(run, this.#services)
    Object.assign(run, end, { finished: run.time() })
    return run.describe()
  }

  async #call(run: LiveRun, path: string, request: Parameters<ContextServices['calls']['call']>[2]) {
    const { functionName, input, wait } = request
    const depth = (run.row.caller?.depth ?? 0) + 1
    if (depth > MOST_CALLERS) throw tooDeep()
    const compiled = this.#on.library.ready(this.#on.functions.graph(functionName))
    const called = await this.prepare(compiled, input(), { runId: run.row.id, path, depth })
    if (run.cancelRequested) called.cancel()
    const ended = await this.walk(called)
    if (!wait) return { id: ended.id }
    if (ended.status !== 'done') throw callFailed(functionName, ended)
    return { id: ended.id, output: ended.output }
  }
}

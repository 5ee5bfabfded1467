import type { JsonObject } from '../../nodes/json.ts'
import { smsNotification } from '../../nodes/sms-notification/definition.ts'
import type { Run } from '../../nodes/api/runs.ts'
import type { Replay, StartDebug, TryNode } from '../../nodes/api/try-it.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { Graph } from '../../nodes/graph/schema.ts'
import type { CompiledGraph } from '../engine/compile-graph.ts'
import { expectSandbox } from '../engine/sandbox-sender.ts'
import type { RunHandle, StartRun } from '../runtime.ts'
import type { Onlooker } from '../engine/onlooker.ts'
import type { TryItStore } from '../elements/try-it-data.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { lastRunOf } from '../x-ray/x-ray.ts'
import { DebugSession } from './debug-session.ts'
import { DebugSessions } from './debug-sessions.ts'
import type { DebugLimits } from './debug-sessions.ts'
import { Rehearsal } from './rehearsal.ts'
import type { RehearsalDependencies } from './rehearsal.ts'
import { replay } from './replay.ts'
import { pinnedNodes, pinsOnlooker } from './stand-ins.ts'
import { tryNode } from './try-node.ts'

export interface TryItDependencies extends RehearsalDependencies {
  ledger: Ledger
  data: TryItStore
  unforeseen: (error: unknown) => void
  limits?: Partial<DebugLimits> | undefined
  /** Accepts a run that really happens. */
  start: (request: StartRun & { onlooker: Onlooker }) => Promise<RunHandle>
  cancel: (runId: string) => Promise<unknown>
}

/** Tries drafts while they are drawn: debug runs, single nodes, and replays of what was recorded. Real phones hear nothing. */
export class TryIt {
  /** Sample inputs, pinned outputs and breakpoints. */
  readonly data: TryItStore
  readonly sessions: DebugSessions
  readonly #on: TryItDependencies
  #isReplaying = false

  constructor(dependencies: TryItDependencies) {
    this.#on = dependencies
    this.data = dependencies.data
    this.sessions = new DebugSessions(dependencies.limits)
  }

  /**
   * Prepares a debug run of a draft; it begins when somebody watches its session.
   * @returns the id of the session
   * @throws FlowError `NOT_FOUND`, `OVERLOADED`, `SANDBOX_ONLY`; FieldsError `GRAPH_NOT_READY`, `INPUT_…`
   */
  async debug(functionName: string, request: StartDebug): Promise<string> {
    this.sessions.expectRoom()
    const { input, outcome, pauseAtStart, mode } = request
    const { library, functions, data, newId, unforeseen } = this.#on
    const compiled = library.ready(functions.draft(functionName).graph)
    const id = newId()
    const session = new DebugSession({
      pauseAtStart,
      usesPins: mode === 'dry-run',
      dataOf: (name) => data.find(name),
      definitions: library.definitions,
      unforeseen,
      ended: () => this.sessions.remove(id),
    })
    if (mode === 'sandbox') await this.#debugInSandbox(compiled, input, session)
    else {
      const rehearsal = new Rehearsal(this.#on, { outcome, onlooker: session })
      const run = await rehearsal.prepare(compiled, input)
      session.load({ toTheEnd: () => rehearsal.walk(run), cancel: () => run.cancel() }, run)
    }
    try {
      this.sessions.expectRoom()
    } catch (error) {
      session.stop()
      throw error
    }
    this.sessions.add(id, session)
    return id
  }

  /** A run like others, but for its onlooker and for services that are not the sandbox: those it refuses. */
  async #debugInSandbox({ graph }: CompiledGraph, input: JsonObject, session: DebugSession): Promise<void> {
    const { start, cancel, unforeseen, services } = this.#on
    for (const { type, params } of graph.nodes) {
      if (type === smsNotification.type) expectSandbox(String(params['service']), services)
    }
    const functionName = graph.name
    const run = await start({ functionName, version: 'draft', input, trigger: 'debug', onlooker: session })
    session.load({ toTheEnd: () => run.finished, cancel: () => void cancel(run.id).catch(unforeseen) })
  }

  /** Puts the pinned outputs of a function in the place of their nodes. */
  pinsOf(graph: Graph): Onlooker {
    const { data, library } = this.#on
    return pinsOnlooker(pinnedNodes(graph, data.find(graph.name).pins, library.definitions))
  }

  /** See `tryNode`. */
  async tryNode(functionName: string, request: TryNode): Promise<Run> {
    const { library, functions, data, ledger } = this.#on
    const { graph } = functions.draft(functionName)
    const lastRun = await lastRunOf(functionName, ledger)
    const { pins } = data.get(functionName)
    return tryNode({ ...request, graph, pins, lastRun, definitions: library.definitions }, this.#on)
  }

  /**
   * See `replay`. One at a time.
   * @param graph in place of the draft
   * @throws FlowError `NOT_FOUND`, `OVERLOADED`; FieldsError `GRAPH_NOT_READY`
   */
  async replay(functionName: string, limit: number, graph?: Graph): Promise<Replay> {
    const compiled = this.#on.library.ready(graph ?? this.#on.functions.draft(functionName).graph)
    if (this.#isReplaying) {
      throw new FlowError(ErrorCode.Overloaded, 'Another replay is under way', {
        hint: 'Try again when it has ended.',
      })
    }
    this.#isReplaying = true
    try {
      return await replay(functionName, compiled, limit, this.#on)
    } finally {
      this.#isReplaying = false
    }
  }
}

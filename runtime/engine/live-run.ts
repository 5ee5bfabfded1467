import type { Run, RunError, RunEvent, RunOutcome, RunStatus } from '../../nodes/api/runs.ts'
import type { Json } from '../../nodes/json.ts'
import type { MessageRow, NewRun, OpenRun, RunRow, StepRecord, StepsOfRun } from '../ledger/ledger.ts'
import { Branches } from './branches.ts'
import type { CompiledGraph } from './compile-graph.ts'
import {
  describeMessage,
  describeOutcome,
  describeRun,
  describeStep,
  recordedResult,
} from './describe-run.ts'
import { Frame } from './frame.ts'
import type { Onlooker } from './onlooker.ts'
import { RecordedSteps } from './recorded-steps.ts'
import type { EndedRun } from './started-run.ts'

/** From so many messages on they are looked up by their step. */
const MANY = 32

/** A run under way: what the interpreter works on, and what watchers see. All of it can be rebuilt from the ledger. */
export class LiveRun implements EndedRun {
  readonly row: NewRun
  readonly compiled: CompiledGraph
  readonly root: Frame
  readonly branches = new Branches()
  /** What the run did before a restart. */
  readonly recorded: RecordedSteps | undefined
  steps: StepRecord[]
  readonly messages: MessageRow[]
  readonly listeners = new Set<(event: RunEvent) => void>()
  /** Steps that wait for what is learnt of messages. */
  readonly messageListeners = new Set<() => void>()
  /** Paths of steps that wait for receipts. */
  readonly receiptWaits = new Set<string>()
  status: RunStatus = 'running'
  output: Json | null = null
  error: RunError | null = null
  finished: number | null = null
  cancelRequested: boolean
  /** Whoever waits for the end, where somebody does. */
  waiting: PromiseWithResolvers<EndedRun> | undefined
  /** Set once it has left the memory: another object goes on with it. */
  hasLeft = false
  /** Something happened that resting steps want to know. */
  hasNews = false
  /** Set where the run was never accepted: nothing of it may have an effect. */
  dropped = false
  /** On the monotonic clock: when the latest plan was written. */
  plannedAt = 0
  /** Only in dry runs and debug runs: who is asked before each step. */
  onlooker: Onlooker | undefined
  /** Steps begun in this process. */
  stepCount = 0
  /** While the store is full or away: until everything is written that was asked for so far. */
  unwritten: Promise<void> | undefined
  readonly #clock: () => number
  #stops: Stops | undefined
  #messagesByPath: Map<string, MessageRow[]> | undefined
  #unrecorded: StepRecord[] = []
  #records: number

  constructor(row: NewRun, compiled: CompiledGraph, clock: () => number, resumed?: OpenRun) {
    this.row = row
    this.compiled = compiled
    this.#clock = clock
    this.root = Frame.root(row.input, clock)
    this.messages = resumed?.messages ?? []
    this.cancelRequested = resumed?.run.cancelled ?? false
    this.recorded = resumed && new RecordedSteps(resumed.steps)
    this.steps = this.recorded?.finished() ?? []
    this.#records = resumed?.nextRecord ?? 0
  }

  /** Milliseconds since 1970. */
  time(): number {
    return this.#clock()
  }

  now(): Date {
    return new Date(this.#clock())
  }

  /** Lets every step that rests look again; what happens while the run leaves the memory is not missed either. */
  wake(): void {
    this.hasNews = true
    this.branches.wake()
  }

  /** Makes a step's variables and result visible to the steps after it. */
  apply(frame: Frame, step: StepRecord, result: Json | undefined): void {
    if (step.assign) frame.assign(step.assign)
    if (result !== undefined) frame.keep(step.node, result)
  }

  /** The same for a step of an earlier process, with all that remains visible of what went on inside it. */
  applyRecorded(frame: Frame, step: StepRecord): void {
    const kept = this.recorded?.keptOf(step) ?? []
    for (const inner of kept) this.applyRecorded(frame, inner)
    this.apply(frame, step, recordedResult(step, this.messagesOf(step.path)))
    for (const path of step.stopped ?? []) this.stopBelow(path)
  }

  begin(step: StepRecord): void {
    this.steps.push(step)
    this.#emitStep(step)
  }

  /** Marks a begun step as finished; it is written with the next record. */
  end(step: StepRecord): void {
    if (step.begun === undefined || !this.#unrecorded.includes(step)) this.#unrecorded.push(step)
    this.#emitStep(step)
  }

  /** Has a step that goes on for long written with the next record, as it stands then. */
  noteBegun(step: StepRecord): void {
    if (!this.#unrecorded.includes(step)) this.#unrecorded.push(step)
    this.#emitStep(step)
  }

  /** How many finished steps wait to be written. */
  get unrecorded(): number {
    return this.#unrecorded.length
  }

  /** Steps that are not yet in the ledger, and the number of the record to write them as. */
  takeUnrecorded(): StepsOfRun {
    const steps = this.#unrecorded
    this.#unrecorded = []
    const number = this.#records
    this.#records += Math.max(1, steps.length)
    return { runId: this.row.id, number, steps }
  }

  /**
   * What is written with the end of the run.
   * @param endedWell then a function may do without the steps that only worked on values and are not written yet
   */
  takeLastSteps(endedWell: boolean): readonly StepRecord[] {
    const { steps } = this.takeUnrecorded()
    if (!endedWell || this.compiled.graph.history !== 'failures') return steps
    const kept = steps.filter(({ node }) => !this.compiled.pureNodes.has(node))
    if (steps.length === this.steps.length) this.steps = kept
    else {
      const left = new Set(steps.filter((step) => !kept.includes(step)))
      this.steps = this.steps.filter((step) => !left.has(step))
    }
    return kept
  }

  messagesOf(path: string): MessageRow[] {
    if (this.messages.length < MANY) return this.messages.filter((message) => message.path === path)
    this.#messagesByPath ??= Map.groupBy(this.messages, (message) => message.path)
    return this.#messagesByPath.get(path) ?? []
  }

  /** Takes the messages of a plan in, all of one step. */
  addMessages(path: string, messages: readonly MessageRow[]): void {
    for (const message of messages) this.messages.push(message)
    this.#messagesByPath?.set(path, [...messages])
  }

  /** Takes over what was learnt of a message outside this run: by a receipt, a look-up or a person. */
  learn(row: MessageRow): void {
    const message = this.messages.find(({ number }) => number === row.number)
    if (!message) return
    const { state, delivery, deliveryCode, deliveryConflict } = row
    Object.assign(message, { delivery, deliveryCode, deliveryConflict })
    // What an attempt of this run is about to write, the row does not know yet.
    const isTaken = state === 'accepted' && (message.state === 'planned' || message.state === 'retry-wait')
    if (message.state === 'unknown' || isTaken) Object.assign(message, row)
    this.changed(message)
    for (const listener of this.messageListeners) listener()
    if (this.receiptWaits.size > 0) this.wake()
  }

  changed(message: MessageRow): void {
    if (this.listeners.size === 0) return
    this.emit({ type: 'message', path: message.path, message: describeMessage(message) })
  }

  emit(event: RunEvent): void {
    for (const listener of this.listeners) listener(event)
  }

  describe(): Run {
    return describeRun(this.#rowNow(), this.steps, this.messages)
  }

  describeOutcome(): RunOutcome {
    return describeOutcome(this.#rowNow())
  }

  #rowNow(): RunRow {
    const { status, output, error, cancelRequested: cancelled, finished } = this
    return { ...this.row, status, output, error, cancelled, finished }
  }

  /** True where nothing more may begin at this path: the run is cancelled, or the branch has lost its race. */
  isStopped(path: string): boolean {
    return this.cancelRequested || (this.#stops?.holds(path) ?? false)
  }

  /** True where a branch of the run was stopped. */
  get hasStops(): boolean {
    return this.#stops?.hasAny ?? false
  }

  /**
   * Calls back once nothing more may begin at this path, at once where that is so already.
   * @returns the way to be told no more
   */
  onStop(path: string, callback: () => void): () => void {
    if (this.isStopped(path)) {
      callback()
      return () => undefined
    }
    this.#stops ??= new Stops()
    return this.#stops.listen(path, callback)
  }

  cancel(): void {
    this.cancelRequested = true
    this.#stops?.callBelow('')
    this.wake()
  }

  /** Stops everything whose path begins with this. */
  stopBelow(path: string): void {
    this.#stops ??= new Stops()
    this.#stops.stop(path)
    this.wake()
  }

  #emitStep(step: StepRecord): void {
    if (this.listeners.size > 0)
      this.emit({ type: 'step', step: describeStep(step, this.messagesOf(step.path)) })
  }
}

/** Which parts of a run are stopped, and who wants to know. */
class Stops {
  readonly #stopped: string[] = []
  readonly #listeners = new Set<{ path: string; callback: () => void }>()

  get hasAny(): boolean {
    return this.#stopped.length > 0
  }

  holds(path: string): boolean {
    return this.#stopped.some((each) => path.startsWith(each))
  }

  listen(path: string, callback: () => void): () => void {
    const listener = { path, callback }
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  stop(path: string): void {
    this.#stopped.push(path)
    this.callBelow(path)
  }

  callBelow(path: string): void {
    for (const listener of [...this.#listeners]) {
      if (!listener.path.startsWith(path)) continue
      this.#listeners.delete(listener)
      listener.callback()
    }
  }
}

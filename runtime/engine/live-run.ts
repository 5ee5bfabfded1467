import type { Run, RunError, RunEvent, RunStatus } from '../../nodes/api/runs.ts'
import type { Json } from '../../nodes/json.ts'
import type { MessageRow, NewRun, OpenRun, StepRecord, StepsOfRun } from '../ledger/ledger.ts'
import type { CompiledGraph } from './compile-graph.ts'
import { describeMessage, describeRun, describeStep, recordedResult } from './describe-run.ts'

/** A run under way: what the interpreter works on, and what watchers see. All of it can be rebuilt from the ledger. */
export class LiveRun {
  readonly row: NewRun
  readonly compiled: CompiledGraph
  /** Inputs, variables, and results of finished steps below `nodes`. */
  readonly names: Record<string, Json>
  readonly steps: StepRecord[]
  readonly messages: MessageRow[]
  readonly listeners = new Set<(event: RunEvent) => void>()
  /** Steps that wait for what is learnt of messages. */
  readonly messageListeners = new Set<() => void>()
  /** Where it leaves the memory: it comes back with the next receipt that ends a message's way. */
  wakesOnReceipt = false
  status: RunStatus = 'running'
  output: Json | null = null
  error: RunError | null = null
  finished: number | null = null
  /** Answers when it is over; set once it is under way. */
  ended: Promise<Run> | undefined
  cancelRequested: boolean
  /** Set once nothing will happen for a while: the run leaves the memory and goes on from the ledger then. */
  parkedUntil: number | undefined
  /** Set where the run was never accepted: nothing of it may have an effect. */
  dropped = false
  /** On the monotonic clock: when the latest plan was written. */
  plannedAt = 0
  /** While the store is full or away: until everything is written that was asked for so far. */
  unwritten: Promise<void> | undefined
  readonly #results: Record<string, Json> = Object.create(null) as Record<string, Json>
  readonly #clock: () => number
  readonly #recorded: ReadonlyMap<string, StepRecord>
  readonly #cancelled: (() => void)[] = []
  #unrecorded: StepRecord[] = []
  #records: number

  constructor(row: NewRun, compiled: CompiledGraph, clock: () => number, resumed?: OpenRun) {
    this.row = row
    this.compiled = compiled
    this.#clock = clock
    this.names = Object.assign(Object.create(null), row.input, { nodes: this.#results }) as Record<
      string,
      Json
    >
    this.messages = resumed?.messages ?? []
    this.cancelRequested = resumed?.run.cancelled ?? false
    this.steps = resumed?.steps ?? []
    this.#recorded = new Map(this.steps.map((step) => [step.path, step]))
    // Record numbers only have to rise; a resumed run continues behind everything it may have written.
    this.#records = resumed ? resumed.steps.length : 0
  }

  /** Milliseconds since 1970. */
  time(): number {
    return this.#clock()
  }

  now(): Date {
    return new Date(this.#clock())
  }

  /** What the step at this path did before a restart. */
  recordedStep(path: string): StepRecord | undefined {
    return this.#recorded.get(path)
  }

  /**
   * Makes a step's variables and result visible to the steps after it.
   * @param result the whole result; without it, it is put together from the record and the messages
   */
  apply(step: StepRecord, result: Json | undefined = recordedResult(step, this.messagesOf(step.path))): void {
    if (step.assign) Object.assign(this.names, step.assign)
    if (result !== undefined) this.#results[step.node] = result
  }

  begin(step: StepRecord): void {
    this.steps.push(step)
    this.#emitStep(step)
  }

  /** Marks a begun step as finished; it is written with the next record. */
  end(step: StepRecord): void {
    this.#unrecorded.push(step)
    this.#emitStep(step)
  }

  /** Steps that are not yet in the ledger, and the number of the record to write them as. */
  takeUnrecorded(): StepsOfRun {
    const steps = this.#unrecorded
    this.#unrecorded = []
    const number = this.#records
    this.#records += Math.max(1, steps.length)
    return { runId: this.row.id, number, steps }
  }

  messagesOf(path: string): MessageRow[] {
    return this.messages.filter((message) => message.path === path)
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
  }

  changed(message: MessageRow): void {
    if (this.listeners.size === 0) return
    this.emit({ type: 'message', path: message.path, message: describeMessage(message) })
  }

  emit(event: RunEvent): void {
    for (const listener of this.listeners) listener(event)
  }

  describe(): Run {
    return describeRun(
      {
        ...this.row,
        status: this.status,
        output: this.output,
        error: this.error,
        cancelled: this.cancelRequested,
        finished: this.finished,
      },
      this.steps,
      this.messages,
    )
  }

  /** Calls back at once where the run is cancelled already. */
  onCancel(callback: () => void): void {
    if (this.cancelRequested) callback()
    else this.#cancelled.push(callback)
  }

  cancel(): void {
    this.cancelRequested = true
    for (const callback of this.#cancelled.splice(0)) callback()
  }

  #emitStep(step: StepRecord): void {
    if (this.listeners.size > 0)
      this.emit({ type: 'step', step: describeStep(step, this.messagesOf(step.path)) })
  }
}

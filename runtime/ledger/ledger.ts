import type { DryRunOutcome, RunError, RunSourceKind, RunStatus, RunSummary } from '../../nodes/api/runs.ts'
import type { XRayReport } from '../../nodes/api/x-ray.ts'
import type { Assignment } from '../../nodes/execution.ts'
import type { RecipientReason, SkipReason } from '../../nodes/directory/schema.ts'
import type { Notice } from '../../nodes/inbox.ts'
import type { Json, JsonObject } from '../../nodes/json.ts'
import type {
  DeliveryState,
  MessageBody,
  MessageError,
  MessageReport,
  MessageState,
} from '../../nodes/messages.ts'
import type { Crashes } from './crashes.ts'
import type { Deliveries } from './deliveries.ts'
import type { Firings } from './firings.ts'
import type { OldRuns } from './old-runs.ts'
import type { OnErrors } from './on-errors.ts'
import type { OptOuts } from './opt-outs.ts'

/** A run at the moment of its acceptance. */
export interface NewRun {
  /** ULID. */
  id: string
  functionName: string
  /** Content hash of its graph; must have been kept with `keepGraph`. */
  version: string
  trigger: RunSummary['trigger']
  /** The trigger of the function that started it. */
  triggerId?: string | undefined
  /** The firing of that trigger; it becomes `started` together with the acceptance. */
  firing?: string | undefined
  input: JsonObject
  created: number
  /** Set: a dry run, which must never send. Says what it assumes of every SMS step. */
  dryRun?: DryRunOutcome | undefined
  caller?: Caller | undefined
  source?: RunSource | undefined
}

/** The run that a run was made from. */
export interface RunSource {
  runId: string
  kind: RunSourceKind
}

/** A run that was made from another. */
export interface Follower {
  runId: string
  kind: RunSourceKind
  status: RunStatus
}

/** The step of another run that started a run. */
export interface Caller {
  runId: string
  path: string
  /** 1 where nobody called the other run. */
  depth: number
}

export interface RunRow extends NewRun {
  status: RunStatus
  output: Json | null
  error: RunError | null
  cancelled: boolean
  finished: number | null
}

/**
 * One step. `path` is its identity within the run. The ledger holds finished ones, and begun ones that go on for long:
 * these come a second time with their end.
 */
export interface StepRecord {
  path: string
  node: string
  type: string
  status: 'running' | 'done' | 'failed'
  port: string | null
  /** Set where nothing was connected to `port` and another port's connection was taken. */
  followed?: string | undefined
  input?: Json | undefined
  result?: Json | undefined
  assign?: Assignment | undefined
  error?: RunError | undefined
  /** What was decided when it began: see `ExecutionContext.once`. */
  begun?: Json | undefined
  /** Bodies inside it (`:3/` is `'3'`) whose variables and results are visible after it; `all` of them in a loop. */
  keeps?: 'all' | readonly string[] | undefined
  /** What paths begin with that lost a race in it. */
  stopped?: readonly string[] | undefined
  /** Messages of this step in the run that this one goes on with: nobody of them is texted again. */
  carried?: readonly MessageReport[] | undefined
  /** Only in a dry run. */
  xRay?: XRayReport | undefined
  notExecuted?: true | undefined
  /** Only in a dry run: what was taken in place of executing the node. */
  standIn?: 'pinned' | 'recorded' | undefined
  started: number
  finished: number | null
}

/** What few messages have. */
export interface MessageOptions {
  /** IANA name of the person's own clock, for quiet hours. */
  timeZone?: string | undefined
  /** Quiet hours do not hold it back. */
  urgent?: boolean | undefined
  /** Number of the message under whose id the provider knows the request, where one request carried several. */
  batch?: number | undefined
  /** Attempts that do not count against the policy any more: made by an earlier service, or before a retry by hand. */
  earlierAttempts?: number | undefined
  /** Services that certainly did not take it. */
  earlierServices?: string[] | undefined
  /** When its time to live began, where that was not when it was planned. */
  since?: number | undefined
}

/** What a service has used up: see `runtime/engine/policy`. */
export interface ServiceUsage {
  serviceId: string
  dueAt: number
  day: string
  messages: number
  segments: number
}

export interface MessageRow {
  runId: string
  /** Counts up within the run; with the run's id it is the message's id. */
  number: number
  path: string
  serviceId: string
  memberId: string
  name: string
  phone: string
  reasons: RecipientReason[]
  body: MessageBody
  state: MessageState
  skipped: SkipReason | undefined
  /** Wire requests made or about to be made. */
  attempts: number
  /** In `retry-wait`, and in `planned` where quiet hours hold it back: the earliest moment of the next attempt. */
  wakeAt: number | undefined
  providerId: string | undefined
  segments: number | undefined
  error: MessageError | undefined
  options?: MessageOptions | undefined
  /** What receipts have proved so far. */
  delivery?: DeliveryState | undefined
  /** The provider's code, where a receipt told of a failure. */
  deliveryCode?: string | undefined
  /** One receipt said delivered, another failed. */
  deliveryConflict?: boolean | undefined
  created: number
  updated: number
}

/** What one wire request proved that was not accepted; what an accepted one proved stands in its message. */
export interface AttemptRow {
  attempt: number
  started: number
  finished: number
  outcome: 'rejected' | 'throttled' | 'unreachable' | 'unknown'
  /** The service that the request went to, where it is not the message's own any more. */
  serviceId?: string | undefined
  /** Provider's code, HTTP status, request id: nothing secret or personal. */
  evidence: JsonObject
}

/** An entry of somebody's inbox at the moment of its delivery. */
export interface InboxRow extends Notice {
  /** ULID. */
  id: string
  memberId: string
  runId: string
  path: string
  functionName: string
  created: number
}

/** A step whose failed messages are sent again by hand. */
export interface RedeliveryRow {
  runId: string
  path: string
  created: number
}

/** A message as it stands after an attempt, and what the attempt proved. */
export interface MessageOutcome {
  message: MessageRow
  attempt: AttemptRow | undefined
}

/** How a run leaves the memory. */
export interface Parking {
  wakeAt: number
  wakesOnReceipt: boolean
  /** When it was decided how long the wait is. */
  parkedAt: number
}

/** How a run ended, with the steps that no record holds yet. */
export interface RunEnding {
  status: RunStatus
  output: Json | null
  error: RunError | null
  finished: number
  steps: readonly StepRecord[]
  /** Triggers wait for it: a note of the end stays until they have been told. */
  isAwaited?: boolean
  /** It starts the *on error* function: a note of the failure stays until that is done. */
  startsOnError?: boolean
}

/** The steps since the run's last record. `number` rises within the run. */
export interface StepsOfRun {
  runId: string
  number: number
  steps: readonly StepRecord[]
}

export interface IdempotencyRow {
  key: string
  inputHash: string
  runId: string
}

/** Everything that is known of an unfinished run: enough to go on with it. */
export interface OpenRun {
  run: RunRow
  /** Each once, in the order in which they ended; those that have only begun as they were when that was written. */
  steps: StepRecord[]
  /** The number of the next record of steps. */
  nextRecord: number
  messages: MessageRow[]
  /** Paths of steps whose plan was not written to its end: nothing of them was sent. */
  brokenPlans: string[]
}

/**
 * The only source of truth for "what has this run already done".
 *
 * Every write answers once it is durable. Writes of one turn of the event loop share one commit, in the order in
 * which they were asked for: when a later one is durable, so are all before it.
 * A write that cannot be made durable rejects with `STORE_UNAVAILABLE`.
 */
export interface Ledger {
  /** What became of messages after their attempts. */
  readonly deliveries: Deliveries
  readonly optOuts: OptOuts
  /** Which run made the process die. */
  readonly crashes: Crashes
  /** What triggers were set off by. */
  readonly firings: Firings
  /** Failed runs that are to start another function. */
  readonly onErrors: OnErrors
  /** What is not kept any more. */
  readonly oldRuns: OldRuns

  keepGraph(hash: string, graph: string, now: number): Promise<void>
  /** From now on `keepGraph` writes again what was kept before. */
  forgetKept(): void
  graph(hash: string): Promise<string | undefined>

  /** Rejects with `CONFLICT` where the idempotency key is taken, or the firing does not wait. */
  acceptRun(run: NewRun, idempotency?: Omit<IdempotencyRow, 'runId'>): Promise<void>
  /**
   * Accepts a run that goes on with another one, with the steps that it takes over.
   * Rejects with `CONFLICT` where a run goes on with that one already, or it is being removed.
   */
  acceptRetry(run: NewRun, steps: readonly StepRecord[]): Promise<void>
  /** Rejects with `STORE_UNAVAILABLE` where nobody knows whether what it finds is durable. */
  findIdempotent(key: string): Promise<IdempotencyRow | undefined>
  /** @returns false while a message of the run is not settled: a run cannot end before its messages have */
  finishRun(runId: string, ending: RunEnding): Promise<boolean>
  requestCancel(runId: string): Promise<void>

  /**
   * Records the messages of a step, those that may start at once already as `dispatching`,
   * together with the run's steps up to this one.
   * @param whole how many messages make the plan, where these are its first part only: the further parts follow with
   *   calls of their own, and nothing may be sent before all are durable
   */
  planMessages(messages: readonly MessageRow[], steps: StepsOfRun, whole?: number): Promise<void>
  /** Forgets a plan that was not written to its end. */
  dropPlan(runId: string, path: string): Promise<void>
  /**
   * Turns a planned or waiting message into `dispatching` with the given attempt number.
   * @returns false where somebody else has it, or it is settled: then nothing may be sent
   */
  claimMessage(message: MessageRow, attempt: number, usage?: ServiceUsage): Promise<boolean>
  /** Claims the next attempt of several messages for one request, options included: one answer each. */
  claimMessages(messages: readonly MessageRow[], usage?: ServiceUsage): Promise<boolean[]>
  /** Writes the outcome of an attempt, a settling without one (`cancelled`), or until when a message waits. */
  settleMessage(message: MessageRow, attempt?: AttemptRow, usage?: ServiceUsage): Promise<void>
  /** The same for several at once. */
  settleMessages(outcomes: readonly MessageOutcome[], usage?: ServiceUsage): Promise<void>
  /** Gives a message that was certainly not taken to another service: planned again, attempts and all. */
  handOver(message: MessageRow, attempt: AttemptRow, usage?: ServiceUsage): Promise<void>
  /**
   * Plans settled messages once more, under a note that lasts until `endRedelivery`: a restart goes on with them.
   * @returns one answer each: false where it was accepted, is unknown or is planned already
   */
  reopen(messages: readonly MessageRow[], note: RedeliveryRow): Promise<boolean[]>
  endRedelivery(runId: string, path: string): Promise<void>
  redeliveries(): Promise<RedeliveryRow[]>
  /** What services had used up when the last process ended. */
  serviceUsages(): Promise<ServiceUsage[]>

  /** Writes finished and begun steps alone. */
  record(steps: StepsOfRun): Promise<void>
  /** The run that a step started. */
  calledRun(runId: string, path: string): Promise<string | undefined>
  /** Notes that a run leaves the memory, with its steps so far, those it rests in included. */
  park(parking: Parking, steps: StepsOfRun): Promise<void>
  /** @returns false where it is not parked */
  unpark(runId: string): Promise<boolean>
  /** Runs that are parked until then at the latest, the first to wake first. */
  parkedRuns(until: number): Promise<string[]>
  /** Runs that were parked later than that: the clock was put back meanwhile. */
  parkedAfter(time: number): Promise<string[]>
  /** When the first parked run is to wake. */
  nextWake(): Promise<number | undefined>
  /** True for a parked run that a receipt wakes. */
  wakesOnReceipt(runId: string): Promise<boolean>
  /** Sets a timer of a step, together with the steps before it. @returns when it ends; a set one stays as it is */
  setTimer(path: string, due: number, steps: StepsOfRun): Promise<number>
  /**
   * Notes that the HTTP request of a step is about to leave, together with the steps before it.
   * @returns false where it was noted before: then the request may have left already
   */
  beginRequest(path: string, begun: number, steps: StepsOfRun): Promise<boolean>

  /**
   * Puts entries of one step into inboxes, together with the run's steps up to and including this one as it has begun:
   * either all of it lasts or nothing. Nobody gets a second entry from the same step.
   */
  notify(entries: readonly InboxRow[], steps: StepsOfRun): Promise<void>

  run(id: string): Promise<OpenRun | undefined>
  /** The run alone, without its steps and messages. */
  runRow(id: string): Promise<RunRow | undefined>
  attempts(runId: string, number: number): Promise<AttemptRow[]>
  /** The runs that were made from a run, oldest first. */
  followers(runId: string): Promise<Follower[]>
  /** The messages of one step, as they are now. */
  messagesAt(runId: string, path: string): Promise<MessageRow[]>
  runs(filter: {
    function?: string | undefined
    before?: string | undefined
    limit: number
  }): Promise<RunRow[]>
  /**
   * Called once before anything runs: what was `dispatching` when the process died becomes `unknown`.
   * @returns the unfinished runs that are neither parked beyond now nor in quarantine, oldest first
   */
  recover(now: number): Promise<OpenRun[]>
  /** Waits until everything asked for is durable. */
  flushed(): Promise<void>
}

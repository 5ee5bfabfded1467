import type { z } from 'zod'
import type { AskForDecision, CopyTo } from './approval/ask.ts'
import type { ApprovalResult } from './approval/definition.ts'
import type { NodeDefinition } from './define.ts'
import type { FlowError } from './errors.ts'
import type { RecipientSources } from './directory/resolve-recipients.ts'
import type { ResolvedRecipient, SkipReason } from './directory/schema.ts'
import type { HttpAnswer, HttpRequest } from './http-request/request.ts'
import type { Notice } from './inbox.ts'
import type { Json, JsonObject } from './json.ts'
import type { NotificationReport } from './message-notification/definition.ts'
import type { MessageTemplate } from './message-templates/schema.ts'
import type { MessageReport, PlannedMessage } from './messages.ts'
import type { SmsServiceSummary } from './services/sms/settings.ts'
import type { DeliveryCounts } from './wait-for-delivery/definition.ts'
import type { Value } from './values/value.ts'

/** Variables by name; or the name and the value of a single one, which costs a fraction of an object. */
export type Assignment = JsonObject | readonly [name: string, value: Json]

export function isSingle(variables: Assignment): variables is readonly [string, Json] {
  return Array.isArray(variables)
}

/** What a finished step hands back. */
export interface StepResult {
  /** The output port the run leaves by; `null` ends the run (Return). */
  port: string | null
  /** What happens where nothing is connected to `port`: another port's connection is taken, or the run fails. */
  unconnected?: { port: string } | { error: FlowError }
  /** Becomes `nodes.<id>.…` for later steps. */
  result?: Json
  /** Variables to set. */
  assign?: Assignment
  /** What the run answers; only with `port: null`. */
  output?: Json
}

export interface SendOptions {
  /**
   * What follows where nobody knows whether a message was taken: `hold` ends the step with it; `resend` waits for what
   * the provider says and sends once more where the message is absent, or where the provider cannot be asked.
   */
  onUnknown?: 'hold' | 'resend' | undefined
}

export interface AwaitDeliveries {
  /** Node id of an SMS step; without one, the last SMS step of the run. */
  step?: string | undefined
  milliseconds: number
}

/** One walk through the nodes behind a port. */
export interface Body {
  port: string
  /** Tells this walk from others of the same step: an index, or the port. Becomes a part of step paths. */
  at: string
  /** Variables set before it begins. */
  names?: JsonObject
  /** Called when nothing follows any more, to evaluate with the names of that moment. */
  after?: (evaluate: (value: Value) => Json) => void
}

export interface WalkTogether {
  /** How many at a time. */
  atOnce: number
  /** Stops the others once one has ended: their waits end, and texts that have not left are cancelled. */
  race?: boolean
  /** Afterwards variables and results of the bodies that ended are visible, in the order of the bodies. */
  keep?: boolean
}

/** What an executor may use. Everything with an effect outside goes through here, so that it is recorded first. */
export interface ExecutionContext extends RecipientSources {
  readonly runId: string
  readonly functionName: string
  readonly nodeId: string
  /** Node id and loop indices: the step's identity within its run. */
  readonly stepPath: string
  /** Values of this moment: inputs, variables, `nodes.<id>`. Throws `FormulaError` or `FlowError`. */
  evaluate(value: Value): Json
  /** Notes what the step works with, for the run's history; numbers masked, no secrets. */
  recordInput(input: Json): void
  smsService(id: string): SmsServiceSummary | undefined
  /** The services that take over, in order, what a service definitely did not take; missing: none do. */
  failOverServices?(id: string): readonly SmsServiceSummary[]
  messageTemplate(id: string): MessageTemplate | undefined
  /** The text of a template that is kept at a service's provider, as it was last read from there; missing: none was. */
  providerText?(serviceId: string, code: string): string | undefined
  /**
   * What a service's send policy says at this moment, to be asked for each message that could be sent; `undefined`
   * where no policy is switched on.
   */
  suppression?(serviceId: string): Suppression | undefined
  /**
   * Goes on with the messages that this step planned before a restart or a long wait, and answers as `sendMessages`;
   * undefined where it planned none yet. Ask this before anything is prepared: people, texts and service stay as planned.
   */
  resumeMessages?(options?: SendOptions): Promise<MessageReport[]> | undefined
  /**
   * Records the messages, sends each once, and answers when every one is settled.
   * After a crash the same step gets its recorded messages back instead of sending again.
   * Rejects where the run leaves the memory until quiet hours are over: let that pass.
   */
  sendMessages(plan: readonly PlannedMessage[], options?: SendOptions): Promise<MessageReport[]>
  /** Waits for the receipts of an SMS step's messages, over restarts too; time counts from the first call of the step. */
  awaitDeliveries(request: AwaitDeliveries): Promise<DeliveryCounts>
  /**
   * Puts a notice into the inbox of everybody who is not skipped, each once, over restarts too: all of them are on
   * disk when it answers. `prepare` is asked only where the step has not notified yet.
   */
  notify(prepare: () => Promise<NotificationPlan>): Promise<NotificationReport>
  /**
   * Makes one HTTP request and answers with what counts as success. That it begins is recorded before its first byte
   * leaves; after a crash in between it is made again where that does no harm, and fails as unknown otherwise.
   * Throws `FlowError` (`HTTP_…`, `SECRET_…`).
   */
  requestHttp(request: HttpRequest): Promise<HttpAnswer>
  /**
   * Answers with what `make` makes, once and for all: the same after a restart. For what a step that goes on for long
   * must not decide twice.
   */
  once<T extends Json>(make: () => T): T
  /**
   * Walks the nodes behind a port of this node until nothing follows; variables and results are shared with what comes
   * after. Rejects with what fails or ends in there: let that pass.
   */
  walk(body: Body): Promise<void>
  /** Walks several, each with names of its own. Rejects as `walk`, once all under way have ended. */
  walkTogether(bodies: Iterable<Body>, options: WalkTogether): Promise<void>
  /** Waits until a moment, over restarts too; the first call of the step decides. @param time milliseconds since 1970 */
  waitUntil(time: number): Promise<void>
  /** Starts another function as a run of its own. Once per step, over restarts too. */
  call(request: CallFunction): Promise<CalledRun>
  /**
   * Asks people to decide about the request that this run is, once, and answers when they have; the run leaves the memory
   * until then. `prepare` is asked only where the step has not asked yet.
   */
  askForDecision(prepare: () => Promise<AskForDecision>): Promise<ApprovalResult>
  /** Shows the request to people, each once, over restarts too. @returns how many */
  copyTo(prepare: () => Promise<CopyTo>): Promise<number>
  now(): Date
}

export interface NotificationPlan {
  notice: Notice
  people: readonly ResolvedRecipient[]
}

export interface CallFunction {
  functionName: string
  /** Evaluated only where the step has not called yet. */
  input: () => JsonObject
  /** Answers when that run has ended; otherwise once it is durable. */
  wait: boolean
}

export interface CalledRun {
  id: string
  /** Absent where nobody waited. */
  output?: Json
}

/** Says why a message must not leave now, or nothing. */
export type Suppression = (message: PlannedMessage) => SkipReason | undefined

/**
 * A pure executor answers at once; one with effects answers with a promise. A method's type, not a function's: only so
 * do executors with different parameters fit into one list.
 */
export type Execute<Params> = {
  of(params: Params, context: ExecutionContext): StepResult | Promise<StepResult>
}['of']

export interface NodeExecutor<Params extends z.ZodObject = z.ZodObject> extends ExecutorOptions {
  definition: NodeDefinition<Params>
  execute: Execute<z.output<Params>>
}

export interface ExecutorOptions {
  /**
   * True: a dry run executes the node too, because whatever effect it has goes through its context. Any other node is
   * passed by in a dry run: it leaves by its first port and has no result.
   */
  inDryRun?: boolean
  /** True: it answers at once and works on values only. Its step is no loss where a run ended well. */
  pure?: boolean
}

/** Joins a node definition and what it does. Runtime only: nothing that an editor imports may import this. */
export function defineExecutor<Params extends z.ZodObject>(
  definition: NodeDefinition<Params>,
  execute: Execute<z.output<Params>>,
  options: ExecutorOptions = {},
): NodeExecutor<Params> {
  return { definition, execute, ...options }
}

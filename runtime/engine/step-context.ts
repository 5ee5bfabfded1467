import type { AskForDecision, CopyTo } from '../../nodes/approval/ask.ts'
import type { ApprovalResult } from '../../nodes/approval/definition.ts'
import type { Organisation } from '../../nodes/directory/regions.ts'
import type { ReadPhone } from '../../nodes/directory/resolve-recipients.ts'
import type { Directory } from '../../nodes/directory/schema.ts'
import type { DeliveryCounts } from '../../nodes/wait-for-delivery/definition.ts'
import type { RunError, RunStatus } from '../../nodes/api/runs.ts'
import type {
  AwaitDeliveries,
  Body,
  CalledRun,
  CallFunction,
  ExecutionContext,
  NotificationPlan,
  SendOptions,
  Suppression,
  WalkTogether,
} from '../../nodes/execution.ts'
import type { HttpAnswer, HttpRequest } from '../../nodes/http-request/request.ts'
import type { Json, JsonObject } from '../../nodes/json.ts'
import type { NotificationReport } from '../../nodes/message-notification/definition.ts'
import type { MessageTemplate } from '../../nodes/message-templates/schema.ts'
import type { MessageReport, PlannedMessage } from '../../nodes/messages.ts'
import { withoutFailOver } from '../../nodes/services/sms/fail-over.ts'
import type { SmsServiceSummary } from '../../nodes/services/sms/settings.ts'
import type { PrepareContext } from '../../nodes/sms-notification/prepare.ts'
import { evaluateValue } from '../../nodes/values/evaluate-value.ts'
import type { Scope } from '../../nodes/values/scope.ts'
import type { Value } from '../../nodes/values/value.ts'
import type { OrganisationStore } from '../directory/organisation-store.ts'
import type { StepRecord } from '../ledger/ledger.ts'
import type { ApprovalSteps } from './approval-steps.ts'
import type { DeliveryWaits } from './await-deliveries.ts'
import type { HttpRequests } from './http-requests.ts'
import { StepParked } from './branches.ts'
import type { Calls } from './calls.ts'
import type { CompiledNode } from './compile-graph.ts'
import type { Frame } from './frame.ts'
import type { LiveRun } from './live-run.ts'
import type { Notifications } from './notifications.ts'

/** Where preparing a step finds people and services. */
export interface PreparingServices {
  directory: Directory
  organisation: OrganisationStore
  smsService: (id: string) => SmsServiceSummary | undefined
  /** See `ExecutionContext`. */
  failOverServices: (id: string) => readonly SmsServiceSummary[]
  messageTemplate: (id: string) => MessageTemplate | undefined
  /** See `ExecutionContext`. */
  providerText: (serviceId: string, code: string) => string | undefined
  /** What stands before each text of a service (Alibaba), without its brackets. */
  signature: (serviceId: string) => string | undefined
  /** What the send policy of a service says at this moment; see `ExecutionContext`. */
  suppression?: (serviceId: string) => Suppression | undefined
}

/** Sends what a step planned, or in a dry run says what would become of it. */
export interface Sender {
  send(
    run: LiveRun,
    step: StepRecord,
    plan: readonly PlannedMessage[],
    options?: SendOptions,
  ): Promise<MessageReport[]>
  /** Goes on with what a step planned before. */
  resume?(run: LiveRun, step: StepRecord, options?: SendOptions): Promise<MessageReport[]> | undefined
}

export interface ContextServices extends PreparingServices {
  sender: Sender
  deliveries: Pick<DeliveryWaits, 'wait'>
  http: Pick<HttpRequests, 'make'>
  calls: Pick<Calls, 'call'>
  notifications: Pick<Notifications, 'notify'>
  approvals: Pick<ApprovalSteps, 'ask' | 'copy'>
  /** Walks from a node until nothing follows: the interpreter. @returns how the run ends, where it ends there */
  walk: (node: CompiledNode | undefined, run: LiveRun, frame: Frame) => Promise<RunEnd | undefined>
  /** Calls back at a time: see `Timers.at`. */
  alarm: (time: number, callback: () => void) => () => void
}

/** How a run ended. */
export interface RunEnd {
  status: RunStatus
  output: Json | null
  error: RunError | null
}

/** Thrown through a step whose body ended the run, or failed. */
export class BodyEnded extends Error {
  readonly end: RunEnd
  constructor(end: RunEnd) {
    super('The body of the step ended the run')
    this.end = end
  }
}

/** The values of a moment: a run's own, or samples. */
export type Moment = Pick<Scope, 'names' | 'now'>

/** What preparing a step may ask, with the values of a moment. */
export class PreparingContext implements PrepareContext, Scope {
  readonly #moment: Moment
  protected readonly services: PreparingServices

  constructor(moment: Moment, services: PreparingServices) {
    this.#moment = moment
    this.services = services
  }

  get names(): Scope['names'] {
    return this.#moment.names
  }
  /** The zone and language of dates in formulas: the organisation's. */
  get timeZone(): string {
    return this.organisation.timeZone
  }
  get language(): string {
    return this.organisation.locale
  }
  now(): Date {
    return this.#moment.now()
  }

  get directory(): Directory {
    return this.services.directory
  }
  get organisation(): Organisation {
    return this.services.organisation.current
  }
  readPhone(text: string): ReadPhone {
    return this.services.organisation.readPhone(text)
  }
  evaluate(value: Value): Json {
    return evaluateValue(value, this)
  }
  smsService(id: string): SmsServiceSummary | undefined {
    return this.services.smsService(id)
  }
  failOverServices(id: string): readonly SmsServiceSummary[] {
    return this.services.failOverServices(id)
  }
  messageTemplate(id: string): MessageTemplate | undefined {
    return this.services.messageTemplate(id)
  }
  providerText(serviceId: string, code: string): string | undefined {
    return this.services.providerText(serviceId, code)
  }
  suppression(serviceId: string): Suppression | undefined {
    return this.services.suppression?.(serviceId)
  }
}

/** What an executor works with in one step of a run. */
export class StepContext extends PreparingContext implements ExecutionContext {
  readonly #run: LiveRun
  #step: StepRecord
  #node: CompiledNode
  readonly #frame: Frame
  readonly #on: ContextServices

  constructor(run: LiveRun, step: StepRecord, node: CompiledNode, frame: Frame, services: ContextServices) {
    super(frame, services)
    this.#run = run
    this.#step = step
    this.#node = node
    this.#frame = frame
    this.#on = services
  }

  /** Serves the next step of the same walk: where steps answer at once, one context is enough for all. */
  moveTo(step: StepRecord, node: CompiledNode): this {
    this.#step = step
    this.#node = node
    return this
  }

  get runId(): string {
    return this.#run.row.id
  }
  get functionName(): string {
    return this.#run.row.functionName
  }
  get nodeId(): string {
    return this.#step.node
  }
  get stepPath(): string {
    return this.#step.path
  }
  recordInput(input: Json): void {
    this.#step.input = input
  }
  resumeMessages(options?: SendOptions): Promise<MessageReport[]> | undefined {
    const [first] = this.#run.messagesOf(this.#step.path)
    if (!first) return undefined
    const service = this.smsService(first.serviceId)
    this.#step.input = {
      service: service?.name ?? first.serviceId,
      ...(service && { provider: service.provider }),
      ...(withoutFailOver(first.body) as JsonObject),
    }
    return this.#on.sender.resume?.(this.#run, this.#step, options)
  }
  sendMessages(plan: readonly PlannedMessage[], options?: SendOptions): Promise<MessageReport[]> {
    return this.#on.sender.send(this.#run, this.#step, plan, options)
  }
  awaitDeliveries(request: AwaitDeliveries): Promise<DeliveryCounts> {
    return this.#on.deliveries.wait(this.#run, this.#step, request)
  }
  once<T extends Json>(make: () => T): T {
    const step = this.#step
    if (step.begun === undefined) {
      step.begun = make()
      this.#run.noteBegun(step)
    }
    return step.begun as T
  }
  call(request: CallFunction): Promise<CalledRun> {
    return this.#on.calls.call(this.#run, this.#step, request)
  }

  notify(prepare: () => Promise<NotificationPlan>): Promise<NotificationReport> {
    return this.#on.notifications.notify(this.#run, this.#step, prepare)
  }

  askForDecision(prepare: () => Promise<AskForDecision>): Promise<ApprovalResult> {
    return this.#on.approvals.ask(this.#run, this.#step, prepare)
  }

  copyTo(prepare: () => Promise<CopyTo>): Promise<number> {
    return this.#on.approvals.copy(this.#run, this.#step, prepare)
  }

  async waitUntil(time: number): Promise<void> {
    const { path } = this.#step
    const run = this.#run
    if (run.row.dryRun || run.time() >= time || run.isStopped(path)) return
    if (time - run.time() > REST_FROM_MS) throw new StepParked(time)
    await new Promise<void>((resolve) => {
      const done = () => {
        stopAlarm()
        stopListening()
        resolve()
      }
      const stopAlarm = this.#on.alarm(time, done)
      const stopListening = run.onStop(path, done)
    })
    // early where the clock was put back
    if (!run.isStopped(path)) await this.waitUntil(time)
  }

  async walk(body: Body): Promise<void> {
    this.#step.keeps = 'all'
    await this.#walkIn(this.#frame.inner(this.#bodyPath(body), false), body)
  }

  async walkTogether(bodies: Iterable<Body>, { atOnce, race, keep }: WalkTogether): Promise<void> {
    const run = this.#run
    const waiting = bodies[Symbol.iterator]()
    const begun: { body: Body; frame: Frame; ended: boolean }[] = []
    let failure: unknown
    let isOver = false
    const stopOthers = () => {
      isOver = true
      for (const { body, ended } of begun) if (!ended) run.stopBelow(this.#bodyPath(body))
    }
    const walkOne = async (body: Body) => {
      const frame = this.#frame.inner(this.#bodyPath(body), true)
      const walked = { body, frame, ended: false }
      begun.push(walked)
      try {
        await this.#walkIn(frame, body)
      } catch (error) {
        if (error instanceof StepParked) throw error
        // others may go on to their end where one fails, but not where the run is over
        if (!isOver || run.cancelRequested) failure ??= error
        if (error instanceof BodyEnded && error.end.status === 'done') stopOthers()
        isOver = true
        return
      }
      if (race && isOver) return
      walked.ended = true
      if (race) stopOthers()
    }
    const worker = async () => {
      run.branches.enter()
      for (let next = waiting.next(); !next.done && !isOver; next = waiting.next()) await walkOne(next.value)
      run.branches.leave()
    }
    run.branches.fork()
    await Promise.all(Array.from({ length: atOnce }, worker))
    run.branches.join()
    if (failure !== undefined) throw failure
    const ended = begun.filter((each) => each.ended)
    if (race) this.#step.stopped = begun.filter((each) => !each.ended).map(({ body }) => this.#bodyPath(body))
    if (!keep) return
    this.#step.keeps = ended.map(({ body }) => body.at)
    this.#frame.adopt(ended.map(({ frame }) => frame))
  }

  #bodyPath({ at }: Body): string {
    return `${this.#step.path}:${at}/`
  }

  async #walkIn(frame: Frame, { port, names, after }: Body): Promise<void> {
    if (names) frame.assign(names)
    const end = await this.#on.walk(this.#node.next.get(port), this.#run, frame)
    if (end) throw new BodyEnded(end)
    after?.((value) =>
      evaluateValue(value, { names: frame.names, timeZone: this.timeZone, now: () => this.now() }),
    )
  }
  requestHttp(request: HttpRequest): Promise<HttpAnswer> {
    return this.#on.http.make(this.#run, this.#step, request)
  }
}

/** Shorter waits stay in memory. */
const REST_FROM_MS = 2_000

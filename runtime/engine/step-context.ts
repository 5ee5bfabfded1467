import type { Organisation } from '../../nodes/directory/regions.ts'
import type { ReadPhone } from '../../nodes/directory/resolve-recipients.ts'
import type { Directory } from '../../nodes/directory/schema.ts'
import type { DeliveryCounts } from '../../nodes/wait-for-delivery/definition.ts'
import type { AwaitDeliveries, ExecutionContext, SendOptions, Suppression } from '../../nodes/execution.ts'
import type { HttpAnswer, HttpRequest } from '../../nodes/http-request/request.ts'
import type { Json, JsonObject } from '../../nodes/json.ts'
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
import type { DeliveryWaits } from './await-deliveries.ts'
import type { HttpRequests } from './http-requests.ts'
import type { LiveRun } from './live-run.ts'

/** Where preparing a step finds people and services. */
export interface PreparingServices {
  directory: Directory
  organisation: OrganisationStore
  smsService: (id: string) => SmsServiceSummary | undefined
  /** See `ExecutionContext`. */
  failOverServices: (id: string) => readonly SmsServiceSummary[]
  messageTemplate: (id: string) => MessageTemplate | undefined
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
  deliveries: DeliveryWaits
  http: HttpRequests
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
  suppression(serviceId: string): Suppression | undefined {
    return this.services.suppression?.(serviceId)
  }
}

/** What an executor works with in one step of a run. */
export class StepContext extends PreparingContext implements ExecutionContext {
  readonly #run: LiveRun
  readonly #step: StepRecord
  readonly #sender: Sender
  readonly #deliveries: DeliveryWaits
  readonly #http: HttpRequests

  constructor(run: LiveRun, step: StepRecord, services: ContextServices) {
    super(run, services)
    this.#run = run
    this.#step = step
    this.#sender = services.sender
    this.#deliveries = services.deliveries
    this.#http = services.http
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
  recordInput(input: Json): void {
    this.#step.input = input
  }
  resumeMessages(options?: SendOptions): Promise<MessageReport[]> | undefined {
    const first = this.#run.messages.find(({ path }) => path === this.#step.path)
    if (!first) return undefined
    const service = this.smsService(first.serviceId)
    this.#step.input = {
      service: service?.name ?? first.serviceId,
      ...(service && { provider: service.provider }),
      ...(withoutFailOver(first.body) as JsonObject),
    }
    return this.#sender.resume?.(this.#run, this.#step, options)
  }
  sendMessages(plan: readonly PlannedMessage[], options?: SendOptions): Promise<MessageReport[]> {
    return this.#sender.send(this.#run, this.#step, plan, options)
  }
  awaitDeliveries(request: AwaitDeliveries): Promise<DeliveryCounts> {
    return this.#deliveries.wait(this.#run, this.#step, request)
  }
  requestHttp(request: HttpRequest): Promise<HttpAnswer> {
    return this.#http.make(this.#run, this.#step, request)
  }
}

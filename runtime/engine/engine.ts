import { createHash } from 'node:crypto'
import type {
  RetryFailed,
  RetryFailedResult,
  Run,
  RunError,
  RunEvent,
  RunOutcome,
  RunSummary,
} from '../../nodes/api/runs.ts'
import type { TestSendRequest, XRay, XRayRequest } from '../../nodes/api/x-ray.ts'
import type { Directory } from '../../nodes/directory/schema.ts'
import { ErrorCode, FieldsError, FlowError } from '../../nodes/errors.ts'
import type { NodeExecutor, Suppression } from '../../nodes/execution.ts'
import { canonicalJson } from '../../nodes/graph/canonical.ts'
import { isDeliveryEnd } from '../../nodes/delivery.ts'
import { loadGraph } from '../../nodes/graph/load-graph.ts'
import type { Graph } from '../../nodes/graph/schema.ts'
import type { JsonObject } from '../../nodes/json.ts'
import type { OrganisationStore } from '../directory/organisation-store.ts'
import type { FunctionStore } from '../elements/functions.ts'
import type { MessageTemplateStore } from '../elements/message-templates.ts'
import type { SecretStore } from '../elements/secrets.ts'
import type { SmsServiceStore } from '../elements/sms-services.ts'
import type { TryItStore } from '../elements/try-it-data.ts'
import type { EgressClient } from '../egress/egress-client.ts'
import type { ReceiptRow } from '../ledger/deliveries.ts'
import type { Approvals } from '../approvals/approvals.ts'
import type { Inbox } from '../inbox/inbox.ts'
import type { RunFigures } from '../metrics/figures.ts'
import { ChurnMap } from '../churn-map.ts'
import type {
  Caller,
  Follower,
  Ledger,
  MessageRow,
  NewRun,
  OpenRun,
  RunRow,
  RunSource,
  StepRecord,
} from '../ledger/ledger.ts'
import type { DebugLimits } from '../rehearsal/debug-sessions.ts'
import { TryIt } from '../rehearsal/try-it.ts'
import type { RunHandle, StartRun } from '../runtime.ts'
import type { Surroundings } from '../surroundings.ts'
import { testSend } from '../x-ray/test-send.ts'
import { xRay } from '../x-ray/x-ray.ts'
import type { XRayDependencies } from '../x-ray/x-ray.ts'
import { DeliveryWaits } from './await-deliveries.ts'
import { checkInput } from './check-input.ts'
import type { CompiledGraph } from './compile-graph.ts'
import { describeMessage, describeRun, describeRunSummary } from './describe-run.ts'
import { heldSteps } from './held-steps.ts'
import { DrySender } from './dry-sender.ts'
import { DurableWriter } from './durable-writer.ts'
import { HttpRequests } from './http-requests.ts'
import { GraphLibrary } from './graph-library.ts'
import { interpret, walk } from './interpreter.ts'
import type { StepServices } from './interpreter.ts'
import { LiveRun } from './live-run.ts'
import { nameEntries, refuseUnknown } from './name-entries.ts'
import { ApprovalSteps } from './approval-steps.ts'
import { Notifications } from './notifications.ts'
import { OnErrorFunctions } from './on-error-functions.ts'
import { ParkedRuns } from './parked-runs.ts'
import { Calls } from './calls.ts'
import { StepParked } from './branches.ts'
import { refuseTakeOver, stepsToTakeOver } from './take-over.ts'
import { StartedRun } from './started-run.ts'
import type { EndedRun } from './started-run.ts'
import type { PreparingServices, RunEnd } from './step-context.ts'
import type { CompiledNode } from './compile-graph.ts'
import type { Frame } from './frame.ts'
import type { Onlooker } from './onlooker.ts'
import { OptOutList } from './opt-out-list.ts'
import type { ProviderPool } from './provider-pool.ts'
import { Redeliveries } from './redeliveries.ts'
import { SandboxSender } from './sandbox-sender.ts'
import { SendAttempts } from './send-attempt.ts'
import { MessageSender } from './send-messages.ts'
import { Timers } from './timers.ts'
import { Trials } from './trials.ts'
import type { RunListener } from './trials.ts'
import { UnknownMessages } from './unknown-messages.ts'
import type { WithheldCodes } from './withheld-codes.ts'

/** How long `close` waits for requests that are on the wire. */
const CLOSE_MS = 20_000
/** A run ends after its messages; where an outcome waits for disk space, so does the end. */
const WAIT_FOR_OUTCOMES_MS = 1_000

export interface EngineOptions {
  ledger: Ledger
  functions: FunctionStore
  services: SmsServiceStore
  templates: MessageTemplateStore
  directory: Directory
  organisation: OrganisationStore
  /** What HTTP requests carry, and their way out. */
  secrets: SecretStore
  egress: EgressClient
  /** Where notifications go. */
  inbox: Inbox
  /** Requests that go through approval processes. */
  approvals: Approvals
  providers: ProviderPool
  timers: Timers
  /** See `runtime/steady-clock.ts`. */
  steady: () => number
  surroundings: Surroundings
  random: () => number
  executors: ReadonlyMap<string, NodeExecutor>
  /** Codes that recorded texts only have a mask for. */
  withheld: WithheldCodes
  /** Pinned outputs and breakpoints. */
  tryItData: TryItStore
  debugLimits?: Partial<DebugLimits> | undefined
  /** Runs under way at the same time before further ones are refused with `OVERLOADED`. */
  maxOpenRuns: number
  /** Whether the disk has too little space for further runs: they are refused with `DISK_SPACE_LOW`. */
  isDiskLow: () => boolean
  /** Triggers that wait for the ends of runs. */
  ends: {
    /** Whether the end of the run must not be lost before `ended` has dealt with it. */
    isAwaited: (run: NewRun) => boolean
    /** Called when the end is durable. */
    ended: (run: NewRun) => void
  }
  figures: RunFigures
  /** Told of errors that nobody foresaw. */
  unforeseen: (error: unknown) => void
}

type EngineStart = StartRun & {
  caller?: Caller
  firing?: string
  source?: RunSource
  /** Of a debug run. */
  onlooker?: Onlooker
}

/** Accepts runs, executes them, and goes on with them after a restart. One per data folder. */
export class Engine {
  readonly optOuts: OptOutList
  readonly unknown: UnknownMessages
  readonly tryIt: TryIt
  readonly #options: EngineOptions
  readonly #ledger: Ledger
  readonly #library: GraphLibrary
  readonly #writer: DurableWriter
  readonly #timers: Timers
  readonly #parked: ParkedRuns
  readonly #trials: Trials
  readonly #sender: MessageSender
  readonly #http: HttpRequests
  readonly #redeliveries: Redeliveries
  readonly #onErrors: OnErrorFunctions
  readonly #stepServices: StepServices
  /** The same without any way to a provider. */
  readonly #dryStepServices: StepServices
  /** The same without any way to a real provider. */
  readonly #debugStepServices: StepServices
  readonly #runs = new ChurnMap<LiveRun>()
  /** Those who wait for the end of a run that has left the memory. */
  readonly #waiting = new Map<string, PromiseWithResolvers<EndedRun>>()
  /** Of debug runs under way and what they call: a run may leave the memory and come back. */
  readonly #onlookers = new Map<string, Onlooker>()
  /** By run: they hear of receipts also after its end. */
  readonly #watchers = new Map<string, Set<(event: RunEvent) => void>>()
  /** Requests with an idempotency key that are being accepted at this moment. */
  readonly #accepting = new ChurnMap<{ inputHash: string; handle: Promise<RunHandle> }>()
  #closing = false

  constructor(options: EngineOptions) {
    this.#options = options
    const { surroundings } = options
    this.#clock = surroundings.time ?? (() => surroundings.now().getTime())
    this.#ledger = options.ledger
    this.#timers = options.timers
    this.#writer = new DurableWriter(new Timers(this.#clock))
    this.#parked = new ParkedRuns({
      ledger: options.ledger,
      writer: this.#writer,
      timers: this.#timers,
      goOn: (id) => this.#unpark(id),
      unforeseen: options.unforeseen,
    })
    this.#trials = new Trials({
      crashes: options.ledger.crashes,
      timers: this.#timers,
      goOn: (open, listener) => this.#resume(open, listener),
    })
    this.#library = new GraphLibrary(options.executors, options.services, options.templates, options.secrets)
    this.optOuts = new OptOutList(options.ledger.optOuts, this.#clock)
    this.unknown = new UnknownMessages({
      ledger: options.ledger,
      providers: options.providers,
      optOuts: this.optOuts,
      clock: this.#clock,
      steady: options.steady,
      changed: (message) => this.learn(message),
      unforeseen: options.unforeseen,
      sleepUntil: (time) => new Promise((resolve) => this.#timers.at(time, resolve)),
      sleep: (milliseconds) => this.#timers.sleep(milliseconds),
      writer: this.#writer,
    })
    const smsService = (id: string) => options.services.summary(id)
    const preparing: PreparingServices = {
      directory: options.directory,
      organisation: options.organisation,
      smsService,
      failOverServices: (id) => options.services.failOverChain(id),
      messageTemplate: (id) => options.templates.find(id),
      providerText: (id, code) => options.services.providerTexts.find(id, code),
      signature: (id) => options.services.signature(id),
    }
    const { unforeseen, ledger, providers, random } = options
    const { optOuts, unknown } = this
    const common = { ledger, writer: this.#writer, timers: this.#timers, optOuts }
    const deliveries = new DeliveryWaits({ ledger, writer: this.#writer, timers: this.#timers })
    const { egress, secrets } = options
    this.#http = new HttpRequests({ ...common, random, egress, secrets })
    const calls = new Calls({
      ...common,
      start: (request) => this.start(request),
      retry: (id, by) => this.retry(id, by),
      endOf: async (id) => (await this.#endOf(id)).describeOutcome(),
      cancel: (id) => this.cancel(id),
      isClosing: () => this.#closing,
    })
    const notifications = new Notifications({
      ...common,
      ...{ inbox: options.inbox, directory: options.directory },
      newId: () => options.surroundings.newId(),
    })
    const walking = {
      notifications,
      approvals: new ApprovalSteps({ ...common, approvals: options.approvals }),
      deliveries,
      calls,
      http: this.#http,
      unforeseen,
      walk: (first: CompiledNode | undefined, run: LiveRun, frame: Frame) =>
        walk(first, run, frame, this.#servicesOf(run)),
      alarm: (time: number, callback: () => void) => this.#timers.at(time, callback),
      record: (run: LiveRun) => this.#record(run),
    }
    const attempts = new SendAttempts({
      ...common,
      ...{ random, providers, smsService, unknown },
      withheld: options.withheld,
    })
    this.#sender = new MessageSender({ ...common, providers, attempts, unknown })
    this.#redeliveries = new Redeliveries({
      ...{ ledger, unknown, unforeseen },
      sender: this.#sender,
      timers: this.#timers,
      revive: (open) => this.#revive(open),
    })
    this.#onErrors = new OnErrorFunctions({
      ...{ unforeseen, functions: options.functions, onErrors: ledger.onErrors, timers: this.#timers },
      failed: async (id) => ({ run: await this.#row(id), graph: await this.graphOf(id) }),
      start: (request) => this.start(request),
    })
    // What is held back in a run is decided when each message leaves; a dry run says what it would be now.
    const suppression = (id: string) => bothOf(optOuts.suppression(id), providers.suppression(id))
    this.#dryStepServices = {
      ...preparing,
      ...walking,
      suppression,
      sender: new DrySender(preparing),
    }
    this.#stepServices = { ...preparing, ...walking, sender: this.#sender }
    this.#debugStepServices = { ...this.#stepServices, sender: new SandboxSender(this.#sender, preparing) }
    this.tryIt = new TryIt({
      library: this.#library,
      functions: options.functions,
      directory: options.directory,
      services: this.#dryStepServices,
      newId: () => surroundings.newId(),
      clock: this.#clock,
      ledger,
      data: options.tryItData,
      unforeseen,
      limits: options.debugLimits,
      start: (request) => this.start(request),
      cancel: (id) => this.cancel(id),
    })
  }

  /** Closes what a dead process left open and goes on with unfinished runs. Call once, before anything else. */
  async recover(): Promise<{ resumed: number }> {
    this.#options.providers.remember(await this.#ledger.serviceUsages())
    const suspects = await this.#ledger.crashes.begin(this.#clock())
    const open = new Map((await this.#ledger.recover(this.#clock())).map((each) => [each.run.id, each]))
    const resumed = open.size
    await this.optOuts.load()
    this.unknown.noted()
    await this.#trials.hold(suspects, open)
    for (const { runId } of suspects) open.delete(runId)
    for (const each of open.values()) await this.#resume(each)
    await this.#parked.recover()
    await this.#redeliveries.recover()
    this.#onErrors.recover()
    return { resumed }
  }

  /** @throws FieldsError `GRAPH_NOT_READY` naming every problem that keeps the graph from running */
  expectReady(graph: Graph): void {
    this.#library.ready(graph)
  }

  /** @throws FieldsError `GRAPH_NOT_READY` naming every problem that keeps the graph from being published */
  expectPublishable(graph: Graph, together?: ReadonlySet<string>): void {
    this.#library.expectPublishable(graph, this.#options.functions.list(), together)
  }

  /** Each graph is written again before its next run, with the time of that. */
  forgetKeptGraphs(): void {
    this.#ledger.forgetKept()
    this.#library.forgetKept()
  }

  /** Answers once the run is durable. */
  async start(request: EngineStart): Promise<RunHandle> {
    this.#refuseOverload(request)
    const graph = this.#graphOf(request)
    const compiled = this.#library.ready(graph)
    const input = checkInput(graph.inputs, request.input)
    if (request.idempotencyKey === undefined) return this.#accept(request, compiled, input)

    // The keys of dry runs and test sends are their own: trying a call out must not take the key of the real one.
    const kind = request.dryRun ? `dry run ${request.dryRun}\n` : request.trigger === 'test' ? 'test\n' : ''
    const key = `${kind}${graph.name}\n${request.idempotencyKey}`
    const inputHash = createHash('sha256').update(canonicalJson(request.input)).digest('hex')
    const known = this.#accepting.get(key)
    if (known) {
      refuseOtherInput(known.inputHash, inputHash)
      return new StartedRun((await known.handle).id, true, (id) => this.#endOf(id))
    }
    const handle = this.#acceptOnce(request, compiled, input, { key, inputHash })
    this.#accepting.set(key, { inputHash, handle })
    try {
      return await handle
    } finally {
      this.#accepting.delete(key)
    }
  }

  /** An accepted run. */
  handle(id: string): RunHandle {
    return new StartedRun(id, true, (run) => this.#endOf(run))
  }

  /**
   * Starts the function of a run once more, with the same input.
   * @throws FlowError `NOT_FOUND`, `CONFLICT`, and what the start of a run refuses
   */
  async again(
    id: string,
    request: Pick<StartRun, 'version' | 'trigger' | 'idempotencyKey'>,
  ): Promise<RunHandle> {
    const run = await this.#row(id)
    if (run.trigger === 'test') {
      throw new FlowError(ErrorCode.Conflict, 'The whole number of a test is not kept', {
        hint: 'Send the test once more from the step.',
      })
    }
    const { functionName, input, dryRun } = run
    return this.start({ functionName, input, dryRun, ...request, source: { runId: id, kind: 'again' } })
  }

  /**
   * Goes on with a failed or cancelled run at the step that failed, as a new run on the same graph.
   * @throws FlowError `NOT_FOUND`, `CONFLICT`, `OVERLOADED`
   */
  async retry(id: string, by: { trigger: NewRun['trigger']; caller?: Caller }): Promise<RunHandle> {
    this.#refuseOverload(by as EngineStart)
    const stored = await this.#ledger.run(id)
    if (!stored) throw noSuchRun()
    // a called run may be done while its caller was cancelled
    if (!(by.caller && stored.run.status === 'done')) refuseTakeOver(stored)
    const { functionName, version, input } = stored.run
    const created = this.#clock()
    const newId = this.#options.surroundings.newId()
    const source = { runId: id, kind: 'retry' } as const
    const row = { id: newId, functionName, version, input, created, source, ...by }
    await this.#refuseSecondRetry(id)
    await this.#ledger.acceptRetry(row, stepsToTakeOver(stored))
    this.#options.figures.started(row.trigger)
    await this.#goOn(newId)
    return new StartedRun(newId, false, (run) => this.#endOf(run))
  }

  /**
   * Goes on with an ended run at a step that it had done: that step, and all that began after it, is executed anew.
   * @throws FlowError `NOT_FOUND`, `CONFLICT` where another run goes on with it already
   */
  async goBack(id: string, path: string, trigger: NewRun['trigger']): Promise<RunHandle> {
    const stored = await this.#ledger.run(id)
    if (!stored) throw noSuchRun()
    await this.#refuseSecondRetry(id)
    const { functionName, version, input } = stored.run
    const created = this.#clock()
    const newId = this.#options.surroundings.newId()
    const row = { id: newId, functionName, version, input, created, trigger }
    const until = stored.steps.findIndex((step) => step.path === path)
    const steps = until < 0 ? stored.steps : stored.steps.slice(0, until)
    const source = { runId: id, kind: 'retry' } as const
    await this.#ledger.acceptRetry({ ...row, source }, stepsToTakeOver({ ...stored, steps }))
    this.#options.figures.started(trigger)
    await this.#goOn(newId)
    return new StartedRun(newId, false, (run) => this.#endOf(run))
  }

  /** The run alone, without its steps. */
  runRow(id: string): Promise<RunRow | undefined> {
    return this.#ledger.runRow(id)
  }

  /** Lets a run look again at what it waits for; nothing where it is over. */
  async wake(id: string): Promise<void> {
    const live = this.#runs.get(id)
    if (live) live.wake()
    else await this.#parked.wake(id)
  }

  async #refuseSecondRetry(id: string): Promise<void> {
    const retry = (await this.followers(id)).find(({ kind }) => kind === 'retry')
    if (!retry) return
    throw new FlowError(ErrorCode.Conflict, 'Another run goes on with this one already', {
      hint: 'Retry that run, where it failed too.',
      params: { run: retry.runId },
    })
  }

  async #row(id: string): Promise<RunRow> {
    const row = await this.#ledger.runRow(id)
    if (!row) throw noSuchRun()
    return row
  }

  /** The runs that were made from a run, oldest first. */
  followers(id: string): Promise<Follower[]> {
    return this.#ledger.followers(id)
  }

  /** Why the *on error* function of a failed run was not started. */
  onErrorRefusal(id: string): RunError | undefined {
    return this.#ledger.onErrors.refusal(id)
  }

  /** The graph that a run is pinned to. @throws FlowError `NOT_FOUND` */
  async graphOf(id: string): Promise<Graph> {
    const { version } = await this.#row(id)
    return loadGraph(JSON.parse((await this.#ledger.graph(version)) ?? 'null'))
  }

  async run(id: string): Promise<Run | undefined> {
    const live = this.#runs.get(id)
    if (live) return live.describe()
    const stored = await this.#ledger.run(id)
    if (!stored) return undefined
    const held = await this.#heldSteps(stored)
    return describeRun(stored.run, [...stored.steps, ...held], stored.messages)
  }

  async runs(filter: Parameters<Ledger['runs']>[0]): Promise<RunSummary[]> {
    return (await this.#ledger.runs(filter)).map(describeRunSummary)
  }

  /** Calls back with every change, also with what receipts say after the end. */
  async watch(id: string, listener: (event: RunEvent) => void): Promise<(() => void) | undefined> {
    const live = this.#runs.get(id)
    if (live) {
      listener({ type: 'snapshot', run: live.describe() })
      live.listeners.add(listener)
    } else {
      const run = await this.run(id)
      if (!run) return undefined
      listener({ type: run.finished === null ? 'snapshot' : 'finished', run })
    }
    const watchers = this.#watchers.get(id) ?? new Set()
    this.#watchers.set(id, watchers.add(listener))
    return () => {
      this.#runs.get(id)?.listeners.delete(listener)
      watchers.delete(listener)
      if (watchers.size === 0) this.#watchers.delete(id)
    }
  }

  /** Keeps a receipt. @returns false where it said nothing new */
  async keepReceipt(receipt: ReceiptRow): Promise<boolean> {
    const changed = await this.#ledger.deliveries.keepReceipt(receipt)
    if (changed) this.learn(changed)
    return changed !== undefined
  }

  /** Shows what was learnt of a message to its run, and to those who watch it. */
  learn(message: MessageRow): void {
    if (message.state !== 'unknown') this.unknown.settled(message)
    const live = this.#runs.get(message.runId)
    if (live) return live.learn(message)
    if (isDeliveryEnd(message.delivery)) void this.#wakeByReceipt(message.runId)
    const event: RunEvent = { type: 'message', path: message.path, message: describeMessage(message) }
    for (const listener of this.#watchers.get(message.runId) ?? []) listener(event)
  }

  xRay(request: XRayRequest): Promise<XRay> {
    return xRay(request, this.#xRayDependencies())
  }

  /** Sends the text of an SMS step to one number, as a run of its own. */
  async testSend(request: TestSendRequest, idempotencyKey?: string): Promise<RunHandle> {
    const run = await testSend(request, this.#xRayDependencies())
    return this.start(idempotencyKey === undefined ? run : { ...run, idempotencyKey })
  }

  #xRayDependencies(): XRayDependencies {
    const { functions, surroundings } = this.#options
    const ledger = this.#ledger
    return { ...this.#dryStepServices, ledger, functions, now: () => surroundings.now() }
  }

  /** Sends the failed messages of a finished step again. @throws FlowError `NOT_FOUND`, `CONFLICT` */
  retryFailed(runId: string, path: string, options: RetryFailed): Promise<RetryFailedResult> {
    return this.#redeliveries.start(runId, path, options, this.#runs.get(runId))
  }

  /** Durable when it answers: no attempt starts after that; what is on the wire is still recorded. */
  async cancel(id: string): Promise<Run | undefined> {
    const live = this.#runs.get(id)
    if (!live) {
      const row = await this.#ledger.runRow(id)
      if (row?.status === 'quarantined') {
        if (await this.#ledger.crashes.release(id, true)) await this.#goOn(id)
      } else if (row?.finished === null) {
        await this.#ledger.requestCancel(id)
        await this.#parked.wake(id)
      }
      return this.run(id)
    }
    live.cancel()
    await this.#ledger.requestCancel(id)
    return live.describe()
  }

  countQuarantined(): Promise<number> {
    return this.#ledger.crashes.countQuarantined()
  }

  /** Runs in memory. */
  get liveRuns(): number {
    return this.#runs.size
  }

  /** Runs that were open in the backup that the store was restored from, oldest first. */
  heldByRestore(): Promise<string[]> {
    return this.#ledger.crashes.heldByRestore()
  }

  /** Lets a run in quarantine go on. @throws FlowError `CONFLICT` where it is not in quarantine */
  async resumeRun(id: string): Promise<Run | undefined> {
    if (!(await this.#ledger.runRow(id))) return undefined
    if (!(await this.#ledger.crashes.release(id, false))) {
      throw new FlowError(ErrorCode.Conflict, 'The run is not in quarantine', {
        hint: 'Only a run in quarantine can be told to go on.',
      })
    }
    await this.#goOn(id)
    return this.run(id)
  }

  /** Takes nothing new, lets requests on the wire finish and records them; runs go on at the next start. */
  async close(): Promise<void> {
    this.#closing = true
    await this.#onErrors.settled()
    this.#timers.stop()
    this.#options.providers.stop()
    this.#http.stop()
    await this.unknown.stop()
    const deadline = performance.now() + CLOSE_MS
    const { providers } = this.#options
    const underWay = () => providers.held + this.#http.held + this.unknown.held + this.#writer.waiting
    while (underWay() > 0 && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    this.#writer.stop()
    await this.#ledger.flushed()
    await this.#options.providers.close()
    await this.#ledger.flushed()
    await this.#ledger.crashes.end()
  }

  /** @throws FlowError `OVERLOADED`, `DISK_SPACE_LOW` */
  #refuseOverload({ caller }: EngineStart): void {
    if (!caller && this.#options.isDiskLow()) {
      throw new FlowError(ErrorCode.DiskSpaceLow, 'The disk is nearly full, so no further run is taken', {
        hint: 'Make room on the disk of the data folder; runs are taken again at once.',
      })
    }
    // What a run calls belongs to that run, which has been taken already.
    if (!this.#closing && (caller || this.#runs.size < this.#options.maxOpenRuns)) return
    throw new FlowError(ErrorCode.Overloaded, 'The server takes no further run at the moment', {
      hint: 'Try again in a few seconds.',
    })
  }

  readonly #clock: () => number

  #graphOf({ functionName, graph, version }: StartRun): Graph {
    if (graph !== undefined) return loadGraph(graph)
    return this.#options.functions.graph(functionName ?? '', version)
  }

  async #acceptOnce(
    request: EngineStart,
    compiled: CompiledGraph,
    input: JsonObject,
    idempotency: { key: string; inputHash: string },
  ): Promise<RunHandle> {
    const known = await this.#ledger.findIdempotent(idempotency.key)
    if (!known) return this.#accept(request, compiled, input, idempotency)
    refuseOtherInput(known.inputHash, idempotency.inputHash)
    return new StartedRun(known.runId, true, (id) => this.#endOf(id))
  }

  async #accept(
    request: EngineStart,
    compiled: CompiledGraph,
    given: JsonObject,
    idempotency?: { key: string; inputHash: string },
  ): Promise<RunHandle> {
    const input = compiled.directoryInputs.length === 0 ? given : await this.#nameEntries(compiled, given)
    if (input !== given) this.#refuseOverload(request)
    if (!this.#library.isKept(compiled)) await this.#library.keep(compiled, this.#ledger, this.#clock())
    // taken before the id, which holds a time too: a search up to the one must not find the other
    const created = this.#clock()
    const row: NewRun = {
      id: this.#options.surroundings.newId(),
      functionName: compiled.graph.name,
      version: compiled.hash,
      trigger: request.trigger,
      triggerId: request.triggerId,
      firing: request.firing,
      dryRun: request.dryRun,
      caller: request.caller,
      source: request.source,
      input,
      created,
    }
    const run = new LiveRun(row, compiled, this.#clock)
    if (request.dryRun && request.usesPins) run.onlooker = this.tryIt.pinsOf(compiled.graph)
    if (row.trigger === 'debug') this.#lookOn(run, request)
    const accepted = this.#ledger.acceptRun(row, idempotency)
    // The walk begins before the acceptance is on disk, so that both share a commit. Nothing leaves before that
    // commit, and where it fails the ledger refuses everything else of this run.
    this.#execute(run)
    try {
      await accepted
    } catch (error) {
      run.dropped = true
      this.#forget(run)
      throw error
    }
    this.#options.figures.started(row.trigger)
    return new StartedRun(row.id, false, () => this.#endOfLive(run))
  }

  /** Whoever looks on at a debug run looks on at what it calls too. */
  #lookOn(run: LiveRun, { onlooker, caller }: EngineStart): void {
    run.onlooker = onlooker ?? (caller && this.#onlookers.get(caller.runId))
    if (run.onlooker) this.#onlookers.set(run.row.id, run.onlooker)
  }

  /**
   * A repeated request never comes here: it gets its run also where the directory has changed since.
   * @throws FieldsError `INPUT_NOT_FOUND`, FlowError `OVERLOADED`
   */
  async #nameEntries({ directoryInputs }: CompiledGraph, given: JsonObject): Promise<JsonObject> {
    const { values, unknown } = await nameEntries(directoryInputs, given, this.#options.directory)
    refuseUnknown(unknown)
    return { ...given, ...values }
  }

  async #resume(open: OpenRun, ...listeners: RunListener[]): Promise<void> {
    const text = await this.#ledger.graph(open.run.version)
    const compiled = this.#library.compile(loadGraph(JSON.parse(text ?? 'null')))
    for (const path of open.brokenPlans) {
      await this.#ledger.dropPlan(open.run.id, path)
      open.messages = open.messages.filter((message) => message.path !== path)
    }
    const run = new LiveRun(open.run, compiled, this.#clock, open)
    // A debug run that nobody can stop at its breakpoints any more does not go on by itself.
    if (open.run.trigger === 'debug' && !(run.onlooker = this.#onlookers.get(open.run.id))) run.cancel()
    for (const listener of this.#watchers.get(open.run.id) ?? []) run.listeners.add(listener)
    for (const listener of listeners) run.listeners.add(listener)
    run.waiting = this.#waiting.get(open.run.id)
    this.#waiting.delete(open.run.id)
    this.#execute(run)
  }

  /** A run as something to send for; whoever watches it hears of its messages. */
  async #revive(open: OpenRun): Promise<LiveRun> {
    const text = await this.#ledger.graph(open.run.version)
    const compiled = this.#library.compile(loadGraph(JSON.parse(text ?? 'null')))
    const run = new LiveRun(open.run, compiled, this.#clock, open)
    run.listeners.add((event) => {
      for (const listener of this.#watchers.get(open.run.id) ?? []) listener(event)
    })
    return run
  }

  /** A parked run goes on. */
  async #unpark(id: string): Promise<void> {
    if (!this.#closing && !this.#runs.get(id)) await this.#goOn(id)
  }

  /** Brings a run back from the ledger. */
  async #goOn(id: string): Promise<void> {
    await this.#resume((await this.#ledger.run(id))!)
  }

  async #heldSteps(stored: OpenRun): Promise<StepRecord[]> {
    if (stored.run.status !== 'quarantined') return []
    return heldSteps(stored, loadGraph(JSON.parse((await this.#ledger.graph(stored.run.version)) ?? 'null')))
  }

  async #wakeByReceipt(id: string): Promise<void> {
    if (await this.#ledger.wakesOnReceipt(id)) await this.#parked.wake(id)
  }

  #execute(run: LiveRun): void {
    this.#runs.set(run.row.id, run)
    this.#toTheEnd(run).catch((error: unknown) => {
      if (run.waiting) run.waiting.reject(error)
      else if (!run.dropped) this.#options.unforeseen(error)
    })
  }

  #servicesOf({ row }: LiveRun): StepServices {
    if (row.dryRun) return this.#dryStepServices
    return row.trigger === 'debug' ? this.#debugStepServices : this.#stepServices
  }

  async #toTheEnd(run: LiveRun): Promise<void> {
    let end: RunEnd
    try {
      end = await interpret(run, this.#servicesOf(run))
    } catch (error) {
      if (error instanceof StepParked) return this.#park(run, error.until)
      throw error
    }
    if (run.cancelRequested || run.hasStops) await this.#sender.giveUp(run)
    const { ends } = this.#options
    const steps = run.takeLastSteps(end.status === 'done')
    const startsOnError = end.status === 'failed' && this.#onErrors.isDue(run)
    const isAwaited = ends.isAwaited(run.row)
    const ending = { ...end, finished: this.#clock(), steps, isAwaited, startsOnError }
    while (!(await this.#writer.durably(run, () => this.#ledger.finishRun(run.row.id, ending)))) {
      if (run.dropped) break
      await this.#timers.sleep(WAIT_FOR_OUTCOMES_MS)
    }
    Object.assign(run, end, { finished: ending.finished })
    this.#forget(run)
    if (!run.dropped) this.#options.figures.ended(end.status)
    if (run.onlooker) this.#onlookers.delete(run.row.id)
    run.waiting?.resolve(run)
    if (run.listeners.size > 0) run.emit({ type: 'finished', run: run.describe() })
    if (run.row.caller) await this.wake(run.row.caller.runId)
    if (run.dropped) return
    ends.ended(run.row)
    if (run.compiled.graph.process) this.#options.approvals.ended(run.row.id).catch(this.#options.unforeseen)
    if (startsOnError) this.#onErrors.failed(run.row.id)
  }

  /** The run leaves the memory, with the steps that it rests in. What happens meanwhile wakes it again at once. */
  async #park(run: LiveRun, until: number): Promise<void> {
    const { id } = run.row
    const parking = { wakeAt: until, wakesOnReceipt: run.receiptWaits.size > 0, parkedAt: this.#timers.now() }
    run.hasNews = false
    for (const step of run.steps) if (step.status === 'running') run.noteBegun(step)
    const steps = run.takeUnrecorded()
    await this.#writer.durably(run, () => this.#ledger.park(parking, steps))
    if (run.waiting) this.#waiting.set(id, run.waiting)
    this.#forget(run)
    run.hasLeft = true
    this.#parked.noted(until)
    // Where the clock was put back meanwhile, `until` is no measure of how long the wait still is.
    if (run.hasNews || this.#timers.now() < parking.parkedAt) await this.#parked.wake(id)
  }

  async #record(run: LiveRun): Promise<void> {
    const steps = run.takeUnrecorded()
    await this.#writer.durably(run, () => this.#ledger.record(steps))
  }

  #forget(run: LiveRun): void {
    this.#runs.delete(run.row.id)
  }

  async #endOf(id: string): Promise<EndedRun> {
    const live = this.#runs.get(id)
    if (live) return this.#endOfLive(live)
    const known = this.#waiting.get(id)
    if (known) return known.promise
    const run = (await this.run(id))!
    if (run.finished !== null) return { describe: () => run, describeOutcome: () => withoutSteps(run) }
    // It may have come back meanwhile.
    if (this.#runs.get(id)) return this.#endOf(id)
    const waiting = this.#waiting.get(id) ?? Promise.withResolvers<EndedRun>()
    this.#waiting.set(id, waiting)
    return waiting.promise
  }

  #endOfLive(run: LiveRun): Promise<EndedRun> {
    if (run.finished !== null) return Promise.resolve(run)
    if (run.hasLeft) return this.#endOf(run.row.id)
    run.waiting ??= Promise.withResolvers<EndedRun>()
    return run.waiting.promise
  }
}

function noSuchRun(): FlowError {
  return new FlowError(ErrorCode.NotFound, 'There is no such run', {
    hint: 'Look it up in the list of runs.',
  })
}

function bothOf(first: Suppression | undefined, second: Suppression | undefined): Suppression | undefined {
  return first && second ? (message) => first(message) ?? second(message) : (first ?? second)
}

function withoutSteps({ steps: _, ...outcome }: Run): RunOutcome {
  return outcome
}

function refuseOtherInput(known: string, given: string): void {
  if (known === given) return
  throw new FieldsError(
    ErrorCode.IdempotencyMismatch,
    'This idempotency key was used with another input',
    [],
    { hint: 'Send a new key with a new input, or the same input with the same key.' },
  )
}

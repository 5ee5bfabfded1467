import { monotonicFactory } from 'ulid'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import { LocalRuntime } from '../../runtime/index.ts'
import { simulated } from './borders.ts'
import type { Bug } from './planted-bugs.ts'
import { Checks } from './checks.ts'
import { SimulatedDisk } from './disk.ts'
import type { Kept } from './disk.ts'
import { SimulatedProvider } from './provider.ts'
import { sequence } from './random.ts'
import type { Action, CrashMoment, Scenario } from './scenario.ts'
import { OUTSIDE, SimulatedTime } from './time.ts'
import { graphOf, people, serviceWith } from './town.ts'
import type { ServiceName, Town } from './town.ts'

/** More than this happens only where something goes round in circles. */
const MOST_HAPPENINGS = 60_000
/** Once nothing is in its way any more, everything ends within this time, whatever the clock on the wall says. */
const PATIENCE_MS = 30 * 60_000
/** Waits between two looks at what is open grow by this: whoever waits for a day is not watched twice a second. */
const LOOK_AGAIN_AFTER = 1.05
/** How long it stays quiet at the end. */
const QUIET_MS = 10 * 60_000

/** A call of a client that starts a run. */
export interface StartCall {
  function: string
  who: string
  key: string | undefined
  /** Saved version at the moment of the call. */
  version: number
  dryRun: boolean
  process: number
  state: 'open' | 'acknowledged' | 'refused' | 'lost'
  /** Refused by a process that could not know what is on the disk. */
  inDoubt: boolean
  runId: string | undefined
}

/** Counts over many simulations: proof that something happened at all. */
export interface Tally {
  runs: number
  accepted: number
  unknown: number
  retries: number
  crashes: number
  refusals: number
  cancelled: number
  quarantined: number
  happenings: number
}

export const noTally: Tally = {
  ...{ runs: 0, accepted: 0, unknown: 0, retries: 0 },
  ...{ crashes: 0, refusals: 0, cancelled: 0, quarantined: 0, happenings: 0 },
}

/** What a simulation found to be broken. */
export class Violation extends Error {
  readonly log: readonly string[]

  constructor(message: string, log: readonly string[]) {
    super(message)
    this.log = log
  }
}

/**
 * The real product between a simulated disk, a simulated provider and simulated clocks, for as long as a scenario
 * takes. Everything that happens follows from the scenario, so it happens again with the same one.
 */
export class Simulation {
  readonly time: SimulatedTime
  readonly disk: SimulatedDisk
  readonly provider: SimulatedProvider
  readonly town: Town
  readonly calls: StartCall[] = []
  readonly versions = new Map<string, number>()
  readonly crashes: { at: number; kind: string }[] = []
  /** Ids of runs that were acknowledged, oldest first. */
  readonly acknowledged: string[] = []
  /** A process whose fsync failed: it refuses everything until it is started again. */
  syncFailedIn: number | undefined
  /** Somebody has changed people. */
  edited = false
  /** Services that cannot be opened at this moment, for example because a secret cannot be read. */
  readonly brokenServices = new Set<ServiceName>()
  wasBroken = false
  readonly tally: Tally = { ...noTally }
  readonly #scenario: Scenario
  readonly #random: () => number
  readonly #checks: Checks
  readonly #bug: Bug | undefined
  readonly #log: string[] = []
  readonly #traps: { when: CrashMoment; nth: number; kept: Kept; downMs: number }[] = []
  #runtime: LocalRuntime | undefined
  #isClosing = false
  #waitingForUp: (() => void)[] = []
  #crash: { kept: Kept; downMs: number } | undefined
  #violation: Violation | undefined
  #wasStopped = false

  constructor(scenario: Scenario, town: Town, bug?: Bug) {
    this.#scenario = scenario
    this.#bug = bug
    this.town = town
    this.#random = sequence(scenario.seed)
    this.time = new SimulatedTime(this.#random)
    this.disk = new SimulatedDisk(town.store, this.time, this.#random)
    this.provider = new SimulatedProvider(this.time, scenario.seed, this.#random, scenario.weather)
    this.#checks = new Checks(this)
    this.disk.onFailedSync = () => (this.syncFailedIn = this.time.process)
    const mayStop = scenario.actions.some(({ action }) => action.do === 'stop-process')
    this.disk.onEvent = (event) => {
      if (mayStop && event === 'durable') this.#checks.durable()
      this.#spring(event)
    }
    this.disk.state.syncMs = () => this.#random() * (scenario.slowDisk ? 60 : 3)
    this.provider.onSend = (request) => this.#checks.sent(request)
    this.provider.onLookUp = (id) => this.#checks.lookedUp(id)
    this.provider.onEvent = (event) => this.#spring(event)
  }

  log(...parts: unknown[]): void {
    this.#log.push(`${this.time.now.toFixed(1).padStart(11)} ${parts.join(' ')}`)
  }

  /** Notes what is broken; the simulation ends after the present happening. */
  violated(message: string): void {
    this.log('✘', message)
    this.#violation ??= new Violation(message, this.#log)
  }

  /** @throws Violation */
  async run(): Promise<Tally> {
    const uninstall = this.time.install()
    const rejected = (error: unknown) =>
      this.violated(`A promise was rejected that nobody looks after: ${String(error)}`)
    process.on('unhandledRejection', rejected)
    simulated.borders = {
      surroundings: () => ({ now: () => new Date(), newId: monotonicFactory(this.#random) }),
      provider: (name, settings) => {
        const service = serviceWith(name, settings)
        if (this.brokenServices.has(service)) throw new FlowError(ErrorCode.SecretUnreadable, 'simulated')
        const client = this.provider.client(service)
        return this.#bug?.provider?.(client) ?? client
      },
      ledger: (ledger, database) => this.#bug?.ledger?.(ledger, this, database) ?? ledger,
      retryDelayMs: (real) => this.#bug?.retryDelayMs?.(real) ?? real,
    }
    try {
      this.#boot()
      let at = 10
      for (const { gap, action } of this.#scenario.actions) {
        this.time.after((at += gap), OUTSIDE, () => this.#act(action))
      }
      this.time.after(at + 1_000, OUTSIDE, () => this.#heal())
      while (await this.#goOn());
      if (!this.#violation) this.#checks.end()
      if (this.#violation) throw this.#violation as Violation
      this.tally.happenings = this.time.happened
      return this.tally
    } finally {
      process.off('unhandledRejection', rejected)
      simulated.borders = undefined
      uninstall()
      this.disk.remove()
    }
  }

  async #goOn(): Promise<boolean> {
    if (this.#isDone || this.#violation) return false
    if (!(await this.time.step())) {
      this.violated('Nothing will ever happen again, and not everything has ended')
      return false
    }
    if (this.#crash && this.disk.isOpen) this.#die(this.#crash.kept, this.#crash.downMs)
    this.#crash = undefined
    if (this.time.happened > MOST_HAPPENINGS) this.violated('Something goes round in circles')
    return true
  }

  // The process

  #boot(): void {
    const { process } = this.time
    this.log('process', process, 'starts')
    const database = this.disk.open()
    const store = {
      ...{ folder: '', file: this.disk.file, database, isNew: false },
      close: async () => {
        this.disk.closeViews()
        database.close()
      },
    }
    const nodes = this.#bug?.nodes?.() ?? []
    const options = { data: '', environment: this.town.environment, nodes, unforeseen: this.#unforeseen }
    LocalRuntime.open(store, options).then(
      (runtime) => {
        if (process !== this.time.process) return
        this.log('process', process, 'is ready')
        this.#runtime = runtime
        for (const each of this.#waitingForUp.splice(0)) each()
      },
      (error: unknown) => {
        if (process !== this.time.process) return
        if (!this.#isDiskTroubled) this.violated(`The product does not start: ${describe(error)}`)
        this.log('process', process, 'cannot start')
        this.#crash = { kept: 'all', downMs: 1_000 }
      },
    )
  }

  readonly #unforeseen = (error: unknown): void => {
    if (!this.#isDiskTroubled) this.violated(`An error nobody foresaw: ${describe(error)}`)
  }

  get #isDiskTroubled(): boolean {
    return this.disk.state.full > 0 || this.syncFailedIn === this.time.process
  }

  #die(kept: Kept, downMs: number): void {
    this.log('process', this.time.process, 'dies; the disk keeps', kept)
    this.tally.crashes++
    this.#down()
    this.disk.crash(kept)
    this.time.after(downMs, OUTSIDE, () => this.#boot())
  }

  #down(): void {
    this.time.killProcess()
    this.#runtime = undefined
    this.#isClosing = false
    this.#checks.processEnded()
  }

  /** Lets the process die where a trap waited for this. */
  #spring(event: CrashMoment): void {
    for (const trap of this.#traps) {
      if (trap.when !== event || --trap.nth > 0) continue
      this.#traps.splice(this.#traps.indexOf(trap), 1)
      this.#crash ??= trap
      return
    }
  }

  #whenUp(work: (runtime: LocalRuntime) => void): void {
    if (this.#runtime && !this.#isClosing) work(this.#runtime)
    else this.#waitingForUp.push(() => this.#whenUp(work))
  }

  // What happens to it

  #act(action: Action): void {
    this.log('▸', JSON.stringify(action))
    const { state } = this.disk
    switch (action.do) {
      case 'start':
        return this.#whenUp((runtime) => this.#start(runtime, action))
      case 'cancel':
        return this.#whenUp((runtime) => this.#cancel(runtime, action.of))
      case 'crash':
        if (action.when === 'now') this.#crash ??= action
        else this.#traps.push({ ...action })
        return
      case 'close':
        return this.#whenUp((runtime) => this.#close(runtime, action.downMs))
      case 'fill-disk':
        state.full = action.share
        this.time.after(action.ms, OUTSIDE, () => (state.full = 0))
        return
      case 'fail-sync':
        state.failNextSync = true
        this.time.after(action.downMs, OUTSIDE, () => {
          if (this.syncFailedIn === this.time.process) this.#crash ??= action
        })
        return
      case 'slow-disk': {
        const before = state.syncMs
        state.syncMs = () => 500 + this.#random() * 1_500
        this.time.after(action.ms, OUTSIDE, () => (state.syncMs = before))
        return
      }
      case 'put-clock':
        return this.time.putClock(action.byMs)
      case 'stop-process':
        this.#wasStopped = true
        return this.time.stopProcess(action.ms)
      case 'edit-person':
      case 'edit-function':
      case 'edit-service':
        return this.#whenUp((runtime) => this.#edit(runtime, action))
    }
  }

  #start(runtime: LocalRuntime, action: Action & { do: 'start' }): void {
    for (let time = 0; time < action.times; time++) this.#call(runtime, action)
  }

  #call(runtime: LocalRuntime, action: Omit<Action & { do: 'start' }, 'times'>): StartCall {
    const { key, dryRun } = action
    const who = (dryRun ? 'dry ' : '') + (key === null ? `call ${this.calls.length}` : `key ${key}`)
    const call: StartCall = {
      ...{ function: action.function, dryRun, process: this.time.process },
      who: action.other ? `${who} other` : who,
      key: key === null ? undefined : `key-${key}`,
      version: this.versions.get(action.function) ?? 1,
      ...{ state: 'open', runId: undefined, inDoubt: false },
    }
    this.calls.push(call)
    const started = runtime.startRun({
      functionName: call.function,
      input: { who: call.who },
      trigger: 'http',
      ...(call.key && { idempotencyKey: call.key }),
      ...(dryRun && { dryRun: 'sent' }),
    })
    started.then(
      (handle) => {
        call.state = 'acknowledged'
        call.runId = handle.id
        this.log('acknowledged', call.function, call.who, handle.id, handle.repeated ? 'again' : '')
        if (!this.acknowledged.includes(handle.id)) this.acknowledged.push(handle.id)
        this.#checks.acknowledged(call)
        handle.finished.then(
          (run) => this.#checks.ended(run),
          (error: unknown) => this.violated(`The end of a run was rejected: ${describe(error)}`),
        )
        if (action.watch) void runtime.watchRun(handle.id, () => undefined).catch(() => undefined)
      },
      (error: unknown) => {
        call.state = 'refused'
        call.inDoubt = this.syncFailedIn === this.time.process
        this.tally.refusals++
        this.log('refused', call.function, call.who, describe(error))
        this.#checks.refused(call, error)
      },
    )
    return call
  }

  #cancel(runtime: LocalRuntime, of: number): void {
    const id = this.acknowledged.at(-1 - of)
    if (id === undefined) return
    this.#checks.askedToCancel.add(id)
    runtime.cancelRun(id).then(
      () => {
        this.log('cancelled', id)
        this.#checks.cancelled(id)
      },
      (error: unknown) => {
        this.log('not cancelled', id, describe(error))
        if (!this.#isDiskTroubled && !isStoreAway(error)) this.violated(`Cancel failed: ${describe(error)}`)
      },
    )
  }

  #close(runtime: LocalRuntime, downMs: number): void {
    const began = this.time.now
    this.#isClosing = true
    const { process } = this.time
    runtime.close().then(
      () => {
        if (process !== this.time.process) return
        this.log('closed after', Math.round(this.time.now - began))
        if (!this.#wasStopped) this.#checks.closed(this.time.now - began)
        this.disk.closed()
        this.#down()
        this.time.after(downMs, OUTSIDE, () => this.#boot())
      },
      () => {
        this.log('could not close')
        if (process === this.time.process) this.#crash = { kept: 'all', downMs }
      },
    )
  }

  #edit(runtime: LocalRuntime, action: Action): void {
    try {
      if (action.do === 'edit-person') this.#editPerson(runtime, action)
      if (action.do === 'edit-function') this.#editFunction(runtime, action.function)
      if (action.do === 'edit-service') this.#editService(runtime, action)
    } catch (error) {
      this.log('not edited:', describe(error))
      if (!this.#isDiskTroubled) this.violated(`An edit failed: ${describe(error)}`)
    }
  }

  #editPerson(runtime: LocalRuntime, { id, phone, resigned }: Action & { do: 'edit-person' }): void {
    this.edited = true
    const { departments } = people.find((each) => each.id === id)!
    const status = resigned ? 'resigned' : 'in-service'
    runtime.directory.memberStore.update(id, { name: id, phone, status, departments })
  }

  #editFunction(runtime: LocalRuntime, name: string): void {
    const { revision } = runtime.functions.get(name)
    const version = revision + 1
    runtime.functions.save(name, { revision, graph: graphOf(name, version, this.town.serviceIds) })
    this.versions.set(name, version)
  }

  #editService(runtime: LocalRuntime, action: Action & { do: 'edit-service' }): void {
    const { service, concurrency, breaksForMs } = action
    const id = this.town.serviceIds[service]
    const { revision, name, settings } = runtime.services.get(id)
    runtime.services.update(id, { revision, name, settings: { ...settings, concurrency } })
    this.#checks.concurrency(service, concurrency)
    if (breaksForMs === 0 || this.#isHealed) return
    this.wasBroken = true
    this.brokenServices.add(service)
    this.time.after(breaksForMs, OUTSIDE, () => this.brokenServices.delete(service))
  }

  // The end

  /** From now on nothing is in the way any more, and everything has to come to its end. */
  #heal(): void {
    this.log('▸ nothing is in the way any more')
    Object.assign(this.disk.state, { full: 0, failNextSync: false, syncMs: () => this.#random() * 3 })
    this.provider.weather = 'perfect'
    this.#traps.length = 0
    this.brokenServices.clear()
    this.#isHealed = true
    if (this.syncFailedIn === this.time.process) this.#crash = { kept: 'synced', downMs: 100 }
    const began = this.time.now
    const until = began + PATIENCE_MS
    let probe: StartCall | undefined
    const look = () => {
      const open = this.#checks.whatIsOpen()
      if (open && this.#runtime && !this.#isClosing) void this.#letOut(this.#runtime)
      if (open && this.time.now > until) return this.violated(`Not everything ends: ${open}`)
      if (this.#runtime && !this.#isClosing && !this.#crash && !open) {
        if (probe) {
          this.time.after(QUIET_MS, OUTSIDE, () => (this.#isDone = true))
          return
        }
        const action = { function: 'notice', key: null, other: false, dryRun: false, watch: false } as const
        probe = this.#call(this.#runtime, { do: 'start', ...action })
        this.#checks.probe = probe
      }
      this.time.after(500 + (this.time.now - began) * (LOOK_AGAIN_AFTER - 1), OUTSIDE, look)
    }
    look()
  }

  /** Runs that stood at the same step as the process died twice: a person lets them go on. */
  async #letOut(runtime: LocalRuntime): Promise<void> {
    for (const { id, status } of await runtime.listRuns({ limit: 1_000 })) {
      if (status !== 'quarantined') continue
      this.log('let out of quarantine', id)
      this.tally.quarantined++
      // whoever was not answered for a while asks again, and it goes on already
      await runtime.resumeRun(id).catch((error: unknown) => {
        if (!(error instanceof FlowError && error.code === ErrorCode.Conflict)) throw error
      })
    }
  }
  #isHealed = false
  #isDone = false
}

function describe(error: unknown): string {
  if (error instanceof FlowError) return `${error.code} ${error.message}`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

export function isStoreAway(error: unknown): boolean {
  return error instanceof FlowError && error.code === 'STORE_UNAVAILABLE'
}

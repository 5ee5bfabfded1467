import { FlowError } from '../../nodes/errors.ts'
import type { Run } from '../../nodes/api/runs.ts'
import { isSettled } from '../../nodes/messages.ts'
import type { MessageBody, MessageCounts, MessageState } from '../../nodes/messages.ts'
import { readSteps } from '../../runtime/ledger/steps-text.ts'
import type { WireRequest } from './provider.ts'
import type { Simulation, StartCall } from './simulation.ts'
import { contentOf, dailyCaps, functions, services, textOf } from './town.ts'
import type { ServiceName } from './town.ts'

/** Timers may be early by a fraction of a millisecond. */
const SLACK_MS = 2
/** A message that nobody knows the outcome of is sent again no sooner, wherever the clock on the wall is put. */
const PROOF_MS = 150_000
/** Bytes leave so long after their claim at the latest. */
const DISPATCH_DEADLINE_MS = 10_000 + SLACK_MS
/** Look-ups of one message are at least so far apart. */
const LOOK_UP_EVERY_MS = 1_000
/** How long the product may take to close, with the last write. */
const CLOSE_MS = 20_000 + 5_000

interface StoredMessage {
  number: number
  path: string
  member_id: string
  phone: string
  service_id: string
  body: string
  state: MessageState
  skipped: string | null
  attempts: number
  updated: number
  provider_id: string | null
}
interface StoredRun {
  id: string
  function_name: string
  status: Run['status']
  input: string
  cancelled: number | null
  finished: number | null
  dry_run: string | null
  error: string | null
}

/** The services of the town count by the clock of UTC. */
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

/**
 * The promises of `docs/reliability.md`, looked at from outside: what the provider was asked and what a power cut at this
 * very moment would leave on the disk.
 */
export class Checks {
  probe: StartCall | undefined
  readonly #on: Simulation
  readonly #cancelled = new Set<string>()
  readonly askedToCancel = new Set<string>()
  readonly #claimed = new Map<string, number>()
  readonly #lookedUp = new Map<string, { at: number; process: number; isSecond: boolean }>()
  /** The day of each request that counts for its service's cap. */
  readonly #days = new Map<WireRequest, string>()
  /** Told at the end: whoever mistakes an outcome passes the cap too, and that is the lesser part of it. */
  #overCap = ''
  readonly #byKey = new Map<string, { runId: string; who: string }>()
  readonly #limits = new Map<string, number>(
    Object.entries(services).map(([name, { concurrency }]) => [name, concurrency]),
  )

  constructor(simulation: Simulation) {
    this.#on = simulation
  }

  /** A request is about to leave. */
  sent(request: WireRequest): void {
    const { message, service } = request
    const { provider } = this.#on
    this.#on.log(
      'request',
      message.id,
      'attempt',
      message.attempt,
      message.to,
      `"${contentOf(message)}"`,
      request.fate,
      ...(request.batch === message.id ? [] : ['with', request.batch]),
    )
    const fails = (promise: string, what: string) =>
      this.#on.violated(`${promise}: ${what} (message ${message.id}, attempt ${message.attempt})`)
    const split = message.id.lastIndexOf('-')
    const runId = message.id.slice(0, split)
    const number = Number(message.id.slice(split + 1))
    const stored = this.#message(runId, number)
    if (stored?.state !== 'dispatching' || stored.attempts !== message.attempt) {
      const found = stored ? `${stored.state}, attempt ${stored.attempts}` : 'nothing'
      return fails('I5', `a request leaves while the disk says: ${found}`)
    }
    const claimedAt = this.#claimed.get(`${message.id} ${message.attempt}`)
    if (claimedAt !== undefined && this.#on.time.now - claimedAt > DISPATCH_DEADLINE_MS) {
      fails('I12', 'the request leaves long after its claim')
    }
    const text = contentOf(message)
    if (stored.phone !== message.to || contentOf(JSON.parse(stored.body) as MessageBody) !== text) {
      fails('I14', 'the request is not what was planned')
    }
    const run = this.#run(runId)!
    const { who } = JSON.parse(run.input) as { who: string }
    if (run.dry_run !== null) fails('dry run', 'a dry run texts somebody')
    const versions = this.#on.calls
      .filter((call) => call.who === who && call.function === run.function_name)
      .map(({ version }) => textOf(stored.path, version, who))
    if (!versions.includes(text)) fails('I22', `nobody asked for "${text}"`)
    if (stored.service_id !== this.#on.town.serviceIds[service]) fails('I22', `it leaves by ${service}`)
    if (this.#cancelled.has(runId)) fails('I21', 'an attempt starts after its cancel was acknowledged')
    const attempts = provider.of(message.id).filter((each) => each.service === service)
    if (attempts.length > services[service].attempts) fails('I10', 'too many attempts')
    this.#countDay(request, dayOf(stored.updated))
    const { resends = false } = functions[run.function_name]![stored.path]!
    for (const earlier of provider.of(message.id)) {
      if (earlier !== request) this.#afterAttempt(earlier, request, resends, fails)
    }
    const others = provider.openRequests().filter((each) => each !== request)
    for (const other of others) {
      if (other.message.to === message.to && other.message.id.startsWith(`${runId}-`)) {
        fails('I20', 'two requests of one run to one number at the same time')
      }
    }
    const limit = this.#limits.get(service)!
    const batches = new Set(others.filter((each) => each.service === service).map(({ batch }) => batch))
    if (!batches.has(request.batch) && batches.size >= limit) {
      fails('concurrency', `more than ${limit} requests at the same time`)
    }
    for (const before of this.#messages(runId)) {
      if (before.path !== stored.path && before.number < number && !isSettled(before.state)) {
        fails('I20', `the step before it is not settled on the disk: ${before.number} is ${before.state}`)
      }
    }
  }

  /** Further attempts count as well; what was certainly not taken does not. */
  #countDay(request: WireRequest, today: string): void {
    const cap = dailyCaps[request.service]
    // Where the clock was put back over midnight, or it passes now, the day that counts may be a later one.
    if (cap === undefined || today !== dayOf(this.#on.time.highestWall)) return
    this.#days.set(request, today)
    const counted = [...this.#days].filter(([{ service, told }, day]) => {
      if (service !== request.service || day !== today) return false
      return !told || told.outcome.state === 'accepted' || told.outcome.state === 'unknown'
    })
    if (counted.length <= cap) return
    this.#overCap ||= `daily cap: ${counted.length} messages of ${request.service} on ${today}`
    this.#on.log('✘', this.#overCap)
  }

  #afterAttempt(
    earlier: WireRequest,
    request: WireRequest,
    resends: boolean,
    fails: (promise: string, what: string) => void,
  ): void {
    const { now, putForwardMs } = this.#on.time
    const { told } = earlier
    if (earlier.message.attempt === request.message.attempt) fails('I11', 'two requests for one attempt')
    if (told?.outcome.state === 'accepted') return fails('I6', 'a message that was accepted is sent again')
    if (!told || told.outcome.state === 'unknown') {
      const isSameLife = earlier.process === request.process
      if (told && isSameLife && now - told.at < PROOF_MS - SLACK_MS) {
        fails('I9', `a message is sent again ${Math.round(now - told.at)} ms after it became unknown`)
      }
      if (resends && !earlier.taken) return
      return fails('I7', 'a message is sent again whose outcome nobody knows')
    }
    // A batch may be refused for one of its messages: the others try their luck without it.
    const mayBeForgotten = resends && earlier.process !== request.process
    if (told.outcome.state === 'rejected' && earlier.batchSize === 1 && !mayBeForgotten) {
      return fails('I10', 'a message is sent again that was rejected')
    }
    if (told.outcome.state !== 'throttled' || earlier.service !== request.service) return
    const earliest = (told.outcome.retryAfterMs ?? 0) - SLACK_MS
    // A clock that is put forward makes a wait shorter; that is nobody's fault.
    if (now - told.at + putForwardMs - told.putForwardMs < earliest) {
      fails('I10', `a message is sent again ${Math.round(earliest - (now - told.at))} ms before Retry-After`)
    }
  }

  /** Notes since when which claims are on the disk. */
  durable(): void {
    const claims = this.#on.disk.durable.all<{ claim: string }>(
      "SELECT run_id || '-' || number || ' ' || attempts AS claim FROM message WHERE state = 'dispatching'",
    )
    for (const { claim } of claims) {
      if (!this.#claimed.has(claim)) this.#claimed.set(claim, this.#on.time.now)
    }
  }

  /** A provider that is asked again and again answers nobody in the end. */
  lookedUp(id: string): void {
    const { now, process } = this.#on.time
    const latest = this.#lookedUp.get(id)
    const isSoon = latest?.process === process && now - latest.at < LOOK_UP_EVERY_MS
    // Where the clock may have been put, one look-up asks for both times at which the attempt may have begun.
    if (isSoon && latest.isSecond) {
      this.#on.violated(`I8: ${id} is looked up again after ${Math.round(now - latest.at)} ms`)
    }
    this.#lookedUp.set(id, { at: isSoon ? latest.at : now, process, isSecond: isSoon })
  }

  acknowledged(call: StartCall): void {
    const run = this.#run(call.runId!)
    if (!run) return this.#on.violated(`I1: ${call.who} is acknowledged and not on the disk`)
    if ((JSON.parse(run.input) as { who: string }).who !== call.who) {
      this.#on.violated(`I2: ${call.who} is answered with the run of another input`)
    }
    const name = keyOf(call)
    if (name === undefined) return
    const known = this.#byKey.get(name)
    if (known && known.runId !== call.runId) {
      this.#on.violated(`I2: one key has two runs, ${known.runId} and ${call.runId}`)
    }
    this.#byKey.set(name, { runId: call.runId!, who: call.who })
  }

  refused(call: StartCall, error: unknown): void {
    const code = error instanceof FlowError ? error.code : 'UNFORESEEN'
    const { state } = this.#on.disk
    switch (code) {
      case 'STORE_UNAVAILABLE':
        if (state.full === 0 && this.#on.syncFailedIn !== this.#on.time.process) {
          this.#on.violated(`${call.who} is refused although the disk is well`)
        }
        return
      case 'IDEMPOTENCY_MISMATCH':
        if (!this.#on.calls.some((each) => keyOf(each) === keyOf(call) && each.who !== call.who)) {
          this.#on.violated(`I2: ${call.who} is refused although its key is its own`)
        }
        return
      case 'CONFLICT':
        // Two inputs under one key, at the same moment.
        if (call.key !== undefined) return
    }
    this.#on.violated(`${call.who} is refused with ${code}: ${String(error)}`)
  }

  cancelled(runId: string): void {
    this.#cancelled.add(runId)
    // a store that is being closed is looked at no more; that nothing of the run leaves is still checked
    if (!this.#on.disk.durable.canBeRead) return
    const run = this.#run(runId)
    if (!run?.cancelled && run?.finished == null) {
      this.#on.violated(`I21: the cancel of ${runId} is acknowledged and not on the disk`)
    }
  }

  ended(run: Run): void {
    this.#on.log('ended', run.id, run.status, run.error?.code ?? '')
    const stored = this.#run(run.id)
    if (stored?.finished == null) {
      return this.#on.violated(`The end of ${run.id} is told and not on the disk`)
    }
    if (stored.status !== run.status) {
      this.#on.violated(`${run.id} is told to be ${run.status}, the disk says ${stored.status}`)
    }
    for (const message of this.#messages(run.id)) {
      if (!isSettled(message.state)) {
        this.#on.violated(`I13: ${run.id} has ended with message ${message.number} ${message.state}`)
      }
    }
  }

  closed(tookMs: number): void {
    if (tookMs > CLOSE_MS) this.#on.violated(`I36: closing took ${Math.round(tookMs)} ms`)
  }

  processEnded(): void {
    for (const call of this.#on.calls) if (call.state === 'open') call.state = 'lost'
  }

  concurrency(service: ServiceName, limit: number): void {
    this.#limits.set(service, Math.max(limit, this.#limits.get(service)!))
  }

  /** What has still to come to its end; nothing: an empty text. */
  whatIsOpen(): string {
    const { calls, disk } = this.#on
    const open = disk.isOpen
      ? disk.durable.all<{ id: string }>('SELECT id FROM run WHERE finished IS NULL')
      : []
    return [
      ...open.map(({ id }) => `run ${id}`),
      ...calls.filter(({ state }) => state === 'open').map(({ who }) => `start of ${who}`),
    ].join(', ')
  }

  /** When everything has come to its end. */
  end(): void {
    const open = this.whatIsOpen()
    if (open) this.#on.violated(`Still open at the end: ${open}`)
    const runs = this.#on.disk.durable.all<StoredRun>('SELECT * FROM run')
    for (const call of this.#on.calls) this.#callAtEnd(call, runs)
    for (const run of runs) this.#runAtEnd(run)
    for (const request of this.#on.provider.requests) {
      if (request.taken && this.#on.provider.of(request.message.id).filter(({ taken }) => taken).length > 1) {
        this.#on.violated(`I6: message ${request.message.id} was taken twice`)
      }
    }
    this.#probeAtEnd()
    if (this.#overCap) this.#on.violated(this.#overCap)
  }

  #callAtEnd(call: StartCall, runs: readonly StoredRun[]): void {
    const found = runs.filter((run) => run.function_name === call.function && whoOf(run) === call.who)
    if (call.state === 'acknowledged' && found.length === 0) {
      this.#on.violated(`I1: ${call.who} was acknowledged and is lost`)
    }
    if (found.length > 1) this.#on.violated(`I2: ${call.who} has ${found.length} runs`)
    if (call.state === 'refused' && call.key === undefined && found.length > 0 && !call.inDoubt) {
      this.#on.violated(`I3: ${call.who} was refused and has a run all the same`)
    }
  }

  #runAtEnd(run: StoredRun): void {
    const { tally } = this.#on
    tally.runs++
    if (run.error !== null && /STORE_UNAVAILABLE|INTERNAL/.test(run.error)) {
      this.#on.violated(`${run.id} failed for a reason that is none of its own: ${run.error}`)
    }
    if (run.status === 'cancelled') {
      tally.cancelled++
      if (!this.askedToCancel.has(run.id)) this.#on.violated(`Nobody cancelled ${run.id}`)
    }
    const messages = this.#messages(run.id)
    for (const message of messages) this.#messageAtEnd(run, message)
    for (const [path, step] of Object.entries(functions[run.function_name]!)) {
      const planned = messages.filter((message) => message.path === path)
      if (planned.length > 0) this.#planAtEnd(run, path, step.named, planned)
    }
    this.#stepsAtEnd(run, messages)
  }

  #messageAtEnd(run: StoredRun, message: StoredMessage): void {
    const { provider, tally, time } = this.#on
    const id = `${run.id}-${message.number}`
    const requests = provider.of(id)
    const { resends = false } = functions[run.function_name]![message.path]!
    const last = requests.at(-1)
    const fails = (what: string) =>
      this.#on.violated(`I13: message ${id} is ${message.state} at the end, but ${what}`)
    if (!isSettled(message.state)) fails('its run has ended')
    tally.retries += Math.max(0, requests.length - 1)
    const told = last?.told?.outcome.state
    switch (message.state) {
      case 'accepted':
        tally.accepted++
        if (!requests.some((each) => each.taken && each.providerId === message.provider_id)) {
          fails('the provider has none of this id')
        }
        break
      case 'unknown':
        tally.unknown++
        // Only what was on its way when its process ended, or what the provider left in doubt.
        if (told !== 'unknown' && last?.process === time.process && !resends)
          fails(`the provider said ${told}`)
        break
      case 'suppressed':
        // A cap may be reached between two attempts that were not taken.
        if (requests.some(({ taken }) => taken)) fails('the provider has it')
        if (requests.length > 0 && message.skipped !== 'daily-cap') fails('there was a request')
        if (message.skipped === null) fails('without a reason')
        break
      default:
        if (requests.some(({ taken }) => taken)) fails('the provider has it')
        if (message.state === 'rejected' && message.attempts === 0 && !this.#on.wasBroken)
          fails('nobody tried')
        if (message.state === 'cancelled' && !this.askedToCancel.has(run.id)) fails('nobody cancelled it')
    }
    if (last?.process === time.process && told === 'accepted' && message.state !== 'accepted') {
      fails('the provider has accepted it')
    }
  }

  /** Everybody who was selected is there once, texted or with the reason why not. */
  #planAtEnd(
    run: StoredRun,
    path: string,
    named: readonly string[],
    planned: readonly StoredMessage[],
  ): void {
    const where = `step ${path} of ${run.id}`
    const ids = planned.map(({ member_id }) => member_id)
    if (ids.join() !== named.join()) {
      this.#on.violated(`I16: ${where} planned ${ids.join()}, selected are ${named.join()}`)
    }
    const texted = planned.filter(({ skipped }) => skipped === null)
    if (new Set(texted.map(({ phone }) => phone)).size < texted.length) {
      this.#on.violated(`I15: ${where} texts one number twice`)
    }
    if (this.#on.edited) return
    const isCapped = dailyCaps[functions[run.function_name]![path]!.service] !== undefined
    for (const { skipped, member_id } of planned) {
      if (skipped === 'daily-cap' && isCapped) continue
      const reasons: Record<string, string> = {
        hal: 'no-phone',
        ivy: '*',
        jon: 'resigned',
        nobody: 'unknown-member',
      }
      const shares = ['flo', 'gus'].includes(member_id) ? 'same-number' : undefined
      const expected = reasons[member_id] ?? shares
      if (expected === '*' ? skipped === null : (skipped ?? undefined) !== expected) {
        this.#on.violated(`I16: ${where} skips ${member_id} for "${skipped}", expected "${expected}"`)
      }
    }
  }

  /** What a step told the steps after it is what its messages became. */
  #stepsAtEnd(run: StoredRun, messages: readonly StoredMessage[]): void {
    const { durable } = this.#on.disk
    const steps = durable
      .all<{ steps: string | null }>(selectSteps, run.id)
      .flatMap(({ steps }) => readSteps(steps))
      .filter(({ status }) => status !== 'running')
    const seen = new Set<string>()
    for (const { path, result } of steps) {
      if (seen.has(path)) this.#on.violated(`Step ${path} of ${run.id} is recorded twice`)
      seen.add(path)
      const counts = (result as { counts?: MessageCounts } | undefined)?.counts
      if (!counts || run.dry_run !== null) continue
      const count = (state: MessageState) =>
        messages.filter((message) => message.path === path && message.state === state).length
      const differs =
        counts.accepted > count('accepted') ||
        counts.rejected > count('rejected') ||
        counts.unknown < count('unknown') ||
        counts.suppressed !== count('suppressed') ||
        counts.cancelled !== count('cancelled') ||
        counts.planned !== messages.filter((message) => message.path === path).length
      if (differs) {
        const stored = messages.filter((message) => message.path === path).map(({ state }) => state)
        this.#on.violated(
          `I17: step ${path} of ${run.id} told ${JSON.stringify(counts)}, its messages are ${stored.join()}`,
        )
      }
    }
  }

  #probeAtEnd(): void {
    const run = this.#run(this.probe?.runId ?? '')
    if (!run) return this.#on.violated('A healthy product refuses a run')
    for (const { state, number } of this.#messages(run.id)) {
      if (state !== 'accepted' && state !== 'suppressed') {
        this.#on.violated(`A healthy product leaves message ${number} ${state}`)
      }
    }
  }

  #run(id: string): StoredRun | undefined {
    return this.#on.disk.durable.get<StoredRun>('SELECT * FROM run WHERE id = ?', id)
  }

  #message(runId: string, number: number): StoredMessage | undefined {
    return this.#on.disk.durable.get<StoredMessage>(
      'SELECT * FROM message WHERE run_id = ? AND number = ?',
      runId,
      number,
    )
  }

  #messages(runId: string): StoredMessage[] {
    return this.#on.disk.durable.all<StoredMessage>(
      'SELECT * FROM message WHERE run_id = ? ORDER BY number',
      runId,
    )
  }
}

const selectSteps = `
  SELECT steps FROM (
    SELECT -1 AS number, first_steps AS steps FROM run WHERE id = ?1
    UNION ALL SELECT number, steps FROM record WHERE run_id = ?1
    UNION ALL SELECT 9e15, last_steps FROM run WHERE id = ?1
  ) ORDER BY number`

function whoOf(run: StoredRun): string {
  return (JSON.parse(run.input) as { who: string }).who
}

function keyOf(call: StartCall): string | undefined {
  return call.key && `${call.function} ${call.dryRun} ${call.key}`
}

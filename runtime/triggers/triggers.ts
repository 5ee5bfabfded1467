import { hash } from 'node:crypto'
import type { RunStatus } from '../../nodes/api/runs.ts'
import type { EventAnswer, Firing, MadeTrigger, Trigger } from '../../nodes/api/triggers.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import { canonicalJson } from '../../nodes/graph/canonical.ts'
import type { Json, JsonObject } from '../../nodes/json.ts'
import { parseJsonText } from '../../nodes/json-scan.ts'
import type { Schedule, TriggerSettings } from '../../nodes/triggers/settings.ts'
import type { FunctionStore } from '../elements/functions.ts'
import type { Engine } from '../engine/engine.ts'
import { reasonOf } from '../engine/start-refusal.ts'
import type { Timers } from '../engine/timers.ts'
import type { FiringRow, Firings } from '../ledger/firings.ts'
import type { NewRun } from '../ledger/ledger.ts'
import type { RunHandle } from '../runtime.ts'
import type { Vault } from '../secrets/vault.ts'
import type { Database } from '../store/database.ts'
import type { Surroundings } from '../surroundings.ts'
import { FiringQueue } from './firing-queue.ts'
import type { Fired, NewFiring } from './firing-queue.ts'
import { Holidays } from './holidays.ts'
import { bodyHash, HookProof, refuseOtherBody } from './hooks.ts'
import type { HookCall } from './hooks.ts'
import { mapInputs, meetsCondition } from './map-inputs.ts'
import type { Cause, Clock } from './map-inputs.ts'
import { ScheduleClock } from './schedule-times.ts'
import { Schedules } from './schedules.ts'
import { triggerProblems } from './trigger-problems.ts'
import { refused, TriggerStore } from './trigger-store.ts'
import type { StoredTrigger, TriggerOf } from './trigger-store.ts'

/** Firings are kept at least this long, and with them the keys that make a call the same as an earlier one. */
const KEPT_MS = 8 * 86_400_000
const PRUNE_EVERY_MS = 86_400_000
/** Objects and lists inside each other in what a caller sends. */
const MAX_DEPTH = 64

export interface TriggerDependencies {
  database: Database
  vault: Vault
  surroundings: Surroundings
  functions: FunctionStore
  firings: Firings
  engine: Engine
  timers: Timers
  homeZone: () => string
  unforeseen: (error: unknown) => void
}

/** An accepted call of an HTTP trigger. */
export interface AcceptedCall {
  firing: string
  /** Its run, where it has been started already. */
  run?: string
  /** Once the run is started; nothing where it never is. */
  started: Promise<RunHandle | undefined>
  /** How long the caller wants to wait for the end of the run. */
  waitSeconds: number
  /** The caller waits no longer. */
  stop: () => void
}

/** What starts functions by itself: HTTP calls, times, named events, and the ends of other functions' runs. */
export class Triggers {
  readonly holidays: Holidays
  readonly #on: TriggerDependencies
  readonly #store: TriggerStore
  readonly #queue: FiringQueue
  readonly #schedules: Schedules
  readonly #proof: HookProof
  readonly #underWay = new Set<Promise<void>>()
  #isClosing = false

  constructor(dependencies: TriggerDependencies) {
    const { database, vault, surroundings, firings, engine, timers, unforeseen } = dependencies
    this.#on = dependencies
    this.holidays = new Holidays(database)
    this.#store = new TriggerStore(database, vault, surroundings)
    this.#proof = new HookProof(this.#store, timers.now)
    this.#queue = new FiringQueue({
      ...{ firings, timers, unforeseen },
      store: this.#store,
      start: (request) => engine.start(request),
      newId: () => surroundings.newId(),
    })
    this.#schedules = new Schedules({
      ...{ timers, unforeseen },
      store: this.#store,
      queue: this.#queue,
      holidays: this.holidays,
    })
    dependencies.functions.onDelete((name) => {
      if (!this.#isClosing) this.#track(this.#noteGone(name))
    })
  }

  /** Goes on with what the last process left. Call once, after the engine has recovered. */
  async recover(): Promise<void> {
    const { firings } = this.#on
    for (const run of firings.untoldEnds()) await this.#follow(run)
    for (const id of firings.triggersWaiting()) this.#track(this.#queue.goOn(id))
    this.#schedules.arm()
    this.#prune()
  }

  /** Sets nothing off any more. What waits goes on at the next start. */
  async close(): Promise<void> {
    this.#isClosing = true
    await this.#schedules.close()
    await Promise.all(this.#underWay)
  }

  // ── For the engine ──────────────────────────────────────────────────────────────────────────────────────────────

  /** True where other functions wait for the end of this run. */
  isAwaited({ dryRun, trigger, functionName }: NewRun): boolean {
    return !dryRun && trigger !== 'test' && trigger !== 'debug' && this.#store.isWatched(functionName)
  }

  /** A run is over. */
  ended(run: NewRun): void {
    if (this.#isClosing) return
    if (run.triggerId !== undefined) this.#track(this.#queue.goOn(run.triggerId))
    if (this.isAwaited(run)) this.#track(this.#follow(run.id))
  }

  // ── For people ──────────────────────────────────────────────────────────────────────────────────────────────────

  /** @throws FlowError `NOT_FOUND` */
  list(functionName: string): Trigger[] {
    this.#on.functions.draft(functionName)
    return this.#store.of(functionName).map((trigger) => this.#describe(trigger))
  }

  /**
   * Makes a trigger that is off. The key or secret of an HTTP trigger is answered this once.
   * @throws FlowError `NOT_FOUND`, FieldsError `BODY_INVALID`
   */
  create(functionName: string, settings: TriggerSettings): MadeTrigger {
    this.#on.functions.draft(functionName)
    this.#check(functionName, settings)
    return this.#withProof(this.#store.create(functionName, settings))
  }

  /**
   * Changes a trigger. Where the way in which callers prove who they are is another one, a new key or secret is answered.
   * @throws FlowError `NOT_FOUND`, FieldsError `BODY_INVALID`
   */
  async update(id: string, settings: TriggerSettings): Promise<MadeTrigger> {
    this.#check(this.#store.get(id).functionName, settings)
    const trigger = this.#store.update(id, settings)
    if (trigger.isOn) this.#begin(trigger)
    await this.#queue.goOn(id)
    return this.#withProof(this.#store.get(id))
  }

  /** What waited for a trigger that is switched off is given up. @throws FlowError `NOT_FOUND` */
  async switch(id: string, isOn: boolean): Promise<Trigger> {
    const trigger = this.#store.get(id)
    if (isOn && !trigger.isOn) this.#begin(trigger)
    if (!isOn) {
      this.#store.switch(id, false, null)
      this.#schedules.arm()
      await this.#queue.drop(id, {
        code: ErrorCode.TriggerOff,
        message: 'The trigger was switched off while this waited',
      })
    }
    return this.#describe(this.#store.get(id))
  }

  /** Makes a new key or secret; the former is refused from now on. @throws FlowError `NOT_FOUND`, `CONFLICT` */
  renewProof(id: string): MadeTrigger {
    const trigger = this.#store.get(id)
    if (!isOfKind(trigger, 'hook')) {
      throw new FlowError(ErrorCode.Conflict, 'Only HTTP triggers have a key', {
        hint: 'Choose an HTTP trigger.',
      })
    }
    const secret = this.#store.makeProof(trigger)
    return { trigger: this.#describe(this.#store.get(id)), secret }
  }

  /** What waited for it is given up; its runs stay. @throws FlowError `NOT_FOUND` */
  delete(id: string): void {
    this.#store.delete(id)
    this.#schedules.arm()
  }

  /** What a trigger was set off by, newest first. @throws FlowError `NOT_FOUND` */
  log(id: string, limit: number): Firing[] {
    this.#store.get(id)
    return this.#on.firings.list(id, limit).map((row) => ({
      id: row.id,
      at: new Date(row.at).toISOString(),
      state: row.state,
      ...(row.reason && { reason: row.reason }),
      // of a run that is not kept any more only the firing is known
      ...(row.runId !== null &&
        row.runStatus !== null && { run: row.runId, runStatus: row.runStatus as RunStatus }),
    }))
  }

  /** The next times of a schedule. @throws FieldsError `BODY_INVALID` where it has none */
  nextTimes(schedule: Schedule, count = 10): string[] {
    const clock = this.#clockOf(schedule)
    return clock.nextOnes(this.#on.timers.now(), count).map((time) => new Date(time).toISOString())
  }

  /** Takes the place of the list of holidays; schedules that rest on them are reckoned anew. */
  setHolidays(holidays: Parameters<Holidays['replace']>[0]): ReturnType<Holidays['replace']> {
    const list = this.holidays.replace(holidays)
    this.#schedules.reckon()
    return list
  }

  // ── For callers ─────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Starts every function that waits for this event; durable when it answers.
   * @param idempotencyKey the same key starts nothing again for at least 7 days
   * @throws FlowError `IDEMPOTENCY_MISMATCH`
   */
  async event(name: string, payload: JsonObject, idempotencyKey?: string): Promise<EventAnswer> {
    const triggers = this.#store.on('event', name)
    if (triggers.length === 0) return { started: [] }
    const at = this.#on.timers.now()
    const key = idempotencyKey === undefined ? null : `event ${idempotencyKey}`
    const inputHash = hash('sha256', canonicalJson(payload))
    if (key !== null) {
      for (const { id } of triggers)
        refuseOtherBody(this.#on.firings.known(id, key)?.inputHash ?? null, inputHash)
    }
    const time = new Date(at).toISOString()
    const fired = await this.#queue.fire(
      triggers.map((trigger): NewFiring => {
        const { name: title, condition } = trigger.settings
        const cause = { trigger: { kind: 'event', name: title, event: name, at: time }, payload }
        const outcome = this.#outcome(trigger, cause, condition)
        return { trigger, key, inputHash, at, depth: 0, outcome }
      }),
    )
    for (const { row } of fired) refuseOtherBody(row.inputHash, inputHash)
    return {
      started: fired.map(({ row }, index) => ({
        functionName: triggers[index]!.functionName,
        trigger: row.triggerId,
        state: row.state,
        ...(row.runId !== null && { run: row.runId }),
        ...(row.reason && { reason: row.reason }),
      })),
    }
  }

  /**
   * Starts the function of an HTTP trigger; durable when it answers.
   * @param isRight counts wrong proofs: see `FailedTries`
   * @throws FlowError `NOT_FOUND`, `NOT_SIGNED_IN`, `SIGNATURE_INVALID`, `BODY_INVALID`, `IDEMPOTENCY_MISMATCH`,
   *   `TRIGGER_BUSY`, and what the start of a run refuses
   */
  async call(path: string, call: HookCall, isRight: (look: () => boolean) => boolean): Promise<AcceptedCall> {
    const [trigger] = this.#store.on('hook', path)
    if (!trigger) throw noHook()
    if (!isRight(() => this.#proof.accepts(trigger, call))) throw notProved(trigger)
    const { settings } = trigger
    const inputHash = bodyHash(call.body)
    const key = this.#proof.keyOf(trigger, call)
    if (key !== null) refuseOtherBody(this.#on.firings.known(trigger.id, key)?.inputHash ?? null, inputHash)
    const at = this.#on.timers.now()
    const { outcome, error } = this.#readCall(trigger, call, at)
    const [fired] = await this.#queue.fire(
      [{ trigger, key, inputHash, at, depth: 0, outcome }],
      undefined,
      true,
    )
    const { row } = fired!
    refuseOtherBody(row.inputHash, inputHash)
    if (row.state === 'refused' || row.state === 'skipped') throw error ?? fired!.error ?? asError(row)
    const waitSeconds = settings.answer === 'end' ? settings.timeoutSeconds : 0
    return { firing: row.id, waitSeconds, ...this.#startOf(fired!) }
  }

  #readCall(
    trigger: TriggerOf<'hook'>,
    { body }: HookCall,
    at: number,
  ): { outcome: NewFiring['outcome']; error?: unknown } {
    const { name } = trigger.settings
    try {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(body)
      const payload = parseJsonText(text, { maxBytes: Number.POSITIVE_INFINITY, maxDepth: MAX_DEPTH }) as Json
      const cause = { trigger: { kind: 'hook', name, at: new Date(at).toISOString() }, payload }
      return { outcome: { input: mapInputs(trigger.settings, cause, this.#clock()) } }
    } catch (thrown) {
      const error = thrown instanceof FlowError ? thrown : notUtf8()
      return { outcome: { state: 'refused', reason: reasonOf(error) }, error }
    }
  }

  #startOf({ row, handle }: Fired): Pick<AcceptedCall, 'run' | 'started' | 'stop'> {
    const known = handle ?? (row.runId === null ? undefined : this.#on.engine.handle(row.runId))
    if (!known) return this.#queue.hear(row.id)
    return { run: known.id, started: Promise.resolve(known), stop: () => undefined }
  }

  /** Says in the log of what follows a function that it is gone. */
  async #noteGone(functionName: string): Promise<void> {
    const gone = new FlowError(ErrorCode.FunctionMissing, `The function ${functionName} was deleted`, {
      hint: 'Choose another function in the trigger.',
      params: { name: functionName },
    })
    const outcome = { state: 'refused', reason: reasonOf(gone) } as const
    const at = this.#on.timers.now()
    const followers = this.#store.on('after-function', functionName)
    await this.#queue.fire(followers.map((trigger) => ({ trigger, key: null, at, depth: 0, outcome })))
  }

  /** Starts what waits for the end of a run. */
  async #follow(runId: string): Promise<void> {
    const { engine, firings, timers } = this.#on
    const run = (await engine.run(runId))!
    const { functionName, status, input, output, error } = run
    const depth = firings.depthOf(runId) + 1
    const at = timers.now()
    const followers = this.#store
      .on('after-function', functionName)
      .filter(({ settings: { end } }) => end === 'any' || end === status)
    await this.#queue.fire(
      followers.map((trigger): NewFiring => {
        const failure = error && { code: error.code, message: error.message }
        const facts = { function: functionName, run: runId, status, input, output, error: failure }
        const { name } = trigger.settings
        const cause = { trigger: { kind: 'after-function', name, at: new Date(at).toISOString(), ...facts } }
        return { trigger, key: `run ${runId}`, at, depth, outcome: this.#outcome(trigger, cause) }
      }),
      { endOf: runId },
    )
  }

  #outcome(trigger: StoredTrigger, cause: Cause, condition = ''): NewFiring['outcome'] {
    try {
      if (meetsCondition(condition, cause, this.#clock())) {
        return { input: mapInputs(trigger.settings, cause, this.#clock()) }
      }
      const message = 'The condition of the trigger was not met'
      return { state: 'skipped', reason: { code: ErrorCode.TriggerCondition, message } }
    } catch (error) {
      return { state: 'refused', reason: reasonOf(error) }
    }
  }

  /** @throws FieldsError `BODY_INVALID` */
  #check(functionName: string, settings: TriggerSettings): void {
    if (settings.kind === 'schedule') this.#clockOf(settings)
    if (settings.kind === 'after-function' && settings.after === functionName) {
      throw refused('after', 'A function cannot follow its own runs', 'followsItself')
    }
  }

  /** @throws FieldsError `BODY_INVALID` where the times cannot be read or never come */
  #clockOf({ times, timeZone, skipHolidays }: Schedule): ScheduleClock {
    let clock: ScheduleClock
    try {
      clock = new ScheduleClock({ times, timeZone, skipHolidays }, this.holidays.days)
    } catch {
      throw refused('times/cron', 'The cron pattern cannot be read', 'cron')
    }
    if (clock.next(this.#on.timers.now()) === null) {
      throw refused('times', 'The times of the schedule never come', 'cronNever')
    }
    return clock
  }

  #begin(trigger: StoredTrigger): void {
    const times = isOfKind(trigger, 'schedule') ? this.#schedules.begin(trigger.settings) : null
    this.#store.switch(trigger.id, true, times)
    this.#schedules.arm()
  }

  #withProof(trigger: StoredTrigger): MadeTrigger {
    if (!isOfKind(trigger, 'hook') || trigger.proof !== null) return { trigger: this.#describe(trigger) }
    const secret = this.#store.makeProof(trigger)
    return { trigger: this.#describe(this.#store.get(trigger.id)), secret }
  }

  #describe(trigger: StoredTrigger): Trigger {
    const { id, functionName, isOn, settings, proofEnding, next, updated } = trigger
    const { functions, engine, firings } = this.#on
    return {
      ...{ id, functionName, isOn, settings, updated },
      ...(proofEnding !== null && { proofEnding }),
      next: next === null ? null : new Date(next).toISOString(),
      waiting: firings.countWaiting(id),
      problems: triggerProblems(trigger, functions, (graph) => engine.expectReady(graph)),
    }
  }

  #clock(): Clock {
    const { timers, homeZone } = this.#on
    return { now: () => new Date(timers.now()), timeZone: homeZone() }
  }

  #prune(): void {
    const { firings, timers } = this.#on
    this.#track(firings.prune(timers.now() - KEPT_MS))
    timers.at(timers.now() + PRUNE_EVERY_MS, () => {
      if (!this.#isClosing) this.#prune()
    })
  }

  #track(work: Promise<unknown>): void {
    const settled = work
      .then(() => undefined, this.#on.unforeseen)
      .finally(() => this.#underWay.delete(settled))
    this.#underWay.add(settled)
  }
}

function isOfKind<K extends TriggerSettings['kind']>(
  trigger: StoredTrigger,
  kind: K,
): trigger is TriggerOf<K> {
  return trigger.settings.kind === kind
}

function noHook(): FlowError {
  return new FlowError(ErrorCode.NotFound, 'Nothing that is switched on listens at this path', {
    hint: 'Look at the triggers of the function: the path may be another one, or the trigger off.',
  })
}

function notProved({ settings }: TriggerOf<'hook'>): FlowError {
  return settings.proof === 'key'
    ? new FlowError(ErrorCode.NotSignedIn, 'The key of the trigger is missing or wrong', {
        hint: 'Send it in the header X-Trigger-Key.',
      })
    : new FlowError(ErrorCode.SignatureInvalid, 'The request is not signed as it must be', {
        hint: 'Send X-Timestamp (seconds since 1970, 5 minutes old at most) and X-Signature: sha256=<hex>.',
      })
}

function notUtf8(): FlowError {
  return new FlowError(ErrorCode.BodyInvalid, 'The body is not encoded in UTF-8', {
    hint: 'Send JSON in UTF-8.',
  })
}

function asError({ reason }: FiringRow): FlowError {
  const { code, message, hint, params } = reason!
  return new FlowError(code as ErrorCode, message, { hint, params })
}

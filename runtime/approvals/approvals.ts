import type { Decision } from '../../nodes/api/approvals.ts'
import { settledSms } from '../../nodes/approval/ask.ts'
import type { AskForDecision, CopyTo } from '../../nodes/approval/ask.ts'
import type { ApprovalResult } from '../../nodes/approval/definition.ts'
import { INITIATOR } from '../../nodes/approval/process.ts'
import type { ResolvedRecipient } from '../../nodes/directory/schema.ts'
import { directoryEntry } from '../../nodes/directory/directory-value.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { Graph } from '../../nodes/graph/schema.ts'
import type { JsonObject } from '../../nodes/json.ts'
import { evaluateValue } from '../../nodes/values/evaluate-value.ts'
import type { Value } from '../../nodes/values/value.ts'
import { Frame } from '../engine/frame.ts'
import type { Timers } from '../engine/timers.ts'
import type { FunctionStore } from '../elements/functions.ts'
import type { NewRun, RunRow, RunSource } from '../ledger/ledger.ts'
import type { RunHandle, StartRun } from '../runtime.ts'
import type { Database } from '../store/database.ts'
import type { Surroundings } from '../surroundings.ts'
import type { ApprovalStore } from './approval-store.ts'
import type { DecideLinks } from './decide-links.ts'
import type { RequestNotices } from './request-notices.ts'
import type { RequestTexts } from './request-texts.ts'
import type { ApprovalRow, EventFacts, EventKind, Person, RequestRow, TaskRow } from './rows.ts'

/** What requests ask of the engine. */
export interface RequestRuns {
  start: (request: StartRun & { source?: RunSource }) => Promise<RunHandle>
  row: (id: string) => Promise<RunRow | undefined>
  graphOf: (id: string) => Promise<Graph>
  /** Lets a run look again; nothing where it is over. */
  wake: (id: string) => Promise<void>
  cancel: (id: string) => Promise<unknown>
  /** Goes on with an ended run at a step that it had done. */
  goBack: (id: string, path: string) => Promise<RunHandle>
}

export interface ApprovalDependencies {
  database: Database
  store: ApprovalStore
  surroundings: Surroundings
  timers: Timers
  functions: FunctionStore
  notices: RequestNotices
  texts: RequestTexts
  links: DecideLinks
  /** Time zone and language of dates in titles. */
  dates: () => { timeZone: string; language: string }
  administrators: () => Person[]
  runs: () => RequestRuns
  unforeseen: (error: unknown) => void
}

/** A step that asks, of a run under way. */
interface Place {
  row: NewRun
  graph: Graph
  path: string
  node: string
}

const MINUTE_MS = 60_000

/**
 * Requests on their way through approval processes: who is asked, what they decide, and what follows. Each change is one
 * transaction, so that a decision either counts whole or not at all; whatever follows from it (texts, the run that goes on)
 * is found again after a crash.
 */
export class Approvals {
  readonly #on: ApprovalDependencies
  readonly #store: ApprovalStore
  #alarm: { at: number; cancel: () => void } | undefined
  /** What the transaction under way leads to once it is on the disk. */
  #after: (() => void)[] = []
  #isOpen = false

  constructor(dependencies: ApprovalDependencies) {
    this.#on = dependencies
    this.#store = dependencies.store
  }

  /** Goes on with what a dead process left. Call after the engine has recovered. */
  async recover(): Promise<void> {
    this.#isOpen = true
    const { ended, toCancel } = this.#store.leftBehind()
    for (const id of toCancel) await this.#on.runs().cancel(id)
    for (const id of ended) await this.ended(id)
    for (const id of this.#store.runsToWake()) await this.#on.runs().wake(id)
    this.#on.texts.hand()
    this.arm()
  }

  close(): void {
    this.#isOpen = false
    this.#alarm?.cancel()
    this.#on.texts.close()
  }

  // ── For members ─────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Hands a request in. @param key the same one answers the same request
   * @throws FlowError `NOT_FOUND`, and what the start of a run refuses
   */
  async initiate(member: Person, name: string, input: JsonObject, key?: string): Promise<string> {
    const graph = this.#process(name)
    const handle = await this.#on.runs().start({
      functionName: name,
      version: 'published',
      input: { ...input, [INITIATOR]: member.member },
      trigger: 'request',
      ...(key !== undefined && { idempotencyKey: `${member.member} ${key}` }),
    })
    const row = (await this.#on.runs().row(handle.id))!
    this.#change(() => {
      this.#requestOf(row, graph)
      this.#store.deleteDraft(member.member, name)
    })
    // it may have come to its end meanwhile, before there was a request
    if ((await this.#on.runs().row(handle.id))!.finished !== null) await this.ended(handle.id)
    return handle.id
  }

  /** @throws FlowError `NOT_FOUND`, `CONFLICT` where it was decided meanwhile, `FORBIDDEN` where the step has no such action, `BODY_INVALID` */
  decide(member: string, requestId: string, decision: Decision, people: readonly Person[]): void {
    this.#change(() => {
      const task = this.#store.task(decision.task)
      if (!task || task.requestId !== requestId || task.member !== member) throw noSuchTask()
      const step = this.#store.approval(task.approvalId)!
      if (task.state !== 'open' || step.state !== 'open') throw decidedBefore(task)
      this.#check(step, decision)
      const facts = { ...by(task), step: step.title, comment: decision.comment }
      switch (decision.action) {
        case 'approve':
          this.#decided(task, 'approved')
          this.#tell(requestId, 'approved', facts)
          return this.#settle(step, task, decision.comment)
        case 'reject':
          this.#decided(task, 'rejected')
          this.#tell(requestId, 'rejected', facts)
          return this.#close(step, 'rejected', [task], decision.comment)
        case 'return':
          return this.#return(step, task, decision, facts)
        case 'transfer':
          this.#decided(task, 'transferred')
          this.#tell(requestId, 'transferred', { ...facts, people: [...people] })
          return this.#seat(step, [people[0]!], task.seat, 'open')
        case 'add': {
          this.#tell(requestId, 'added', { ...facts, people: [...people] })
          if (step.rules.sign !== 'in-order') return this.#seat(step, people, task.seat, 'open')
          this.#store.shiftSeats(step.id, task.seat, people.length)
          people.forEach((person, index) => this.#seat(step, [person], task.seat + 1 + index, 'waiting'))
        }
      }
    })
  }

  /** @throws FlowError `NOT_FOUND`, `CONFLICT` */
  async revoke(member: string, id: string, comment: string): Promise<void> {
    const request = this.#own(member, id)
    const { process } = await this.#on.runs().graphOf(request.runId)
    if (!this.mayRevoke(request, process?.revoke)) {
      throw new FlowError(ErrorCode.Conflict, 'The request cannot be taken back any more', {
        hint: 'Ask whoever decides to reject or return it.',
      })
    }
    this.#end(request, 'revoked', 'revoked', { by: initiatorOf(request), comment })
    await this.#on.runs().cancel(request.runId)
  }

  mayRevoke(request: RequestRow, rule: 'never' | 'undecided' | 'any-time' | undefined): boolean {
    if (request.state !== 'running' && request.state !== 'returned') return false
    if (rule === 'never' || rule === undefined) return false
    if (rule === 'any-time' || request.state === 'returned') return true
    return !this.#store.tasksOfRequest(request.id).some(({ decided }) => decided !== null)
  }

  /** Hands a returned request in again. @throws FlowError `NOT_FOUND`, `CONFLICT`, and what the start of a run refuses */
  async resubmit(member: string, id: string, input: JsonObject): Promise<void> {
    const request = this.#own(member, id)
    if (request.state !== 'returned') {
      throw new FlowError(ErrorCode.Conflict, 'The request was not returned', {
        hint: 'It is on its way, or over.',
      })
    }
    const handle = await this.#on.runs().start({
      functionName: request.functionName,
      version: 'published',
      input: { ...input, [INITIATOR]: member },
      trigger: 'request',
      source: { runId: request.runId, kind: 'again' },
      idempotencyKey: `${id} ${request.round + 1}`,
    })
    const row = (await this.#on.runs().row(handle.id))!
    const graph = await this.#on.runs().graphOf(handle.id)
    this.#change(() => void this.#requestOf(row, graph))
  }

  /** Reminds those who are waited for. @throws FlowError `NOT_FOUND`, `CONFLICT`, `TOO_MANY_TRIES` with the seconds to wait */
  async urge(member: string, id: string): Promise<void> {
    const request = this.#own(member, id)
    const { process } = await this.#on.runs().graphOf(request.runId)
    const now = this.#now()
    this.#change(() => {
      const open = this.#openTasks(id)
      if (open.length === 0) throw nobodyToUrge()
      const from = this.urgeFrom(request, process?.urgeMinutes ?? 60)
      if (from !== null && from > now) {
        const seconds = Math.ceil((from - now) / 1_000)
        throw new FlowError(ErrorCode.TooManyTries, 'They were reminded a short time ago', {
          hint: `Wait ${seconds} seconds.`,
          params: { seconds },
        })
      }
      this.#store.updateRequest({ ...request, urged: now })
      this.#tell(id, 'urged', { by: initiatorOf(request), people: open.map(({ task }) => personOf(task)) })
      for (const { step, task } of open) this.#remind(request, step, task, 'urged')
    })
  }

  /** From when on the initiator may urge (again); null: at once. */
  urgeFrom({ urged }: RequestRow, minutes: number): number | null {
    return urged === null ? null : urged + minutes * MINUTE_MS
  }

  // ── For operators ───────────────────────────────────────────────────────────────────────────────────────────────

  /** @throws FlowError `NOT_FOUND`, `CONFLICT` */
  reassign(id: string, stepId: string, people: readonly Person[], comment: string, operator: Person | null) {
    this.#change(() => {
      const step = this.#store.approval(stepId)
      if (!step || step.requestId !== id) throw noSuchTask()
      if (step.state !== 'open' && step.state !== 'paused') throw decidedBefore()
      for (const task of this.#store.tasksOf(stepId)) {
        if (task.state === 'open' || task.state === 'waiting') this.#leave(task, 'transferred')
      }
      this.#tell(id, 'reassigned', { by: operator, step: step.title, people: [...people], comment })
      this.#store.updateApproval({ ...step, state: 'open' })
      this.#seatAll({ ...step, state: 'open' }, people)
    })
  }

  /** @throws FlowError `NOT_FOUND`, `CONFLICT` */
  async cancel(id: string, comment: string, operator: Person | null): Promise<void> {
    const request = this.#request(id)
    if (request.state !== 'running' && request.state !== 'returned') throw overAlready()
    this.#end(request, 'cancelled', 'cancelled', { by: operator, comment })
    await this.#on.runs().cancel(request.runId)
  }

  /** Texts somebody once more whose task is open. @throws FlowError `NOT_FOUND`, `CONFLICT` */
  textAgain(id: string, taskId: string, operator: Person | null): void {
    this.#change(() => {
      const found = this.#openTasks(id).find(({ task }) => task.id === taskId)
      if (!found) throw noSuchTask()
      if (!found.step.rules.sms) {
        throw new FlowError(ErrorCode.Conflict, 'The step texts nobody', {
          hint: 'Switch the text on in its node; steps that wait already stay as they are.',
        })
      }
      const request = this.#request(id)
      this.#tell(id, 'reminded', { by: operator, step: found.step.title, people: [personOf(found.task)] })
      this.#remind(request, found.step, found.task, 'reminded')
    })
  }

  // ── For steps of runs ───────────────────────────────────────────────────────────────────────────────────────────

  /** The step of a run, where it has asked already. */
  stepAt(runId: string, path: string): ApprovalRow | undefined {
    return this.#store.approvalAt(runId, path)
  }

  /** The run goes on with it. */
  taken({ id, taken }: ApprovalRow): void {
    if (taken === 0) this.#store.takeResult(id)
  }

  /** Nobody is asked any more: the step has lost a race against others. */
  withdraw(step: ApprovalRow): void {
    if (step.state === 'open' || step.state === 'paused') this.#change(() => this.#cancelStep(step))
  }

  /** Asks people. */
  ask(place: Place, { rules, people, latePeople, sms }: AskForDecision): void {
    this.#change(() => {
      const request = this.#requestOf(place.row, place.graph)
      const now = this.#now()
      const step: ApprovalRow = {
        id: this.#newId(),
        requestId: request.id,
        runId: place.row.id,
        path: place.path,
        title: titleOf(place),
        rules: { ...rules, latePeople: asked(latePeople), sms },
        state: 'open',
        due: rules.late === 'nothing' ? null : now + rules.lateMinutes * MINUTE_MS,
        result: null,
        taken: 0,
        opened: now,
        closed: null,
      }
      let deciders = asked(people)
      if (deciders.length === 0 && rules.nobody === 'administrator') deciders = this.#on.administrators()
      if (deciders.length === 0) return this.#withoutAnybody(request, step)
      this.#store.insertApproval(step)
      this.#tell(request.id, 'asked', { step: step.title, people: deciders })
      this.#seatAll(step, deciders)
    })
  }

  /** Shows a request to people. @returns how many of them did not have it yet */
  copy(place: Place, { people, sms }: CopyTo): number {
    return this.#change(() => {
      const request = this.#requestOf(place.row, place.graph)
      const now = this.#now()
      const told = asked(people).filter(({ member }) => this.#store.addCopy(request.id, member, now))
      if (told.length === 0) return 0
      const step = titleOf(place)
      this.#tell(request.id, 'copied', { step, people: told })
      for (const person of told) {
        this.#notice(request, person, 'copied', step)
        if (sms) this.#text(request, { person, kind: 'copied', step, sms })
      }
      return told.length
    })
  }

  /** A run of a process is over. */
  async ended(runId: string): Promise<void> {
    if (!this.#isOpen) return
    const row = await this.#on.runs().row(runId)
    if (!row || row.dryRun || row.finished === null) return
    const graph = await this.#on.runs().graphOf(runId)
    const backTo = this.#change(() => {
      const request = this.#requestOf(row, graph)
      if (request.runId !== runId || request.state !== 'running') return null
      const steps = this.#store.approvalsOf(request.id)
      for (const step of steps) if (step.runId === runId) this.#cancelStep(step)
      if (request.backTo !== null) return request.backTo
      const last = steps
        .filter(({ result }) => result !== null)
        .sort(byClosing)
        .at(-1)
      const outcome = last?.result?.outcome === 'rejected' ? 'rejected' : 'approved'
      const state = row.status === 'done' ? outcome : row.status === 'cancelled' ? 'cancelled' : 'failed'
      const kind = state === 'approved' || state === 'rejected' ? 'ended' : state
      this.#finish(request, state, kind, { to: state })
      const { process } = graph
      if (process && kind === 'ended') this.#textResult(request, row, process, state)
      return null
    })
    if (backTo !== null) await this.#goBack(runId, backTo)
  }

  // ── Rules ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** @throws FlowError `FORBIDDEN`, `BODY_INVALID` */
  #check({ rules }: ApprovalRow, { action, comment, to }: Decision): void {
    const may = {
      approve: true,
      reject: rules.canReject,
      return: rules.canReturn,
      transfer: rules.canTransfer,
      add: rules.canAdd,
    }
    if (!may[action]) {
      throw new FlowError(ErrorCode.Forbidden, 'This step does not have that action', {
        hint: 'Choose one of those that the page offers.',
      })
    }
    if (action === 'return' && to === undefined) throw commentMissing('to')
    if (rules.comment === 'required' && comment === '') throw commentMissing('comment')
  }

  #return(step: ApprovalRow, task: TaskRow, { to, comment }: Decision, facts: EventFacts): void {
    const request = this.#request(step.requestId)
    this.#decided(task, 'returned')
    if (to === 'initiator') {
      this.#tell(request.id, 'returned', facts)
      this.#store.updateRequest({ ...request, state: 'returned' })
      this.#notice(
        request,
        { member: request.initiator, name: request.initiatorName },
        'returned',
        step.title,
      )
      return this.#close(step, 'returned', [task], comment)
    }
    const target = this.returnTargets(step).find(({ id }) => id === to)
    if (!target) {
      throw new FlowError(ErrorCode.Conflict, 'It cannot be returned to that step', {
        hint: 'Choose one of those that the page offers.',
      })
    }
    this.#tell(request.id, 'returned', { ...facts, to: target.title })
    this.#store.updateRequest({ ...request, backTo: target.path })
    this.#close(step, 'returned', [task], comment)
  }

  /** Steps of the same way that were decided before, each once; not those inside loops and branches that are over. */
  returnTargets(step: ApprovalRow): ApprovalRow[] {
    const earlier = this.#store.approvalsOf(step.requestId).filter(({ path, opened, state }) => {
      const body = path.slice(0, path.lastIndexOf('/') + 1)
      return state === 'approved' && opened <= step.opened && path !== step.path && step.path.startsWith(body)
    })
    return [...new Map(earlier.map((each) => [each.path, each])).values()]
  }

  /** Nobody is found who could decide. */
  #withoutAnybody(request: RequestRow, step: ApprovalRow): void {
    if (step.rules.nobody === 'pass') {
      this.#store.insertApproval(step)
      this.#tell(request.id, 'passed', { step: step.title })
      return this.#close(step, 'approved', [], '')
    }
    this.#store.insertApproval({ ...step, state: 'paused', due: null })
    this.#tell(request.id, 'paused', { step: step.title })
    for (const person of this.#on.administrators()) this.#notice(request, person, 'paused', step.title)
  }

  /** Gives each of the people a seat, in their order. */
  #seatAll(step: ApprovalRow, people: readonly Person[]): void {
    const { sign, repeated } = step.rules
    people.forEach((person, index) => {
      this.#seat(step, [person], index + 1, sign === 'in-order' && index > 0 ? 'waiting' : 'open')
    })
    if (repeated === 'once') this.#passRepeated(step)
  }

  /** Whoever has approved the request before has approved this step too. */
  #passRepeated(step: ApprovalRow): void {
    const before = new Set(
      this.#store
        .tasksOfRequest(step.requestId)
        .filter(({ state, approvalId }) => state === 'approved' && approvalId !== step.id)
        .map(({ member }) => member),
    )
    for (const { id } of this.#store.tasksOf(step.id)) {
      const task = this.#store.task(id)!
      if (task.state !== 'open' || !before.has(task.member)) continue
      this.#decided(task, 'approved')
      this.#tell(step.requestId, 'approved-before', { ...by(task), step: step.title })
      this.#settle(step, task, '')
      if (this.#store.approval(step.id)!.state !== 'open') return
    }
  }

  /** Puts people on a seat; whoever has a deputy at this moment leaves it to that one. */
  #seat(step: ApprovalRow, people: readonly Person[], seat: number, state: 'open' | 'waiting'): void {
    const now = this.#now()
    for (const person of people) {
      const deputy = this.#store.deputyOf(person.member, now)
      const id = this.#newId()
      const task: TaskRow = {
        ...{ id, approvalId: step.id, requestId: step.requestId, seat, state, created: now, decided: null },
        member: deputy?.deputy ?? person.member,
        name: deputy?.deputyName ?? person.name,
        behalf: deputy ? person.member : null,
        behalfName: deputy ? person.name : null,
      }
      this.#store.insertTask(task, this.#on.links.hashFor(id))
      if (state === 'open') this.#announce(step, task)
    }
  }

  /** A task came to a person. */
  #announce(step: ApprovalRow, task: TaskRow): void {
    const request = this.#request(step.requestId)
    this.#notice(request, personOf(task), 'asked', step.title)
    this.#textTask(request, step, task, 'asked', step.rules.smsAfterMinutes * MINUTE_MS)
  }

  #remind(request: RequestRow, step: ApprovalRow, task: TaskRow, kind: 'urged' | 'reminded'): void {
    this.#notice(request, personOf(task), kind, step.title)
    this.#textTask(request, step, task, kind, 0)
  }

  /** After an approval: whether the step is decided, or whose turn it is. */
  #settle(step: ApprovalRow, task: TaskRow, comment: string): void {
    if (step.rules.sign === 'any') return this.#close(step, 'approved', [task], comment)
    const tasks = this.#store.tasksOf(step.id)
    if (tasks.some(({ state }) => state === 'open')) return
    const next = tasks.find(({ state }) => state === 'waiting')
    if (next) {
      this.#store.moveTask(next.id, 'waiting', 'open', null)
      return this.#announce(step, { ...next, state: 'open' })
    }
    const approved = tasks.filter(({ state }) => state === 'approved')
    this.#close(step, 'approved', approved, comment)
  }

  #close(
    step: ApprovalRow,
    outcome: ApprovalResult['outcome'],
    tasks: readonly TaskRow[],
    comment: string,
  ): void {
    const now = this.#now()
    const people = tasks.map(({ member, name }) => ({ kind: 'member' as const, id: member, name }))
    const result = { outcome, comment, by: people, decided: new Date(now).toISOString() }
    this.#leaveAll(step)
    this.#store.updateApproval({ ...step, state: outcome, due: null, result, closed: now })
    this.#after.push(() => this.#wake(step.runId))
  }

  #cancelStep(step: ApprovalRow): void {
    if (step.state !== 'open' && step.state !== 'paused') return
    this.#leaveAll(step)
    this.#store.updateApproval({ ...step, state: 'cancelled', due: null, closed: this.#now() })
  }

  #leaveAll(step: ApprovalRow): void {
    for (const task of this.#store.tasksOf(step.id)) {
      if (task.state === 'open' || task.state === 'waiting') this.#leave(task, 'closed')
    }
  }

  #leave(task: TaskRow, to: 'closed' | 'transferred'): void {
    this.#store.moveTask(task.id, task.state, to, null)
    this.#store.dropTexts(task.id)
  }

  /** @throws FlowError `CONFLICT` where somebody was faster */
  #decided(task: TaskRow, state: 'approved' | 'rejected' | 'returned' | 'transferred'): void {
    if (!this.#store.moveTask(task.id, 'open', state, this.#now())) throw decidedBefore(task)
    this.#store.dropTexts(task.id)
  }

  /** Time is up for a step. */
  #late(step: ApprovalRow): void {
    const { late, latePeople } = step.rules
    const request = this.#request(step.requestId)
    const open = this.#store.tasksOf(step.id).filter(({ state }) => state === 'open')
    this.#store.updateApproval({ ...step, due: null })
    const current = { ...step, due: null }
    switch (late) {
      case 'remind':
        this.#tell(request.id, 'reminded', { step: step.title, people: open.map(personOf) })
        for (const task of open) this.#remind(request, current, task, 'reminded')
        return
      case 'transfer':
        for (const task of this.#store.tasksOf(step.id)) {
          if (task.state === 'open' || task.state === 'waiting') this.#leave(task, 'transferred')
        }
        this.#tell(request.id, 'time-transferred', { step: step.title, people: latePeople })
        if (latePeople.length > 0) return this.#seatAll(current, latePeople)
        this.#store.updateApproval({ ...current, state: 'paused' })
        this.#tell(request.id, 'paused', { step: step.title })
        for (const person of this.#on.administrators()) this.#notice(request, person, 'paused', step.title)
        return
      case 'approve':
        this.#tell(request.id, 'time-approved', { step: step.title })
        return this.#close(current, 'approved', [], '')
      case 'reject':
        this.#tell(request.id, 'time-rejected', { step: step.title })
        return this.#close(current, 'rejected', [], '')
    }
  }

  #end(request: RequestRow, state: 'revoked' | 'cancelled', kind: EventKind, facts: EventFacts): void {
    this.#change(() => {
      for (const step of this.#store.approvalsOf(request.id)) this.#cancelStep(step)
      this.#finish(request, state, kind, facts)
    })
  }

  #finish(request: RequestRow, state: RequestRow['state'], kind: EventKind, facts: EventFacts): void {
    this.#store.updateRequest({ ...request, state, backTo: null, finished: this.#now() })
    this.#tell(request.id, kind, facts)
    if (state === 'revoked') return
    const initiator = { member: request.initiator, name: request.initiatorName }
    this.#notice({ ...request, state }, initiator, 'ended', '')
  }

  #textResult(
    request: RequestRow,
    row: NewRun,
    process: NonNullable<Graph['process']>,
    result: 'approved' | 'rejected' | 'cancelled' | 'failed',
  ): void {
    try {
      const sms = settledSms(process, (value) => this.#evaluate(value, row.input))
      const person = { member: request.initiator, name: request.initiatorName }
      if (sms) this.#text({ ...request, state: result }, { person, kind: 'ended', step: '', sms })
    } catch (error) {
      // a value of the text cannot be worked out: the inbox says how it ended all the same
      this.#on.unforeseen(error)
    }
  }

  // ── Requests ────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The request that a run goes on with; made where there is none yet. */
  #requestOf(row: NewRun, graph: Graph): RequestRow {
    return this.#store.requestOfRun(row.id) ?? this.#adopted(row) ?? this.#made(row, graph)
  }

  /** A run that was made from another one's goes on with the same request. */
  #adopted(row: NewRun): RequestRow | undefined {
    const { source } = row
    if (!source || source.kind === 'on-error') return undefined
    const before = this.#store.requestOfRun(source.runId)
    if (!before) return undefined
    const isResubmitted = source.kind === 'again' && before.state === 'returned'
    if (source.kind === 'again' && !isResubmitted) return undefined
    const request: RequestRow = {
      ...before,
      ...{ runId: row.id, version: row.version, round: before.round + 1 },
      ...{ input: row.input, state: 'running', backTo: null, finished: null },
    }
    this.#store.updateRequest(request)
    if (isResubmitted) this.#tell(request.id, 'resubmitted', { by: initiatorOf(request) })
    return request
  }

  #made(row: NewRun, graph: Graph): RequestRow {
    const read = directoryEntry.safeParse(row.input[INITIATOR])
    const { id = '', name = '' } = read.success ? read.data : {}
    const request: RequestRow = {
      ...{ id: row.id, functionName: row.functionName, processTitle: graph.title },
      title: this.#titleOf(row, graph),
      ...{ initiator: id, initiatorName: name, input: row.input, runId: row.id, version: row.version },
      ...{ round: 1, state: 'running', backTo: null, urged: null, created: row.created, finished: null },
    }
    this.#store.insertRequest(request)
    this.#tell(request.id, 'initiated', { by: initiatorOf(request) })
    return request
  }

  /** What the title's value gives; the title of the process where it gives nothing. */
  #titleOf(row: NewRun, graph: Graph): string {
    if (!graph.process) return graph.title
    try {
      const given = this.#evaluate(graph.process.title, row.input)
      const text = given === null || typeof given === 'object' ? '' : String(given).trim()
      return text === '' ? graph.title : text.slice(0, 200)
    } catch {
      return graph.title
    }
  }

  #evaluate(value: Value, input: JsonObject) {
    const { names } = Frame.root(input, () => this.#now())
    return evaluateValue(value, { names, now: () => new Date(this.#now()), ...this.#on.dates() })
  }

  /** @throws FlowError `NOT_FOUND` */
  #request(id: string): RequestRow {
    const request = this.#store.request(id)
    if (request) return request
    throw new FlowError(ErrorCode.NotFound, 'There is no such request')
  }

  /** @throws FlowError `NOT_FOUND` */
  #own(member: string, id: string): RequestRow {
    const request = this.#request(id)
    if (request.initiator === member) return request
    throw new FlowError(ErrorCode.NotFound, 'There is no such request')
  }

  /** @throws FlowError `NOT_FOUND` where it is no process, or was never published */
  #process(name: string): Graph {
    const graph = this.#on.functions.graph(name, 'published')
    if (graph.process) return graph
    throw new FlowError(ErrorCode.NotFound, `There is no process "${name}"`, { params: { name } })
  }

  #openTasks(requestId: string): { step: ApprovalRow; task: TaskRow }[] {
    return this.#store
      .tasksOfRequest(requestId)
      .filter(({ state }) => state === 'open')
      .map((task) => ({ task, step: this.#store.approval(task.approvalId)! }))
  }

  // ── What follows ────────────────────────────────────────────────────────────────────────────────────────────────

  #tell(requestId: string, kind: EventKind, facts: EventFacts): void {
    this.#store.addEvent(requestId, this.#now(), kind, facts)
  }

  #notice(
    request: RequestRow,
    person: Person,
    kind: Parameters<RequestNotices['put']>[0]['kind'],
    step: string,
  ): void {
    const told = this.#on.notices.put({ request, person, kind, step })
    this.#after.push(told)
  }

  #textTask(
    request: RequestRow,
    step: ApprovalRow,
    task: TaskRow,
    kind: 'asked' | 'urged' | 'reminded',
    delay: number,
  ): void {
    const { sms, smsDecides } = step.rules
    if (!sms) return
    const person = personOf(task)
    this.#text(request, { person, kind, step: step.title, sms, delay, task: task.id, decides: smsDecides })
  }

  #text(request: RequestRow, text: Parameters<RequestTexts['plan']>[1]): void {
    this.#on.texts.plan(request, text)
    this.#after.push(() => this.#on.texts.hand())
  }

  #wake(runId: string): void {
    // A step that has just begun to rest is told only after all that follows from its rest at once: see `Engine.#park`.
    setImmediate(() => {
      if (this.#isOpen) this.#on.runs().wake(runId).catch(this.#on.unforeseen)
    })
  }

  async #goBack(runId: string, path: string): Promise<void> {
    try {
      const { id } = await this.#on.runs().goBack(runId, path)
      const row = (await this.#on.runs().row(id))!
      const graph = await this.#on.runs().graphOf(id)
      this.#change(() => void this.#requestOf(row, graph))
    } catch (error) {
      // a process that died in between had made that run already
      if (!(error instanceof FlowError && error.code === ErrorCode.Conflict)) throw error
    }
  }

  /** All of `work` is on the disk when this returns, or nothing; what follows from it begins then. */
  #change<T>(work: () => T): T {
    const outer = this.#after
    this.#after = []
    try {
      const result = this.#on.database.transaction(work)
      const following = this.#after
      this.#after = outer
      for (const follow of following) follow()
      this.arm()
      return result
    } finally {
      this.#after = outer
    }
  }

  /** Sets the alarm for what is due next. */
  arm(): void {
    const due = this.#store.nextDue()
    if (!this.#isOpen || due === undefined || (this.#alarm && this.#alarm.at <= due)) return
    this.#alarm?.cancel()
    this.#alarm = { at: due, cancel: this.#on.timers.at(due, () => this.#ring()) }
  }

  #ring(): void {
    this.#alarm = undefined
    try {
      for (const step of this.#store.lateApprovals(this.#now())) {
        this.#change(() => this.#late(this.#store.approval(step.id)!))
      }
      this.#on.texts.hand()
    } catch (error) {
      this.#on.unforeseen(error)
    }
    this.arm()
  }

  #now(): number {
    return this.#on.surroundings.now().getTime()
  }

  #newId(): string {
    return this.#on.surroundings.newId()
  }
}

function asked(people: readonly ResolvedRecipient[]): Person[] {
  return people.filter(({ skipped }) => !skipped).map(({ memberId, name }) => ({ member: memberId, name }))
}

function personOf({ member, name }: TaskRow): Person {
  return { member, name }
}

function initiatorOf({ initiator, initiatorName }: RequestRow): Person {
  return { member: initiator, name: initiatorName }
}

function by(task: TaskRow): EventFacts {
  const { behalf, behalfName } = task
  return {
    by: personOf(task),
    ...(behalf !== null && { for: { member: behalf, name: behalfName ?? '' } }),
  }
}

function titleOf({ graph, node }: Place): string {
  return graph.nodes.find(({ id }) => id === node)?.title ?? ''
}

function byClosing(one: ApprovalRow, other: ApprovalRow): number {
  return one.closed! - other.closed! || (one.id < other.id ? -1 : 1)
}

function noSuchTask(): FlowError {
  return new FlowError(ErrorCode.NotFound, 'There is no such task', {
    hint: 'Somebody else may have it now.',
  })
}

function decidedBefore(task?: TaskRow): FlowError {
  return new FlowError(ErrorCode.Conflict, 'It was decided meanwhile', {
    hint: 'Open the request to see how.',
    params: task ? { state: task.state } : {},
  })
}

function overAlready(): FlowError {
  return new FlowError(ErrorCode.Conflict, 'The request is over', { hint: 'There is nothing left to end.' })
}

function nobodyToUrge(): FlowError {
  return new FlowError(ErrorCode.Conflict, 'Nobody is waited for at this moment')
}

function commentMissing(field: 'comment' | 'to'): FlowError {
  return new FlowError(
    ErrorCode.BodyInvalid,
    field === 'comment' ? 'This step asks for a comment' : 'It is not said where to return it to',
    { hint: 'Fill it in and decide again.', params: { field } },
  )
}

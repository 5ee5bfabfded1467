import type {
  Decision,
  DecisionAction,
  DecideLink,
  Delegation,
  MonitorPage,
  MonitorQuery,
  ProcessSummary,
  RequestDraft,
  RequestView,
  WorklistBox,
  WorklistCounts,
  WorklistPage,
  WorklistQuery,
} from '../../nodes/api/approvals.ts'
import { ErrorCode, FieldsError, FlowError } from '../../nodes/errors.ts'
import type { JsonObject } from '../../nodes/json.ts'
import type { MemberStore } from '../directory/member-store.ts'
import type { Surroundings } from '../surroundings.ts'
import type { ApprovalStore } from './approval-store.ts'
import type { Approvals } from './approvals.ts'
import { describeDelegation } from './request-views.ts'
import type { Looker, RequestViews } from './request-views.ts'
import type { Person } from './rows.ts'

export interface RequestsOptions {
  approvals: Approvals
  views: RequestViews
  store: ApprovalStore
  members: MemberStore
  surroundings: Surroundings
}

/** How many people a decision names, at least and at most. */
const peopleOf: Record<DecisionAction, readonly [number, number]> = {
  approve: [0, 0],
  reject: [0, 0],
  return: [0, 0],
  transfer: [1, 1],
  add: [1, Infinity],
}

/** Colleagues that one search answers. */
const COLLEAGUES = 20

/**
 * What members do with requests, and operators. Whoever calls this has made sure who the member is: the server by its
 * session, a host by its own sign-in.
 */
export class Requests {
  readonly #on: RequestsOptions

  constructor(options: RequestsOptions) {
    this.#on = options
  }

  recover(): Promise<void> {
    return this.#on.approvals.recover()
  }

  /** A run that was held goes on: what is due in its request is due now. */
  wentOn(): void {
    this.#on.approvals.arm()
  }

  close(): void {
    this.#on.approvals.close()
  }

  processes(member: string): ProcessSummary[] {
    return this.#on.views.processes(member)
  }

  draft(member: string, process: string): RequestDraft | null {
    const draft = this.#on.store.draft(member, process)
    return draft ? { input: draft.input, updated: new Date(draft.updated).toISOString() } : null
  }

  saveDraft(member: string, process: string, input: JsonObject): RequestDraft {
    this.#on.store.saveDraft(member, process, input, this.#now())
    return this.draft(member, process)!
  }

  deleteDraft(member: string, process: string): void {
    this.#on.store.deleteDraft(member, process)
  }

  /** @throws FlowError `NOT_FOUND`, and what the start of a run refuses */
  async initiate(member: string, process: string, input: JsonObject, key?: string): Promise<{ id: string }> {
    const id = await this.#on.approvals.initiate(this.#person(member), process, input, key)
    return { id }
  }

  titleOf(id: string): string | undefined {
    return this.#on.store.request(id)?.title
  }

  counts(member: string): WorklistCounts {
    return this.#on.views.counts(member)
  }

  worklist(member: string, box: WorklistBox, query: WorklistQuery): Promise<WorklistPage> {
    return this.#on.views.worklist(member, box, query)
  }

  /** @throws FlowError `NOT_FOUND` */
  view(id: string, looker: Looker): Promise<RequestView> {
    return this.#on.views.view(id, looker)
  }

  /** @throws FlowError `NOT_FOUND`, `CONFLICT`, `FORBIDDEN`, `BODY_INVALID`; FieldsError where the people do not fit */
  decide(member: string, id: string, decision: Decision): void {
    const people = this.#people(decision.members, 'members')
    const [least, most] = peopleOf[decision.action]
    if (people.length < least || people.length > most) throw wrongPeople('members')
    this.#on.approvals.decide(member, id, decision, people)
  }

  revoke(member: string, id: string, comment: string): Promise<void> {
    return this.#on.approvals.revoke(member, id, comment)
  }

  resubmit(member: string, id: string, input: JsonObject): Promise<void> {
    return this.#on.approvals.resubmit(member, id, input)
  }

  urge(member: string, id: string): Promise<void> {
    return this.#on.approvals.urge(member, id)
  }

  /** People in service, by name; never numbers. */
  colleagues(search: string): Person[] {
    const { members } = this.#on.members.page({ search, limit: COLLEAGUES * 2, offset: 0 })
    return members
      .filter(
        ({ status, name }) => status === 'in-service' && name.toLowerCase().includes(search.toLowerCase()),
      )
      .slice(0, COLLEAGUES)
      .map(({ id, name }) => ({ member: id, name }))
  }

  delegations(member: string): Delegation[] {
    return this.#on.views.delegations(member)
  }

  /** @throws FieldsError `BODY_INVALID` */
  delegate(
    member: string,
    { deputy, from, until }: { deputy: string; from: string; until: string },
  ): Delegation {
    const [person] = this.#people([deputy], 'deputy')
    if (!person || deputy === member) throw wrongPeople('deputy')
    const starts = Date.parse(from)
    const ends = Date.parse(until)
    if (ends <= starts || ends <= this.#now()) {
      throw new FieldsError(ErrorCode.BodyInvalid, 'The time of the delegation is over before it begins', [
        { path: 'until', key: 'notAfter', message: 'Choose a later end' },
      ])
    }
    const id = this.#on.surroundings.newId()
    const row = { id, member, deputy, deputyName: person.name, starts, ends }
    this.#on.store.insertDelegation(row)
    return describeDelegation(row)
  }

  /** @throws FlowError `NOT_FOUND` */
  endDelegation(member: string, id: string): void {
    if (this.#on.store.deleteDelegation(id, member)) return
    throw new FlowError(ErrorCode.NotFound, 'There is no such delegation')
  }

  link(token: string): Promise<DecideLink> {
    return this.#on.views.link(token)
  }

  /** Decides by the link of a text. A link that opens nothing says so and no more. */
  decideByLink(token: string, action: 'approve' | 'reject', comment: string): DecideLink {
    const found = this.#on.views.linkedTask(token)
    if (!found) return { state: 'gone' }
    const { task, step, request } = found
    try {
      const decision: Decision = { task: task.id, action, comment, members: [] }
      this.#on.approvals.decide(task.member, request.id, decision, [])
    } catch (error) {
      if (error instanceof FlowError && error.code === ErrorCode.Conflict) return { state: 'gone' }
      throw error
    }
    return { state: 'decided', request: request.id, title: request.title, step: step.title }
  }

  monitor(query: MonitorQuery): Promise<MonitorPage> {
    return this.#on.views.monitor(query)
  }

  /** @throws FlowError `NOT_FOUND`, `CONFLICT`; FieldsError where the people do not fit */
  reassign(
    id: string,
    { step, members, comment }: { step: string; members: readonly string[]; comment: string },
    operator: string | null,
  ): void {
    const people = this.#people(members, 'members')
    if (people.length === 0) throw wrongPeople('members')
    this.#on.approvals.reassign(id, step, people, comment, this.#operator(operator))
  }

  cancel(id: string, comment: string, operator: string | null): Promise<void> {
    return this.#on.approvals.cancel(id, comment, this.#operator(operator))
  }

  textAgain(id: string, task: string, operator: string | null): void {
    this.#on.approvals.textAgain(id, task, this.#operator(operator))
  }

  #operator(member: string | null): Person | null {
    return member === null ? null : this.#person(member)
  }

  /** @throws FlowError `FORBIDDEN` for somebody who is not in service (any more) */
  #person(id: string): Person {
    const [person] = this.#inService([id])
    if (person) return person
    throw new FlowError(ErrorCode.Forbidden, 'Only members in service have requests', {
      hint: 'Sign in as a member of the directory.',
    })
  }

  /** @throws FieldsError `BODY_INVALID` where one of them is not in service */
  #people(ids: readonly string[], field: string): Person[] {
    const people = this.#inService(ids)
    if (people.length !== new Set(ids).size) throw wrongPeople(field)
    return people
  }

  #inService(ids: readonly string[]): Person[] {
    return this.#on.members
      .byIds([...new Set(ids)])
      .filter(({ status }) => status === 'in-service')
      .map(({ id, name }) => ({ member: id, name }))
  }

  #now(): number {
    return this.#on.surroundings.now().getTime()
  }
}

function wrongPeople(field: string): FieldsError {
  return new FieldsError(ErrorCode.BodyInvalid, 'These people do not fit', [
    { path: field, key: 'unknownMember', message: 'Choose members in service' },
  ])
}

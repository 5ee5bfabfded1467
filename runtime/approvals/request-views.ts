import type {
  DecideLink,
  Delegation,
  MonitorPage,
  MonitorQuery,
  OpenStep,
  OwnTask,
  ProcessSummary,
  RequestText,
  RequestView,
  WorklistBox,
  WorklistCounts,
  WorklistEntry,
  WorklistPage,
  WorklistQuery,
} from '../../nodes/api/approvals.ts'
import { INITIATOR } from '../../nodes/approval/process.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { Graph, GraphInput } from '../../nodes/graph/schema.ts'
import type { FunctionStore } from '../elements/functions.ts'
import type { Run } from '../../nodes/api/runs.ts'
import type { ApprovalStore, ListedRequest } from './approval-store.ts'
import type { Approvals } from './approvals.ts'
import { LINK_MS } from './decide-links.ts'
import type { DecideLinks } from './decide-links.ts'
import type { ApprovalRow, DelegationRow, EventRow, Person, RequestRow, TaskRow } from './rows.ts'

export interface RequestViewsOptions {
  store: ApprovalStore
  approvals: Approvals
  links: DecideLinks
  functions: FunctionStore
  graphOf: (runId: string) => Promise<Graph>
  run: (id: string) => Promise<Run | undefined>
  clock: () => number
}

/** Who looks at a request. */
export interface Looker {
  /** Null: came in by the start link or a token. */
  member: string | null
  mayOperate: boolean
}

/** Lines of the form that a card shows. */
const DIGEST = 3

/** Requests as pages show them. */
export class RequestViews {
  readonly #on: RequestViewsOptions
  readonly #store: ApprovalStore
  /** Forms by the hash of the graph, which never changes. */
  readonly #graphs = new Map<string, Promise<Graph>>()

  constructor(options: RequestViewsOptions) {
    this.#on = options
    this.#store = options.store
  }

  /** Processes that were published, by title. */
  processes(member: string): ProcessSummary[] {
    return this.#on.functions
      .list()
      .filter(({ published, isProcess }) => published !== null && isProcess)
      .map(({ name }) => this.#on.functions.graph(name, 'published'))
      .filter(({ process }) => process !== undefined)
      .map(({ name, title, description, inputs }) => ({
        ...{ name, title, description, inputs: formOf(inputs) },
        draft: iso(this.#store.draft(member, name)?.updated ?? null),
      }))
      .sort((one, other) => one.title.localeCompare(other.title))
  }

  counts(member: string): WorklistCounts {
    return this.#store.counts(member)
  }

  async worklist(
    member: string,
    box: WorklistBox,
    { before, limit, search }: WorklistQuery,
  ): Promise<WorklistPage> {
    const rows = this.#store.list(box, { member, search, before: before ?? null, limit: limit + 1 })
    const page = rows.slice(0, limit)
    return {
      entries: await Promise.all(page.map((each) => this.#entry(each))),
      next: rows.length > limit ? page.at(-1)!.cursor : null,
    }
  }

  async monitor({ before, limit, search, state, process, paused }: MonitorQuery): Promise<MonitorPage> {
    const rows = this.#store.monitor({
      ...{ state: state ?? null, process: process ?? null, paused: paused ?? false, search },
      ...{ before: before ?? null, limit: limit + 1 },
    })
    const page = rows.slice(0, limit)
    const entries = page.map(async (each) => {
      const steps = this.#waiting(each.request.id)
      const tasks = steps
        .flatMap(({ id }) => this.#store.tasksOf(id))
        .filter(({ state: of }) => of === 'open')
      return {
        ...(await this.#entry(each)),
        waitsFor: tasks.map(personOf),
        since: iso(steps[0]?.opened ?? null),
        isPaused: steps.some((step) => step.state === 'paused'),
      }
    })
    return {
      entries: await Promise.all(entries),
      next: rows.length > limit ? page.at(-1)!.cursor : null,
    }
  }

  /** @throws FlowError `NOT_FOUND` where there is none, or the one who asks has no part in it */
  async view(id: string, looker: Looker): Promise<RequestView> {
    const request = this.#store.request(id)
    if (!request || !this.#maySee(request, looker)) throw noSuchRequest()
    const { member, mayOperate } = looker
    if (member !== null) this.#store.readCopy(id, member, this.#on.clock())
    const graph = await this.#graph(request)
    const isInitiator = member === request.initiator
    const isOpen = request.state === 'running' || request.state === 'returned'
    const waiting = this.#waiting(id)
    const urgeFrom = this.#on.approvals.urgeFrom(request, graph.process?.urgeMinutes ?? 60)
    return {
      ...{ id, title: request.title, process: processOf(request), initiator: initiatorOf(request) },
      ...{ state: request.state, round: request.round },
      created: iso(request.created)!,
      finished: iso(request.finished),
      form: formOf(graph.inputs).map((input) => ({ ...input, value: request.input[input.name] ?? null })),
      steps: waiting.map((step) => this.#step(step)),
      history: this.#store.events(id).map(describeEvent),
      mine: member === null ? null : this.#own(waiting, member),
      may: {
        revoke: isInitiator && this.#on.approvals.mayRevoke(request, graph.process?.revoke),
        resubmit: isInitiator && request.state === 'returned',
        urge: isInitiator && waiting.some(({ state }) => state === 'open'),
        urgeFrom: urgeFrom === null || urgeFrom <= this.#on.clock() ? null : iso(urgeFrom),
        operate: mayOperate && isOpen,
      },
      texts: mayOperate ? await this.#texts(id) : [],
      run: mayOperate ? request.runId : null,
    }
  }

  delegations(member: string): Delegation[] {
    return this.#store.delegations(member, this.#on.clock()).map(describeDelegation)
  }

  /** What a link is about; `gone` for each that does not open anything (any more). */
  async link(token: string): Promise<DecideLink> {
    const found = this.linkedTask(token)
    if (!found) return { state: 'gone' }
    const { task, step, request } = found
    return {
      ...{ state: 'open', request: request.id, title: request.title, process: request.processTitle },
      ...{ initiator: request.initiatorName, step: step.title, person: task.name },
      digest: digestOf(request, await this.#graph(request)),
      decides: true,
      actions: step.rules.canReject ? ['approve', 'reject'] : ['approve'],
      comment: step.rules.comment,
    }
  }

  /** The open task that a link decides. */
  linkedTask(token: string): { task: TaskRow; step: ApprovalRow; request: RequestRow } | undefined {
    const task = this.#store.taskByLink(this.#on.links.hashOf(token))
    if (task?.state !== 'open' || task.created + LINK_MS < this.#on.clock()) return undefined
    const step = this.#store.approval(task.approvalId)!
    if (!step.rules.smsDecides) return undefined
    return { task, step, request: this.#store.request(task.requestId)! }
  }

  #maySee({ id, initiator }: RequestRow, { member, mayOperate }: Looker): boolean {
    if (mayOperate) return true
    if (member === null) return false
    return (
      initiator === member ||
      this.#store.tasksOfRequest(id).some((task) => task.member === member || task.behalf === member) ||
      this.#store.hasCopy(id, member)
    )
  }

  #waiting(requestId: string): ApprovalRow[] {
    return this.#store.approvalsOf(requestId).filter(({ state }) => state === 'open' || state === 'paused')
  }

  #step(step: ApprovalRow): OpenStep {
    return {
      ...{ id: step.id, title: step.title, sign: step.rules.sign },
      since: iso(step.opened)!,
      due: iso(step.due),
      isPaused: step.state === 'paused',
      tasks: this.#store.tasksOf(step.id).map((task) => ({
        ...{ id: task.id, person: personOf(task), for: behalfOf(task), state: task.state },
      })),
    }
  }

  #own(waiting: readonly ApprovalRow[], member: string): OwnTask | null {
    for (const step of waiting) {
      const task = this.#store
        .tasksOf(step.id)
        .find((each) => each.member === member && each.state === 'open' && step.state === 'open')
      if (!task) continue
      const { canReject, canReturn, canTransfer, canAdd, comment } = step.rules
      return {
        ...{ id: task.id, step: step.title, for: behalfOf(task), comment, due: iso(step.due) },
        actions: [
          'approve',
          ...(canReject ? (['reject'] as const) : []),
          ...(canReturn ? (['return'] as const) : []),
          ...(canTransfer ? (['transfer'] as const) : []),
          ...(canAdd ? (['add'] as const) : []),
        ],
        returnTo: canReturn
          ? this.#on.approvals.returnTargets(step).map(({ id, title }) => ({ id, title }))
          : [],
      }
    }
    return null
  }

  async #texts(requestId: string): Promise<RequestText[]> {
    return Promise.all(
      this.#store.textsOf(requestId).map(async (text) => {
        const run = text.runId === null ? undefined : await this.#on.run(text.runId)
        const message = run?.steps.flatMap(({ messages = [] }) => messages)[0]
        const { id, step, kind, state, runId } = text
        return {
          ...{ id, step, kind, state, run: runId },
          person: personOf(text),
          at: iso(text.due)!,
          message: message
            ? {
                ...{ id: message.id, state: message.state, phone: message.phone },
                ...(message.delivery && { delivery: message.delivery }),
              }
            : null,
        }
      }),
    )
  }

  async #entry({ request, at, due, did, isUnread }: ListedRequest): Promise<WorklistEntry> {
    return {
      ...{ id: request.id, title: request.title, process: processOf(request) },
      ...{ initiator: initiatorOf(request), state: request.state, did, isUnread },
      created: iso(request.created)!,
      step: this.#waiting(request.id)[0]?.title ?? null,
      at: iso(at)!,
      due: iso(due),
      digest: digestOf(request, await this.#graph(request)),
    }
  }

  #graph({ version, runId }: RequestRow): Promise<Graph> {
    let graph = this.#graphs.get(version)
    if (!graph) {
      if (this.#graphs.size > 500) this.#graphs.clear()
      graph = this.#on.graphOf(runId)
      this.#graphs.set(version, graph)
      graph.catch(() => this.#graphs.delete(version))
    }
    return graph
  }
}

export function describeDelegation({ id, deputy, deputyName, starts, ends }: DelegationRow): Delegation {
  return { id, deputy: { member: deputy, name: deputyName }, from: iso(starts)!, until: iso(ends)! }
}

/** What people fill in: everything but who it is that does. */
function formOf(inputs: readonly GraphInput[]): GraphInput[] {
  return inputs.filter(({ name }) => name !== INITIATOR)
}

function digestOf({ input }: RequestRow, { inputs }: Graph): WorklistEntry['digest'] {
  return formOf(inputs)
    .filter(({ type }) => type !== 'object' && type !== 'list')
    .slice(0, DIGEST)
    .map(({ name, title, type }) => ({ title: title || name, type, value: input[name] ?? null }))
}

function describeEvent({ kind, at, facts }: EventRow): RequestView['history'][number] {
  return {
    ...{ kind, at: iso(at)!, by: null, for: null, step: '', people: [], comment: '', to: '' },
    ...facts,
  }
}

function processOf({ functionName, processTitle }: RequestRow) {
  return { name: functionName, title: processTitle }
}

function initiatorOf({ initiator, initiatorName }: RequestRow): Person {
  return { member: initiator, name: initiatorName }
}

function personOf({ member, name }: Person): Person {
  return { member, name }
}

function behalfOf({ behalf, behalfName }: TaskRow): Person | null {
  return behalf === null ? null : { member: behalf, name: behalfName ?? '' }
}

function iso(time: number): string
function iso(time: number | null): string | null
function iso(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString()
}

function noSuchRequest(): FlowError {
  return new FlowError(ErrorCode.NotFound, 'There is no such request', {
    hint: 'It may be somebody else’s, or its link is wrong.',
  })
}

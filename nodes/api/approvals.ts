import { z } from 'zod'
import { directoryId } from '../directory/schema.ts'
import { functionName, graphInput } from '../graph/schema.ts'
import { deliveryState, messageState } from '../messages.ts'
import { person } from './accounts.ts'
import { route } from './route.ts'

/**
 * States of one request (somebody's way through an approval process). `returned`: its initiator is to change it and
 * hand it in again. `failed`: its run broke off; an operator sees where.
 */
export const requestStates = [
  'running',
  'returned',
  'approved',
  'rejected',
  'revoked',
  'cancelled',
  'failed',
] as const
export const requestState = z.enum(requestStates)
export type RequestState = z.infer<typeof requestState>

/** What somebody does with a task. */
export const decisionActions = ['approve', 'reject', 'return', 'transfer', 'add'] as const
export const decisionAction = z.enum(decisionActions)
export type DecisionAction = z.infer<typeof decisionAction>

/**
 * `waiting`: others decide before. `closed`: the step was decided without this person. `transferred`: somebody else has
 * it now.
 */
export const taskStates = [
  'waiting',
  'open',
  'approved',
  'rejected',
  'returned',
  'transferred',
  'closed',
] as const
export const taskState = z.enum(taskStates)
export type TaskState = z.infer<typeof taskState>

export const MAX_COMMENT = 2_000
const comment = z.string().trim().max(MAX_COMMENT).default('')

const requestId = z.string().min(1).max(40)
const byRequest = z.object({ id: requestId })
const byProcess = z.object({ name: functionName })
const byToken = z.object({ token: z.string().min(1).max(100) })

/** A process as its initiators see it. */
export const processSummary = z.object({
  name: functionName,
  title: z.string(),
  description: z.string(),
  /** What the initiation form asks for. */
  inputs: z.array(graphInput),
  /** When a draft of the form was saved, where there is one. */
  draft: z.string().nullable(),
})
export type ProcessSummary = z.infer<typeof processSummary>

export const requestDraft = z.object({
  input: z.record(z.string(), z.json()),
  updated: z.string(),
})
export type RequestDraft = z.infer<typeof requestDraft>

const requestInput = z.record(z.string(), z.json())

/** A line of a To-Do list. */
export const worklistEntry = z.object({
  id: requestId.describe('Of the request'),
  title: z.string(),
  process: z.object({ name: functionName, title: z.string() }),
  initiator: person,
  state: requestState,
  created: z.string(),
  /** Title of the step that waits; null: none does. */
  step: z.string().nullable(),
  /** When the task came, the decision was made, or the copy was sent. */
  at: z.string(),
  /** Until when it is to be decided; null: no limit. */
  due: z.string().nullable(),
  /** The first lines of the form, for a card. */
  digest: z.array(z.object({ title: z.string(), value: z.json(), type: graphInput.shape.type })),
  /** Only of copies: not opened yet. */
  isUnread: z.boolean(),
  /** Only of `done`: what this person did. */
  did: taskState.nullable(),
})
export type WorklistEntry = z.infer<typeof worklistEntry>

export const worklistBox = z.enum(['decide', 'done', 'initiated', 'copied'])
export type WorklistBox = z.infer<typeof worklistBox>

export const worklistQuery = z.object({
  before: z.string().max(100).optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(100).default(30),
  search: z.string().trim().max(100).default(''),
})
export type WorklistQuery = z.infer<typeof worklistQuery>

export const worklistPage = z.object({
  entries: z.array(worklistEntry),
  next: z.string().nullable().describe('`before` of the next page; null: there is no more'),
})
export type WorklistPage = z.infer<typeof worklistPage>

export const worklistCounts = z.object({ decide: z.int(), copied: z.int().describe('Copies not opened yet') })
export type WorklistCounts = z.infer<typeof worklistCounts>

/** One line of a request's history. Text: `approvals.events.<kind>` in the locale files. */
export const requestEventKinds = [
  'initiated',
  'resubmitted',
  'asked',
  'approved',
  'rejected',
  'returned',
  'transferred',
  'added',
  'passed',
  'approved-before',
  'paused',
  'reassigned',
  'reminded',
  'urged',
  'time-approved',
  'time-rejected',
  'time-transferred',
  'copied',
  'revoked',
  'cancelled',
  'ended',
  'failed',
] as const
export const requestEvent = z.object({
  kind: z.enum(requestEventKinds),
  at: z.string(),
  /** Who did it; null: the process by itself. */
  by: person.nullable(),
  /** On whose behalf, where somebody stands in. */
  for: person.nullable(),
  /** Title of the step; empty: none. */
  step: z.string(),
  /** Whom it is about: asked, added, copied. */
  people: z.array(person),
  comment: z.string(),
  /** Of `returned`: to which step; empty: to the initiator. Of `ended`: how. */
  to: z.string(),
})
export type RequestEvent = z.infer<typeof requestEvent>

export const taskView = z.object({
  id: z.string(),
  person: person,
  for: person.nullable(),
  state: taskState,
})
export type TaskView = z.infer<typeof taskView>

/** A step of a request that waits for people. */
export const openStep = z.object({
  id: z.string(),
  title: z.string(),
  sign: z.enum(['any', 'all', 'in-order']),
  since: z.string(),
  due: z.string().nullable(),
  /** Nobody can decide it: an operator names somebody. */
  isPaused: z.boolean(),
  tasks: z.array(taskView),
})
export type OpenStep = z.infer<typeof openStep>

/** What the one who asks may do with the request. */
export const ownTask = z.object({
  id: z.string(),
  step: z.string(),
  for: person.nullable(),
  actions: z.array(decisionAction),
  comment: z.enum(['none', 'optional', 'required']),
  due: z.string().nullable(),
  /** Earlier steps that it can be returned to, and always the initiator (`initiator`). */
  returnTo: z.array(z.object({ id: z.string(), title: z.string() })),
})
export type OwnTask = z.infer<typeof ownTask>

/** A text of a request and what became of it, for operators. */
export const requestText = z.object({
  id: z.string(),
  person: person,
  step: z.string(),
  kind: z.enum(['asked', 'urged', 'reminded', 'copied', 'ended']),
  /** `due`: it waits for its time. `sent`: it was handed to the engine; then `message` says more. */
  state: z.enum(['due', 'dropped', 'sent']),
  at: z.string(),
  run: z.string().nullable(),
  message: z
    .object({ id: z.string(), state: messageState, delivery: deliveryState.optional(), phone: z.string() })
    .nullable(),
})
export type RequestText = z.infer<typeof requestText>

export const requestView = z.object({
  id: requestId,
  title: z.string(),
  process: z.object({ name: functionName, title: z.string() }),
  initiator: person,
  state: requestState,
  /** How often it was handed in or taken up again. */
  round: z.int(),
  created: z.string(),
  finished: z.string().nullable(),
  /** The form as it was handed in, with what it asks for. */
  form: z.array(graphInput.extend({ value: z.json() })),
  steps: z.array(openStep),
  history: z.array(requestEvent),
  mine: ownTask.nullable(),
  may: z.object({
    revoke: z.boolean(),
    resubmit: z.boolean(),
    urge: z.boolean(),
    /** Until then nobody is urged again; null: at once. */
    urgeFrom: z.string().nullable(),
    /** Reassign, cancel, text again. */
    operate: z.boolean(),
  }),
  /** Only for operators. */
  texts: z.array(requestText),
  /** The run of the process, only for operators. */
  run: z.string().nullable(),
})
export type RequestView = z.infer<typeof requestView>

export const decision = z.strictObject({
  task: z.string().min(1).max(100),
  action: decisionAction,
  comment,
  /** Of `return`: id of a step of `returnTo`, or `initiator`. */
  to: z.string().max(100).optional(),
  /** Of `transfer` one, of `add` some. */
  members: z.array(directoryId).max(20).default([]),
})
export type Decision = z.infer<typeof decision>

export const delegation = z.object({
  id: z.string(),
  deputy: person,
  /** ISO 8601. */
  from: z.string(),
  until: z.string(),
})
export type Delegation = z.infer<typeof delegation>

export const writeDelegation = z.strictObject({
  deputy: directoryId,
  from: z.iso.datetime({ offset: true }),
  until: z.iso.datetime({ offset: true }),
})

/** What a link of a text shows before anybody signs in. A link that is wrong, old or used says `gone` and no more. */
export const decideLink = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('open'),
    request: requestId,
    title: z.string(),
    process: z.string(),
    initiator: z.string(),
    step: z.string(),
    person: z.string(),
    digest: worklistEntry.shape.digest,
    /** Whether the link decides by itself; otherwise the page asks to sign in. */
    decides: z.boolean(),
    actions: z.array(z.enum(['approve', 'reject'])),
    comment: z.enum(['none', 'optional', 'required']),
  }),
  z.object({ state: z.literal('decided'), request: requestId, title: z.string(), step: z.string() }),
  z.object({ state: z.literal('gone') }),
])
export type DecideLink = z.infer<typeof decideLink>

export const monitorQuery = worklistQuery.extend({
  state: requestState.optional(),
  process: functionName.optional(),
  paused: z.stringbool().optional().describe('Only those that an operator has to name somebody for'),
})
export type MonitorQuery = z.infer<typeof monitorQuery>

export const monitorEntry = worklistEntry.extend({
  /** Who is waited for. */
  waitsFor: z.array(person),
  /** Since when the step waits. */
  since: z.string().nullable(),
  isPaused: z.boolean(),
})
export const monitorPage = z.object({ entries: z.array(monitorEntry), next: z.string().nullable() })
export type MonitorPage = z.infer<typeof monitorPage>

const tag = 'Approvals'

export const approvalRoutes = {
  listProcesses: route({
    ...{
      method: 'GET',
      path: '/api/processes',
      tag,
      summary: 'Lists the processes that members may initiate',
    },
    response: z.array(processSummary),
  }),
  getRequestDraft: route({
    ...{ method: 'GET', path: '/api/processes/{name}/draft', tag, summary: 'Reads the own draft of a form' },
    params: byProcess,
    response: requestDraft.nullable(),
  }),
  saveRequestDraft: route({
    ...{
      method: 'PUT',
      path: '/api/processes/{name}/draft',
      tag,
      summary: 'Keeps a form that is not whole yet',
    },
    params: byProcess,
    body: z.strictObject({ input: requestInput }),
    response: requestDraft,
  }),
  deleteRequestDraft: route({
    ...{ method: 'DELETE', path: '/api/processes/{name}/draft', tag, summary: 'Throws the own draft away' },
    params: byProcess,
    response: null,
  }),
  initiateRequest: route({
    ...{ method: 'POST', path: '/api/processes/{name}/requests', tag, status: 201 },
    summary: 'Hands a request in; the same `Idempotency-Key` answers the same request',
    params: byProcess,
    body: z.strictObject({ input: requestInput }),
    response: z.object({ id: requestId }),
  }),
  countWorklist: route({
    ...{ method: 'GET', path: '/api/to-do', tag, summary: 'Counts what waits for the one who asks' },
    response: worklistCounts,
  }),
  listWorklist: route({
    ...{ method: 'GET', path: '/api/to-do/{box}', tag },
    summary: 'Lists requests: to decide, decided, initiated, copied to the one who asks',
    params: z.object({ box: worklistBox }),
    query: worklistQuery,
    response: worklistPage,
  }),
  getRequest: route({
    ...{ method: 'GET', path: '/api/requests/{id}', tag },
    summary: 'Reads a request that the one who asks has a part in, with its history',
    params: byRequest,
    response: requestView,
  }),
  decideTask: route({
    ...{ method: 'POST', path: '/api/requests/{id}/decision', tag },
    summary: 'Decides a task, once: whoever comes second gets 409 and what was decided',
    params: byRequest,
    body: decision,
    response: requestView,
  }),
  revokeRequest: route({
    ...{ method: 'POST', path: '/api/requests/{id}/revoke', tag, summary: 'Takes an own request back' },
    params: byRequest,
    body: z.strictObject({ comment }),
    response: requestView,
  }),
  resubmitRequest: route({
    ...{ method: 'POST', path: '/api/requests/{id}/resubmit', tag },
    summary: 'Hands a returned request in again',
    params: byRequest,
    body: z.strictObject({ input: requestInput }),
    response: requestView,
  }),
  urgeRequest: route({
    ...{ method: 'POST', path: '/api/requests/{id}/urge', tag },
    summary: 'Reminds those who are waited for; too soon after the last time it is refused with 429',
    params: byRequest,
    response: requestView,
  }),
  listColleagues: route({
    ...{ method: 'GET', path: '/api/colleagues', tag },
    summary: 'Finds people in service by their name, for handing a task on; without numbers',
    query: z.object({ search: z.string().trim().max(100).default('') }),
    response: z.array(person),
  }),
  listDelegations: route({
    ...{ method: 'GET', path: '/api/delegations', tag, summary: 'Lists who stands in for the one who asks' },
    response: z.array(delegation),
  }),
  createDelegation: route({
    ...{ method: 'POST', path: '/api/delegations', tag, status: 201 },
    summary: 'Has somebody else decide for a time; tasks that come then, and their texts, go there',
    body: writeDelegation,
    response: delegation,
  }),
  deleteDelegation: route({
    ...{ method: 'DELETE', path: '/api/delegations/{id}', tag, summary: 'Ends a delegation' },
    params: z.object({ id: z.string().min(1).max(40) }),
    response: null,
  }),
  readDecideLink: route({
    ...{ method: 'GET', path: '/api/decide/{token}', tag, open: true },
    summary: 'Shows what the link of a text is about; decides nothing',
    params: byToken,
    response: decideLink,
  }),
  useDecideLink: route({
    ...{ method: 'POST', path: '/api/decide/{token}', tag, open: true },
    summary: 'Decides by the link of a text, once',
    params: byToken,
    body: z.strictObject({ action: z.enum(['approve', 'reject']), comment }),
    response: decideLink,
  }),
  monitorRequests: route({
    ...{ method: 'GET', path: '/api/monitor/requests', tag },
    summary: 'Lists every request: where it stands, since when, whom it waits for',
    query: monitorQuery,
    response: monitorPage,
  }),
  reassignStep: route({
    ...{ method: 'POST', path: '/api/requests/{id}/reassign', tag },
    summary: 'Has other people decide a step that waits',
    params: byRequest,
    body: z.strictObject({
      step: z.string().min(1).max(100),
      members: z.array(directoryId).min(1).max(50),
      comment,
    }),
    response: requestView,
  }),
  cancelRequest: route({
    ...{ method: 'POST', path: '/api/requests/{id}/cancel', tag, summary: 'Ends a request for everybody' },
    params: byRequest,
    body: z.strictObject({ comment }),
    response: requestView,
  }),
  textAgain: route({
    ...{ method: 'POST', path: '/api/requests/{id}/text', tag },
    summary: 'Texts somebody once more whose task is open',
    params: byRequest,
    body: z.strictObject({ task: z.string().min(1).max(100) }),
    response: requestView,
  }),
}

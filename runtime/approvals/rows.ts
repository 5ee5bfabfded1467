import type { requestEvent, RequestState, RequestText, TaskState } from '../../nodes/api/approvals.ts'
import type { ApprovalRules } from '../../nodes/approval/ask.ts'
import type { ApprovalResult } from '../../nodes/approval/definition.ts'
import type { SmsSwitch } from '../../nodes/approval/sms-switch.ts'
import type { GivenPlaceholder } from '../../nodes/approval/sms-text.ts'
import type { JsonObject } from '../../nodes/json.ts'
import type { z } from 'zod'

export interface Person {
  member: string
  name: string
}

export interface RequestRow {
  id: string
  functionName: string
  processTitle: string
  title: string
  initiator: string
  initiatorName: string
  input: JsonObject
  /** The run that goes on with it now. */
  runId: string
  version: string
  round: number
  state: RequestState
  /** Path of the step that the next run begins at, while one is being made. */
  backTo: string | null
  urged: number | null
  created: number
  finished: number | null
}

/** What a step remembers of its node: how it is decided, and what it texts. */
export interface StepRules extends ApprovalRules {
  latePeople: Person[]
  sms: SmsSwitch | null
}

export interface ApprovalRow {
  id: string
  requestId: string
  runId: string
  path: string
  title: string
  rules: StepRules
  state: 'open' | 'paused' | 'approved' | 'rejected' | 'returned' | 'cancelled'
  due: number | null
  result: ApprovalResult | null
  /** The run has gone on with the result. */
  taken: number
  opened: number
  closed: number | null
}

export interface TaskRow {
  id: string
  approvalId: string
  requestId: string
  member: string
  name: string
  behalf: string | null
  behalfName: string | null
  seat: number
  state: TaskState
  created: number
  decided: number | null
}

type Event = z.infer<typeof requestEvent>
/** What happened, as it is kept: what is not said is nothing. */
export type EventFacts = Partial<Pick<Event, 'by' | 'for' | 'step' | 'people' | 'comment' | 'to'>>
export type EventKind = Event['kind']

export interface EventRow {
  at: number
  kind: EventKind
  facts: EventFacts
}

/** What is sent: a text as a node has it, and what fills its own placeholders. */
export interface TextPlan {
  sms: SmsSwitch
  given: Partial<Record<GivenPlaceholder, string>>
  /** The link decides by itself. */
  decides: boolean
}

export interface TextRow {
  id: string
  requestId: string
  taskId: string | null
  member: string
  name: string
  kind: RequestText['kind']
  step: string
  plan: TextPlan
  state: RequestText['state']
  due: number
  runId: string | null
}

export interface DelegationRow {
  id: string
  member: string
  deputy: string
  deputyName: string
  starts: number
  ends: number
}

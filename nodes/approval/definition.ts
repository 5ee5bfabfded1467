import { z } from 'zod'
import { defineNode } from '../define.ts'
import { recipientProblems } from '../directory/check-recipients.ts'
import { directoryEntry } from '../directory/directory-value.ts'
import { recipientsParam } from '../directory/recipient-params.ts'
import type { CheckContext, Problem } from '../graph/problems.ts'
import { smsSwitch } from './sms-switch.ts'
import { smsSwitchProblems } from './sms-text.ts'

/** A year: no limit of time and no text waits longer. */
const MOST_MINUTES = 366 * 24 * 60

const params = z.strictObject({
  /** Who decides. */
  recipients: recipientsParam,
  /** `any`: the first decision counts. `all`: everybody has to approve. `in-order`: one after the other. */
  sign: z.enum(['any', 'all', 'in-order']).default('any').meta({ control: 'select' }),
  canReject: z.boolean().default(true).meta({ control: 'switch' }),
  /** To an earlier step, or to the initiator. */
  canReturn: z.boolean().default(true).meta({ control: 'switch' }),
  /** Somebody else decides in one's place. */
  canTransfer: z.boolean().default(true).meta({ control: 'switch' }),
  /** Others decide as well. */
  canAdd: z.boolean().default(false).meta({ control: 'switch' }),
  comment: z.enum(['none', 'optional', 'required']).default('optional').meta({ control: 'select' }),
  /** Where nobody is found who could decide. `pause`: an operator names somebody. */
  nobody: z.enum(['pause', 'pass', 'administrator']).default('pause').meta({ control: 'select' }),
  /** Whoever approved the same request in an earlier step. `once`: has approved this step too. */
  repeated: z.enum(['ask', 'once']).default('ask').meta({ control: 'select' }),
  /** What happens where nobody has decided in time. */
  late: z
    .enum(['nothing', 'remind', 'transfer', 'approve', 'reject'])
    .default('nothing')
    .meta({ control: 'select' }),
  lateMinutes: z
    .int()
    .min(1)
    .max(MOST_MINUTES)
    .default(24 * 60)
    .meta({ control: 'approval-late-minutes' }),
  /** Only of `transfer`: who decides then. */
  lateRecipients: recipientsParam.optional().meta({ control: 'approval-late-recipients' }),
  ...smsSwitch,
  /** Minutes until the text leaves, to those who have not decided by then. 0: at once. */
  smsAfterMinutes: z.int().min(0).max(MOST_MINUTES).default(0).meta({ control: 'approval-sms-after' }),
  /** The link of the text decides by itself, once, without signing in; otherwise it leads to the sign-in. */
  smsDecides: z.boolean().default(false).meta({ control: 'approval-sms-decides' }),
})
export type ApprovalParams = z.output<typeof params>

/** How a step of an approval process was decided. */
export const approvalResult = z.object({
  outcome: z.enum(['approved', 'rejected', 'returned']),
  /** Of the last one who decided. */
  comment: z.string(),
  /** Who decided; empty where time or the process did. */
  by: z.array(directoryEntry),
  decided: z.string(),
})
export type ApprovalResult = z.infer<typeof approvalResult>

/** Approval > Approval: waits until people have decided. */
export const approval = defineNode({
  type: 'approval',
  version: 1,
  menu: ['approval'],
  icon: 'stamp',
  input: 'in',
  outputs: ({ canReject, late }) =>
    canReject || late === 'reject' ? ['approved', 'rejected'] : ['approved'],
  isChoice: true,
  params,
  defaults: () => ({ recipients: [], variables: {} }),
  result: approvalResult,
  check: (values, context) => [
    ...processProblems(context),
    ...recipientProblems(values.recipients, context),
    ...lateProblems(values, context),
    ...smsSwitchProblems(values, context),
  ],
})

function lateProblems({ late, lateRecipients = [] }: ApprovalParams, context: CheckContext): Problem[] {
  if (late !== 'transfer') return []
  if (lateRecipients.length === 0) {
    const field = 'lateRecipients'
    return [{ severity: 'error', key: 'paramRequired', params: { field }, field }]
  }
  return recipientProblems(lateRecipients, context).map((problem) => ({
    ...problem,
    field: problem.field?.replace(/^recipients/, 'lateRecipients'),
  })) as Problem[]
}

/** These nodes need somebody who has asked. */
export function processProblems({ graph }: CheckContext): Problem[] {
  return graph.process ? [] : [{ severity: 'error', key: 'approvalOutsideProcess' }]
}

import { z } from 'zod'
import { processProblems } from '../approval/definition.ts'
import { smsSwitch } from '../approval/sms-switch.ts'
import { smsSwitchProblems } from '../approval/sms-text.ts'
import { defineNode } from '../define.ts'
import { recipientProblems } from '../directory/check-recipients.ts'
import { recipientsParam } from '../directory/recipient-params.ts'

const params = z.strictObject({
  /** Who is told. */
  recipients: recipientsParam,
  ...smsSwitch,
})
export type CcParams = z.output<typeof params>

/** Approval > CC: shows the request to people, who need not do anything. The process goes on at once. */
export const cc = defineNode({
  type: 'cc',
  version: 1,
  menu: ['approval'],
  icon: 'users',
  input: 'in',
  outputs: ['next'],
  params,
  defaults: () => ({ recipients: [], variables: {} }),
  result: z.object({ count: z.int() }),
  check: (values, context) => [
    ...processProblems(context),
    ...recipientProblems(values.recipients, context),
    ...smsSwitchProblems(values, context),
  ],
})

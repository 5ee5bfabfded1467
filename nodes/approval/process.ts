import { z } from 'zod'
import { value } from '../values/value.ts'
import { smsSwitch } from './sms-switch.ts'

/** The input of every process that holds who initiated it: a member. No form asks for it. */
export const INITIATOR = 'initiator'

/** What makes a function an approval process: members hand requests in, and each of them is one run. */
export const processSettings = z.strictObject({
  /** What a request is called: `processTitle` of texts. */
  title: value,
  /** Until when the initiator may take a request back. */
  revoke: z.enum(['never', 'undecided', 'any-time']).default('undecided'),
  /** Minutes between two reminders by the initiator. */
  urgeMinutes: z
    .int()
    .min(1)
    .max(7 * 24 * 60)
    .default(60),
  /** Texts the initiator how it ended; the inbox is told always. */
  ...smsSwitch,
})
export type ProcessSettings = z.infer<typeof processSettings>

import { z } from 'zod'
import { value } from '../values/value.ts'

/** *Tell them by text too*: the parameters of a node, or of a process, that has this switch. */
export const smsSwitch = {
  sms: z.boolean().default(false).meta({ control: 'switch' }),
  /** Id of an SMS service element. */
  service: z.string().min(1).max(100).optional().meta({ control: 'sms-service' }),
  template: z.string().min(1).max(100).optional().meta({ control: 'message-template' }),
  templateCode: z.string().trim().max(100).optional().meta({ control: 'template-code' }),
  failOverCodes: z
    .record(z.string(), z.string().trim().max(100))
    .optional()
    .meta({ control: 'fail-over-codes' }),
  templateText: z.string().max(1_600).optional().meta({ control: 'template-text' }),
  /** Values of the placeholders that are not filled by themselves. */
  variables: z.record(z.string(), value).default({}).meta({ control: 'template-variables' }),
}
export type SmsSwitch = z.infer<z.ZodObject<typeof smsSwitch>>

import { z } from 'zod'
import { smsPolicy } from '../services/sms/policy.ts'
import { placeholdersOf } from '../services/sms/template.ts'

export const CODE_LENGTH = 6
/** What stands in a recorded text where the code was. Its length is a code's, so that segments are counted right. */
export const CODE_MASK = '*'.repeat(CODE_LENGTH)
/** How long a code can be used. */
export const CODE_MINUTES = 5
/** Of a message template at a provider, or in a text: `Your code is ${code}`. */
export const CODE_PLACEHOLDER = 'code'

/** How people get in by a code on their phone: which service texts it, in which words, and whom it may let in. */
export const mobileLoginSettings = z.strictObject({
  name: z.string().trim().min(1).max(100),
  /** Id of an SMS service. */
  service: z.string().min(1).max(100),
  /** Alibaba Cloud: the code of an approved template with the variable `code`. */
  templateCode: z.string().trim().max(100).optional(),
  /** SNS and Twilio: the text, with `${code}`. */
  templateText: z
    .string()
    .max(500)
    .refine((text) => text === '' || isCodeText(text), { error: 'codeText' })
    .optional(),
  /** Adds the last line by which phones offer to fill in the code on this server's own page: `@host #code`. */
  autofill: z.boolean().default(false),
  /** A number that belongs to nobody may become a new member of the directory. */
  allowRegistration: z.boolean().default(true),
  /** Countries or calling codes whose numbers get codes; none named: the organisation's own country alone. */
  countries: smsPolicy.shape.countries,
  /** Codes of one day for everybody together, never one above. */
  dailyCodes: z.int().min(1).max(1_000_000).default(5_000),
  /** Codes of one hour that one address on the network may ask for. */
  hourlyPerAddress: z.int().min(1).max(10_000).default(20),
})
export type MobileLoginSettings = z.output<typeof mobileLoginSettings>

/** The code once or more, nothing else to be filled in, and nothing that looks like a code that was taken out. */
function isCodeText(text: string): boolean {
  const names = placeholdersOf(text)
  return names.length === 1 && names[0] === CODE_PLACEHOLDER && !text.includes(CODE_MASK)
}

/** A login method as it is kept. */
export const loginMethod = mobileLoginSettings.extend({
  id: z.string(),
  revision: z.int(),
  updated: z.string(),
})
export type LoginMethod = z.output<typeof loginMethod>

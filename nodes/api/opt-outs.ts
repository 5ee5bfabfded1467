import { z } from 'zod'

/** E.164, with the signs that people write between the digits. */
const phone = z
  .string()
  .trim()
  .transform((text) => text.replace(/[\s().-]/g, ''))
  .refine((text) => /^\+[1-9]\d{6,14}$/.test(text), { error: 'phone' })

const serviceId = z.string().max(100).describe('Empty: every service')

export const optOutSource = z.enum(['reply', 'provider', 'person'])
export type OptOutSource = z.infer<typeof optOutSource>

/** Somebody who wants no texts from a sender. */
export const optOut = z.object({
  /** What names it when it is lifted. */
  serviceId,
  phone: z.string().describe('E.164'),
  source: optOutSource,
  sender: z.string(),
  /** The word that was answered, the provider's code, or why somebody here did it. */
  reason: z.string(),
  since: z.string(),
  lifted: z.string().nullable(),
  liftedWhy: z.string().nullable(),
})
export type OptOut = z.infer<typeof optOut>

const reason = z.string().trim().min(1, { error: 'required' }).max(300)
export const addOptOut = z.strictObject({ serviceId: serviceId.default(''), phone, reason })
export const liftOptOut = z.strictObject({ serviceId, phone, reason })

import { z } from 'zod'

/** A parameter that holds data: written down, taken from a variable, or computed by a formula. */
export const value = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('fixed'), value: z.json() }),
  /** A path such as `device`, `order.lines` or `nodes.sms1.counts.sent`. */
  z.strictObject({ kind: z.literal('variable'), path: z.string().min(1).max(500) }),
  z.strictObject({ kind: z.literal('formula'), source: z.string().min(1).max(10_000) }),
])
export type Value = z.infer<typeof value>

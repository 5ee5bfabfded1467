import { z } from 'zod'
import { functionName, graph } from '../graph/schema.ts'
import { smsPolicy } from '../services/sms/policy.ts'
import { smsProviderName } from '../services/sms/settings.ts'

export const functionSummary = z.object({
  name: functionName,
  title: z.string(),
  description: z.string(),
  revision: z.int(),
  /** True while an autosaved draft differs from what was saved. */
  hasDraft: z.boolean(),
  updated: z.string(),
})
export type FunctionSummary = z.infer<typeof functionSummary>

export const functionElement = functionSummary.extend({
  /** The saved graph: what HTTP, CLI and triggers run. */
  graph,
  draft: graph.nullable(),
})
export type FunctionElement = z.infer<typeof functionElement>

export const createFunction = z.strictObject({
  title: z.string().trim().min(1).max(200),
  /** Made from the title where it is missing. */
  name: functionName.optional(),
  /** A graph to start from (import); its name and title are replaced. */
  graph: z.unknown().optional(),
})

/** `revision` is the one that was loaded; a newer one on the server refuses the save with 409. */
export const saveFunction = z.strictObject({ revision: z.int(), graph: z.unknown() })

export const secretState = z.object({
  set: z.boolean(),
  /** Empty for short secrets and references. */
  last4: z.string(),
  /** `env:NAME` or `file:PATH`, where the value is kept outside. */
  reference: z.string().optional(),
})
export type SecretState = z.infer<typeof secretState>
export const smsService = z.object({
  id: z.string(),
  name: z.string(),
  provider: smsProviderName,
  revision: z.int(),
  sandbox: z.boolean(),
  /** Every setting that is not secret. */
  settings: z.record(z.string(), z.json()),
  /** Secret settings by name: only whether one is kept, and its last four characters. */
  secrets: z.record(z.string(), secretState),
  /** What it may send, how fast and when. */
  policy: smsPolicy,
  updated: z.string(),
})
export type SmsService = z.infer<typeof smsService>

const serviceName = z.string().trim().min(1).max(100)
/** Read by `smsPolicy` once it is known what stands for a missing field: see `SmsServiceStore`. */
const typedPolicy = z.record(z.string(), z.unknown()).optional()
export const createSmsService = z.strictObject({
  name: serviceName,
  provider: smsProviderName,
  settings: z.record(z.string(), z.unknown()),
  /** Test mode is on unless it says otherwise, or the service is of the sandbox. */
  policy: typedPolicy,
})
/**
 * A secret that is left out stays as it is, unless the endpoint changes: then it must be typed again.
 * `null` removes an optional one.
 */
export const updateSmsService = z.strictObject({
  revision: z.int(),
  name: serviceName,
  settings: z.record(z.string(), z.unknown()),
  /** Left out: stays as it is. Test mode goes on where a service of the sandbox becomes a real one. */
  policy: typedPolicy,
})

/** A node of a function that uses an element. */
export const usage = z.object({ functionName: z.string(), functionTitle: z.string(), nodeId: z.string() })
export type Usage = z.infer<typeof usage>

export const credentialsCheck = z.object({
  ok: z.boolean(),
  account: z.string().optional(),
  details: z.record(z.string(), z.string()).optional(),
  error: z
    .object({
      code: z.string(),
      provider: smsProviderName,
      providerCode: z.string(),
      message: z.string(),
      hint: z.string().optional(),
    })
    .optional(),
})

export const providerTemplate = z.object({
  code: z.string(),
  name: z.string(),
  text: z.string(),
  status: z.enum(['approved', 'pending', 'rejected']),
  placeholders: z.array(z.string()),
})

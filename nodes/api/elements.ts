import { z } from 'zod'
import { functionName, graph, graphInput } from '../graph/schema.ts'
import { smsPolicy } from '../services/sms/policy.ts'
import { smsProviderName } from '../services/sms/settings.ts'

/** Who changed something: a member by name, whoever came in by the start link by the session, a program by what it calls itself. */
export const author = z.object({
  kind: z.enum(['page', 'program', 'library']),
  /** Tells two browsers apart and opens nothing: the beginning of a hash of the session. */
  session: z.string().optional(),
  /** Of a member who is signed in, as it was then. */
  name: z.string().optional(),
  /** What the request said of itself: `Firefox · Windows`, `curl`. */
  device: z.string().optional(),
})
export type Author = z.infer<typeof author>

/** A version that was published. It never changes. */
export const functionVersion = z.object({
  /** 1, 2, 3 … */
  number: z.int(),
  /** What changed, in the words of who published it; may be empty. */
  note: z.string(),
  created: z.string(),
  /** Absent: made by a release that did not note it. */
  author: author.optional(),
  /** Content hash of the graph, as runs name it in `version`. */
  hash: z.string(),
})
export type FunctionVersion = z.infer<typeof functionVersion>

export const functionVersionGraph = functionVersion.extend({ graph })
export type FunctionVersionGraph = z.infer<typeof functionVersionGraph>

export const functionSummary = z.object({
  name: functionName,
  title: z.string(),
  description: z.string(),
  /** Of the draft: each save raises it. */
  revision: z.int(),
  /** When the draft was saved last, and by whom. */
  updated: z.string(),
  author: author.optional(),
  /** The latest version, which callers get. Null: never published, callers get the draft. */
  published: functionVersion.omit({ hash: true, author: true }).nullable(),
  /** True where the draft differs from the latest version, or there is none. */
  isChanged: z.boolean(),
  /** What a caller passes in. */
  inputs: z.array(graphInput),
  /** True where the draft is an approval process. */
  isProcess: z.boolean(),
})
export type FunctionSummary = z.infer<typeof functionSummary>

export const functionElement = functionSummary.extend({
  /** The draft. */
  graph,
})
export type FunctionElement = z.infer<typeof functionElement>

export const createFunction = z.strictObject({
  title: z.string().trim().min(1).max(200),
  /** Made from the title where it is missing. */
  name: functionName.optional(),
  /** A graph to start from (import); its name and title are replaced. */
  graph: z.unknown().optional(),
})

/** `revision` is the one that was loaded or saved last; a newer one on the server refuses the save with 409. */
export const saveFunction = z.strictObject({ revision: z.int(), graph: z.unknown() })

/** `revision` is that of the draft that is meant: a newer one refuses with 409. */
export const publishFunction = z.strictObject({
  revision: z.int(),
  note: z.string().trim().max(500).default(''),
  together: z
    .boolean()
    .default(false)
    .describe(
      'Publishes with it the functions that it names, and those that they name, as far as they never were',
    ),
})

/** Which graph a run takes: what is on the canvas, the latest version, or a version by its number. */
export const runVersion = z.union([z.enum(['draft', 'published']), z.int().min(1)])
export type RunVersion = z.infer<typeof runVersion>

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

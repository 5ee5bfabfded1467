import { z } from 'zod'
import { functionName } from '../graph/schema.ts'
import { messageReport } from '../messages.ts'
import { messageTotals } from './messages.ts'
import { xRayReport } from './x-ray.ts'

/** What a trigger of a function waits for: a call of its own path, a time, a named event, the end of another function. */
export const triggerKinds = ['hook', 'schedule', 'event', 'after-function'] as const
export type TriggerKind = (typeof triggerKinds)[number]

export const runTrigger = z.enum([
  ...([
    'page',
    'http',
    'cli',
    'library',
    'test',
    'debug',
    'function',
    'on-error',
    'code',
    'request',
    'approval',
  ] as const),
  ...triggerKinds,
])
export type RunTrigger = z.infer<typeof runTrigger>

/** `quarantined`: held, because the server ended more than once while it was at the same step. It may go on later. */
export const runStatus = z.enum(['queued', 'running', 'done', 'failed', 'cancelled', 'quarantined'])
export type RunStatus = z.infer<typeof runStatus>

/** Why a run was made from another: with the same input, from its failed step on, or because it failed. */
export const runSourceKind = z.enum(['again', 'retry', 'on-error'])
export type RunSourceKind = z.infer<typeof runSourceKind>

export const runError = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  /** Facts for the translated text. */
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  nodeId: z.string().optional(),
  provider: z.string().optional(),
  providerCode: z.string().optional(),
})
export type RunError = z.infer<typeof runError>

export const runStep = z.object({
  /** Node id and loop indices: the step's identity within its run. */
  path: z.string(),
  nodeId: z.string(),
  nodeType: z.string(),
  status: z.enum(['running', 'done', 'failed']),
  port: z.string().nullable(),
  input: z.json().optional(),
  /** The node's result, the variables it set, or what the run returned. */
  output: z.json().optional(),
  error: runError.optional(),
  started: z.string(),
  finished: z.string().nullable(),
  /** SMS steps: each recipient with its state, live; those of the run that it goes on with come first. */
  messages: z.array(messageReport).optional(),
  /** SMS steps of a dry run: who would have got which text. */
  xRay: xRayReport.optional(),
  /** In a dry run: the node was passed by, since it may have effects of its own. */
  notExecuted: z.boolean().optional(),
  /** In a dry run: a pinned sample, or what an earlier run recorded, was taken in place of executing the node. */
  standIn: z.enum(['pinned', 'recorded']).optional(),
})
export type RunStep = z.infer<typeof runStep>

/** What a dry run assumes of every SMS step: everybody who can be texted is, some are, or nobody. */
export const dryRunOutcome = z.enum(['sent', 'partly', 'failed'])
export type DryRunOutcome = z.infer<typeof dryRunOutcome>

export const runSummary = z.object({
  id: z.string(),
  functionName: z.string(),
  /** Content hash of the graph this run is pinned to. */
  version: z.string(),
  /** Number of the published version with that content; absent: the run took a draft. Read runs have it. */
  versionNumber: z.int().optional(),
  /** `test`: one text of an SMS step to one number. `debug`: it really sends, to the sandbox only; what it calls too. `hook` to `after-function`: a trigger of the function. */
  trigger: runTrigger,
  /** Present: the trigger of the function that started it. */
  triggerId: z.string().optional(),
  /** Present: the step of another run that started this one. */
  caller: z.object({ run: z.string(), path: z.string() }).optional(),
  /** Present: the run that it was made from. */
  source: z.object({ run: z.string(), kind: runSourceKind }).optional(),
  /** Present: this was a dry run, and nothing was sent. */
  dryRun: dryRunOutcome.optional(),
  status: runStatus,
  created: z.string(),
  finished: z.string().nullable(),
  /** Only in lists: how many messages are in which state. */
  counts: messageTotals.optional(),
})
export type RunSummary = z.infer<typeof runSummary>

/** A run with all that happened: the same answer from the library, the command line and HTTP. */
export const run = runSummary.omit({ counts: true }).extend({
  input: z.json(),
  output: z.json().nullable(),
  /** Why it failed, or is in quarantine. */
  error: runError.nullable(),
  steps: z.array(runStep),
  /** Only where it is read: the runs that were made from it, the oldest first. */
  followers: z.array(z.object({ run: z.string(), kind: runSourceKind, status: runStatus })).optional(),
  /** Only where it is read: why the *on error* function was not started; `params.function` names it. */
  onErrorRefused: runError.optional(),
})
export type Run = z.infer<typeof run>
/** How a run ended, without its steps. */
export type RunOutcome = Omit<Run, 'steps'>

/** What `GET /api/runs/{id}/events` streams: first the run as it stands, then each change. */
export const runEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), run }),
  z.object({ type: z.literal('step'), step: runStep }),
  z.object({ type: z.literal('message'), path: z.string(), message: messageReport }),
  z.object({ type: z.literal('finished'), run }),
])
export type RunEvent = z.infer<typeof runEvent>

/** What is asked for by "retry failed". */
export const retryFailed = z.strictObject({
  unknown: z
    .boolean()
    .default(false)
    .describe('Also sends again what may have been taken already: some people may get the text twice'),
})
export type RetryFailed = z.output<typeof retryFailed>

export const retryFailedResult = z.object({
  retried: z.int().describe('Messages that are sent again: they certainly were not taken'),
  resent: z.int().describe('Unknown messages that were sent again on request'),
  trying: z
    .int()
    .describe(
      'Unknown messages that wait for their turn at the service; what the server’s end finds waiting stays unknown',
    ),
  unknown: z.int().describe('Messages that stay unknown'),
})
export type RetryFailedResult = z.infer<typeof retryFailedResult>

/** What runs are looked for by. */
export const runFilter = z.object({
  function: functionName.optional(),
  status: runStatus.optional(),
  trigger: runTrigger.optional(),
  from: z.iso.datetime({ offset: true }).optional().describe('Began then or later'),
  to: z.iso.datetime({ offset: true }).optional().describe('Began before'),
  text: z
    .string()
    .trim()
    .max(200)
    .optional()
    .describe('Stands in the id, the name or title of the function, or the input'),
})
export type RunFilter = z.infer<typeof runFilter>
export const runQuery = runFilter.extend({
  before: z.string().max(40).optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export type RunQuery = z.output<typeof runQuery>

/** One page of a search. It may hold less than was asked for and still have a `next`: then time ran out. */
export const runPage = z.object({
  runs: z.array(runSummary),
  next: z.string().nullable(),
  /** Where time ran out: how far back the search has come. */
  searchedTo: z.string().nullable(),
})
export type RunPage = z.infer<typeof runPage>

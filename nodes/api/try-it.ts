import { z } from 'zod'
import { functionName, nodeId } from '../graph/schema.ts'
import { isForbiddenKey } from '../json.ts'
import type { JsonObject } from '../json.ts'
import { route } from './route.ts'
import { dryRunOutcome, run, runError, runStatus, runStep } from './runs.ts'

/** Sets of sample inputs of one function. */
export const MOST_SAMPLES = 50
/** Recorded runs that one replay may take. */
export const MOST_REPLAYED = 50

/** What stands in for a node in dry runs: the port it leaves by, and its result or the variables it sets. */
export const pin = z.strictObject({ port: z.string().min(1).max(64), output: z.json().optional() })
export type Pin = z.infer<typeof pin>

const sampleName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .refine((name) => !isForbiddenKey(name))
const sampleInput = z.record(z.string(), z.json())

/** What people keep beside a function to try it. No part of its graph: never published, exported or used by real runs. */
export const tryItData = z.object({
  samples: z.record(sampleName, sampleInput).describe('Inputs by the name of their set'),
  pins: z.record(nodeId, pin).describe('By node'),
  breakpoints: z.array(nodeId).describe('Nodes before which a debug run stops'),
})
export type TryItData = z.infer<typeof tryItData>

/** Changes only what it names; `null` and `false` take away. */
export const changeTryItData = z.strictObject({
  samples: z.record(sampleName, sampleInput.nullable()).optional(),
  pins: z.record(nodeId, pin.nullable()).optional(),
  breakpoints: z.record(nodeId, z.boolean()).optional(),
})
export type ChangeTryItData = z.output<typeof changeTryItData>

const input = z
  .record(z.string(), z.json())
  .default({} as JsonObject)
  .describe('The inputs of the function by name')

export const debugMode = z
  .enum(['dry-run', 'sandbox'])
  .describe(
    '`sandbox`: everything really happens, and texts go to the sandbox; a service that is none is refused',
  )
export type DebugMode = z.infer<typeof debugMode>

export const startDebug = z.strictObject({
  input,
  mode: debugMode.default('dry-run'),
  outcome: dryRunOutcome.default('sent').describe('What a dry run assumes of every SMS step'),
  pauseAtStart: z.boolean().default(false).describe('Stops before the first step'),
})
export type StartDebug = z.output<typeof startDebug>

/** Where a walk stands: a node, and which body of it leads to the next inner place. */
export const debugPlace = z.object({
  functionName: z.string(),
  nodeId: z.string(),
  nodeType: z.string(),
  /** The round of a loop, counted from 1, or the port of a branch; absent at the innermost place and at calls. */
  at: z.string().optional(),
})
export type DebugPlace = z.infer<typeof debugPlace>

/** A debug run that stands before a node. */
export const debugPause = z.object({
  nodeId: z.string(),
  path: z.string(),
  functionName: z.string(),
  /** Innermost first. */
  stack: z.array(debugPlace),
  /** Inputs and variables by name; a value that is too long to show is its beginning, as text. */
  variables: z.record(z.string(), z.json()),
  /** Results of finished steps by node. */
  results: z.record(z.string(), z.json()),
})
export type DebugPause = z.infer<typeof debugPause>

export const debugEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), run, pause: debugPause.nullable() }),
  z.object({ type: z.literal('step'), step: runStep }),
  z.object({ type: z.literal('paused'), pause: debugPause }),
  z.object({ type: z.literal('resumed') }),
  z.object({ type: z.literal('finished'), run }),
])
export type DebugEvent = z.infer<typeof debugEvent>

export const debugCommand = z.strictObject({
  do: z.enum(['step-over', 'step-into', 'step-out', 'continue', 'stop']),
})
export type DebugCommand = z.output<typeof debugCommand>

export const tryNode = z.strictObject({
  nodeId,
  input: input.describe('In place of the inputs of the last run'),
  outcome: dryRunOutcome.default('sent'),
})
export type TryNode = z.output<typeof tryNode>

export const replayRequest = z.strictObject({
  limit: z.int().min(1).max(MOST_REPLAYED).default(20).describe('How many runs, newest first'),
  graph: z.unknown().optional().describe('A graph in place of the draft'),
})

/** One text that the draft changes. */
export const replayedText = z.object({
  kind: z.enum(['changed', 'new', 'gone']),
  nodeId: z.string(),
  name: z.string(),
  phone: z.string().describe('Masked'),
  before: z.string().nullable(),
  after: z.string().nullable(),
})
export type ReplayedText = z.infer<typeof replayedText>

const textCounts = { same: z.int(), changed: z.int(), new: z.int(), gone: z.int() }

export const replayedRun = z.object({
  id: z.string(),
  created: z.string(),
  statusBefore: runStatus,
  statusAfter: runStatus,
  /** Why the draft fails with these inputs. */
  error: runError.nullable(),
  ...textCounts,
  texts: z.array(replayedText).describe('At most 200'),
  notExecuted: z
    .array(z.string())
    .describe('Nodes with effects that the recorded run has no result of: they were passed by'),
})
export type ReplayedRun = z.infer<typeof replayedRun>

export const replay = z.object({
  runs: z.array(replayedRun),
  ...textCounts,
  failed: z.int().describe('Runs that fail with the draft and did not before'),
  leftOut: z.int().describe('Runs that there was no time for'),
})
export type Replay = z.infer<typeof replay>

const params = z.object({ name: functionName })
const session = z.object({ id: z.string().min(1).max(100) })
const tag = 'Trying a function'

export const tryItRoutes = {
  getTryItData: route({
    method: 'GET',
    path: '/api/functions/{name}/try-it',
    tag,
    summary: 'Reads the sample inputs, pinned outputs and breakpoints of a function',
    params,
    response: tryItData,
  }),
  changeTryItData: route({
    method: 'PATCH',
    path: '/api/functions/{name}/try-it',
    tag,
    summary: 'Sets or takes away single sample inputs, pinned outputs and breakpoints; changes no run',
    params,
    body: changeTryItData,
    response: tryItData,
  }),
  startDebug: route({
    method: 'POST',
    path: '/api/functions/{name}/debug',
    tag,
    summary:
      'Prepares a run of the draft that stops at breakpoints. It begins when its events are read, and ends when nobody ' +
      'reads them any more. A dry run is kept nowhere; one that sends to the sandbox is a run like others',
    params,
    body: startDebug,
    response: z.object({ id: z.string() }),
    status: 201,
  }),
  debugEvents: route({
    method: 'GET',
    path: '/api/debug-sessions/{id}/events',
    tag,
    summary: 'Streams a debug run: first as it stands, then each step and each stop',
    params: session,
    response: debugEvent,
    stream: true,
  }),
  debugCommand: route({
    method: 'POST',
    path: '/api/debug-sessions/{id}/commands',
    tag,
    summary:
      'Lets a debug run take one step, go into or out of a called function, go on to the next breakpoint, or end',
    params: session,
    body: debugCommand,
    response: null,
  }),
  tryNode: route({
    method: 'POST',
    path: '/api/functions/{name}/try-node',
    tag,
    summary:
      'Executes one node of the draft in a dry run, with what the last run recorded and what is pinned of the nodes before it',
    params,
    body: tryNode,
    response: run,
  }),
  replayFunction: route({
    method: 'POST',
    path: '/api/functions/{name}/replay',
    tag,
    summary:
      'Walks the draft, or a graph in its place, with the inputs of the last recorded runs and says which texts would ' +
      'differ. Sends nothing',
    params,
    body: replayRequest,
    bodyLimit: 6 * 1024 * 1024,
    response: replay,
  }),
} as const

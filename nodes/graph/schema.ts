import { z } from 'zod'
import { processSettings } from '../approval/process.ts'
import { directoryTypeNames, isDirectoryType } from '../directory/directory-value.ts'
import { isForbiddenKey } from '../json.ts'
import { isReservedName } from '../values/names.ts'

/** Format of the saved file. Raise it together with a step in `migrations.ts`. */
export const GRAPH_FORMAT = 1

/** Limits of one graph, checked before anything is built from it. */
export const GRAPH_LIMITS = { nodes: 2_000, connections: 10_000, bytes: 5 * 1024 * 1024, depth: 64 } as const

export const nodeId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/)
  .refine((id) => !isForbiddenKey(id))
/** Names that formulas can use: letters of any script, digits and `_`, not starting with a digit. */
export const variableName = z
  .string()
  .regex(/^[\p{L}_][\p{L}\p{N}_]{0,63}$/u, { error: 'name' })
  .refine((name) => !isReservedName(name), { error: 'reservedName' })
/** The name of a function in URLs and on the command line. */
export const functionName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/)

export const valueTypes = [
  ...(['text', 'number', 'boolean', 'datetime', 'phone'] as const),
  ...directoryTypeNames,
  ...(['list', 'object'] as const),
]
export const valueType = z.enum(valueTypes)
export type ValueType = z.infer<typeof valueType>

/** Whether values of a type can stand in a text as they are; of the others, one of their fields can. */
export function isWritable(type: ValueType): boolean {
  return type !== 'list' && type !== 'object' && !isDirectoryType(type)
}

export const graphInput = z.strictObject({
  name: variableName,
  title: z.string().max(200).default(''),
  type: valueType.default('text'),
  required: z.boolean().default(false),
  /** Used when a run is started without this input. */
  default: z.json().optional(),
})
export type GraphInput = z.infer<typeof graphInput>

export const graphNode = z.strictObject({
  id: nodeId,
  /** A type this version does not know is kept as it is, so that saving cannot lose it. */
  type: z.string().min(1).max(100),
  typeVersion: z.int().min(1).default(1),
  title: z.string().max(200).optional(),
  /** A program need not say where its nodes stand: the page places nodes that all lie on one spot. */
  position: z.strictObject({ x: z.number(), y: z.number() }).default({ x: 0, y: 0 }),
  params: z.record(z.string(), z.json()).default({}),
  /** `branch`: the node has an error port, and a run goes on there where the step fails. */
  onError: z.literal('branch').optional(),
})
export type GraphNode = z.infer<typeof graphNode>

export const graphConnection = z.strictObject({
  id: nodeId,
  from: z.strictObject({ node: nodeId, port: z.string().min(1).max(64) }),
  to: z.strictObject({ node: nodeId, port: z.string().min(1).max(64) }),
})
export type GraphConnection = z.infer<typeof graphConnection>

/** A saved function. Connections mean "then"; data flows through names. */
export const graph = z.strictObject({
  format: z.literal(GRAPH_FORMAT),
  id: nodeId,
  name: functionName,
  title: z.string().min(1).max(200),
  description: z.string().max(2_000).default(''),
  inputs: z.array(graphInput).max(100).default([]),
  /** `failures`: of a run that ends well, the last steps are not kept where they only worked on values. */
  history: z.literal('failures').optional(),
  /** Another function, which is started when a run of this one has failed: see `nodes/on-error.ts`. */
  onErrorFunction: functionName.optional(),
  /** Makes the function an approval process: see `nodes/approval/process.ts`. */
  process: processSettings.optional(),
  nodes: z.array(graphNode).max(GRAPH_LIMITS.nodes),
  connections: z.array(graphConnection).max(GRAPH_LIMITS.connections),
})
export type Graph = z.infer<typeof graph>

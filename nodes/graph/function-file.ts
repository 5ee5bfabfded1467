import { z } from 'zod'
import { GraphError } from '../errors.ts'
import { isJsonObject } from '../json.ts'
import type { Json } from '../json.ts'
import { callFunction } from '../call-function/definition.ts'
import { httpRequest } from '../http-request/definition.ts'
import { smsNotification } from '../sms-notification/definition.ts'
import { invalidGraph } from './graph-error.ts'
import { loadGraph } from './load-graph.ts'
import type { Graph, GraphNode } from './schema.ts'

/** What a function can name outside of itself. */
export const elementKind = z.enum([
  'service',
  'template',
  'member',
  'department',
  'role',
  'organisation-role',
  'function',
  'secret',
])
export type ElementKind = z.infer<typeof elementKind>

/** Something that a function names: its id where the file was made, and what it is called. Functions and secrets have names for ids. */
export const elementName = z.strictObject({
  kind: elementKind,
  id: z.string().min(1).max(100),
  /** Of a department its path: `Plant North / Night shift`. */
  name: z.string().max(2_000),
})
export type ElementName = z.infer<typeof elementName>

export const FUNCTION_FILE = 'sms-logic function'

/** A function as a file: its graph, and by name everything that it names. No secrets, no phone numbers. */
export interface FunctionFile {
  file: typeof FUNCTION_FILE
  graph: Graph
  names: ElementName[]
}

const names = z.array(elementName).max(10_000)

/** True for a function file, false for a bare graph. */
export function isFunctionFile(document: unknown): boolean {
  return isJsonObject(document) && document['file'] === FUNCTION_FILE
}

/**
 * Reads a function file, or a bare graph, which has no names.
 * @throws GraphError with the `path` of the place, like `loadGraph`
 */
export function loadFunctionFile(document: unknown): FunctionFile {
  if (!isFunctionFile(document)) return { file: FUNCTION_FILE, graph: loadGraph(document), names: [] }
  const { graph, names: listed } = document as Record<string, unknown>
  const read = names.safeParse(listed)
  if (!read.success) {
    const path = ['names', ...read.error.issues[0]!.path]
    throw invalidGraph('invalid', path, { path: path.map(String).join('/') }, read.error)
  }
  try {
    return { file: FUNCTION_FILE, graph: loadGraph(graph), names: read.data }
  } catch (error) {
    if (!(error instanceof GraphError)) throw error
    const path = ['graph', error.path].filter(Boolean).join('/')
    throw new GraphError(error.code, error.message, {
      hint: error.hint,
      params: error.params,
      path,
      cause: error,
    })
  }
}

/** Everything that a graph names, each once. */
export function elementsIn(graph: Graph): { kind: ElementKind; id: string }[] {
  const found = new Map<string, { kind: ElementKind; id: string }>()
  replaceElements(graph, (kind, id) => {
    found.set(`${kind} ${id}`, { kind, id })
    return id
  })
  return [...found.values()]
}

/** The graph with other ids of what it names. */
export function replaceElements(graph: Graph, idOf: (kind: ElementKind, id: string) => string): Graph {
  return {
    ...graph,
    inputs: graph.inputs.map((input) =>
      input.default === undefined ? input : { ...input, default: replaceIn(input.default, idOf) },
    ),
    nodes: graph.nodes.map((node) => ({ ...node, params: replaceInParams(node, idOf) })),
    ...(graph.onErrorFunction !== undefined && { onErrorFunction: idOf('function', graph.onErrorFunction) }),
  }
}

function replaceInParams(node: GraphNode, idOf: (kind: ElementKind, id: string) => string) {
  const params = replaceIn(node.params, idOf) as GraphNode['params']
  if (node.type === callFunction.type) return replaceCalled(params, idOf)
  if (node.type === httpRequest.type) return replaceSecrets(params, idOf)
  if (node.type !== smsNotification.type) return params
  const { service, template, failOverCodes } = params
  if (typeof service === 'string' && service !== '') params['service'] = idOf('service', service)
  if (typeof template === 'string' && template !== '') params['template'] = idOf('template', template)
  if (failOverCodes !== undefined && isJsonObject(failOverCodes)) {
    params['failOverCodes'] = Object.fromEntries(
      Object.entries(failOverCodes).map(([id, code]) => [idOf('service', id), code as Json]),
    )
  }
  return params
}

function replaceCalled(params: GraphNode['params'], idOf: (kind: ElementKind, id: string) => string) {
  const { function: called } = params
  return typeof called === 'string' && called !== ''
    ? { ...params, function: idOf('function', called) }
    : params
}

/** Headers name secrets; none is in the graph. */
function replaceSecrets(params: GraphNode['params'], idOf: (kind: ElementKind, id: string) => string) {
  const { headers } = params
  if (!Array.isArray(headers)) return params
  const replaced = headers.map((header) => {
    if (!isJsonObject(header) || !isJsonObject(header['value'])) return header
    const { kind, secret } = header['value']
    if (kind !== 'secret' || typeof secret !== 'string') return header
    return { ...header, value: { ...header['value'], secret: idOf('secret', secret) } }
  })
  return { ...params, headers: replaced as Json }
}

const directoryKinds: Readonly<Record<string, ElementKind>> = {
  member: 'member',
  department: 'department',
  leaders: 'department',
  role: 'role',
  'organisation-role': 'organisation-role',
}

/** Recipients and values of the directory, wherever they stand. */
function replaceIn(value: Json, idOf: (kind: ElementKind, id: string) => string): Json {
  if (Array.isArray(value)) return value.map((each) => replaceIn(each, idOf))
  if (!isJsonObject(value)) return value
  const copy = Object.fromEntries(
    Object.entries(value as Record<string, Json>).map(([key, each]) => [key, replaceIn(each, idOf)]),
  )
  const { kind, id } = copy
  const named =
    typeof kind === 'string' && Object.hasOwn(directoryKinds, kind) ? directoryKinds[kind] : undefined
  return named !== undefined && typeof id === 'string' ? { ...copy, id: idOf(named, id) } : copy
}

/** A fixed value that is a number of a phone. */
export const phoneNumber = /^\s*(?:\+|00)[\d\s().\-/]{6,30}$/

/** The graph without numbers that stand as a fixed value or as the default of an input; texts stay as they are. */
export function withoutPhoneNumbers(graph: Graph): Graph {
  const clean = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(clean)
    if (typeof value === 'string') return phoneNumber.test(value) ? '' : value
    if (!isJsonObject(value)) return value
    return Object.fromEntries(
      Object.entries(value as Record<string, Json>).map(([key, each]) => [key, clean(each)]),
    )
  }
  return {
    ...graph,
    inputs: graph.inputs.map(({ default: value, ...input }) =>
      value === undefined || input.type === 'phone' ? input : { ...input, default: clean(value) },
    ),
    nodes: graph.nodes.map((node) => ({ ...node, params: clean(node.params) as GraphNode['params'] })),
  }
}

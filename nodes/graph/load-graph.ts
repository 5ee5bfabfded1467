import type { z } from 'zod'
import { ErrorCode, FlowError } from '../errors.ts'
import { issueKey } from '../issue-key.ts'
import { parseJsonText } from '../json-scan.ts'
import { isForbiddenKey, isJsonObject } from '../json.ts'
import { graphTooLarge, graphTooNew, invalidGraph } from './graph-error.ts'
import { migrations } from './migrations.ts'
import { graph as graphSchema, GRAPH_FORMAT, GRAPH_LIMITS } from './schema.ts'
import type { Graph } from './schema.ts'

/**
 * Turns a document from outside into a graph: whole, or not at all. Files of older formats are brought up to date;
 * nodes of unknown types are kept as they are. What a half-drawn graph may lack is no error here:
 * `validateGraph` lists it.
 * @throws GraphError with the `path` of the place: `GRAPH_INVALID`, `GRAPH_TOO_NEW`
 */
export function loadGraph(document: unknown): Graph {
  if (!isJsonObject(document)) throw invalidGraph('notAnObject', [])
  refuseDangerousShape(document)
  const current = migrate(document)
  const parsed = graphSchema.safeParse(current)
  if (!parsed.success) throw firstIssue(parsed.error, current)
  refuseImpossible(parsed.data)
  return parsed.data
}

/**
 * Reads the text of a graph file. Size, depth and keys are checked before anything is built from it.
 * @throws GraphError also `GRAPH_TOO_LARGE`
 */
export function parseGraphText(text: string): Graph {
  return loadGraph(readGraphText(text))
}

/** The JSON of a graph file or function file, of bounded size and depth. @throws GraphError */
export function readGraphText(text: string): unknown {
  const limits = { maxBytes: GRAPH_LIMITS.bytes, maxDepth: GRAPH_LIMITS.depth }
  try {
    return parseJsonText(text.replace(/^\uFEFF/, ''), limits)
  } catch (error) {
    if (!(error instanceof FlowError)) throw error
    if (error.code === ErrorCode.BodyTooLarge) throw graphTooLarge(limits.maxBytes, error)
    const { reason, ...params } = error.params
    if (reason === 'forbiddenKey' || reason === 'tooDeep') throw invalidGraph(reason, [], params, error)
    throw invalidGraph('notJson', [], params, error)
  }
}

/** A document that came as an object (a library call, a request body) gets the same checks as a text. */
function refuseDangerousShape(document: object) {
  const waiting: { value: object; depth: number }[] = [{ value: document, depth: 1 }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, depth } = next
    if (depth > GRAPH_LIMITS.depth) throw invalidGraph('tooDeep', [], { limit: GRAPH_LIMITS.depth })
    for (const key of Object.keys(value)) {
      if (isForbiddenKey(key)) throw invalidGraph('forbiddenKey', [], { name: key })
      const member: unknown = (value as Record<string, unknown>)[key]
      if (typeof member === 'object' && member !== null) waiting.push({ value: member, depth: depth + 1 })
    }
  }
}

function migrate(document: Record<string, unknown>): unknown {
  const { format } = document
  if (typeof format !== 'number' || !Number.isInteger(format) || format < 0) {
    throw invalidGraph('noFormat', ['format'])
  }
  if (format > GRAPH_FORMAT) throw graphTooNew(format, GRAPH_FORMAT)
  let migrated: unknown = document
  for (const step of migrations.slice(format)) {
    const before = step.before.safeParse(migrated)
    if (!before.success) throw firstIssue(before.error, migrated)
    migrated = step.migrate(before.data)
  }
  return migrated
}

function firstIssue(error: z.ZodError, document: unknown) {
  const issue = error.issues[0]!
  if (issue.code === 'unrecognized_keys')
    return invalidGraph('unknownKey', issue.path, { name: issue.keys[0]! })
  const path = issue.path.join('/')
  if (issue.code === 'too_big' && (issue.origin === 'array' || issue.origin === 'string')) {
    const limit = Number(issue.maximum)
    return invalidGraph(issue.origin === 'array' ? 'tooMany' : 'tooLong', issue.path, { path, limit }, error)
  }
  const reason = issueKey(issue, document) === 'required' ? 'required' : 'invalid'
  return invalidGraph(reason, issue.path, { path }, error)
}

/** What no drawing can mean. The editor never makes it; a file that was merged or written by hand may. */
function refuseImpossible(graph: Graph) {
  const inputs = new Set<string>()
  for (const [index, { name }] of graph.inputs.entries()) {
    if (inputs.has(name)) throw invalidGraph('duplicateInput', ['inputs', index, 'name'], { name })
    inputs.add(name)
  }
  const nodes = new Set<string>()
  for (const [index, { id }] of graph.nodes.entries()) {
    if (nodes.has(id)) throw invalidGraph('duplicateNode', ['nodes', index, 'id'], { id })
    nodes.add(id)
  }
  const connections = new Set<string>()
  const takenPorts = new Set<string>()
  for (const [index, { id, from, to }] of graph.connections.entries()) {
    const place = ['connections', index]
    if (connections.has(id)) throw invalidGraph('duplicateConnection', [...place, 'id'], { id })
    connections.add(id)
    if (!nodes.has(from.node))
      throw invalidGraph('nodeMissing', [...place, 'from', 'node'], { id, node: from.node })
    if (!nodes.has(to.node))
      throw invalidGraph('nodeMissing', [...place, 'to', 'node'], { id, node: to.node })
    if (from.node === to.node) throw invalidGraph('connectedToItself', place, { id })
    const port = `${from.node}:${from.port}`
    if (takenPorts.has(port)) throw invalidGraph('portTaken', [...place, 'from'], { ...from })
    takenPorts.add(port)
  }
}

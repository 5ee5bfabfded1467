import { outputPorts } from '../define.ts'
import type { NodeDefinition } from '../define.ts'
import { issueKey } from '../issue-key.ts'
import { start } from '../start/definition.ts'
import { checkValue } from '../values/evaluate-value.ts'
import { findValues } from '../values/find-values.ts'
import { bodiesOf } from './bodies.ts'
import { nodesClosingLoops, reachable, successors } from './flow.ts'
import { namesFinder, namesInBodies } from './names-at.ts'
import type { CheckContext, Problem } from './problems.ts'
import type { Graph, GraphNode } from './schema.ts'

/** What surrounds the graph. A list that is not given is not known here, and nothing is checked against it. */
export type Surroundings = Pick<
  CheckContext,
  | 'services'
  | 'templates'
  | 'functions'
  | 'secrets'
  | 'members'
  | 'departments'
  | 'roles'
  | 'organisationRoles'
>

/**
 * Lists what keeps a graph from running (`error`) and what its author probably did not mean (`warning`):
 * the problems list of the editor and the gate before every run. Nodes come in the order of the file.
 */
export function validateGraph(
  graph: Graph,
  definitions: readonly NodeDefinition[],
  surroundings: Surroundings = {},
): Problem[] {
  const byType = new Map(definitions.map((definition) => [definition.type, definition]))
  const namesAt = namesFinder(graph, definitions)
  return [
    ...startProblems(graph),
    ...limitProblems(graph, byType),
    ...connectionProblems(graph, byType),
    ...unreachableProblems(graph, byType),
    ...graph.nodes.flatMap((node) => {
      const definition = byType.get(node.type)
      if (!definition) {
        return [
          { severity: 'error' as const, key: 'unknownType', params: { type: node.type }, node: node.id },
        ]
      }
      if (node.typeVersion > definition.version) {
        return [{ severity: 'error' as const, key: 'typeTooNew', node: node.id }]
      }
      const names = namesAt(node.id)
      const problems = paramProblems(definition, { ...surroundings, graph, node, names })
      const inBodies = definition.bodyValues ? namesInBodies(graph, node.id, definitions) : names
      const namesOf = (field: string) => (definition.bodyValues?.includes(field) ? inBodies : names)
      return [...problems, ...valueProblems(node, namesOf)].map((problem) => ({ ...problem, node: node.id }))
    }),
  ]
}

function startProblems(graph: Graph): Problem[] {
  const found = graph.nodes.find((node) => node.type === start.type)
  if (!found) return [{ severity: 'error', key: 'startMissing' }]
  if (graph.connections.some(({ from }) => from.node === found.id)) return []
  return [{ severity: 'warning', key: 'startUnconnected', node: found.id }]
}

function limitProblems(graph: Graph, byType: ReadonlyMap<string, NodeDefinition>): Problem[] {
  const counts = new Map<string, number>()
  return graph.nodes.flatMap((node): Problem[] => {
    const count = (counts.get(node.type) ?? 0) + 1
    counts.set(node.type, count)
    const limit = byType.get(node.type)?.limit
    if (limit === undefined || count <= limit) return []
    return [{ severity: 'error', key: 'nodeLimit', params: { limit }, node: node.id }]
  })
}

/** Connections to ports that do not exist, circles, and bodies that are entered from outside. */
export function connectionProblems(graph: Graph, byType: ReadonlyMap<string, NodeDefinition>): Problem[] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const portProblems = graph.connections.flatMap(({ from, to }): Problem[] => {
    const source = nodes.get(from.node)
    const target = nodes.get(to.node)
    const sourceType = source && byType.get(source.type)
    const targetType = target && byType.get(target.type)
    const problems: Problem[] = []
    if (sourceType && !outputPorts(sourceType, source).includes(from.port)) {
      problems.push(portMissing(from.port, from.node))
    }
    if (targetType && targetType.input !== to.port) problems.push(portMissing(to.port, to.node))
    return problems
  })
  const loops = [...nodesClosingLoops(graph)].map((node): Problem => ({
    severity: 'error',
    key: 'loop',
    node,
  }))
  return [...portProblems, ...loops, ...bodyProblems(graph, byType)]
}

/** A node of a body that can also be reached from elsewhere would run with the body and without it. */
function bodyProblems(graph: Graph, byType: ReadonlyMap<string, NodeDefinition>): Problem[] {
  return bodiesOf(graph, byType).flatMap(({ node, port, inside }) => {
    const fromElsewhere = graph.connections.filter(({ from, to }) => {
      const isOwnPort = from.node === node.id && from.port === port
      return inside.has(to.node) && !inside.has(from.node) && !isOwnPort
    })
    return [...new Set(fromElsewhere.map(({ to }) => to.node))].map((id): Problem => ({
      severity: 'error',
      key: 'bodyShared',
      params: { node: node.title ?? node.id },
      node: id,
    }))
  })
}

function portMissing(port: string, node: string): Problem {
  return { severity: 'error', key: 'portMissing', params: { port }, node }
}

/** Nodes without ports, such as comments, take no part in the flow. */
function unreachableProblems(graph: Graph, byType: ReadonlyMap<string, NodeDefinition>): Problem[] {
  const first = graph.nodes.find((node) => node.type === start.type)
  if (!first) return []
  const reached = reachable(first.id, successors(graph))
  return graph.nodes
    .filter((node) => byType.get(node.type)?.input === 'in' && !reached.has(node.id))
    .map((node) => ({ severity: 'warning', key: 'unreachable', node: node.id }))
}

function paramProblems(definition: NodeDefinition, context: CheckContext): Problem[] {
  const { params } = context.node
  const parsed = definition.params.safeParse(params)
  if (parsed.success) return definition.check?.(parsed.data, context) ?? []
  const fields = new Set<string>()
  return parsed.error.issues.flatMap((issue): Problem[] => {
    const place = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]!] : issue.path
    const field = place.map(String).join('/')
    if (fields.has(field)) return []
    fields.add(field)
    const key = issueKey(issue, params) === 'required' ? 'paramRequired' : 'paramInvalid'
    return [{ severity: 'error', key, params: { field }, field }]
  })
}

/** Formulas that cannot be read, and names that nothing has set before this node. */
function valueProblems(node: GraphNode, namesOf: (field: string) => ReadonlySet<string>): Problem[] {
  return findValues(node.params).flatMap(({ value, path }): Problem[] => {
    const error = checkValue(value, namesOf(path.split('/')[0]!))
    if (!error) return []
    const { reason, ...facts } = error.params
    const position = { position: error.position, length: error.length }
    return [{ severity: 'error', key: `formula.${reason}`, params: { ...facts, ...position }, field: path }]
  })
}

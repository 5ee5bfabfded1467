import { outputPorts } from '../define.ts'
import type { NodeDefinition } from '../define.ts'
import { issueKey } from '../issue-key.ts'
import { onErrorProblems } from '../on-error.ts'
import { processProblems } from '../approval/process-problems.ts'
import { start } from '../start/definition.ts'
import { inferNames } from '../values/types/infer-graph.ts'
import type { GraphNames } from '../values/types/infer-graph.ts'
import { checkValue } from '../values/evaluate-value.ts'
import { findValues } from '../values/find-values.ts'
import { Bits } from './bits.ts'
import { bodiesOf } from './bodies.ts'
import { nodesClosingLoops, reachable, successors } from './flow.ts'
import { namesFinder } from './names-at.ts'
import type { NamesFinder } from './names-at.ts'
import { gatherBelow, numberFlow } from './numbered-flow.ts'
import type { CheckContext, Problem } from './problems.ts'
import type { Graph, GraphNode } from './schema.ts'
import { shapeProblems } from './shape-problems.ts'

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

export interface ValidateOptions {
  /**
   * Whether to look at what values may be. A run does without: a step that fails says so itself, and takes its error
   * port where it has one.
   */
  values?: boolean
}

/** Nobody reads more errors of one graph, and a file from outside may have millions. As many warnings are listed. */
export const MOST_PROBLEMS = 500

/**
 * Lists what keeps a graph from running (`error`) and what its author probably did not mean (`warning`):
 * the problems list of the editor and the gate before every run. Nodes come in the order of the file; what comes after
 * `MOST_PROBLEMS` errors is not looked at.
 */
export function validateGraph(
  graph: Graph,
  definitions: readonly NodeDefinition[],
  surroundings: Surroundings = {},
  { values = true }: ValidateOptions = {},
): Problem[] {
  const listed: Problem[] = []
  const counts = { error: 0, warning: 0 }
  for (const problem of problemsOf(graph, definitions, surroundings, values)) {
    if (++counts[problem.severity] > MOST_PROBLEMS) {
      if (problem.severity === 'error') break
    } else listed.push(problem)
  }
  return listed
}

function* problemsOf(
  graph: Graph,
  definitions: readonly NodeDefinition[],
  surroundings: Surroundings,
  values: boolean,
): Generator<Problem> {
  const byType = new Map(definitions.map((definition) => [definition.type, definition]))
  yield* startProblems(graph)
  yield* onErrorProblems(graph, surroundings.functions)
  yield* processProblems(graph, surroundings)
  yield* limitProblems(graph, byType)
  yield* connectionProblems(graph, byType)
  yield* unreachableProblems(graph, byType)
  const known = namesFinder(graph, definitions)
  const shapes = values ? inferNames(graph, definitions) : undefined
  for (const node of graph.nodes) {
    const definition = byType.get(node.type)
    const told = new Set<string | undefined>()
    for (const problem of nodeProblems(node, definition, known, { ...surroundings, graph })) {
      told.add(problem.field)
      yield { ...problem, node: node.id }
    }
    if (definition && shapes) yield* untoldShapeProblems(node, definition, shapes, surroundings, told)
  }
}

/** What a value may be is said where nothing else is wrong with its field. */
function* untoldShapeProblems(
  node: GraphNode,
  definition: NodeDefinition,
  shapes: GraphNames,
  surroundings: Surroundings,
  told: ReadonlySet<string | undefined>,
): Generator<Problem> {
  for (const problem of shapeProblems(node, definition, shapes, surroundings)) {
    if (!told.has(problem.field)) yield { ...problem, node: node.id }
  }
}

function* nodeProblems(
  node: GraphNode,
  definition: NodeDefinition | undefined,
  known: NamesFinder,
  around: Surroundings & { graph: Graph },
): Generator<Problem> {
  if (!definition) return yield { severity: 'error', key: 'unknownType', params: { type: node.type } }
  if (node.typeVersion > definition.version) return yield { severity: 'error', key: 'typeTooNew' }
  const names = known.at(node.id)
  yield* paramProblems(definition, { ...around, node, names })
  const inBodies = definition.bodyValues ? known.inBodies(node.id) : names
  yield* valueProblems(node, (field) => (definition.bodyValues?.includes(field) ? inBodies : names))
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
  const bodies = bodiesOf(graph, byType)
  if (bodies.length === 0) return []
  const flow = numberFlow(graph)
  const itself = graph.nodes.map((_, number) => {
    const row = new Bits(graph.nodes.length)
    row.add(number)
    return row
  })
  const below = gatherBelow(flow, itself, graph.nodes.length)
  const wires = graph.connections.map(({ from, to }) => ({
    port: `${from.node} ${from.port}`,
    source: flow.numbers.get(from.node)!,
    target: flow.numbers.get(to.node)!,
    to: to.node,
  }))
  // each node once, whatever the number of bodies around it
  const shared = new Map<string, Problem>()
  for (const { node, port, first } of bodies) {
    if (first === undefined) continue
    const start = flow.numbers.get(first)!
    const inside = below[start]!
    const own = `${node.id} ${port}`
    for (const wire of wires) {
      const enters = wire.target === start || inside.has(wire.target)
      if (!enters || wire.source === start || inside.has(wire.source) || wire.port === own) continue
      if (shared.has(wire.to)) continue
      const params = { node: node.title ?? node.id }
      shared.set(wire.to, { severity: 'error', key: 'bodyShared', params, node: wire.to })
    }
  }
  return [...shared.values()]
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
function* valueProblems(
  node: GraphNode,
  namesOf: (field: string) => ReadonlySet<string>,
): Generator<Problem> {
  for (const { value, path } of findValues(node.params)) {
    const error = checkValue(value, namesOf(path.split('/')[0]!))
    if (!error) continue
    const { reason, ...facts } = error.params
    const position = { position: error.position, length: error.length }
    yield { severity: 'error', key: `formula.${reason}`, params: { ...facts, ...position }, field: path }
  }
}

import type { Run } from '../../nodes/api/runs.ts'
import type { Pin, TryNode } from '../../nodes/api/try-it.ts'
import { bodyPorts } from '../../nodes/define.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import { isSingle } from '../../nodes/execution.ts'
import type { Graph, GraphNode } from '../../nodes/graph/schema.ts'
import type { HttpAnswer } from '../../nodes/http-request/request.ts'
import type { JsonObject } from '../../nodes/json.ts'
import type { OpenRun, StepRecord } from '../ledger/ledger.ts'
import { SampleValues } from '../x-ray/sample-values.ts'
import { Rehearsal } from './rehearsal.ts'
import type { RehearsalDependencies } from './rehearsal.ts'
import { pinnedNodes, pinnedResults, pinsOnlooker } from './stand-ins.ts'
import type { Definitions } from './stand-ins.ts'

export interface TryNodeRequest extends TryNode {
  graph: Graph
  pins: Readonly<Record<string, Pin>>
  /** Lends its values. */
  lastRun: OpenRun | undefined
  definitions: Definitions
}

/**
 * Executes one node, with its bodies, in a dry run: values come from the last run and from pinned outputs. Of an HTTP
 * request it shows what would be asked for.
 * @throws FlowError `NOT_FOUND`, FieldsError `GRAPH_NOT_READY` naming what is wrong with the node
 */
export async function tryNode(request: TryNodeRequest, on: RehearsalDependencies): Promise<Run> {
  const { graph, pins, lastRun, input, outcome, definitions } = request
  const node = graph.nodes.find(({ id }) => id === request.nodeId)
  if (!node || definitions.get(node.type)?.input !== 'in') {
    throw new FlowError(ErrorCode.NotFound, `There is no node "${request.nodeId}" to execute`, {
      params: { name: request.nodeId },
    })
  }
  const compiled = on.library.part(partOf(graph, node, definitions), graph)
  const target = compiled.start!.next.get('next')!
  // what it would ask for is worth seeing; `http` below lets nothing out
  if (target.type === 'http-request') target.inDryRun = true

  const { [node.id]: _, ...otherPins } = pins
  const rehearsal = new Rehearsal(on, {
    outcome,
    onlooker: pinsOnlooker(pinnedNodes(graph, otherPins, definitions)),
    http: { make: (_run, step) => Promise.resolve(noAnswer(step)) },
  })
  const samples = await new SampleValues(
    graph,
    { ...pinnedNames(graph, otherPins, definitions), ...input },
    lastRun,
  ).nameEntries(on.directory)
  const run = rehearsal.prepareUnchecked(compiled, { ...lastRun?.run.input, ...input })
  const { nodes, ...names } = samples.moment(() => run.now()).names
  run.root.assign(names as JsonObject)
  for (const [id, result] of Object.entries(nodes as JsonObject)) run.root.keep(id, result)
  const ended = await rehearsal.walk(run)
  return { ...ended, steps: ended.steps.filter((step) => step.nodeType !== 'start') }
}

/** Start, the node, and what its bodies lead to. */
function partOf(graph: Graph, node: GraphNode, definitions: Definitions): Graph {
  const start: GraphNode = {
    id: 'start',
    type: 'start',
    typeVersion: 1,
    position: { x: 0, y: 0 },
    params: {},
  }
  while (graph.nodes.some(({ id, type }) => id === start.id && type !== 'start')) start.id += '_'
  const kept = new Set([node.id])
  const bodies = bodyPorts(definitions.get(node.type)!, node)
  const isInside = ({ from }: Graph['connections'][number]) =>
    from.node === node.id ? bodies.includes(from.port) : kept.has(from.node)
  for (let size = 0; size < kept.size;) {
    size = kept.size
    for (const connection of graph.connections) if (isInside(connection)) kept.add(connection.to.node)
  }
  return {
    ...graph,
    nodes: [start, ...graph.nodes.filter(({ id, type }) => kept.has(id) && type !== 'start')],
    connections: [
      { id: 'start', from: { node: start.id, port: 'next' }, to: { node: node.id, port: 'in' } },
      ...graph.connections.filter(isInside),
    ],
  }
}

/** What pinned outputs put in the place of the last run's values: results as `nodes.<id>`, variables by name. */
function pinnedNames(
  graph: Graph,
  pins: Readonly<Record<string, Pin>>,
  definitions: Definitions,
): JsonObject {
  const names: JsonObject = {}
  for (const [id, { result, assign }] of pinnedResults(graph, pins, definitions)) {
    if (result !== undefined) names[`nodes.${id}`] = result
    if (assign && isSingle(assign)) names[assign[0]] = assign[1]
    else Object.assign(names, assign)
  }
  return names
}

function noAnswer(step: StepRecord): HttpAnswer {
  step.notExecuted = true
  return { status: 0, headers: {}, body: null, durationMs: 0 }
}

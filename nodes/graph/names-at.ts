import { z } from 'zod'
import { bodyPorts, sharesNames } from '../define.ts'
import type { NodeDefinition } from '../define.ts'
import { Bits } from './bits.ts'
import { bodiesOf } from './bodies.ts'
import type { GraphBody } from './bodies.ts'
import { gatherBelow, numberFlow } from './numbered-flow.ts'
import type { Graph, GraphConnection, GraphNode } from './schema.ts'

/** The names that values can use at the nodes of one graph. */
export interface NamesFinder {
  /**
   * The inputs, the variables that earlier nodes may have set, and `nodes.<id>` for each earlier node with a result.
   * "Earlier" means that connections lead from there to here: on another branch it may not have run, then its result is
   * nothing. What follows a loop, a try or parallel branches also comes after their bodies, where these share their
   * names with it.
   */
  at(nodeId: string): ReadonlySet<string>
  /** At the end of a node's bodies: also what they and the node itself set. */
  inBodies(nodeId: string): ReadonlySet<string>
}

/** Asks for one node only; see `NamesFinder`. */
export function namesAt(
  graph: Graph,
  nodeId: string,
  definitions: readonly NodeDefinition[],
): ReadonlySet<string> {
  return namesFinder(graph, definitions).at(nodeId)
}

/** Asks for one node only; see `NamesFinder`. */
export function namesInBodies(
  graph: Graph,
  nodeId: string,
  definitions: readonly NodeDefinition[],
): ReadonlySet<string> {
  return namesFinder(graph, definitions).inBodies(nodeId)
}

/** Reads a graph once: a row of bits per node says which names it has, whatever the number of loops inside each other. */
export function namesFinder(graph: Graph, definitions: readonly NodeDefinition[]): NamesFinder {
  const byType = new Map(definitions.map((each) => [each.type, each]))
  const flow = numberFlow(graph)
  const numberOf = (id: string) => flow.numbers.get(id)!
  const made = graph.nodes.map((node) => namesMadeBy(node, byType.get(node.type)))
  const names = [...new Set(made.flat())]
  const places = new Map(names.map((name, place) => [name, place]))
  const rowOf = (own: readonly string[]) => {
    const row = new Bits(names.length)
    for (const name of own) row.add(places.get(name)!)
    return row
  }
  const own = made.map(rowOf)

  const below = gatherBelow(flow, own, names.length)
  const bodies = groupBy(bodiesOf(graph, byType), ({ node }) => node.id)
  const madeIn = new Map([...bodies].map(([id, each]) => [id, madeInBodies(each)]))
  function madeInBodies(each: readonly GraphBody[]): Bits {
    const row = new Bits(names.length)
    for (const { first } of each) {
      if (first === undefined) continue
      row.addAll(own[numberOf(first)]!)
      row.addAll(below[numberOf(first)]!)
    }
    return row
  }

  const incoming = groupBy(graph.connections, ({ to }) => to.node)
  const rows: Bits[] = []
  for (const group of flow.groups.toReversed()) {
    const row = new Bits(names.length)
    for (const number of group) {
      if (group.length > 1) row.addAll(own[number]!)
      for (const { from } of incoming.get(graph.nodes[number]!.id) ?? []) {
        row.addAll(own[numberOf(from.node)]!)
        if (rows[numberOf(from.node)]) row.addAll(rows[numberOf(from.node)]!)
        const inside = bodies.get(from.node)
        if (inside && comesAfter(inside, from)) row.addAll(madeIn.get(from.node)!)
      }
    }
    for (const number of group) rows[number] = row
  }

  const inputs = graph.inputs.map((input) => input.name)
  const namesIn = (...all: readonly Bits[]) => {
    const row = new Bits(names.length)
    for (const each of all) row.addAll(each)
    return new Set([...inputs, ...names.filter((_, place) => row.has(place))])
  }
  return {
    at: (id) => namesIn(rows[numberOf(id)]!),
    inBodies(id) {
      const variables = made[numberOf(id)]!.filter((name) => !name.startsWith('nodes.'))
      const inside = madeIn.get(id) ?? new Bits(names.length)
      return namesIn(rows[numberOf(id)]!, rowOf(variables), inside)
    },
  }
}

/** Whether what the bodies of a node set is visible behind this port of it. */
function comesAfter([body]: readonly GraphBody[], { port }: GraphConnection['from']): boolean {
  const { definition, node } = body!
  return sharesNames(definition, node) && !bodyPorts(definition, node).includes(port)
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group) group.push(item)
    else groups.set(keyOf(item), [item])
  }
  return groups
}

/** A node sets the variables that its `variable-name` parameters name, and leaves its result behind. */
function namesMadeBy(node: GraphNode, definition: NodeDefinition | undefined): string[] {
  if (!definition) return []
  const names = definition.result || node.onError ? [`nodes.${node.id}`] : []
  for (const [key, field] of Object.entries(definition.params.shape)) {
    const name = Object.hasOwn(node.params, key) ? node.params[key] : defaultOf(field)
    if (field.meta()?.control === 'variable-name' && typeof name === 'string') names.push(name)
  }
  return names
}

function defaultOf(field: z.core.$ZodType): unknown {
  return field instanceof z.ZodDefault ? field.def.defaultValue : undefined
}

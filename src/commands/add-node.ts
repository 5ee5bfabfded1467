import { outputPorts, type NodeDefinition } from '../../nodes/define.ts'
import { GRAPH_LIMITS, type GraphConnection, type GraphNode } from '../../nodes/graph/schema.ts'
import type { Change, Command, GraphDocument, PortRef } from '../stores/graph-document.ts'
import { added, connectionFrom, removed } from './changes.ts'
import { newConnectionId, newNodeId } from './ids.ts'

export interface AddNodeOptions {
  position: GraphNode['position']
  /** The output a wire was dragged from: it leads to the new node afterwards. */
  after?: PortRef | undefined
  /** Id of a connection the node was dropped on: it is put in between. */
  into?: string | undefined
}

/** Why a node cannot be added: a text below `canvas.refusals` in the locale files. */
export type AddRefusal = 'graphFull' | 'onlyOne'

/** Says whether the graph takes one more node of this type. */
export function refuseNode(document: GraphDocument, definition: NodeDefinition): AddRefusal | null {
  if (document.nodes.size >= GRAPH_LIMITS.nodes) return 'graphFull'
  if (definition.limit === undefined) return null
  let count = 0
  for (const node of document.nodes.values()) if (node.type === definition.type) count++
  return count >= definition.limit ? 'onlyOne' : null
}

/**
 * Adds a node with the defaults of its type, connected where it was dropped.
 * The new node is the first entry of the patch's `nodes`. Does nothing where `refuseNode` refuses.
 */
export function addNode(definition: NodeDefinition, { position, after, into }: AddNodeOptions): Command {
  return (document) => {
    if (refuseNode(document, definition)) return null
    const node: GraphNode = {
      id: newNodeId(document, definition.type),
      type: definition.type,
      typeVersion: definition.version,
      position,
      params: definition.defaults() as GraphNode['params'],
    }
    const connections = wiresOf(document, definition, node, { after, into })
    return { command: 'add-node', nodes: [added(node)], connections }
  }
}

function wiresOf(
  document: GraphDocument,
  definition: NodeDefinition,
  node: GraphNode,
  { after, into }: Pick<AddNodeOptions, 'after' | 'into'>,
): Change<GraphConnection>[] {
  if (definition.input === null) return []
  const split = into === undefined ? undefined : document.connections.get(into)
  const from = split?.from ?? after
  if (!from) return []
  const replaced = connectionFrom(document, from)
  const wires: GraphConnection[] = [
    { id: newConnectionId(document), from: { ...from }, to: { node: node.id, port: definition.input } },
  ]
  const [firstOutput] = outputPorts(definition, node)
  if (split && firstOutput !== undefined) {
    const id = newConnectionId(document, new Set([wires[0]!.id]))
    wires.push({ id, from: { node: node.id, port: firstOutput }, to: { ...split.to } })
  }
  return [...removed(document.connections, (each) => each.id === replaced?.id), ...wires.map(added)]
}

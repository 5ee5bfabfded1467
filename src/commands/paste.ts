import type { NodeDefinition } from '../../nodes/define.ts'
import { GRAPH_LIMITS, type GraphConnection, type GraphNode } from '../../nodes/graph/schema.ts'
import type { Command, GraphDocument } from '../stores/graph-document.ts'
import { added } from './changes.ts'
import type { GraphFragment } from './graph-fragment.ts'
import { newConnectionId, newNodeId } from './ids.ts'
import { renameReferences } from './rename-references.ts'

/**
 * Adds copies of a fragment's nodes under new ids, with the connections between them. Values that name another
 * node of the fragment follow to its copy. Nodes the graph cannot take (a second Start) are left out.
 * @param offset  how far the copies stand from the originals
 */
export function paste(
  fragment: GraphFragment,
  offset: GraphNode['position'],
  definitions: readonly NodeDefinition[],
  command = 'paste',
): Command {
  return (document) => {
    const newIds = newNodeIds(document, fragment, definitions)
    if (newIds.size === 0 || document.nodes.size + newIds.size > GRAPH_LIMITS.nodes) return null
    const nodes = fragment.nodes
      .filter((node) => newIds.has(node.id))
      .map((node) => ({
        ...node,
        id: newIds.get(node.id)!,
        position: { x: node.position.x + offset.x, y: node.position.y + offset.y },
        params: renameReferences(node.params, newIds) as GraphNode['params'],
      }))
    return {
      command,
      nodes: nodes.map(added),
      connections: newConnections(document, fragment, newIds).map(added),
    }
  }
}

function newNodeIds(
  document: GraphDocument,
  fragment: GraphFragment,
  definitions: readonly NodeDefinition[],
): Map<string, string> {
  const counts = new Map<string, number>()
  for (const { type } of document.nodes.values()) counts.set(type, (counts.get(type) ?? 0) + 1)
  const newIds = new Map<string, string>()
  const taken = new Set<string>()
  for (const node of fragment.nodes) {
    const limit = definitions.find((each) => each.type === node.type)?.limit ?? Infinity
    const count = counts.get(node.type) ?? 0
    if (count >= limit || newIds.has(node.id)) continue
    counts.set(node.type, count + 1)
    const id = newNodeId(document, node.type, taken)
    taken.add(id)
    newIds.set(node.id, id)
  }
  return newIds
}

function newConnections(
  document: GraphDocument,
  fragment: GraphFragment,
  newIds: ReadonlyMap<string, string>,
): GraphConnection[] {
  const connections: GraphConnection[] = []
  const taken = new Set<string>()
  const usedOutputs = new Set<string>()
  for (const { from, to } of fragment.connections) {
    const source = newIds.get(from.node)
    const target = newIds.get(to.node)
    const output = `${source}/${from.port}`
    if (source === undefined || target === undefined || source === target || usedOutputs.has(output)) continue
    usedOutputs.add(output)
    const id = newConnectionId(document, taken)
    taken.add(id)
    connections.push({ id, from: { node: source, port: from.port }, to: { node: target, port: to.port } })
  }
  return connections
}

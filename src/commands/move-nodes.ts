import type { GraphNode } from '../../nodes/graph/schema.ts'
import type { Command } from '../stores/graph-document.ts'
import { changed } from './changes.ts'

/** Puts nodes somewhere else. A whole drag is one step. */
export function moveNodes(positions: ReadonlyMap<string, GraphNode['position']>): Command {
  return (document) => {
    const nodes = []
    for (const [id, { x, y }] of positions) {
      const node = document.nodes.get(id)
      if (!node || (node.position.x === x && node.position.y === y)) continue
      nodes.push(changed(node, { ...node, position: { x, y } }))
    }
    return nodes.length > 0 ? { command: 'move-nodes', nodes, connections: [] } : null
  }
}

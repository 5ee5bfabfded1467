import { diffGraphs, type GraphDifference } from '../../../../nodes/graph/diff-graphs.ts'
import type { Graph } from '../../../../nodes/graph/schema.ts'
import type { ChangeMark, ChangeMarks } from '../../../stores/graph-store.ts'

/** A graph compared with an earlier one, as the canvas shows it: what was removed is still there, marked as removed. */
export interface Comparison {
  difference: GraphDifference
  graph: Graph
  marks: ChangeMarks
}

export function compareGraphs(before: Graph, after: Graph): Comparison {
  const difference = diffGraphs(before, after)
  const present = new Set(after.nodes.map(({ id }) => id))
  const nodes = new Map<string, ChangeMark>()
  for (const { kind, node } of difference.nodes) {
    // a node of another type under the same id is shown once, as what it is now
    if (kind !== 'removed' || !present.has(node.id)) nodes.set(node.id, kind)
  }
  const connections = new Map<string, ChangeMark>()
  const gone: Graph['connections'] = []
  for (const { from, before: was, after: is } of difference.flow) {
    const leaves = ({ from: each }: Graph['connections'][number]) =>
      each.node === from.node && each.port === from.port
    const added = after.connections.find(leaves)
    if (is !== null && added) connections.set(added.id, 'added')
    const removed = before.connections.find(leaves)
    if (was === null || !removed) continue
    const id = `was-${removed.id}`.slice(0, 64)
    gone.push({ ...removed, id })
    connections.set(id, 'removed')
  }
  const removedNodes = before.nodes.filter(({ id }) => !present.has(id))
  return {
    difference,
    graph: {
      ...after,
      nodes: [...after.nodes, ...removedNodes],
      connections: [...after.connections, ...gone],
    },
    marks: { nodes, connections },
  }
}

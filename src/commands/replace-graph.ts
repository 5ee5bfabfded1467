import type { Graph } from '../../nodes/graph/schema.ts'
import type { Change, Command } from '../stores/graph-document.ts'
import { added, removed } from './changes.ts'

/**
 * Puts another graph in place of the open one, as one step; the name of the function stays.
 * @param wishes.withTitle takes the title over too
 */
export function replaceGraph(graph: Graph, { withTitle = false } = {}): Command {
  return (document) => ({
    command: 'replace-graph',
    head: {
      before: document.head,
      after: {
        ...document.head,
        description: graph.description,
        history: graph.history,
        onErrorFunction: graph.onErrorFunction,
        process: graph.process,
        ...(withTitle && { title: graph.title }),
      },
    },
    nodes: replaceItems(document.nodes, graph.nodes),
    connections: replaceItems(document.connections, graph.connections),
    inputs: { before: document.inputs, after: graph.inputs },
  })
}

function replaceItems<Item extends { id: string }>(
  present: ReadonlyMap<string, Item>,
  next: readonly Item[],
): Change<Item>[] {
  const ids = new Set(next.map((item) => item.id))
  const gone = removed(present, (item) => !ids.has(item.id))
  const others = next.map((item): Change<Item> => {
    const before = present.get(item.id)
    return before ? { id: item.id, before, after: item } : added(item)
  })
  return [...gone, ...others]
}

import { outputPorts, type NodeDefinition } from '../../nodes/define.ts'
import type { GraphNode } from '../../nodes/graph/schema.ts'
import type { Command } from '../stores/graph-document.ts'
import { changed, removed } from './changes.ts'
import { withTitle } from './rename-node.ts'

export interface SetParamsOptions {
  title?: string
  definition?: NodeDefinition | undefined
  /** `stop`: without an error port. */
  onError?: 'stop' | 'branch'
}

/**
 * What OK in Set Parameters does, as one step.
 * @param title  absent: the title stays; empty: the node is called by its type again
 * @param definition  wires that leave through a port the new parameters do not have go with it; without a
 *   definition all wires stay
 */
export function setParams(
  nodeId: string,
  params: GraphNode['params'],
  { title, definition, onError }: SetParamsOptions = {},
): Command {
  return (document) => {
    const before = document.nodes.get(nodeId)
    if (!before) return null
    const after = withTitle(
      withErrorPort({ ...before, params }, onError ?? before.onError),
      title ?? before.title ?? '',
    )
    const ports = definition && new Set(outputPorts(definition, after))
    const connections = ports
      ? removed(document.connections, ({ from }) => from.node === nodeId && !ports.has(from.port))
      : []
    if (connections.length === 0 && JSON.stringify(before) === JSON.stringify(after)) return null
    return { command: 'set-params', nodes: [changed(before, after)], connections }
  }
}

function withErrorPort(
  { onError: _, ...node }: GraphNode,
  onError: 'stop' | 'branch' | undefined,
): GraphNode {
  return onError === 'branch' ? { ...node, onError } : node
}

import type { GraphNode } from '../../nodes/graph/schema.ts'
import type { Command } from '../stores/graph-document.ts'
import { moveNodes } from './move-nodes.ts'

/** Puts all nodes where a layout wants them, as one step. */
export function tidyUp(positions: ReadonlyMap<string, GraphNode['position']>): Command {
  return (document) => {
    const patch = moveNodes(positions)(document)
    return patch && { ...patch, command: 'tidy-up' }
  }
}

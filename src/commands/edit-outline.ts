import type { NodeDefinition } from '../../nodes/define.ts'
import type { Graph } from '../../nodes/graph/schema.ts'
import { refuseEdit, type OutlineRefusal } from '../../nodes/outline/edit-outline.ts'
import { saveDocument, type Change, type Command, type GraphDocument } from '../stores/graph-document.ts'
import { added, removed } from './changes.ts'

/**
 * Carries an edit of the outline out, as one step.
 * @param command  the step's name, a text below `canvas.commands`
 * @param edit  gives another graph with the same head and inputs; does nothing where it gives the same one
 * @param refused  told why an edit that would break the graph is not carried out
 */
export function editOutline(
  command: string,
  edit: (graph: Graph) => Graph,
  definitions: readonly NodeDefinition[],
  refused: (why: OutlineRefusal) => void,
): Command {
  return (document) => {
    const before = saveDocument(document)
    const after = edit(before)
    if (after === before) return null
    const refusal = refuseEdit(before, after, definitions)
    if (refusal) {
      refused(refusal)
      return null
    }
    const nodes = changesTo(document.nodes, after.nodes)
    const connections = changesTo(document.connections, after.connections)
    return nodes.length + connections.length > 0 ? { command, nodes, connections } : null
  }
}

/** New items last: a patch adds them at the end. */
function changesTo<Item extends { id: string }>(
  present: ReadonlyMap<string, Item>,
  next: readonly Item[],
): Change<Item>[] {
  const ids = new Set(next.map(({ id }) => id))
  const others = next.flatMap((item): Change<Item>[] => {
    const before = present.get(item.id)
    if (!before) return [added(item)]
    return before === item ? [] : [{ id: item.id, before, after: item }]
  })
  return [...removed(present, ({ id }) => !ids.has(id)), ...others]
}

/** A part of a document for `OutlineEditor.insertPart`. */
export type OutlinePart = Pick<Graph, 'nodes' | 'connections'>

/** What a paste would add: the nodes and connections of its patch. */
export function partOf(command: Command, document: GraphDocument): OutlinePart | null {
  const patch = command(document)
  if (!patch) return null
  return {
    nodes: patch.nodes.flatMap(({ after }) => after ?? []),
    connections: patch.connections.flatMap(({ after }) => after ?? []),
  }
}

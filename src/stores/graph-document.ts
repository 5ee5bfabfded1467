import type { Graph, GraphConnection, GraphInput, GraphNode } from '../../nodes/graph/schema.ts'

/** Everything of the file that is neither a node, a connection nor an input. */
export type GraphHead = Omit<Graph, 'nodes' | 'connections' | 'inputs'>

/**
 * A function while it is open: the saved graph with its nodes and connections by id, in file order.
 * Nodes and connections are never changed in place; a change puts a new object under the same id, so
 * "same object" means "unchanged". Only `applyPatch` writes.
 */
export interface GraphDocument {
  head: GraphHead
  inputs: readonly GraphInput[]
  nodes: Map<string, GraphNode>
  connections: Map<string, GraphConnection>
}

/** What happened to one node or connection. `null` before: it is new; `null` after: it is gone. */
export interface Change<Item> {
  id: string
  before: Item | null
  after: Item | null
  /** Where a removed item stood, so that bringing it back gives the same file. */
  index?: number
}

/** One undoable step. It knows both sides, so the way back is the same patch turned round. */
export interface Patch {
  /** Names the step in "Undo …": a text below `canvas.commands` in the locale files. */
  command: string
  nodes: readonly Change<GraphNode>[]
  connections: readonly Change<GraphConnection>[]
  inputs?: { before: readonly GraphInput[]; after: readonly GraphInput[] }
  head?: { before: GraphHead; after: GraphHead }
}

/** A user action: looks at the document and says what would change; `null` where there is nothing to do. */
export type Command = (document: GraphDocument) => Patch | null

/** One end of a connection. */
export type PortRef = GraphConnection['from']

/** Opens a saved graph. */
export function openDocument({ nodes, connections, inputs, ...head }: Graph): GraphDocument {
  return {
    head,
    inputs,
    nodes: new Map(nodes.map((node) => [node.id, node])),
    connections: new Map(connections.map((connection) => [connection.id, connection])),
  }
}

/** The document as it is saved. */
export function saveDocument(document: GraphDocument): Graph {
  return {
    ...document.head,
    inputs: [...document.inputs],
    nodes: [...document.nodes.values()],
    connections: [...document.connections.values()],
  }
}

/** Carries a patch out. */
export function applyPatch(document: GraphDocument, patch: Patch): void {
  applyChanges(document.nodes, patch.nodes)
  applyChanges(document.connections, patch.connections)
  if (patch.inputs) document.inputs = patch.inputs.after
  if (patch.head) document.head = patch.head.after
}

/** The step that takes a patch back. */
export function invertPatch(patch: Patch): Patch {
  return {
    command: patch.command,
    nodes: patch.nodes.map(invertChange),
    connections: patch.connections.map(invertChange),
    ...(patch.inputs && { inputs: { before: patch.inputs.after, after: patch.inputs.before } }),
    ...(patch.head && { head: { before: patch.head.after, after: patch.head.before } }),
  }
}

function invertChange<Item>({ before, after, ...rest }: Change<Item>): Change<Item> {
  return { ...rest, before: after, after: before }
}

function applyChanges<Item>(items: Map<string, Item>, changes: readonly Change<Item>[]): void {
  const returning: Change<Item>[] = []
  for (const change of changes) {
    if (!change.after) items.delete(change.id)
    else if (change.before || change.index === undefined) items.set(change.id, change.after)
    else returning.push(change)
  }
  if (returning.length === 0) return
  const entries = [...items]
  // Lowest place first: each index then counts the items that already stand before it.
  returning.sort((a, b) => a.index! - b.index!)
  for (const { id, after, index } of returning) entries.splice(index!, 0, [id, after!])
  items.clear()
  for (const [id, item] of entries) items.set(id, item)
}

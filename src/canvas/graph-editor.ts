import { NodeEditor, type GetSchemes } from 'rete'
import type { GraphConnection, GraphNode } from '../../nodes/graph/schema.ts'
import { connect } from '../commands/connect.ts'
import { deleteNodes } from '../commands/delete-nodes.ts'
import { disconnect } from '../commands/disconnect.ts'
import type { GraphStore } from '../stores/graph-store.ts'

/** A connection in the words of Rete. */
export interface FlowConnection {
  id: string
  source: string
  sourceOutput: string
  target: string
  targetInput: string
  /** True for the wire that hangs on the pointer while a connection is drawn. */
  isPseudo?: boolean
}

export type FlowSchemes = GetSchemes<Pick<GraphNode, 'id'>, FlowConnection>

/**
 * Rete's editor over the graph store. It keeps no copy: what Rete plugins read comes from the document, and
 * what they change becomes a command, so it can be undone. Loading 1,000 nodes therefore costs nothing here.
 */
export class GraphEditor extends NodeEditor<FlowSchemes> {
  readonly #store: GraphStore

  constructor(store: GraphStore) {
    super()
    this.#store = store
  }

  override getNode(id: string) {
    return this.#store.document.nodes.get(id)
  }

  override getNodes() {
    return [...this.#store.document.nodes.values()]
  }

  override getConnection(id: string) {
    const connection = this.#store.document.connections.get(id)
    return connection && inWordsOfRete(connection)
  }

  override getConnections() {
    return [...this.#store.document.connections.values()].map(inWordsOfRete)
  }

  override async addConnection({ source, sourceOutput, target, targetInput }: FlowConnection) {
    const from = { node: source, port: sourceOutput }
    return this.#store.apply(connect(from, { node: target, port: targetInput })) !== null
  }

  override async removeConnection(id: string) {
    return this.#store.apply(disconnect([id])) !== null
  }

  override async removeNode(id: string) {
    return this.#store.apply(deleteNodes([id])) !== null
  }

  /** A bare id is no node: nodes come from the palette, by the command `addNode`. */
  override async addNode() {
    return false
  }

  override async clear() {
    return this.#store.apply(deleteNodes(this.#store.document.nodes.keys())) !== null
  }
}

function inWordsOfRete({ id, from, to }: GraphConnection): FlowConnection {
  return { id, source: from.node, sourceOutput: from.port, target: to.node, targetInput: to.port }
}

import { shallowRef } from 'vue'
import type { Change, Patch } from './graph-document.ts'

const nothing: ReadonlySet<string> = new Set()

/** Which nodes and connections are selected. */
export function useSelection() {
  const nodes = shallowRef<ReadonlySet<string>>(nothing)
  const connections = shallowRef<ReadonlySet<string>>(nothing)

  /** Selects exactly these. */
  function select(nodeIds: Iterable<string>, connectionIds: Iterable<string> = []) {
    nodes.value = new Set(nodeIds)
    connections.value = new Set(connectionIds)
  }

  /** Adds a node, or takes it out again. */
  function toggle(nodeId: string) {
    const next = new Set(nodes.value)
    if (!next.delete(nodeId)) next.add(nodeId)
    nodes.value = next
  }

  function selectConnection(id: string, keepOthers = false) {
    if (!keepOthers) return select([], [id])
    const next = new Set(connections.value)
    if (!next.delete(id)) next.add(id)
    connections.value = next
  }

  function clear() {
    if (nodes.value.size > 0) nodes.value = nothing
    if (connections.value.size > 0) connections.value = nothing
  }

  /** Drops what a patch removes. */
  function forget(patch: Patch) {
    nodes.value = without(nodes.value, patch.nodes)
    connections.value = without(connections.value, patch.connections)
  }

  return { nodes, connections, select, toggle, selectConnection, clear, forget }
}

function without(selected: ReadonlySet<string>, changes: readonly Change<unknown>[]): ReadonlySet<string> {
  const gone = changes.filter((change) => !change.after && selected.has(change.id))
  if (gone.length === 0) return selected
  const left = new Set(selected)
  for (const change of gone) left.delete(change.id)
  return left
}

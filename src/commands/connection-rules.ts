import type { GraphDocument, PortRef } from '../stores/graph-document.ts'

/** Why two ports cannot be connected: a text below `canvas.refusals` in the locale files. */
export type ConnectionRefusal = 'selfLoop' | 'cycle' | 'exists' | 'missing'

/**
 * Says whether a wire from an output to an input may be drawn. Control flow never goes back, so a wire that
 * would close a circle is refused.
 * @param instead  id of the connection the new one takes the place of
 */
export function refuseConnection(
  document: GraphDocument,
  from: PortRef,
  to: PortRef,
  instead?: string,
): ConnectionRefusal | null {
  if (!document.nodes.has(from.node) || !document.nodes.has(to.node)) return 'missing'
  if (from.node === to.node) return 'selfLoop'
  const next = new Map<string, string[]>()
  for (const { id, from: source, to: target } of document.connections.values()) {
    if (source.node === from.node && source.port === from.port) {
      if (target.node === to.node && target.port === to.port) return 'exists'
      continue // gives way to the new wire
    }
    if (id === instead) continue
    const targets = next.get(source.node)
    if (targets) targets.push(target.node)
    else next.set(source.node, [target.node])
  }
  return isReachable(next, to.node, from.node) ? 'cycle' : null
}

function isReachable(next: ReadonlyMap<string, readonly string[]>, start: string, goal: string): boolean {
  const seen = new Set([start])
  for (const node of seen) {
    if (node === goal) return true
    for (const following of next.get(node) ?? []) seen.add(following)
  }
  return false
}

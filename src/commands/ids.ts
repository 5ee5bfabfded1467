import type { GraphDocument } from '../stores/graph-document.ts'

/**
 * An id for a new node, made from its type so that formulas stay readable: `smsNotification2`.
 * @param taken  ids given out by the same command and not in the document yet
 */
export function newNodeId(
  document: GraphDocument,
  type: string,
  taken: ReadonlySet<string> = new Set(),
): string {
  const word = type
    .replace(/[^A-Za-z0-9]+(.)?/g, (_, next?: string) => next?.toUpperCase() ?? '')
    .slice(0, 48)
  return firstFree(word || 'node', (id) => document.nodes.has(id) || taken.has(id))
}

/** An id for a new connection: `c17`. */
export function newConnectionId(document: GraphDocument, taken: ReadonlySet<string> = new Set()): string {
  const isTaken = (id: string) => document.connections.has(id) || taken.has(id)
  return firstFree('c', isTaken, document.connections.size + taken.size + 1)
}

function firstFree(word: string, isTaken: (id: string) => boolean, from = 1): string {
  let number = from
  while (isTaken(`${word}${number}`)) number++
  return `${word}${number}`
}

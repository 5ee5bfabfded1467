import type { NodeDefinition } from '../define.ts'
import type { Graph, GraphNode } from '../graph/schema.ts'
import { connectionProblems } from '../graph/validate-graph.ts'
import { outlineOf } from './outline.ts'
import type { OutlineBlock, PortRef } from './outline.ts'
import { behind, gapAt, nodesIn, placesIn, waysOut } from './places.ts'
import type { OutlineGap, OutlinePlace, OutlinePlaces } from './places.ts'
import { reconnect } from './reconnect.ts'
import { makeRoom, shift, spotBeside } from './spots.ts'
import { onwardPorts } from './statement-ports.ts'

/**
 * What a program's editing keys do to its graph. All of them give another graph and leave the given one as it is;
 * where there is nothing to do, they give the same one.
 */
export interface OutlineEditor {
  insert(graph: Graph, node: GraphNode, place: OutlinePlace | null): Graph
  /** Puts the statements of a copied part, one after the other; ids must be new. */
  insertPart(graph: Graph, part: Pick<Graph, 'nodes' | 'connections'>, place: OutlinePlace | null): Graph
  /** Removes statements with everything in their branches; what led to them leads to what follows. */
  remove(graph: Graph, ids: Iterable<string>): Graph
  /** Takes a statement with its branches out of its place and puts it elsewhere. */
  move(graph: Graph, id: string, place: OutlinePlace): Graph
}

/** Statements that are put somewhere together. */
interface Piece {
  head: string
  nodes: readonly string[]
  waysOut: readonly PortRef[]
}

export function outlineEditor(definitions: readonly NodeDefinition[]): OutlineEditor {
  const byType = new Map(definitions.map((definition) => [definition.type, definition]))
  const placesOf = (graph: Graph) => placesIn(outlineOf(graph, definitions))

  function put(graph: Graph, piece: Piece, { from, to }: OutlineGap): Graph {
    const leading = reconnect(graph, from, piece.head, byType)
    return reconnect(leading, piece.waysOut, to, byType)
  }

  function insert(graph: Graph, node: GraphNode, place: OutlinePlace | null): Graph {
    const definition = byType.get(node.type)
    const gap = place && gapAt(placesOf(graph), place)
    if (definition?.input === null) return withNode(graph, node, place && spotBeside(graph, place))
    if (!gap) return withNode(graph, node, null)
    const { spot, graph: roomy } = makeRoom(graph, gap)
    const piece = { head: node.id, nodes: [node.id], waysOut: waysOf(node) }
    return put(withNode(roomy, node, spot), piece, gap)
  }

  function waysOf(node: GraphNode): PortRef[] {
    return onwardPorts(node, byType.get(node.type)).map((port) => ({ node: node.id, port }))
  }

  function insertPart(
    graph: Graph,
    part: Pick<Graph, 'nodes' | 'connections'>,
    place: OutlinePlace | null,
  ): Graph {
    const { main, loose, comments, looseComments } = outlineOf({ ...graph, ...part }, definitions)
    const blocks = [main, ...loose].filter(({ statements }) => statements.length > 0)
    let changed: Graph = {
      ...graph,
      nodes: [...graph.nodes, ...part.nodes],
      connections: [...graph.connections, ...part.connections],
    }
    let next = place
    for (const block of blocks) {
      const piece = pieceOf(block)
      const beside = [...piece.nodes].flatMap((id) => (comments.get(id) ?? []).map((each) => each.id))
      const gap = next && gapAt(placesOf(changed), next)
      if (gap) changed = putAt(changed, piece, gap, beside)
      next = next && { after: block.statements.at(-1)!.node.id }
    }
    const spot = looseComments.length > 0 && place ? spotBeside(graph, place) : null
    const first = looseComments[0]
    if (!spot || !first) return changed
    const ids = new Set(looseComments.map(({ id }) => id))
    return shift(changed, ids, { x: spot.x - first.position.x, y: spot.y - first.position.y })
  }

  /** Puts a piece that is in the graph already, and moves it on the canvas to where it belongs now. */
  function putAt(graph: Graph, piece: Piece, gap: OutlineGap, beside: readonly string[] = []): Graph {
    const own = new Set([...piece.nodes, ...beside])
    const { spot, graph: roomy } = makeRoom(graph, gap, own)
    const head = roomy.nodes.find(({ id }) => id === piece.head)!
    const moved = shift(roomy, own, { x: spot.x - head.position.x, y: spot.y - head.position.y })
    return put(moved, piece, gap)
  }

  function remove(graph: Graph, ids: Iterable<string>): Graph {
    let changed = graph
    for (const id of ids) changed = removeOne(changed, id)
    return changed
  }

  function removeOne(graph: Graph, id: string): Graph {
    const node = graph.nodes.find((each) => each.id === id)
    if (!node) return graph
    const place = placesOf(graph).get(id)
    if (!place) return without(graph, new Set([id]))
    const gone = new Set(nodesIn(place.statement))
    const leading = graph.connections.filter(({ from, to }) => to.node === id && !gone.has(from.node))
    const to = behind(place)
    const closed = reconnect(
      graph,
      leading.map(({ from }) => from),
      to !== null && gone.has(to) ? null : to,
      byType,
    )
    return without(closed, gone)
  }

  function move(graph: Graph, id: string, place: OutlinePlace): Graph {
    const before = placesOf(graph)
    const found = before.get(id)
    if (!found) return graph
    const piece = pieceOf({ statements: [found.statement] })
    const other = 'into' in place ? place.into.node : 'after' in place ? place.after : place.before
    if (piece.nodes.includes(other)) return graph
    const taken = take(graph, piece, gapAt(before, { before: id })!.from, behind(found))
    const gap = gapAt(placesOf(taken), place)
    if (!gap) return graph
    const swapped = other !== id ? swapPlaces(taken, before, id, other) : null
    return swapped ? put(swapped, piece, gap) : putAt(taken, piece, gap, besideOf(graph, piece.nodes))
  }

  function take(graph: Graph, piece: Piece, leading: readonly PortRef[], to: string | null): Graph {
    return reconnect(reconnect(graph, leading, to, byType), piece.waysOut, null, byType)
  }

  function besideOf(graph: Graph, ids: readonly string[]): string[] {
    const { comments } = outlineOf(graph, definitions)
    return ids.flatMap((id) => (comments.get(id) ?? []).map((each) => each.id))
  }

  /** Neighbours of one block change places on the canvas too. Null: they are no neighbours. */
  function swapPlaces(graph: Graph, places: OutlinePlaces, id: string, other: string): Graph | null {
    const [one, two] = [places.get(id), places.get(other)]
    if (!one || !two || one.block !== two.block || Math.abs(one.index - two.index) !== 1) return null
    const [a, b] = [one.statement.node.position, two.statement.node.position]
    const idsOf = (place: NonNullable<typeof one>) => {
      const ids = nodesIn(place.statement)
      return new Set([...ids, ...besideOf(graph, ids)])
    }
    const moved = shift(graph, idsOf(one), { x: b.x - a.x, y: b.y - a.y })
    return shift(moved, idsOf(two), { x: a.x - b.x, y: a.y - b.y })
  }

  return { insert, insertPart, remove, move }
}

function pieceOf({ statements }: Pick<OutlineBlock, 'statements'>): Piece {
  return {
    head: statements[0]!.node.id,
    nodes: statements.flatMap(nodesIn),
    waysOut: waysOut(statements.at(-1)!),
  }
}

function withNode(graph: Graph, node: GraphNode, position: GraphNode['position'] | null): Graph {
  return { ...graph, nodes: [...graph.nodes, position ? { ...node, position } : node] }
}

function without(graph: Graph, gone: ReadonlySet<string>): Graph {
  return {
    ...graph,
    nodes: graph.nodes.filter(({ id }) => !gone.has(id)),
    connections: graph.connections.filter(({ from, to }) => !gone.has(from.node) && !gone.has(to.node)),
  }
}

/** Why an edit is not carried out: a text below `outline.refusals`. */
export type OutlineRefusal = 'loop' | 'bodyShared'

/** What an edit would break that was whole before; null: nothing. */
export function refuseEdit(
  before: Graph,
  after: Graph,
  definitions: readonly NodeDefinition[],
): OutlineRefusal | null {
  const byType = new Map(definitions.map((definition) => [definition.type, definition]))
  const [was, is] = [connectionProblems(before, byType), connectionProblems(after, byType)]
  const count = (problems: typeof was, key: string) => problems.filter((each) => each.key === key).length
  const keys: OutlineRefusal[] = ['loop', 'bodyShared']
  return keys.find((key) => count(is, key) > count(was, key)) ?? null
}

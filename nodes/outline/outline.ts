import { ERROR_PORT } from '../define.ts'
import type { NodeDefinition } from '../define.ts'
import type { Graph, GraphConnection, GraphNode } from '../graph/schema.ts'
import { attachComments } from './comments.ts'
import { joinFinder } from './joins.ts'
import { statementPorts } from './statement-ports.ts'
import type { StatementPorts } from './statement-ports.ts'

/** One end of a connection. */
export type PortRef = GraphConnection['from']

/**
 * A function as a program: statements one below the other, with blocks where a statement has several ways out.
 * Every node of the graph stands in it exactly once.
 */
export interface Outline {
  /** From Start on; without statements where there is none. */
  main: OutlineBlock
  /** What nothing leads to, each chain as a block. */
  loose: readonly OutlineBlock[]
  /** Node id → the comments that stand beside it on the canvas. */
  comments: ReadonlyMap<string, readonly GraphNode[]>
  /** Comments that stand beside nothing. */
  looseComments: readonly GraphNode[]
}

/** Statements that follow each other. */
export interface OutlineBlock {
  statements: readonly OutlineStatement[]
  /** How the block ends; null: the flow goes on at `follow`. */
  tail: OutlineTail | null
  /** The node behind the statement that the block belongs to; null: nothing follows. */
  follow: string | null
}

/** `goto`: the flow goes on at a node that stands elsewhere. `end`: it ends, although something follows. */
export type OutlineTail = { kind: 'goto'; node: string } | { kind: 'end' }

export interface OutlineStatement {
  node: GraphNode
  /** The port that leads to the next statement; null: every way out has a block of its own, or there is none. */
  next: string | null
  branches: readonly OutlineBranch[]
}

/** One of several ways out of a statement. */
export interface OutlineBranch {
  port: string
  /** The statement walks it itself, and goes on behind it. */
  isBody: boolean
  isConnected: boolean
  block: OutlineBlock
}

/** Writes a graph as a program. Joins, loops in old files and nodes without connections are said as they are. */
export function outlineOf(graph: Graph, definitions: readonly NodeDefinition[]): Outline {
  const comments = graph.nodes.filter(isComment)
  const steps = graph.nodes.filter((node) => !isComment(node))
  const walk = blockWalker({ ...graph, nodes: steps }, definitions)
  const start = steps.find(({ type }) => type === 'start')
  const main = walk(start?.id ?? null, null)
  const targets = new Set(graph.connections.map(({ to }) => to.node))
  const heads = steps.filter(({ id }) => !targets.has(id))
  // nodes that only a circle leads to have no head: the first of the file begins
  const loose = [...heads, ...steps].flatMap(({ id }) => walk.unlessPlaced(id))
  return { main, loose, ...attachComments(comments, steps) }
}

const isComment = ({ type }: GraphNode) => type === 'comment'

function blockWalker(graph: Graph, definitions: readonly NodeDefinition[]) {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const byType = new Map(definitions.map((definition) => [definition.type, definition]))
  const targets = new Map(graph.connections.map(({ from, to }) => [`${from.node}:${from.port}`, to.node]))
  const leaving = new Map<string, string[]>()
  for (const { from } of graph.connections) {
    const ports = leaving.get(from.node)
    if (ports) ports.push(from.port)
    else leaving.set(from.node, [from.port])
  }
  const joinOf = joinFinder(graph)
  const placed = new Set<string>()

  const targetOf = (node: string, port: string) => targets.get(`${node}:${port}`) ?? null
  const portsOf = (node: GraphNode) => statementPorts(node, byType.get(node.type), leaving.get(node.id) ?? [])

  /** The statements of a block are placed before those inside of them: a join belongs to the outer block. */
  function block(first: string | null, follow: string | null): OutlineBlock {
    const chain: { node: GraphNode; ports: StatementPorts; after: string | null }[] = []
    let at = first
    while (at !== null && at !== follow && !placed.has(at)) {
      const node = nodes.get(at)!
      placed.add(at)
      const ports = portsOf(node)
      const after = ports.next === null ? joinBehind(node, ports, follow) : targetOf(node.id, ports.next)
      chain.push({ node, ports, after })
      at = after
    }
    const last = chain.at(-1)
    const statements = chain.map(({ node, ports, after }): OutlineStatement => ({
      node,
      next: ports.next,
      branches: ports.others.map((port) => branch(node.id, port, ports, after)),
    }))
    // a choice has no way out of its own, so nothing ends or goes on there but its branches
    const isOpen = !last || last.ports.next !== null
    return { statements, tail: isOpen ? tailOf(at, follow) : null, follow }
  }

  /** A join that stands elsewhere already is no place to go on at in this block. */
  function joinBehind(node: GraphNode, { isChoice, others }: StatementPorts, follow: string | null) {
    const join = isChoice ? joinOf(node.id, others) : null
    return join === null || placed.has(join) ? follow : join
  }

  /** What nothing is connected to ends only where the ways out are alternatives: a failure does not just end. */
  function branch(
    node: string,
    port: string,
    { bodies, isChoice }: StatementPorts,
    after: string | null,
  ): OutlineBranch {
    const first = targetOf(node, port)
    const isBody = bodies.has(port)
    const inner = block(first, isBody ? null : after)
    const isConnected = first !== null
    const isSilent = !isConnected && (!isChoice || port === ERROR_PORT)
    return { port, isBody, isConnected, block: isSilent ? { ...inner, tail: null } : inner }
  }

  const walk = (first: string | null, follow: string | null) => block(first, follow)
  walk.unlessPlaced = (id: string) => (placed.has(id) ? [] : [block(id, null)])
  return walk
}

function tailOf(at: string | null, follow: string | null): OutlineTail | null {
  if (at === follow) return null
  return at === null ? { kind: 'end' } : { kind: 'goto', node: at }
}

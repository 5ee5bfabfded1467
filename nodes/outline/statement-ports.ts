import { bodyPorts, ERROR_PORT, outputPorts } from '../define.ts'
import type { NodeDefinition } from '../define.ts'
import type { GraphNode } from '../graph/schema.ts'

export interface StatementPorts {
  /** The port of the next statement in the same block. */
  next: string | null
  /** The others, each with a block of its own, in the order of the card. */
  others: readonly string[]
  bodies: ReadonlySet<string>
  /** True where the ways out are alternatives of equal rank, as those of a condition. */
  isChoice: boolean
}

/**
 * How the ports of a node read in a program. The first one that is neither a body nor the error port leads on; the
 * branches of a condition all have blocks.
 * @param connected  ports that something is connected to, also such that the node does not have (any more)
 */
export function statementPorts(
  node: GraphNode,
  definition: NodeDefinition | undefined,
  connected: readonly string[],
): StatementPorts {
  const own = definition ? outputPorts(definition, node) : []
  const ports = [...own, ...connected.filter((port) => !own.includes(port))]
  const bodies = new Set(definition ? bodyPorts(definition, node) : [])
  const isChoice = definition?.isChoice ?? false
  const onward = (definition ? own : ports).find((port) => !bodies.has(port) && port !== ERROR_PORT)
  const next = isChoice ? null : (onward ?? null)
  return { next, others: ports.filter((port) => port !== next), bodies, isChoice }
}

/** The ports through which the flow leaves a node that stands alone. */
export function onwardPorts(node: GraphNode, definition: NodeDefinition | undefined): readonly string[] {
  const { next, others, isChoice } = statementPorts(node, definition, [])
  if (isChoice) return others.filter((port) => port !== ERROR_PORT)
  return next === null ? [] : [next]
}

import { bodyPorts, ERROR_PORT, outputPorts, sharesNames } from '../../define.ts'
import type { NodeDefinition } from '../../define.ts'
import { bodiesOf } from '../../graph/bodies.ts'
import { reachable, successors } from '../../graph/flow.ts'
import type { GraphBody } from '../../graph/bodies.ts'
import type { Graph, GraphConnection, GraphInput, GraphNode } from '../../graph/schema.ts'
import type { Value } from '../value.ts'
import { inferValue, namesAfterCondition } from './infer-value.ts'
import { Names } from './names.ts'
import { shapeOfSchema } from './result-shape.ts'
import { anyShape, join, kind, nothingShape, shapeOfType, withKinds } from './shape.ts'
import type { Shape } from './shape.ts'

/** What is known of the names at each node of a graph; nodes that no run can reach, or in a circle, have none. */
export interface GraphNames {
  /** Where a node's values are evaluated. */
  at(nodeId: string): Names | undefined
  /** At the end of its bodies. */
  inBodies(nodeId: string): Names | undefined
  /** Whether a step that fails there ends no run: it has an error port, or what walks it has one. */
  isCaught(nodeId: string): boolean
}

/** A body with the ids of the nodes that are walked in it. */
type Body = GraphBody & { inside: ReadonlySet<string> }

/** Nodes in bodies, each counted once for each body around it. Of graphs with more, nothing is inferred. */
const MOST_INSIDE = 20_000

/**
 * Walks a graph once, in the order in which its nodes can run, and infers what variables and results may be on every
 * way that leads to a node.
 */
export function inferNames(graph: Graph, definitions: readonly NodeDefinition[]): GraphNames {
  return new Inference(graph, definitions)
}

class Inference implements GraphNames {
  readonly #byType: ReadonlyMap<string, NodeDefinition>
  readonly #nodes: ReadonlyMap<string, GraphNode>
  readonly #incoming = new Map<string, GraphConnection[]>()
  readonly #outgoing = new Map<string, GraphConnection[]>()
  readonly #bodies = new Map<string, Body[]>()
  readonly #before = new Map<string, Names>()
  readonly #behind = new Map<string, Names>()
  readonly #caught = new Set<string>()
  readonly #ends = new Map<string, Names>()

  constructor(graph: Graph, definitions: readonly NodeDefinition[]) {
    this.#byType = new Map(definitions.map((each) => [each.type, each]))
    this.#nodes = new Map(graph.nodes.map((node) => [node.id, node]))
    for (const connection of graph.connections) {
      push(this.#outgoing, connection.from.node, connection)
      push(this.#incoming, connection.to.node, connection)
    }
    const start = graph.nodes.find(({ type }) => type === 'start')
    if (!start || !this.#findBodies(graph)) return
    this.#before.set(start.id, namesOfInputs(graph.inputs))
    for (const id of this.#order(start.id)) {
      if (id === start.id) continue
      const ways = (this.#incoming.get(id) ?? []).flatMap(
        ({ from }) => this.#namesBehind(from.node, from.port) ?? [],
      )
      if (ways.length > 0) this.#before.set(id, Names.merge(ways))
    }
  }

  /** @returns false where there are too many */
  #findBodies(graph: Graph): boolean {
    const next = successors(graph)
    let count = 0
    for (const body of bodiesOf(graph, this.#byType)) {
      const inside = body.first === undefined ? [] : [body.first, ...reachable(body.first, next)]
      count += inside.length
      if (count > MOST_INSIDE) return false
      push(this.#bodies, body.node.id, { ...body, inside: new Set(inside) })
      const catches =
        body.node.onError !== undefined || outputPorts(body.definition, body.node).includes(ERROR_PORT)
      if (catches) for (const id of inside) this.#caught.add(id)
    }
    return true
  }

  isCaught(nodeId: string): boolean {
    return this.#caught.has(nodeId) || this.#nodes.get(nodeId)?.onError !== undefined
  }

  at(nodeId: string): Names | undefined {
    return this.#before.get(nodeId)
  }

  inBodies(nodeId: string): Names | undefined {
    const node = this.#nodes.get(nodeId)
    const before = this.#before.get(nodeId)
    return node && before && this.#endsOf(node, before)
  }

  /** Nodes such that each comes after all that lead to it, bodies of an earlier node included. */
  #order(start: string): string[] {
    const behindBodies = this.#findBehindBodies()
    const next = (id: string): string[] => {
      const own = (this.#outgoing.get(id) ?? []).map(({ to }) => to.node)
      return [...own, ...(behindBodies.get(id) ?? [])]
    }
    const missing = new Map([[start, 0]])
    const waiting = [start]
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      for (const following of next(id)) {
        if (!missing.has(following)) waiting.push(following)
        missing.set(following, (missing.get(following) ?? 0) + 1)
      }
    }
    const order = missing.get(start) === 0 ? [start] : []
    for (const id of order) {
      for (const following of next(id)) {
        const left = missing.get(following)! - 1
        missing.set(following, left)
        if (left === 0) order.push(following)
      }
    }
    return order
  }

  /** Node in a body → what comes after the node that the body belongs to. */
  #findBehindBodies(): Map<string, string[]> {
    const found = new Map<string, string[]>()
    for (const [id, bodies] of this.#bodies) {
      const ports = new Set(bodies.map(({ port }) => port))
      const after = (this.#outgoing.get(id) ?? [])
        .filter(({ from }) => !ports.has(from.port))
        .map(({ to }) => to.node)
      for (const { inside } of bodies)
        for (const each of inside) for (const one of after) push(found, each, one)
    }
    return found
  }

  /** What is known after a node was left by a port. */
  #namesBehind(id: string, port: string): Names | undefined {
    const key = `${id} ${port}`
    const known = this.#behind.get(key)
    if (known) return known
    const node = this.#nodes.get(id)
    const definition = node && this.#byType.get(node.type)
    const before = this.#before.get(id)
    if (!definition || !before) return undefined
    const names = this.#leave(node, definition, port, before)
    this.#behind.set(key, names)
    return names
  }

  #leave(node: GraphNode, definition: NodeDefinition, port: string, before: Names): Names {
    const bodies = bodyPorts(definition, node)
    if (bodies.includes(port)) return this.#enterBody(node, definition, port, before)
    const result = `nodes.${node.id}`
    if (port === ERROR_PORT && (node.onError || bodies.length > 0)) {
      // the step failed somewhere in between
      const widened = before.widen(bodies.length > 0 ? this.#madeInside(node) : [])
      return widened.with(result, errorResult)
    }
    let names = bodies.length > 0 ? this.#afterBodies(node, definition, before) : before
    const params = paramsOf(definition, node)
    for (const [value, answer] of (params && definition.branchAnswers?.(params, port)) ?? []) {
      names = namesAfterCondition(value, answer, names)
    }
    for (const [name, shape] of this.#assigned(node, definition, before)) {
      names = names.with(name, bodies.length > 0 ? withKinds(shape, kind.nothing) : shape)
    }
    return definition.result ? names.with(result, shapeOfSchema(definition.result)) : names
  }

  #assigned(node: GraphNode, definition: NodeDefinition, names: Names): Map<string, Shape> {
    const params = paramsOf(definition, node)
    const assigned = new Map(
      variableNames(definition, node.params).map((name): [string, Shape] => [name, anyShape]),
    )
    if (!params || !definition.assigns) return assigned
    const shapeOf = (value: Value) => inferValue(value, names)
    const declared = definition.assigns(params, shapeOf, (name) => names.find(name) ?? anyShape)
    for (const [name, shape] of Object.entries(declared)) assigned.set(name, withoutUnset(shape))
    return assigned
  }

  #enterBody(node: GraphNode, definition: NodeDefinition, port: string, before: Names): Names {
    // what an earlier round has set may be there already
    const isWalkedAgain = definition.bodyValues !== undefined && sharesNames(definition, node)
    let names = isWalkedAgain ? before.widen(this.#madeInside(node, port)) : before
    for (const [name, shape] of this.#assigned(node, definition, before)) names = names.with(name, shape)
    return names
  }

  #afterBodies(node: GraphNode, definition: NodeDefinition, before: Names): Names {
    if (!sharesNames(definition, node)) return before
    const isLoop = definition.bodyValues !== undefined
    if (isLoop) return Names.merge([before, this.#endsOf(node, before)])
    const ends = (this.#bodies.get(node.id) ?? []).map((body) => this.#endOfBody(body, before))
    const params = paramsOf(definition, node)
    return params && definition.bodiesAllEnd?.(params) === false
      ? Names.merge([before, ...ends])
      : Names.mergeAll(ends, before)
  }

  /** At the end of any of the bodies. */
  #endsOf(node: GraphNode, before: Names): Names {
    const known = this.#ends.get(node.id)
    if (known) return known
    const ends = Names.merge((this.#bodies.get(node.id) ?? []).map((body) => this.#endOfBody(body, before)))
    this.#ends.set(node.id, ends)
    return ends
  }

  #endOfBody({ node, port, inside }: Body, before: Names): Names {
    const ends = [...inside].flatMap((id) => {
      const each = this.#nodes.get(id)
      const definition = each && this.#byType.get(each.type)
      if (!definition || !this.#before.has(id)) return []
      const connected = new Set((this.#outgoing.get(id) ?? []).map(({ from }) => from.port))
      const open = outputPorts(definition, each).filter(
        (one) => !connected.has(one) && !bodyPorts(definition, each).includes(one),
      )
      return open.flatMap((one) => this.#namesBehind(id, one) ?? [])
    })
    const definition = this.#byType.get(node.type)!
    return ends.length > 0 ? Names.merge(ends) : this.#enterBody(node, definition, port, before)
  }

  /** Names that nodes in the bodies of a node set. */
  #madeInside(node: GraphNode, port?: string): Set<string> {
    const made = new Set<string>()
    for (const body of this.#bodies.get(node.id) ?? []) {
      if (port !== undefined && body.port !== port) continue
      for (const id of body.inside) {
        const each = this.#nodes.get(id)
        const definition = each && this.#byType.get(each.type)
        if (!definition) continue
        if (definition.result || each.onError) made.add(`nodes.${id}`)
        for (const name of this.#assigned(each, definition, Names.none).keys()) made.add(name)
      }
    }
    for (const name of this.#assigned(node, this.#byType.get(node.type)!, Names.none).keys()) made.add(name)
    return made
  }
}

/** A step that failed leaves its error behind, beside what it had found out before. */
const errorResult: Shape = { kinds: kind.object, type: 'object' }

function namesOfInputs(inputs: readonly GraphInput[]): Names {
  return inputs.reduce((names, input) => names.with(input.name, shapeOfInput(input)), Names.none)
}

/** An input is checked when a run begins; one that is not required may be null or an empty text all the same. */
function shapeOfInput({ type, required, default: given }: GraphInput): Shape {
  const shape = shapeOfType(type)
  if (required) return shape
  const isBlank = given === undefined || given === null
  return withKinds(shape, isBlank ? kind.nothing | kind.blank : kind.blank)
}

function variableNames(definition: NodeDefinition, params: Record<string, unknown>): string[] {
  return Object.entries(definition.params.shape).flatMap(([key, field]) => {
    const name = params[key]
    return field.meta()?.control === 'variable-name' && typeof name === 'string' ? [name] : []
  })
}

/** Undefined where they are not what the node takes: then nothing is known of what it does. */
function paramsOf(definition: NodeDefinition, node: GraphNode): Record<string, unknown> | undefined {
  const parsed = definition.params.safeParse(node.params)
  return parsed.success ? parsed.data : undefined
}

/** A value that could be evaluated is set. */
function withoutUnset(shape: Shape): Shape {
  return (shape.kinds & kind.unset) === 0
    ? shape
    : join({ ...shape, kinds: shape.kinds & ~kind.unset }, nothingShape)
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

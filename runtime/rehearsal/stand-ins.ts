import type { Pin } from '../../nodes/api/try-it.ts'
import { bodyPorts, outputPorts } from '../../nodes/define.ts'
import type { NodeDefinition } from '../../nodes/define.ts'
import type { ErrorCode } from '../../nodes/errors.ts'
import { FlowError } from '../../nodes/errors.ts'
import type { StepResult } from '../../nodes/execution.ts'
import type { Graph } from '../../nodes/graph/schema.ts'
import type { Json, JsonObject } from '../../nodes/json.ts'
import type { Onlooker, StandIn } from '../engine/onlooker.ts'
import type { StepRecord } from '../ledger/ledger.ts'

export type Definitions = ReadonlyMap<string, NodeDefinition>

/** What the pinned outputs of a graph do in a dry run; those that no longer fit their node are left out. */
export function pinnedNodes(
  graph: Graph,
  pins: Readonly<Record<string, Pin>>,
  definitions: Definitions,
): ReadonlyMap<string, StandIn> {
  const results = [...pinnedResults(graph, pins, definitions)]
  return new Map(
    results.map(([id, result]): [string, StandIn] => [id, (step) => ((step.standIn = 'pinned'), result)]),
  )
}

/** The same as results by node. */
export function pinnedResults(
  graph: Graph,
  pins: Readonly<Record<string, Pin>>,
  definitions: Definitions,
): ReadonlyMap<string, StepResult> {
  const nodes = graph.nodes.flatMap((node): [string, StepResult][] => {
    const pin = Object.hasOwn(pins, node.id) ? pins[node.id]! : undefined
    const definition = definitions.get(node.type)
    if (!pin || !definition || definition.input === null || bodyPorts(definition, node).length > 0) return []
    if (!outputPorts(definition, node).includes(pin.port)) return []
    return [[node.id, resultOf(pin, definition)]]
  })
  return new Map(nodes)
}

/** A node without a result of its own sets variables. */
function resultOf({ port, output }: Pin, { result }: NodeDefinition): StepResult {
  if (output === undefined) return { port }
  return result === null && isObject(output) ? { port, assign: output } : { port, result: output }
}

/** Only puts pinned outputs in the place of their nodes. */
export function pinsOnlooker(pinned: ReadonlyMap<string, StandIn>): Onlooker {
  return { reach: (node) => Promise.resolve(pinned.get(node.id)) }
}

/** Repeats what a step of an earlier run came to. */
export function recordedStandIn(recorded: StepRecord): StandIn {
  return (step) => {
    step.standIn = 'recorded'
    step.input = recorded.input
    const { error, port, result, assign } = recorded
    if (error) {
      throw new FlowError(error.code as ErrorCode, error.message, { hint: error.hint, params: error.params })
    }
    return { port, ...(result !== undefined && { result }), ...(assign && { assign }) }
  }
}

function isObject(value: Json): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

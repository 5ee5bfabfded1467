import type { z } from 'zod'
import type { XRayRequest } from '../../nodes/api/x-ray.ts'
import type { NodeDefinition } from '../../nodes/define.ts'
import { recipient } from '../../nodes/directory/schema.ts'
import { ErrorCode, FieldsError, FlowError } from '../../nodes/errors.ts'
import { loadGraph } from '../../nodes/graph/load-graph.ts'
import type { Graph, GraphNode } from '../../nodes/graph/schema.ts'
import { messageNotification } from '../../nodes/message-notification/definition.ts'
import type { MessageNotificationParams } from '../../nodes/message-notification/definition.ts'
import { smsNotification } from '../../nodes/sms-notification/definition.ts'
import type { SmsNotificationParams } from '../../nodes/sms-notification/definition.ts'
import { value } from '../../nodes/values/value.ts'
import type { FunctionStore } from '../elements/functions.ts'

/** Which step is meant, wherever it lies. */
export type StepRequest = Pick<XRayRequest, 'function' | 'graph' | 'nodeId' | 'params'>

export interface ChosenStep {
  graph: Graph
  node: GraphNode
  params: SmsNotificationParams
}

/** A step that puts a notice into inboxes. */
export interface ChosenNotice {
  graph: Graph
  params: MessageNotificationParams
}

/**
 * Finds the SMS step that a request means. Parameters may be as incomplete as a dialog that is being filled in: what
 * cannot be read is left out.
 * @throws GraphError, FlowError `NOT_FOUND`
 */
export function readStep(request: StepRequest, functions: FunctionStore): ChosenStep {
  const graph = readGraph(request, functions)
  const node = graph.nodes.find((each) => each.id === request.nodeId)
  if (node?.type !== smsNotification.type) {
    throw new FlowError(ErrorCode.NotFound, `The function has no SMS step "${request.nodeId}"`, {
      hint: 'Give the id of an SMS Notification node.',
    })
  }
  return { graph, node, params: readParams(smsNotification, request.params ?? node.params) }
}

/** The same for a Message Notification node. @returns undefined where the node is of another type */
export function readNotice(request: StepRequest, functions: FunctionStore): ChosenNotice | undefined {
  const graph = readGraph(request, functions)
  const node = graph.nodes.find((each) => each.id === request.nodeId)
  if (node?.type !== messageNotification.type) return undefined
  return { graph, params: readParams(messageNotification, request.params ?? node.params) }
}

function readGraph({ graph, function: name }: StepRequest, functions: FunctionStore): Graph {
  if (graph !== undefined) return loadGraph(graph)
  if (name !== undefined) return functions.draft(name).graph
  throw new FieldsError(ErrorCode.BodyInvalid, 'Neither a graph nor a function is given', [
    { path: 'graph', message: 'A graph, or the name of a function', key: 'required' },
  ])
}

function readParams<Params extends z.ZodObject>(
  definition: NodeDefinition<Params>,
  typed: Record<string, unknown>,
): z.output<Params> {
  const read: Record<string, unknown> = { ...definition.defaults() }
  for (const [name, field] of Object.entries(definition.params.shape) as [string, z.ZodType][]) {
    const parsed = field.safeParse(typed[name])
    if (parsed.success) read[name] = parsed.data
  }
  const { recipients, variables } = typed
  if (Array.isArray(recipients)) read['recipients'] = recipients.flatMap(readable(recipient))
  if (typeof variables === 'object' && variables !== null) {
    read['variables'] = Object.fromEntries(
      Object.entries(variables).flatMap(([name, each]) =>
        readable(value)(each).map((known) => [name, known]),
      ),
    )
  }
  return read as z.output<Params>
}

function readable<T>(schema: { safeParse(item: unknown): { success: boolean; data?: T } }) {
  return (item: unknown): T[] => {
    const parsed = schema.safeParse(item)
    return parsed.success ? [parsed.data!] : []
  }
}

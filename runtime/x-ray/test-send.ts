import type { TestSendRequest } from '../../nodes/api/x-ray.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import { GRAPH_FORMAT } from '../../nodes/graph/schema.ts'
import type { Graph, GraphNode } from '../../nodes/graph/schema.ts'
import type { Json } from '../../nodes/json.ts'
import { samplesOf } from '../../nodes/message-templates/check-template.ts'
import type { SmsNotificationParams } from '../../nodes/sms-notification/definition.ts'
import type { Value } from '../../nodes/values/value.ts'
import { PreparingContext } from '../engine/step-context.ts'
import type { StartRun } from '../runtime.ts'
import { knownVariables } from './known-variables.ts'
import { Problems } from './problems.ts'
import { readStep } from './read-step.ts'
import { SampleValues } from './sample-values.ts'
import { lastRunOf } from './x-ray.ts'
import type { XRayDependencies } from './x-ray.ts'

/**
 * Makes one text of an SMS step out to one number, as a function of its own: Start, then the step with the values as
 * the X-ray shows them. It runs like any other, so its text is recorded, held back by the same policies and sent once.
 * @throws FlowError `TEMPLATE_VARIABLE_MISSING` where a value is not known, `NOT_FOUND`; GraphError
 */
export async function testSend(request: TestSendRequest, dependencies: XRayDependencies): Promise<StartRun> {
  const { graph, node, params } = readStep(request, dependencies.functions)
  const lastRun = await lastRunOf(request.function ?? graph.name, dependencies.ledger)
  const samples = await new SampleValues(graph, request.sample, lastRun).nameEntries(dependencies.directory)
  const context = new PreparingContext(samples.moment(dependencies.now), dependencies)
  const problems = new Problems()
  const service = context.smsService(params.service)
  const { variables, unknown } = knownVariables(params, service, context, samples, problems)
  if (problems.errors[0]) throw problems.errors[0]
  const template = params.template === undefined ? undefined : context.messageTemplate(params.template)
  const known = withSamples(variables, unknown, template ? samplesOf(template) : {})
  return {
    graph: graphOf(graph, node, { ...params, variables: known }),
    input: { phone: request.phone },
    trigger: 'test',
  }
}

/** A text that is really sent says nothing about values that are not known: a template has samples for them. */
function withSamples(
  variables: Record<string, Value>,
  unknown: readonly string[],
  standIns: Record<string, string>,
): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]): [string, Value] => {
      const isUnknown = value.kind === 'fixed' && unknown.includes(String(value.value))
      if (!isUnknown) return [name, value]
      if (standIns[name] !== undefined) return [name, { kind: 'fixed', value: standIns[name] }]
      throw new FlowError(ErrorCode.TemplateVariableMissing, `"${name}" has no value to test with`, {
        hint: 'Give a sample value.',
        params: { name },
      })
    }),
  )
}

function graphOf(graph: Graph, node: GraphNode, params: SmsNotificationParams): Graph {
  const { id, name, title } = graph
  const start = graph.nodes.find((each) => each.type === 'start')?.id ?? `${node.id}-start`
  const phone: Value = { kind: 'variable', path: 'phone' }
  const tested = { ...params, recipients: [{ kind: 'value', value: phone }] }
  return {
    format: GRAPH_FORMAT,
    id,
    name,
    title,
    description: '',
    inputs: [{ name: 'phone', title: '', type: 'phone', required: true }],
    nodes: [
      { id: start, type: 'start', typeVersion: 1, position: { x: 0, y: 0 }, params: {} },
      { ...node, position: { x: 320, y: 0 }, params: definedOnly(tested) },
    ],
    connections: [{ id: 'start', from: { node: start, port: 'next' }, to: { node: node.id, port: 'in' } }],
  }
}

function definedOnly(params: object): Record<string, Json> {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined))
}

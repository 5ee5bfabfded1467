import type { Json } from '../../nodes/json.ts'
import { connection } from './graphs.ts'

/** A node of a graph that a test writes down: type, parameters, and where its ports lead. */
export interface FlowNode {
  type: string
  params?: Record<string, Json>
  onError?: 'branch'
  /** Port → id of the node behind it. */
  to?: Record<string, string>
}

/** A graph from its nodes by id; `start` leads to the first of them. */
export function flow(
  nodes: Record<string, FlowNode>,
  more: { name?: string; inputs?: Json[]; onErrorFunction?: string } = {},
) {
  const { name = 'flow', inputs = [], onErrorFunction } = more
  const [first] = Object.keys(nodes)
  const all: Record<string, FlowNode> = { start: { type: 'start', to: { next: first! } }, ...nodes }
  return {
    format: 1,
    id: name,
    name,
    title: name,
    inputs,
    ...(onErrorFunction !== undefined && { onErrorFunction }),
    nodes: Object.entries(all).map(([id, { type, params = {}, onError }]) => ({
      id,
      type,
      position: { x: 0, y: 0 },
      params,
      ...(onError && { onError }),
    })),
    connections: Object.entries(all).flatMap(([id, { to = {} }]) =>
      Object.entries(to).map(([port, target]) => connection(id, port, target)),
    ),
  }
}

export const formula = (source: string) => ({ kind: 'formula', source })
export const fixed = (value: Json) => ({ kind: 'fixed', value })
export const assign = (name: string, source: string, next?: string): FlowNode => ({
  type: 'assign-variable',
  params: { name, value: formula(source) },
  ...(next !== undefined && { to: { next } }),
})
export const returns = (source: string): FlowNode => ({ type: 'return', params: { value: formula(source) } })
/** Texts one person through a service. */
export const sms = (member: string, service: string, text = 'Pump 7'): FlowNode => ({
  type: 'sms-notification',
  params: { recipients: [{ kind: 'member', id: member }], service, templateText: text, variables: {} },
})

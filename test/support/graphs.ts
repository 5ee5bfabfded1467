import type { Recipient } from '../../nodes/directory/schema.ts'
import type { Json } from '../../nodes/json.ts'

/** Start → SMS Notification → Return: the smallest graph that texts somebody. */
export function smsGraph(options: {
  service: string
  recipients: Recipient[]
  text?: string
  name?: string
  /** Ports of the SMS node that lead to Return. */
  ports?: string[]
}) {
  const { service, recipients, text = 'Hello ${who}', name = 'sms-graph', ports = ['sent'] } = options
  return {
    format: 1,
    id: name,
    name,
    title: 'SMS graph',
    inputs: [{ name: 'who', type: 'text', required: true }],
    nodes: [
      { id: 'start', type: 'start', position: { x: 0, y: 0 } },
      {
        id: 'sms',
        type: 'sms-notification',
        position: { x: 320, y: 0 },
        params: {
          recipients,
          service,
          templateText: text,
          variables: text.includes('${who}') ? { who: { kind: 'variable', path: 'who' } } : {},
        } as unknown as Record<string, Json>,
      },
      {
        id: 'return',
        type: 'return',
        position: { x: 640, y: 0 },
        params: { value: { kind: 'formula', source: 'nodes.sms.counts.accepted' } },
      },
    ],
    connections: [
      connection('start', 'next', 'sms'),
      ...ports.map((port) => connection('sms', port, 'return')),
    ],
  }
}

export function connection(from: string, port: string, to: string) {
  return { id: `${from}-${port}-${to}`, from: { node: from, port }, to: { node: to, port: 'in' } }
}

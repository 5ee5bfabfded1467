import type { Recipient } from '../../nodes/directory/schema.ts'
import { connection } from './graphs.ts'

const fixed = (value: string) => ({ kind: 'fixed', value })

/** Start → Message Notification → Return, which answers what the step reports. */
export function notifyGraph(recipients: Recipient[], params: object = {}, name = 'notify', who = 'text') {
  const place = (x: number) => ({ position: { x, y: 0 } })
  return {
    ...{ format: 1, id: name, name, title: 'Notify' },
    inputs: [{ name: 'who', type: who }],
    nodes: [
      { id: 'start', type: 'start', ...place(0) },
      {
        ...{ id: 'notify', type: 'message-notification', ...place(320) },
        params: { recipients, title: fixed('Pump 7 stands still'), text: fixed('Since noon.'), ...params },
      },
      {
        ...{ id: 'return', type: 'return', ...place(640) },
        params: { value: { kind: 'formula', source: 'nodes.notify' } },
      },
    ],
    connections: [connection('start', 'next', 'notify'), connection('notify', 'next', 'return')],
  }
}

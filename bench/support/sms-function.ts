import type { Json } from '../../nodes/json.ts'

/** "condition → one SMS → result": the function that the engine and server figures run. */
export function smsFunction(service: string, member: string) {
  const node = (id: string, type: string, x: number, params: Record<string, Json> = {}) => ({
    id,
    type,
    position: { x, y: 0 },
    params,
  })
  const connection = (from: string, port: string, to: string) => ({
    id: `${from}-${to}`,
    from: { node: from, port },
    to: { node: to, port: 'in' },
  })
  return {
    format: 1,
    id: 'bench',
    name: 'bench',
    title: 'Bench',
    inputs: [
      { name: 'device', type: 'text' as const, required: true },
      { name: 'severity', type: 'number' as const, default: 5 },
    ],
    nodes: [
      node('start', 'start', 0),
      node('severe', 'condition', 320, {
        branches: [{ id: 'yes', title: 'Severe', when: { kind: 'formula', source: 'severity > 3' } }],
      }),
      node('sms', 'sms-notification', 640, {
        recipients: [{ kind: 'member', id: member }],
        service,
        templateText: '${device} needs help',
        variables: { device: { kind: 'variable', path: 'device' } },
      }),
      node('return', 'return', 960, { value: { kind: 'formula', source: 'nodes.sms.counts.accepted' } }),
    ],
    connections: [
      connection('start', 'next', 'severe'),
      connection('severe', 'yes', 'sms'),
      connection('sms', 'sent', 'return'),
    ],
  }
}

export const benchService = (endpoint: string) => ({
  name: 'Bench',
  provider: 'twilio' as const,
  settings: {
    accountSid: 'AC00000000000000000000000000000001',
    authToken: 'bench-token',
    fromNumber: '+15005550006',
    endpoint,
  },
  policy: { testMode: false },
})

export const benchMember = { name: 'Ada Bench', phone: '+12025550101' }

/** The POST that both the bare loops and the Twilio adapter make. */
export const twilioForm = 'To=%2B12025550101&From=%2B15005550006&Body=Pump%207%20needs%20help'
export const twilioPath = '/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json'
export const twilioHeaders = {
  'content-type': 'application/x-www-form-urlencoded',
  authorization: `Basic ${Buffer.from('AC00000000000000000000000000000001:bench-token').toString('base64')}`,
}

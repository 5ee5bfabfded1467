import { describe, expect, it } from 'vitest'
import { graphNode } from '../../../nodes/graph/schema.ts'
import { initiatorRecipient } from '../../../src/fields/initiator-recipients.ts'
import { summaryOf, type SummaryLookups } from '../../../src/pages/function/node-summary.ts'

const lookups: SummaryLookups = {
  t: (key, params) => [key.replace('function.summary.', ''), ...Object.values(params ?? {})].join(' '),
  services: [
    { id: 's1', name: 'Sandbox (Twilio)', provider: 'twilio', sandbox: true },
    { id: 's2', name: 'Alibaba', provider: 'alibaba', sandbox: true },
  ],
}
const summary = (type: string, params: object, known = lookups) =>
  summaryOf(graphNode.parse({ id: 'n', type, position: { x: 0, y: 0 }, params }), known)
const people = [
  { kind: 'member', id: 'a' },
  { kind: 'role', id: 'b' },
]

describe('summaryOf', () => {
  it('names who decides in an approval, and how', () => {
    const recipients = [initiatorRecipient(2)]
    expect(summary('approval', { recipients, sms: true })).toBe(
      'approvals.supervisor 2 · approvals.signs.any · approvals.withText',
    )
    expect(summary('approval', { recipients: people, sign: 'all' })).toBe(
      'recipients 2 · approvals.signs.all',
    )
    expect(summary('cc', { recipients: [initiatorRecipient(0)] })).toBe('approvals.initiator')
    expect(summary('cc', { recipients: [] })).toBe('notSetUp')
  })

  it('names recipients, service and the start of the text', () => {
    expect(
      summary('sms-notification', {
        recipients: people,
        service: 's1',
        templateText: 'Line ${device} stopped',
      }),
    ).toBe('recipients 2 · Sandbox (Twilio) · Line ${device} stopped')
  })

  it('names people who are a fixed value', () => {
    const people = [
      { kind: 'member', id: 'm1', name: 'Ada' },
      { kind: 'member', id: 'm2' },
    ]
    const assign = (value: object) =>
      summary('assign-variable', { name: 'crew', value: { kind: 'fixed', value } })
    expect(assign(people)).toBe('crew = Ada, m2')
    expect(assign(people[0]!)).toBe('crew = Ada')
    expect(assign({ kind: 'spare part' })).toBe('crew = {"kind":"spare part"}')
  })

  it('shows the template code of a service that keeps templates at the provider', () => {
    expect(
      summary('sms-notification', {
        recipients: people,
        service: 's2',
        templateCode: 'SMS_1',
        templateText: 'x',
      }),
    ).toBe('recipients 2 · Alibaba · SMS_1')
  })

  it('says that a new node is not set up and that a service is gone', () => {
    expect(summary('sms-notification', { recipients: [], service: '' })).toBe('notSetUp')
    expect(summary('sms-notification', { recipients: people, service: 'gone' })).toBe(
      'recipients 2 · serviceMissing',
    )
  })

  it('says what loops, waits, items and calls do', () => {
    const value = (source: string) => ({ kind: 'formula', source })
    expect(summary('loop', { list: value('crew'), item: 'person' })).toBe('each person crew')
    expect(summary('loop', { list: value('crew') })).toBe('each item crew')
    expect(summary('parallel', {})).toBe('joinAll')
    expect(summary('parallel', { join: 'first' })).toBe('joinFirst')
    expect(summary('wait', { mode: 'for', amount: value('5'), unit: 'hours' })).toBe(
      'waitFor 5 nodes.wait.params.unit.options.hours.label',
    )
    expect(summary('wait', { mode: 'until', until: value('end') })).toBe('waitUntil end')
    expect(summary('set-item', { name: 'list', action: 'append', value: value('1') })).toBe('append list  1')
    expect(summary('set-item', { name: '' })).toBe('notSetUp')
    expect(summary('throw-error', { message: value('why') })).toBe('why')
    expect(summary('call-function', { function: 'tell-operator' })).toBe('tell-operator')
  })

  it('does not call a service missing before the services are loaded', () => {
    expect(
      summary('sms-notification', { recipients: people, service: 's1' }, { ...lookups, services: undefined }),
    ).toBe('recipients 2')
  })

  it('shows a condition by what its first branch asks, an assignment and an answer by their value', () => {
    const when = { kind: 'formula', source: 'severity > 3' }
    expect(summary('condition', { branches: [{ id: 'a', title: '', when }] })).toBe('severity > 3')
    expect(
      summary('condition', {
        branches: [
          { id: 'a', title: 'High', when },
          { id: 'b', when },
        ],
      }),
    ).toBe('more severity > 3 1')
    expect(summary('assign-variable', { name: 'total', value: { kind: 'fixed', value: 3 } })).toBe(
      'total = 3',
    )
    expect(summary('return', {})).toBe('')
    expect(summary('return', { value: { kind: 'variable', path: 'device' } })).toBe('device')
  })

  it('survives a node of an unknown type and unknown parameters', () => {
    expect(summary('future', { anything: 1 })).toBe('')
    expect(summary('condition', {})).toBe('')
  })
})

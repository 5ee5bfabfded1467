import { expect, it } from 'vitest'
import { diffGraphs } from '../../../nodes/graph/diff-graphs.ts'
import { loadGraph } from '../../../nodes/graph/load-graph.ts'
import type { Graph } from '../../../nodes/graph/schema.ts'
import { nodeDefinitions } from '../../../nodes/index.ts'
import { createI18n } from '../../../src/i18n/index.ts'
import { changeRows } from '../../../src/pages/function/versions/change-rows.ts'
import { compareGraphs } from '../../../src/pages/function/versions/comparison.ts'
import { smsGraph } from '../../support/graphs.ts'

const { t, has } = await createI18n('en')
const names = new Map([
  ['ada', 'Ada Lovelace'],
  ['night', 'Plant / Night shift'],
])
const lookups = {
  t,
  has,
  definitions: nodeDefinitions,
  services: [
    { id: 's1', name: 'Twilio UK' },
    { id: 's2', name: 'SNS' },
  ],
  templates: [],
  nameOf: ({ id }: { id: string }) => names.get(id),
}

const before = loadGraph(smsGraph({ service: 's1', recipients: [{ kind: 'member', id: 'ada' }] }))
function after(params: Graph['nodes'][number]['params']): Graph {
  return {
    ...before,
    nodes: before.nodes.map((node) =>
      node.id === 'sms' ? { ...node, params: { ...node.params, ...params } } : node,
    ),
  }
}
const details = (graph: Graph) =>
  changeRows(diffGraphs(before, graph), before, graph, lookups).flatMap((row) =>
    row.details.map(({ label, before: was, after: is }) => `${label}: ${was} → ${is}`),
  )

it('says changes of parameters in the words of the dialog', () => {
  const changed = after({
    service: 's2',
    recipients: [
      { kind: 'department', id: 'night', includeSubDepartments: true },
      { kind: 'role', id: 'gone' },
    ],
    templateText: 'Hi ${who}',
    variables: { who: { kind: 'formula', source: 'UPPER(nodes.sms.x)' } },
    urgent: true,
    onUnknown: 'resend',
    success: { kind: 'at-least', count: 3 },
  })
  const text = details(changed).join('\n')
  expect(text).toContain('SMS service: Twilio UK → SNS')
  expect(text).toContain('Recipients: Ada Lovelace → ')
  expect(text).toContain('Recipients:  → Plant / Night shift: with sub-departments')
  expect(text).toContain('Recipients:  → No longer in the directory')
  expect(text).toContain('Text: Hello ${who} → Hi ${who}')
  expect(text).toContain('Template variables: who: variable who → formula UPPER(“SMS Notification”.x)')
  expect(text).toContain('Urgent: No → Yes')
  expect(text).toContain('When nobody knows: A person decides → May send twice')
  expect(text).toMatch(/Counts as sent: .+ → .+: 3/)
  expect(text).not.toContain('{"')
})

it('keeps on the canvas what was removed, and marks it', () => {
  const shorter: Graph = {
    ...before,
    nodes: before.nodes.slice(0, 2),
    connections: before.connections.slice(0, 1),
  }
  const { graph, marks } = compareGraphs(before, shorter)
  expect(graph.nodes.map(({ id }) => id)).toEqual(['start', 'sms', 'return'])
  expect([...marks.nodes]).toEqual([['return', 'removed']])
  expect(graph.connections.map(({ id }) => marks.connections.get(id))).toEqual([undefined, 'removed'])
})

it('says that another part of the history is kept', () => {
  const graph: Graph = { ...before, history: 'failures' }
  const [row] = changeRows(diffGraphs(before, graph), before, graph, lookups)
  expect(row).toMatchObject({
    title: 'History of its runs',
    details: [{ before: 'All steps', after: 'All steps of failures' }],
  })
})

it('says changes of the settings of an approval process in the words of their form', () => {
  const process = { revoke: 'undecided' as const, urgeMinutes: 60, sms: false, variables: {} }
  const was: Graph = { ...before, process: { ...process, title: { kind: 'fixed', value: 'Leave' } } }
  const is: Graph = {
    ...before,
    process: { ...process, title: { kind: 'formula', source: 'initiator.name' }, revoke: 'any-time' },
  }
  const rows = changeRows(diffGraphs(was, is), was, is, lookups)
  expect(
    rows.flatMap((row) => row.details.map((each) => `${each.label}: ${each.before} → ${each.after}`)),
  ).toEqual([
    'Taking back: While nobody has decided → At any time',
    'What a request is called: Leave → formula initiator.name',
  ])
})

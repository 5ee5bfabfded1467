import { expect, it } from 'vitest'
import { nodeDefinitions } from '../../../nodes/index.ts'
import { graph } from '../../../nodes/graph/schema.ts'
import { groupNames } from '../../../src/fields/value-names.ts'

it('groups names by origin and opens the result of a step as far as its schema tells', () => {
  const document = graph.parse({
    format: 1,
    id: 'g',
    name: 'g',
    title: 'G',
    inputs: [{ name: 'device', title: 'Device' }],
    nodes: [{ id: 'sms1', type: 'sms-notification', position: { x: 0, y: 0 } }],
    connections: [],
  })
  const groups = groupNames(
    new Set(['device', 'total', 'nodes.sms1']),
    document,
    nodeDefinitions,
    () => 'Text the shift',
  )
  expect(groups.map(({ kind, title }) => [kind, title])).toEqual([
    ['inputs', ''],
    ['variables', ''],
    ['step', 'Text the shift'],
  ])
  expect(groups[0]!.names).toEqual([{ path: 'device', label: 'Device' }])
  expect(groups[2]!.names.map((each) => each.path)).toEqual([
    'nodes.sms1.counts.planned',
    'nodes.sms1.counts.accepted',
    'nodes.sms1.counts.rejected',
    'nodes.sms1.counts.unknown',
    'nodes.sms1.counts.suppressed',
    'nodes.sms1.counts.cancelled',
    'nodes.sms1.counts.expired',
    'nodes.sms1.messages',
    'nodes.sms1',
  ])
})

it('offers the name of a member, and says what fits neither into a text nor among recipients', () => {
  const inputs = [
    { name: 'person', title: 'On call', type: 'member' },
    { name: 'people', type: 'members' },
    { name: 'severity', type: 'number' },
  ]
  const document = graph.parse({
    format: 1,
    id: 'g',
    name: 'g',
    title: 'G',
    inputs,
    nodes: [],
    connections: [],
  })
  const [group] = groupNames(new Set(['person', 'people', 'severity']), document, nodeDefinitions, () => '')
  expect(group!.names).toEqual([
    { path: 'person', label: 'On call', unfit: ['text'] },
    { path: 'person.name', label: 'On call.name', unfit: ['recipient'] },
    { path: 'people', label: 'people', unfit: ['text'] },
    { path: 'severity', label: 'severity', unfit: ['recipient'] },
  ])
})

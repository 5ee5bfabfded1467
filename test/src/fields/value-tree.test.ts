import { expect, test } from 'vitest'
import type { NameFacts } from '../../../src/fields/name-facts.ts'
import { formulaPath, pathFormula } from '../../../src/fields/path-formula.ts'
import { placeholderFor } from '../../../src/fields/template-variables.ts'
import type { ValueNameGroup } from '../../../src/fields/value-names.ts'
import { canBeChosen, nameLabel, rowsAbove, shownRows, valueTree } from '../../../src/fields/value-tree.ts'

const groups: ValueNameGroup[] = [
  {
    kind: 'inputs',
    title: '',
    names: [
      { path: 'device', label: 'Device' },
      { path: 'person', label: 'On call', unfit: ['text'] },
      { path: 'person.name', label: 'On call.name' },
      { path: 'people', label: 'people', unfit: ['text'] },
    ],
  },
  { kind: 'variables', title: '', names: [{ path: 'order', label: 'order' }] },
  {
    kind: 'step',
    title: 'Text the shift',
    names: [
      { path: 'nodes.sms-1.counts.accepted', label: 'counts.accepted' },
      { path: 'nodes.sms-1.messages', label: 'messages' },
      { path: 'nodes.sms-1', label: '' },
    ],
  },
]
const unfit: NameFacts['unfit'] = { severity: 'error', key: 'value.wrong.writable' }
const facts: Record<string, NameFacts> = {
  order: { type: 'object', fields: ['customer', 'part no'], unfit },
  'order.customer': { type: 'object', fields: ['name'], unfit },
  'order.customer.name': { type: 'text' },
}
const tree = valueTree(groups, {
  factsOf: (path) => facts[path] ?? {},
  isOffered: (name) => !name.unfit?.includes('text'),
  titleOf: ({ kind, title }) => title || kind,
  whole: 'Whole result',
})
const lines = (search: string, open: string[] = []) =>
  shownRows(tree, search, new Map(open.map((id) => [id, true]))).map(
    (row) =>
      `${'  '.repeat(row.level - 1)}${row.label}${row.isOpen === false ? ' +' : ''}${canBeChosen(row) ? ' *' : ''}`,
  )

test('names stand below their origin; what cannot be chosen and leads nowhere is left out', () => {
  expect(lines('')).toEqual([
    'inputs',
    '  Device *',
    '  On call',
    '    name *',
    'variables',
    '  order +',
    'Text the shift',
    '  counts + *',
    '  messages *',
    '  Whole result *',
  ])
})

test('objects unfold to their fields', () => {
  expect(lines('', ['order', 'order.customer']).slice(4, 8)).toEqual([
    'variables',
    '  order',
    '    customer',
    '      name *',
  ])
  expect(rowsAbove(tree, 'order.customer.name')).toEqual([
    'group variables variables',
    'order',
    'order.customer',
  ])
})

test('a search shows what holds every word, below what it belongs to', () => {
  expect(lines('cust name')).toEqual(['variables', '  order', '    customer', '      name *'])
  expect(lines('shift acc')).toEqual(['Text the shift', '  counts *', '    accepted *'])
  expect(lines('nothing')).toEqual([])
})

test('a name is called as in the list, with what it is a field of', () => {
  expect(nameLabel('device', groups)).toBe('Device')
  expect(nameLabel('order.customer', groups)).toBe('order.customer')
  expect(nameLabel('nodes.sms-1.counts.accepted', groups)).toBe('Text the shift · counts.accepted')
  expect(nameLabel('nodes.sms-1', groups)).toBe('Text the shift')
  expect(nameLabel('gone', groups)).toBeUndefined()
})

test('a path is a formula that reads the same, and back', () => {
  for (const path of ['device', 'item.quantity', 'nodes.sms-1.counts.accepted', 'nodes.sms1']) {
    expect(formulaPath(pathFormula(path))).toBe(path)
  }
  expect(pathFormula('lines.1.part')).toBe('lines[1].part')
  expect(formulaPath('UPPER(device)')).toBeUndefined()
  expect(formulaPath('a &')).toBeUndefined()
})

test('a value gets a placeholder of its own', () => {
  const accepted = { kind: 'variable' as const, path: 'nodes.sms-1.counts.accepted' }
  expect(placeholderFor(accepted, {})).toBe('accepted')
  expect(placeholderFor(accepted, { accepted })).toBe('accepted')
  expect(placeholderFor(accepted, { accepted: { kind: 'fixed', value: 3 } })).toBe('accepted2')
  expect(placeholderFor({ kind: 'formula', source: 'a + 1' }, {})).toBe('value')
})

import { describe, expect, it } from 'vitest'
import type { SandboxMessage } from '../../../nodes/api/sandbox.ts'
import { departmentPaths, departmentTree } from '../../../src/pages/directory/department-tree.ts'
import { addMessage, phonesOf } from '../../../src/pages/sandbox/phones.ts'
import { tokenFrom } from '../../../src/pages/sign-in/token-from.ts'
import { searchElements } from '../../../src/tree/search-elements.ts'
import type { ElementItem } from '../../../src/tree/element-item.ts'

const department = (id: string, name: string, parent: string | null) => ({
  id,
  name,
  parent,
  members: 0,
  membersBelow: 0,
})
const departments = [
  department('night', 'Night shift', 'care'),
  department('north', 'Plant North', null),
  department('care', 'Maintenance', 'north'),
  department('lost', 'Lost', 'gone'),
]

describe('departments', () => {
  it('stand in a tree by name; one whose parent is gone stands at the top', () => {
    const tree = departmentTree(departments, (a, b) => a.localeCompare(b))
    expect(tree.map(({ name }) => name)).toEqual(['Lost', 'Plant North'])
    expect(tree[1]!.children[0]!.children[0]!.name).toBe('Night shift')
  })

  it('have a full name, even where the tree runs in a circle', () => {
    expect(departmentPaths(departments).get('night')).toBe('Plant North / Maintenance / Night shift')
    const circle = [department('a', 'A', 'b'), department('b', 'B', 'a')]
    expect(departmentPaths(circle).get('a')).toBe('B / A')
  })
})

const message = (id: string, to: string, at: string): SandboxMessage => ({
  id,
  to,
  at,
  provider: 'twilio',
  from: 'Sandbox',
  text: id,
  segments: 1,
})

describe('sandbox phones', () => {
  it('show their texts oldest first, the phone with the newest text first', () => {
    const phones = phonesOf([
      message('3', '+12025550101', '2026-08-01T08:00:03Z'),
      message('2', '+12025550102', '2026-08-01T08:00:02Z'),
      message('1', '+12025550101', '2026-08-01T08:00:01Z'),
    ])
    expect(phones.map(({ number, messages }) => [number, messages.map(({ id }) => id)])).toEqual([
      ['+12025550101', ['1', '3']],
      ['+12025550102', ['2']],
    ])
  })

  it('show a text once that comes twice, and forget the oldest', () => {
    const first = [message('1', '+12025550101', '2026-08-01T08:00:01Z')]
    expect(addMessage(first, first[0]!, 10)).toHaveLength(1)
    const second = message('2', '+12025550101', '2026-08-01T08:00:02Z')
    expect(addMessage(first, second, 1)).toEqual([second])
  })
})

it.each([
  ['  abc ', 'abc'],
  ['http://127.0.0.1:8080/#token=a%2Bb', 'a+b'],
  ['http://127.0.0.1:8080/#token=%E0%A4', '%E0%A4'],
  ['', ''],
])('reads the token out of %j', (pasted, token) => expect(tokenFrom(pasted)).toBe(token))

describe('the search of the element tree', () => {
  const leaf = (label: string): ElementItem => ({ id: label, label, name: label })
  const tree: ElementItem[] = [
    { ...leaf('Functions'), children: [leaf('Night shift alarm'), leaf('短信通知')] },
    { ...leaf('Directory'), children: [leaf('Members')] },
  ]
  const found = (search: string) =>
    searchElements(tree, search).flatMap((item) => [
      item.label,
      ...(item.children ?? []).map(({ label }) => label),
    ])

  it('finds every word in any order and case, with the group around it', () => {
    expect(found('ALARM night')).toEqual(['Functions', 'Night shift alarm'])
    expect(found('短信')).toEqual(['Functions', '短信通知'])
    expect(found('nothing')).toEqual([])
  })

  it('keeps a group whole that matches itself', () => {
    expect(found('directory')).toEqual(['Directory', 'Members'])
  })
})

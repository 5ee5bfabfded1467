import { describe, expect, it } from 'vitest'
import type { Recipient } from '../../../nodes/directory/schema.ts'
import {
  departmentRows,
  setIncludeSubDepartments,
  toggleRecipient,
} from '../../../src/fields/recipient-selection.ts'

describe('recipient selection', () => {
  it('adds a department with its sub-departments and removes it again', () => {
    const chosen = toggleRecipient([{ kind: 'member', id: 'ann' }], 'department', 'north')
    expect(chosen).toEqual([
      { kind: 'member', id: 'ann' },
      { kind: 'department', id: 'north', includeSubDepartments: true },
    ])
    expect(toggleRecipient(chosen, 'department', 'north')).toEqual([{ kind: 'member', id: 'ann' }])
  })

  it('tells a member from a role with the same id', () => {
    const both: Recipient[] = [
      { kind: 'member', id: '1' },
      { kind: 'role', id: '1' },
    ]
    expect(toggleRecipient(both, 'role', '1')).toEqual([{ kind: 'member', id: '1' }])
  })

  it('changes "include sub-departments" of one department only', () => {
    const chosen = toggleRecipient(toggleRecipient([], 'department', 'a'), 'department', 'b')
    expect(setIncludeSubDepartments(chosen, 'department', 'b', false)).toMatchObject([
      { id: 'a', includeSubDepartments: true },
      { id: 'b', includeSubDepartments: false },
    ])
  })

  it('lists parents before children, with the path, and keeps orphans', () => {
    const department = (id: string, parent: string | null) => ({ id, name: id.toUpperCase(), parent })
    const rows = departmentRows([department('b', 'a'), department('a', null), department('x', 'gone')])
    expect(rows.map(({ path, level }) => [path, level])).toEqual([
      ['A', 0],
      ['A / B', 1],
      ['X', 0],
    ])
  })
})

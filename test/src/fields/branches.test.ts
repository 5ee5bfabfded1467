import { describe, expect, it } from 'vitest'
import { addBranch, moveBranch, removeBranch } from '../../../src/fields/branches.ts'

const branch = (id: string) => ({ id, title: id, when: { kind: 'formula' as const, source: 'true' } })
const ids = (branches: { id: string }[]) => branches.map((each) => each.id)

describe('branches', () => {
  it('gives a new branch an id that no connection uses', () => {
    const branches = removeBranch([branch('branch-1'), branch('branch-2')], 'branch-2')
    expect(ids(addBranch(branches, new Set(['branch-1', 'branch-2'])))).toEqual(['branch-1', 'branch-3'])
  })

  it('moves a branch with its id, within the list only', () => {
    const branches = [branch('a'), branch('b'), branch('c')]
    expect(ids(moveBranch(branches, 'c', -1))).toEqual(['a', 'c', 'b'])
    expect(ids(moveBranch(branches, 'a', -1))).toEqual(['a', 'b', 'c'])
    expect(ids(moveBranch(branches, 'c', 1))).toEqual(['a', 'b', 'c'])
  })
})

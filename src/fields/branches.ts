import type { Branch } from '../../nodes/condition/definition.ts'

/** Adds a branch at the end. Its id is new even if a branch was removed before, so no connection changes its meaning. */
export function addBranch(branches: readonly Branch[], usedPorts: ReadonlySet<string>): Branch[] {
  const id = newBranchId(branches, usedPorts)
  return [...branches, { id, title: '', when: { kind: 'formula', source: 'true' } }]
}

/** An id that no branch has and no connection uses. */
export function newBranchId(branches: readonly { id: string }[], usedPorts: ReadonlySet<string>): string {
  let number = branches.length + 1
  const taken = (id: string) => usedPorts.has(id) || branches.some((each) => each.id === id)
  while (taken(`branch-${number}`)) number++
  return `branch-${number}`
}

export function removeBranch(branches: readonly Branch[], id: string): Branch[] {
  return branches.filter((each) => each.id !== id)
}

/** Moves a branch one place up (-1) or down (1). Ids travel along: connections stay at their branch. */
export function moveBranch(branches: readonly Branch[], id: string, by: -1 | 1): Branch[] {
  const from = branches.findIndex((each) => each.id === id)
  const to = from + by
  if (from < 0 || to < 0 || to >= branches.length) return [...branches]
  const moved = [...branches]
  moved.splice(to, 0, ...moved.splice(from, 1))
  return moved
}

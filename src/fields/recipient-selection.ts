import type { Department, Recipient } from '../../nodes/directory/schema.ts'

/** Identifies one line of the recipients. */
export function recipientKey(recipient: Pick<Recipient, 'kind' | 'id'>): string {
  return `${recipient.kind}:${recipient.id}`
}

export function isSelected(recipients: readonly Recipient[], kind: Recipient['kind'], id: string): boolean {
  return recipients.some((each) => each.kind === kind && each.id === id)
}

/** Selects or deselects; the others keep their order. A department starts with its sub-departments. */
export function toggleRecipient(
  recipients: readonly Recipient[],
  kind: Recipient['kind'],
  id: string,
): Recipient[] {
  if (isSelected(recipients, kind, id)) {
    return recipients.filter((each) => each.kind !== kind || each.id !== id)
  }
  return [...recipients, kind === 'department' ? { kind, id, includeSubDepartments: true } : { kind, id }]
}

export function setIncludeSubDepartments(
  recipients: readonly Recipient[],
  id: string,
  include: boolean,
): Recipient[] {
  return recipients.map((each) =>
    each.kind === 'department' && each.id === id ? { ...each, includeSubDepartments: include } : each,
  )
}

/** A department with its place in the tree, parents before children. */
export interface DepartmentRow<D extends Department = Department> {
  department: D
  /** 0 for a top department. */
  level: number
  /** Names from the top, for a search result: `Plant North / Maintenance`. */
  path: string
  hasChildren: boolean
}

/** The tree as rows. A department whose parent is missing counts as a top one, so nobody disappears. */
export function departmentRows<D extends Department>(departments: readonly D[]): DepartmentRow<D>[] {
  const known = new Set(departments.map((each) => each.id))
  const childrenOf = new Map<string | null, D[]>()
  for (const each of departments) {
    const parent = each.parent !== null && known.has(each.parent) ? each.parent : null
    childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), each])
  }
  const rows: DepartmentRow<D>[] = []
  const add = (department: D, level: number, above: string) => {
    const path = above === '' ? department.name : `${above} / ${department.name}`
    const children = childrenOf.get(department.id) ?? []
    rows.push({ department, level, path, hasChildren: children.length > 0 })
    for (const child of children) add(child, level + 1, path)
  }
  for (const top of childrenOf.get(null) ?? []) add(top, 0, '')
  return rows
}

import type { Department, NamedRecipient, Recipient } from '../../nodes/directory/schema.ts'
import type { Value } from '../../nodes/values/value.ts'

export type NamedKind = NamedRecipient['kind']

export function isSelected(recipients: readonly Recipient[], kind: NamedKind, id: string): boolean {
  return recipients.some((each) => isNamed(each, kind, id))
}

/** Selects or deselects; the others keep their order. */
export function toggleRecipient(
  recipients: readonly Recipient[],
  kind: NamedKind,
  id: string,
): readonly Recipient[] {
  if (isSelected(recipients, kind, id)) return recipients.filter((each) => !isNamed(each, kind, id))
  return [...recipients, newRecipient(kind, id)]
}

/** A department starts with its sub-departments, leaders without those below. */
export function newRecipient(kind: NamedKind, id: string): NamedRecipient {
  switch (kind) {
    case 'department':
      return { kind, id, includeSubDepartments: true }
    case 'leaders':
      return { kind, id, includeSubDepartments: false }
    case 'member':
    case 'role':
    case 'organisation-role':
      return { kind, id }
  }
}

/** True where the selection of a department, or of its leaders, goes on below it. */
export function includesBelow(recipients: readonly Recipient[], kind: NamedKind, id: string): boolean {
  return recipients.some(
    (each) => isNamed(each, kind, id) && 'includeSubDepartments' in each && each.includeSubDepartments,
  )
}

export function setIncludeSubDepartments(
  recipients: readonly Recipient[],
  kind: 'department' | 'leaders',
  id: string,
  include: boolean,
): readonly Recipient[] {
  return recipients.map((each) =>
    each.kind === kind && each.id === id ? { ...each, includeSubDepartments: include } : each,
  )
}

/** The recipients with the value at this place changed. */
export function setValueAt(
  recipients: readonly Recipient[],
  index: number,
  value: Value,
): readonly Recipient[] {
  return recipients.map((each, place) => (place === index ? { kind: 'value', value } : each))
}

function isNamed(recipient: Recipient, kind: NamedKind, id: string): boolean {
  return recipient.kind === kind && recipient.id === id
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

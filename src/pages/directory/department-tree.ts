/** A department as the server lists it: the tree is in `parent`. */
export interface ListedDepartment {
  id: string
  name: string
  parent: string | null
  /** Direct members. */
  members: number
  /** Members of it and of everything below it, each counted once. */
  membersBelow: number
  leaders?: string[] | undefined
}
export interface DepartmentBranch extends ListedDepartment {
  children: DepartmentBranch[]
}

/** Builds the tree, each level by name. A department whose parent is missing stands at the top. */
export function departmentTree(
  departments: readonly ListedDepartment[],
  compare: (a: string, b: string) => number,
): DepartmentBranch[] {
  const branches = new Map(
    departments.map((each) => [each.id, { ...each, children: [] as DepartmentBranch[] }]),
  )
  const tops: DepartmentBranch[] = []
  for (const branch of branches.values()) {
    const parent = branch.parent === null ? undefined : branches.get(branch.parent)
    if (parent) parent.children.push(branch)
    else tops.push(branch)
  }
  for (const { children } of branches.values()) children.sort((a, b) => compare(a.name, b.name))
  return tops.sort((a, b) => compare(a.name, b.name))
}

/** The full name of each department, for example `Plant North / Maintenance / Night shift`, by id. */
export function departmentPaths(departments: readonly ListedDepartment[]): Map<string, string> {
  const byId = new Map(departments.map((each) => [each.id, each]))
  const path = (id: string): string => {
    const names: string[] = []
    const seen = new Set<string>()
    for (
      let at = byId.get(id);
      at && !seen.has(at.id);
      at = at.parent === null ? undefined : byId.get(at.parent)
    ) {
      seen.add(at.id)
      names.unshift(at.name)
    }
    return names.join(' / ')
  }
  return new Map(departments.map(({ id }) => [id, path(id)]))
}

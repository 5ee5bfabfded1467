import type { Department, Member } from './schema.ts'

/** Finds what lies below a department. A loop in the tree, which the store refuses, ends here all the same. */
export class DepartmentTree {
  readonly #byId = new Map<string, Department>()
  readonly #children = new Map<string, string[]>()

  constructor(departments: readonly Department[]) {
    for (const department of departments) {
      const { id, parent } = department
      this.#byId.set(id, department)
      if (parent === null) continue
      const siblings = this.#children.get(parent)
      if (siblings) siblings.push(id)
      else this.#children.set(parent, [id])
    }
  }

  /** The department itself first; nothing where it does not exist. */
  withSubDepartments(id: string): string[] {
    if (!this.#byId.has(id)) return []
    const found = new Set([id])
    for (const each of found) for (const child of this.#children.get(each) ?? []) found.add(child)
    return [...found]
  }

  /** Ids of the members who lead the department, or any below it. */
  leaders(id: string, includeSubDepartments: boolean): string[] {
    const ids = includeSubDepartments ? this.withSubDepartments(id) : [id]
    return ids.flatMap((each) => this.#byId.get(each)?.leaders ?? [])
  }

  /**
   * Ids of those who stand above a member, in each department that the member is in: level 1 are the leaders of the first
   * department upwards that somebody else leads, level 2 those of the next such department above, and so on.
   */
  supervisors({ id, departments }: Pick<Member, 'id' | 'departments'>, level: number): string[] {
    const found = departments.flatMap((department) => {
      const above = this.#upwards(department)
        .map((each) => (each.leaders ?? []).filter((leader) => leader !== id))
        .filter((leaders) => leaders.length > 0)
      return above[level - 1] ?? []
    })
    return [...new Set(found)]
  }

  /** The department and those above it. */
  #upwards(id: string): Department[] {
    const found = new Set<Department>()
    for (let each = this.#byId.get(id); each && !found.has(each);) {
      found.add(each)
      each = each.parent === null ? undefined : this.#byId.get(each.parent)
    }
    return [...found]
  }
}

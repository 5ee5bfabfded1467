import type { Department } from '../../nodes/directory/schema.ts'
import { heldFirst } from './held-first.ts'

/** Departments by their path from the top; those that are missing are noted and get an id, but are not made yet. */
export class DepartmentPaths {
  readonly #ids = new Map<string, string>()
  readonly #byId = new Map<string, Department>()
  readonly #newId: () => string
  /** Parents before children. */
  readonly missing: Department[] = []

  constructor(departments: readonly Department[], newId: () => string) {
    this.#newId = newId
    for (const department of departments) {
      this.#ids.set(key(department.parent, department.name), department.id)
      this.#byId.set(department.id, department)
    }
  }

  /** @param held the departments that the member has */
  idsOf(paths: readonly string[][], held: readonly string[]): string[] {
    return heldFirst(
      paths,
      held,
      (id) => this.pathOf(id),
      (path) => this.#idOf(path),
    )
  }

  #idOf(path: readonly string[]): string {
    let parent: string | null = null
    for (const name of path) {
      let id: string | undefined = this.#ids.get(key(parent, name))
      if (id === undefined) {
        id = this.#newId()
        this.#ids.set(key(parent, name), id)
        const department = { id, name, parent }
        this.#byId.set(id, department)
        this.missing.push(department)
      }
      parent = id
    }
    return parent!
  }

  /** Names from the top; nothing where the department does not exist. */
  pathOf(id: string): string[] {
    const path: string[] = []
    const seen = new Set<string>()
    for (let at = this.#byId.get(id); at && !seen.has(at.id); at = this.#byId.get(at.parent ?? '')) {
      seen.add(at.id)
      path.unshift(at.name)
    }
    return path
  }
}

function key(parent: string | null, name: string): string {
  return JSON.stringify([parent, name])
}

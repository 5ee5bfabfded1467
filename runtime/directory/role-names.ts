import { heldFirst } from './held-first.ts'

/** Organisation roles by name; those that are missing are noted and get an id, but are not made yet. */
export class RoleNames {
  readonly #ids = new Map<string, string>()
  readonly #names = new Map<string, string>()
  readonly #newId: () => string
  readonly missing: { id: string; name: string }[] = []

  constructor(roles: readonly { id: string; name: string }[], newId: () => string) {
    this.#newId = newId
    for (const { id, name } of roles) {
      this.#ids.set(name, id)
      this.#names.set(id, name)
    }
  }

  /** @param held the roles that the member has */
  idsOf(names: readonly string[], held: readonly string[]): string[] {
    return heldFirst(
      names,
      held,
      (id) => this.nameOf(id),
      (name) => this.#idOf(name),
    )
  }

  nameOf(id: string): string {
    return this.#names.get(id) ?? ''
  }

  #idOf(name: string): string {
    const known = this.#ids.get(name)
    if (known !== undefined) return known
    const id = this.#newId()
    this.#ids.set(name, id)
    this.missing.push({ id, name })
    return id
  }
}

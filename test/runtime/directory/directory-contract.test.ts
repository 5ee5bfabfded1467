import { describe } from 'vitest'
import type { Directory } from '../../../nodes/directory/schema.ts'
import { testDirectory } from '../../contract/directory.ts'
import type { DirectoryContents } from '../../contract/directory.ts'
import { openStores } from '../open-stores.ts'

describe('the built-in directory', () => {
  testDirectory(({ members, departments, organisationRoles, roles }) => {
    const { directory } = openStores()
    for (const department of departments) directory.departmentStore.create({ ...department, leaders: [] })
    directory.inTransaction(() => members.forEach((member) => directory.memberStore.create(member)))
    for (const department of departments) directory.departmentStore.update(department.id, department)
    for (const role of organisationRoles) directory.organisationRoleStore.create(role)
    for (const role of roles) directory.roleStore.create(role)
    return directory
  })
})

describe('a host’s own directory', () => {
  testDirectory((contents) => new MemoryDirectory(contents))
})

/** The least that a host needs. */
class MemoryDirectory implements Directory {
  readonly #contents: DirectoryContents

  constructor(contents: DirectoryContents) {
    this.#contents = contents
  }

  async members(ids: readonly string[]) {
    return this.#contents.members.filter(({ id }) => ids.includes(id))
  }

  async membersOf(departmentIds: readonly string[]) {
    return this.#contents.members
      .filter(({ departments }) => departments.some((id) => departmentIds.includes(id)))
      .sort((a, b) => a.name.localeCompare(b.name))
  }

  async departments() {
    return this.#contents.departments
  }

  async roles(ids: readonly string[]) {
    return this.#contents.roles.filter(({ id }) => ids.includes(id))
  }

  async organisationRoles(ids: readonly string[]) {
    return this.#contents.organisationRoles.filter(({ id }) => ids.includes(id))
  }

  async membersWithPhone(phones: readonly string[]) {
    return this.#contents.members.filter(({ phone }) => phones.includes(phone))
  }
}

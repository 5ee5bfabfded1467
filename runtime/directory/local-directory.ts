import type { Department, Directory, Member, Role } from '../../nodes/directory/schema.ts'
import type { Database } from '../store/database.ts'
import type { Surroundings } from '../surroundings.ts'
import { DepartmentStore } from './department-store.ts'
import { MemberStore } from './member-store.ts'
import { RoleStore } from './role-store.ts'

/** The product's own directory: members, departments and application roles in the data folder. */
export class LocalDirectory implements Directory {
  readonly memberStore: MemberStore
  readonly departmentStore: DepartmentStore
  readonly roleStore: RoleStore
  /** Writes all that `work` writes, or nothing. */
  readonly inTransaction: <T>(work: () => T) => T
  readonly newId: () => string

  /** @param options.defaultCountry where numbers without `+` belong, for example `CN`; `US` unless said otherwise */
  constructor(
    database: Database,
    surroundings: Surroundings,
    options: { defaultCountry?: string | undefined } = {},
  ) {
    this.memberStore = new MemberStore(database, surroundings, options.defaultCountry ?? 'US')
    this.departmentStore = new DepartmentStore(database, surroundings)
    this.roleStore = new RoleStore(database, surroundings)
    this.inTransaction = (work) => database.transaction(work)
    this.newId = () => surroundings.newId()
  }

  async members(ids: readonly string[]): Promise<Member[]> {
    return this.memberStore.byIds(ids)
  }

  async membersOf(departmentIds: readonly string[]): Promise<Member[]> {
    return this.memberStore.ofDepartments(departmentIds)
  }

  async departments(): Promise<Department[]> {
    return this.departmentStore.all()
  }

  async roles(ids: readonly string[]): Promise<Role[]> {
    return this.roleStore.byIds(ids)
  }
}

import type { Organisation } from '../../nodes/directory/regions.ts'
import type { Department, Directory, Member, OrganisationRole, Role } from '../../nodes/directory/schema.ts'
import type { Database } from '../store/database.ts'
import type { Surroundings } from '../surroundings.ts'
import { DepartmentStore } from './department-store.ts'
import { MemberStore } from './member-store.ts'
import { OrganisationRoleStore } from './organisation-role-store.ts'
import { OrganisationStore } from './organisation-store.ts'
import { rereadPhones } from './reread-phones.ts'
import { RoleStore } from './role-store.ts'

const MAX_ANSWERS = 1_000
/** Longer questions and answers are not kept: they cost memory and are rare. */
const MAX_REMEMBERED = 5_000

/** The product's own directory: members, departments and roles in the data folder. */
export class LocalDirectory implements Directory {
  readonly memberStore: MemberStore
  readonly departmentStore: DepartmentStore
  readonly organisationRoleStore: OrganisationRoleStore
  readonly roleStore: RoleStore
  readonly organisation: OrganisationStore
  /** Writes all that `work` writes, or nothing. */
  readonly inTransaction: <T>(work: () => T) => T
  readonly newId: () => string
  /** What was asked since the last change: a busy function asks the same again for each of its runs. */
  readonly #answers = new Map<string, readonly unknown[]>()

  /** @param options.defaultCountry the country of a new organisation; `US` unless said otherwise */
  constructor(
    database: Database,
    surroundings: Surroundings,
    options: { defaultCountry?: string | undefined } = {},
  ) {
    const changed = () => this.#answers.clear()
    this.organisation = new OrganisationStore(database, options.defaultCountry ?? 'US')
    this.memberStore = new MemberStore(database, surroundings, this.organisation, changed)
    this.departmentStore = new DepartmentStore(database, surroundings, changed)
    this.organisationRoleStore = new OrganisationRoleStore(database, surroundings, changed)
    this.roleStore = new RoleStore(database, surroundings, changed)
    this.inTransaction = (work) => database.transaction(work)
    this.newId = () => surroundings.newId()
  }

  /** Changes the settings; in another country, numbers that could not be read before may be readable. */
  async changeOrganisation(next: Organisation): Promise<Organisation> {
    const isElsewhere = next.country !== this.organisation.current.country
    const changed = this.organisation.change(next)
    if (isElsewhere) await rereadPhones(this.memberStore, this.inTransaction, next.country)
    return changed
  }

  async members(ids: readonly string[]): Promise<Member[]> {
    return this.#remembered(`members ${ids.join()}`, () => this.memberStore.byIds(ids))
  }

  async membersOf(departmentIds: readonly string[]): Promise<Member[]> {
    return this.#remembered(`of ${departmentIds.join()}`, () => this.memberStore.ofDepartments(departmentIds))
  }

  async departments(): Promise<Department[]> {
    return this.#remembered('departments', () => this.departmentStore.all())
  }

  async roles(ids: readonly string[]): Promise<Role[]> {
    return this.#remembered(`roles ${ids.join()}`, () => this.roleStore.byIds(ids))
  }

  async organisationRoles(ids: readonly string[]): Promise<OrganisationRole[]> {
    return this.#remembered(`organisation roles ${ids.join()}`, () => this.organisationRoleStore.byIds(ids))
  }

  async membersWithPhone(phones: readonly string[]): Promise<Member[]> {
    return this.#remembered(`phones ${phones.join()}`, () => this.memberStore.withPhones(phones))
  }

  #remembered<T>(question: string, read: () => T[]): T[] {
    const known = this.#answers.get(question) as T[] | undefined
    if (known) return known
    const answer = read()
    if (question.length + answer.length > MAX_REMEMBERED) return answer
    if (this.#answers.size >= MAX_ANSWERS) this.#answers.clear()
    this.#answers.set(question, answer)
    return answer
  }
}

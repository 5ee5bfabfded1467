import type { Organisation } from '../../nodes/directory/regions.ts'
import type { Department, Directory, Member, OrganisationRole, Role } from '../../nodes/directory/schema.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { Database } from '../store/database.ts'
import type { Surroundings } from '../surroundings.ts'
import { DepartmentStore } from './department-store.ts'
import { changedInBetween } from './import-members.ts'
import { MemberImport } from './member-import.ts'
import type { ImportRow } from './member-import.ts'
import { MemberStore } from './member-store.ts'
import { OrganisationRoleStore } from './organisation-role-store.ts'
import { OrganisationStore } from './organisation-store.ts'
import type { ImportPlan } from './plan-import.ts'
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
  readonly #start: string
  #changes = 0
  readonly #imports: MemberImport
  #isStaging = false
  /** Settles when a long import is taken over: whoever asks for people meanwhile gets all of it. */
  #takingOver: Promise<void> | null = null
  #isTakingOver = false

  /** @param options.defaultCountry the country of a new organisation; `US` unless said otherwise */
  constructor(
    database: Database,
    surroundings: Surroundings,
    options: { defaultCountry?: string | undefined } = {},
  ) {
    const changed = () => this.noteChange()
    this.organisation = new OrganisationStore(database, options.defaultCountry ?? 'US')
    this.memberStore = new MemberStore(database, surroundings, this.organisation, changed)
    this.departmentStore = new DepartmentStore(database, surroundings, changed)
    this.organisationRoleStore = new OrganisationRoleStore(database, surroundings, changed)
    this.roleStore = new RoleStore(database, surroundings, changed)
    this.#imports = new MemberImport(database, (row) => this.#takeOver(row))
    this.inTransaction = (work) => database.transaction(work)
    this.newId = () => surroundings.newId()
    this.#start = surroundings.newId()
  }

  /** Changes the settings; in another country, numbers that could not be read before may be readable. */
  async changeOrganisation(next: Organisation): Promise<Organisation> {
    const isElsewhere = next.country !== this.organisation.current.country
    this.noteChange()
    const changed = this.organisation.change(next)
    if (isElsewhere) await rereadPhones(this.memberStore, this.inTransaction, next.country)
    return changed
  }

  /** Another text after every change, also after a restart. */
  get revision(): string {
    return `${this.#start}-${this.#changes}`
  }

  /**
   * Writes what an import plans, whole or not at all.
   * @param revision of the directory that the plan was made for
   * @throws FlowError `CONFLICT` where the directory changed since then, `OVERLOADED` where another import is under way
   */
  async import(plan: ImportPlan, revision: string): Promise<void> {
    if (MemberImport.isShort(plan)) return this.#imports.writeShort(plan)
    if (this.#isStaging || this.#takingOver) throw importUnderWay()
    this.#isStaging = true
    try {
      await this.#imports.stage(plan)
      if (this.revision !== revision) throw changedInBetween()
      this.#imports.complete()
    } finally {
      this.#isStaging = false
    }
    this.#takingOver = this.#imports.takeOver().finally(() => (this.#takingOver = null))
    await this.#takingOver
  }

  async members(ids: readonly string[]): Promise<Member[]> {
    if (this.#takingOver) await this.#takingOver
    return this.#remembered(`members ${ids.join()}`, () => this.memberStore.byIds(ids))
  }

  async membersOf(departmentIds: readonly string[]): Promise<Member[]> {
    if (this.#takingOver) await this.#takingOver
    return this.#remembered(`of ${departmentIds.join()}`, () => this.memberStore.ofDepartments(departmentIds))
  }

  async departments(): Promise<Department[]> {
    if (this.#takingOver) await this.#takingOver
    return this.#remembered('departments', () => this.departmentStore.all())
  }

  async roles(ids: readonly string[]): Promise<Role[]> {
    return this.#remembered(`roles ${ids.join()}`, () => this.roleStore.byIds(ids))
  }

  async organisationRoles(ids: readonly string[]): Promise<OrganisationRole[]> {
    if (this.#takingOver) await this.#takingOver
    return this.#remembered(`organisation roles ${ids.join()}`, () => this.organisationRoleStore.byIds(ids))
  }

  async membersWithPhone(phones: readonly string[]): Promise<Member[]> {
    if (this.#takingOver) await this.#takingOver
    return this.#remembered(`phones ${phones.join()}`, () => this.memberStore.withPhones(phones))
  }

  /**
   * Called before every write. A long import is one change, so nobody else writes in the middle of it.
   * @throws FlowError `OVERLOADED`
   */
  noteChange(): void {
    if (this.#takingOver && !this.#isTakingOver) throw importUnderWay()
    this.#answers.clear()
    this.#changes++
  }

  #takeOver(row: ImportRow): void {
    this.#isTakingOver = true
    try {
      if ('department' in row) this.departmentStore.create(row.department)
      else if ('organisationRole' in row) this.organisationRoleStore.create(row.organisationRole)
      else {
        const { member, leads, organisationRoles } = row
        this.memberStore.put(member)
        if (leads) this.departmentStore.setLedBy(member.id, leads)
        if (organisationRoles) this.organisationRoleStore.setOfMember(member.id, organisationRoles)
      }
    } finally {
      this.#isTakingOver = false
    }
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

function importUnderWay(): FlowError {
  return new FlowError(ErrorCode.Overloaded, 'Members are being imported', {
    hint: 'Try again in a few seconds.',
  })
}

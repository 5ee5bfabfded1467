import type { z } from 'zod'
import type { memberQuery, MemberView, writeMember } from '../../nodes/api/directory.ts'
import { memberProblem } from '../../nodes/directory/resolve-recipients.ts'
import type { Member } from '../../nodes/directory/schema.ts'
import { ErrorCode, FieldsError, FlowError } from '../../nodes/errors.ts'
import type { Database } from '../store/database.ts'
import type { Surroundings } from '../surroundings.ts'
import { prepareMembers, toMember } from './member-statements.ts'
import type { MemberRow } from './member-statements.ts'
import type { OrganisationStore } from './organisation-store.ts'
import { readPhone } from './phone.ts'

export type WriteMember = z.output<typeof writeMember>

/** The members of the local directory. Made for 100,000 of them: every list is a page. */
export class MemberStore {
  readonly #database: Database
  readonly #surroundings: Surroundings
  readonly #organisation: OrganisationStore
  readonly #statements: ReturnType<typeof prepareMembers>
  readonly #changed: () => void

  /** @param changed called after each write */
  constructor(
    database: Database,
    surroundings: Surroundings,
    organisation: OrganisationStore,
    changed: () => void,
  ) {
    this.#changed = changed
    this.#database = database
    this.#surroundings = surroundings
    this.#organisation = organisation
    this.#statements = prepareMembers(database)
  }

  /** One page of the members that match, by name. `search` finds parts of names, numbers and e-mail addresses. */
  page(query: z.output<typeof memberQuery>): { members: MemberView[]; total: number } {
    if (query.ids !== undefined) {
      const members = this.byIds(query.ids.split(',')).map(toView)
      return { members, total: members.length }
    }
    const filter = {
      search: query.search.trim().toLowerCase(),
      digits: query.search.replace(/[^\d+]/g, '') || null,
      department: query.department ?? null,
      organisationRole: query.organisationRole ?? null,
    }
    const { total } = this.#statements.count.get(filter) as { total: number }
    const rows = this.#statements.page.all({ ...filter, limit: query.limit, offset: query.offset })
    return { members: (rows as unknown as MemberRow[]).map(toMember).map(toView), total }
  }

  /** Those of the ids that exist, in the order given. */
  byIds(ids: readonly string[]): Member[] {
    return this.#list('byIds', ids)
  }

  /** Members of exactly these departments, by name, each once. */
  ofDepartments(departmentIds: readonly string[]): Member[] {
    return this.#list('ofDepartments', departmentIds)
  }

  /** Members who have one of these numbers (E.164), by name. */
  withPhones(phones: readonly string[]): Member[] {
    return this.#list('withPhones', phones)
  }

  /** Members in the order of their ids, from the one after `id` on: for work on all of them, a piece at a time. */
  after(id: string, limit: number): Member[] {
    return (this.#statements.after.all(id, limit) as unknown as MemberRow[]).map(toMember)
  }

  /** Like `after`, those whose number has no country code and could not be read. */
  unreadAfter(id: string, limit: number): Member[] {
    return (this.#statements.unread.all(id, limit) as unknown as MemberRow[]).map(toMember)
  }

  /** @throws FlowError `CONFLICT` where the id is taken; FieldsError where a department does not exist */
  create(request: WriteMember): MemberView {
    const id = request.id ?? this.#surroundings.newId()
    return this.#database.transaction(() => {
      if (this.#statements.read.get(id)) {
        throw new FlowError(ErrorCode.Conflict, 'There is already a member with this id', {
          hint: 'Choose another id or leave it out.',
        })
      }
      return this.#write({ ...request, id })
    })
  }

  /**
   * Replaces a member. User name and external id belong to the identity provider: where they are left out they stay.
   * @throws FlowError `NOT_FOUND`; FieldsError where a department does not exist
   */
  update(id: string, request: WriteMember): MemberView {
    return this.#database.transaction(() => {
      const [before] = this.byIds([id])
      if (!before) throw notFound()
      const { userName = before.userName, externalId = before.externalId } = request
      return this.#write({ ...request, id, userName, externalId })
    })
  }

  /** @throws FlowError `NOT_FOUND` */
  delete(id: string): void {
    this.#changed()
    if (this.#statements.delete.run(id).changes === 0) throw notFound()
  }

  /**
   * Writes one member whose number was read already; part of the caller's transaction.
   * @throws FieldsError where a department does not exist or another member has the user name
   */
  put(member: Member): void {
    const { id, name, phone, status, locale, timeZone, email, userName, externalId, phoneProblem } = member
    this.#changed()
    if (userName !== undefined && this.#statements.userNameTaken.get(userName, id)) throw duplicateUserName()
    this.#statements.put.run(
      id,
      name,
      name.toLowerCase(),
      phone,
      status,
      locale ?? null,
      timeZone ?? null,
      email ?? null,
      userName ?? null,
      externalId ?? null,
      phoneProblem ?? null,
    )
    this.#statements.leaveDepartments.run(id)
    for (const department of new Set(member.departments)) {
      if (this.#statements.joinDepartment.run(id, department).changes === 0) {
        throw new FieldsError(ErrorCode.BodyInvalid, 'One of the departments does not exist any more', [
          { path: 'departments', key: 'unknownDepartment', message: 'There is no such department' },
        ])
      }
    }
  }

  #write(request: Omit<Member, 'phoneProblem'>): MemberView {
    const member = { ...request, ...readPhone(request.phone, this.#organisation.current.country) }
    this.put(member)
    return toView(member)
  }

  #list(statement: 'byIds' | 'ofDepartments' | 'withPhones', keys: readonly string[]): Member[] {
    return (this.#statements[statement].all(JSON.stringify(keys)) as unknown as MemberRow[]).map(toMember)
  }
}

function toView({ phoneProblem, ...member }: Member): MemberView {
  return { ...member, problem: memberProblem({ ...member, phoneProblem }) ?? null }
}

function duplicateUserName(): FieldsError {
  const message = 'Another member has this user name'
  return new FieldsError(ErrorCode.BodyInvalid, message, [{ path: 'userName', key: 'duplicate', message }])
}

function notFound(): FlowError {
  return new FlowError(ErrorCode.NotFound, 'There is no such member', {
    hint: 'The member may have been deleted.',
  })
}

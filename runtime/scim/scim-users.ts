import type { Member } from '../../nodes/directory/schema.ts'
import type { JsonObject } from '../../nodes/json.ts'
import type { LocalDirectory } from '../directory/local-directory.ts'
import type { Database } from '../store/database.ts'
import type { Surroundings } from '../surroundings.ts'
import { parseFilter } from './filter.ts'
import type { Comparison } from './filter.ts'
import { listResponse, pageOf, select } from './list-response.ts'
import type { ListQuery } from './list-response.ts'
import { applyPatch } from './patch.ts'
import type { PatchOperation } from './patch.ts'
import { notFound, ScimError } from './scim-error.ts'
import { orderBy } from './sorting.ts'
import { memberOf, patchableUser, readUser, userAttribute, userOf } from './user-resource.ts'
import type { UserAttributes } from './user-resource.ts'
import { refuseOtherVersion, withVersion } from './version.ts'

/** The members of the directory as users of SCIM. Each request changes one member, or nothing. */
export class ScimUsers {
  readonly #directory: LocalDirectory
  readonly #surroundings: Surroundings
  readonly #database: Database
  readonly #statements: ReturnType<typeof prepare>

  constructor(database: Database, directory: LocalDirectory, surroundings: Surroundings) {
    this.#database = database
    this.#directory = directory
    this.#surroundings = surroundings
    this.#statements = prepare(database)
  }

  /** @throws ScimError `invalidFilter`, `invalidPath` */
  list(query: ListQuery): JsonObject {
    const { offset, limit, startIndex } = pageOf(query)
    const { where, values } = conditions(query.filter === undefined ? [] : parseFilter(query.filter))
    const order = orderBy(query, sortColumns, 'm.id')
    const ids = this.#database
      .prepare(`SELECT m.id FROM members m WHERE ${where} ORDER BY ${order} LIMIT ? OFFSET ?`)
      .all(...values, limit, offset) as { id: string }[]
    const { total } = this.#database
      .prepare(`SELECT count(*) AS total FROM members m WHERE ${where}`)
      .get(...values) as { total: number }
    const members = new Map(
      this.#directory.memberStore.byIds(ids.map(({ id }) => id)).map((member) => [member.id, member]),
    )
    return listResponse(
      ids.map(({ id }) => select(this.#describe(members.get(id)!), query)),
      total,
      startIndex,
    )
  }

  /** @throws FlowError `NOT_FOUND` */
  get(id: string): JsonObject {
    return this.#describe(this.#member(id))
  }

  /** @throws ScimError `uniqueness`, `invalidValue` */
  create(resource: JsonObject): JsonObject {
    const user = readUser(resource)
    return this.#directory.inTransaction(() => this.#put(user, this.#surroundings.newId(), undefined))
  }

  /**
   * @param ifMatch the version that is replaced, where the provider says so
   * @throws FlowError `NOT_FOUND`, `VERSION_MISMATCH`; ScimError `uniqueness`, `invalidValue`
   */
  replace(id: string, resource: JsonObject, ifMatch?: string): JsonObject {
    const user = readUser(resource)
    return this.#directory.inTransaction(() => this.#put(user, id, this.#member(id, ifMatch)))
  }

  /** @throws FlowError `NOT_FOUND`, `VERSION_MISMATCH`; ScimError */
  patch(id: string, operations: readonly PatchOperation[], ifMatch?: string): JsonObject {
    return this.#directory.inTransaction(() => {
      const member = this.#member(id, ifMatch)
      const { country } = this.#directory.organisation.current
      const user = patchableUser(member, this.#said(id).attributes, country)
      const changed = applyPatch(user, operations, userAttribute)
      return this.#put(readUser(changed), id, member)
    })
  }

  /** @throws FlowError `NOT_FOUND`, `VERSION_MISMATCH` */
  delete(id: string, ifMatch?: string): void {
    this.#member(id, ifMatch)
    this.#directory.memberStore.delete(id)
  }

  #put(user: UserAttributes, id: string, before: Member | undefined): JsonObject {
    const taken = this.#statements.byUserName.all(user.userName) as { id: string }[]
    if (taken.some((each) => each.id !== id)) {
      throw new ScimError('uniqueness', 'Another user has this userName')
    }
    const { country } = this.#directory.organisation.current
    const known = before && { member: before, said: this.#said(id).attributes }
    const member = memberOf(user, id, known, country)
    this.#directory.memberStore.put(member)
    const now = this.#surroundings.now().getTime()
    this.#statements.keep.run(id, JSON.stringify(user), now, now)
    return this.#describe(member)
  }

  #describe(member: Member): JsonObject {
    const { attributes, created, updated } = this.#said(member.id)
    const groups = this.#statements.groups.all(member.id) as { value: string; display: string }[]
    const { country } = this.#directory.organisation.current
    const user = userOf(member, attributes, {
      groups: groups.map((group) => ({ ...group })),
      country,
      // a member who was made here is not known by the time it was made
      ...(updated > 0 && {
        created: new Date(created).toISOString(),
        updated: new Date(updated).toISOString(),
      }),
    })
    return withVersion(user)
  }

  #member(id: string, ifMatch?: string): Member {
    const [member] = this.#directory.memberStore.byIds([id])
    if (!member) throw notFound('user')
    if (ifMatch !== undefined) refuseOtherVersion(this.#describe(member), ifMatch)
    return member
  }

  /** What the identity provider said of a member. */
  #said(id: string): { attributes: Partial<UserAttributes>; created: number; updated: number } {
    const row = this.#statements.said.get(id) as
      { attributes: string; created: number; updated: number } | undefined
    if (!row) return { attributes: {}, created: 0, updated: 0 }
    return { ...row, attributes: JSON.parse(row.attributes) as Partial<UserAttributes> }
  }
}

/** SQL for each attribute that can be asked for. */
const columns: Readonly<Record<string, string>> = {
  id: 'm.id = ?',
  username: 'lower(coalesce(m.user_name, m.email, m.id)) = lower(?)',
  externalid: 'm.external_id = ?',
  displayname: 'm.folded_name = lower(?)',
  emails: 'lower(m.email) = lower(?)',
  'emails.value': 'lower(m.email) = lower(?)',
  active: "(m.status = 'in-service') = ?",
}

/** SQL for each attribute that users can be sorted by. */
const sortColumns: Readonly<Record<string, string>> = {
  id: 'm.id',
  username: 'lower(coalesce(m.user_name, m.email, m.id))',
  externalid: 'm.external_id',
  displayname: 'm.folded_name',
  'name.formatted': 'm.folded_name',
  emails: 'lower(m.email)',
  'emails.value': 'lower(m.email)',
  active: "(m.status = 'in-service')",
  'meta.created': '(SELECT created FROM scim_users WHERE member = m.id)',
  'meta.lastmodified': '(SELECT updated FROM scim_users WHERE member = m.id)',
}

function conditions(comparisons: readonly Comparison[]): { where: string; values: (string | number)[] } {
  const parts = comparisons.map(({ attribute, value }) => {
    const sql = columns[attribute]
    if (!sql) throw new ScimError('invalidFilter', `Users cannot be found by "${attribute}"`)
    return {
      sql,
      value: attribute === 'active' ? Number(String(value).toLowerCase() === 'true') : String(value),
    }
  })
  return {
    where: ['TRUE', ...parts.map(({ sql }) => sql)].join(' AND '),
    values: parts.map(({ value }) => value),
  }
}

function prepare(database: Database) {
  return {
    byUserName: database.prepare(
      'SELECT id FROM members WHERE lower(coalesce(user_name, email, id)) = lower(?)',
    ),
    said: database.prepare('SELECT attributes, created, updated FROM scim_users WHERE member = ?'),
    keep: database.prepare(`
      INSERT INTO scim_users (member, attributes, created, updated) VALUES (?, ?, ?, ?)
      ON CONFLICT (member) DO UPDATE SET attributes = excluded.attributes, updated = excluded.updated`),
    groups: database.prepare(`
      SELECT r.id AS value, r.name AS display FROM organisation_role_members m
      JOIN organisation_roles r ON r.id = m.role WHERE m.member = ? ORDER BY r.name`),
  }
}

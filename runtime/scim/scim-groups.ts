import { z } from 'zod'
import type { Json, JsonObject } from '../../nodes/json.ts'
import type { LocalDirectory } from '../directory/local-directory.ts'
import type { Database } from '../store/database.ts'
import type { Surroundings } from '../surroundings.ts'
import { parseFilter } from './filter.ts'
import { listResponse, pageOf, wants } from './list-response.ts'
import type { ListQuery } from './list-response.ts'
import { flatten } from './patch.ts'
import type { PatchOperation, PatchPath } from './patch.ts'
import { GROUP_SCHEMA } from './schemas.ts'
import { notFound, ScimError } from './scim-error.ts'
import { orderBy } from './sorting.ts'
import { refuseOtherVersion, versionOf } from './version.ts'

const displayName = z.string().trim().min(1).max(200)
const externalId = z.string().trim().max(200).nullish()
const memberIds = z
  .union([
    z.array(z.object({ value: z.string().min(1).max(100) })),
    z.object({ value: z.string().min(1).max(100) }),
  ])
  .transform((given) => (Array.isArray(given) ? given : [given]).map(({ value }) => value))

type Shown = Pick<ListQuery, 'attributes' | 'excludedAttributes'>

/** The roles of the organisation as groups of SCIM. Each request changes one role, or nothing. */
export class ScimGroups {
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
    const { where, values } = conditions(query.filter)
    const order = orderBy(query, sortColumns, 'g.id')
    const rows = this.#database
      .prepare(`SELECT g.id FROM organisation_roles g WHERE ${where} ORDER BY ${order} LIMIT ? OFFSET ?`)
      .all(...values, limit, offset) as { id: string }[]
    const { total } = this.#database
      .prepare(`SELECT count(*) AS total FROM organisation_roles g WHERE ${where}`)
      .get(...values) as { total: number }
    return listResponse(
      rows.map(({ id }) => this.get(id, query)),
      total,
      startIndex,
    )
  }

  /** @throws FlowError `NOT_FOUND` */
  get(id: string, shown: Shown = {}): JsonObject {
    const row = this.#statements.read.get(id) as { name: string; external_id: string | null } | undefined
    if (!row) throw notFound('group')
    const members = wants(shown, 'members') ? (this.#statements.members.all(id) as JsonObject[]) : undefined
    // the same whether the members are shown or not
    const { ids } = this.#statements.memberIds.get(id) as { ids: string }
    const version = versionOf([row.name, row.external_id, ids])
    return {
      schemas: [GROUP_SCHEMA],
      id,
      displayName: row.name,
      ...(row.external_id !== null && { externalId: row.external_id }),
      ...(members && { members: members.map((member) => ({ ...member })) }),
      meta: { resourceType: 'Group', location: `/scim/v2/Groups/${encodeURIComponent(id)}`, version },
    }
  }

  /** @throws ScimError `invalidValue` */
  create(resource: JsonObject): JsonObject {
    const id = this.#surroundings.newId()
    return this.#directory.inTransaction(() => this.#put(id, resource))
  }

  /**
   * @param ifMatch the version that is replaced, where the provider says so
   * @throws FlowError `NOT_FOUND`, `VERSION_MISMATCH`; ScimError `invalidValue`
   */
  replace(id: string, resource: JsonObject, ifMatch?: string): JsonObject {
    return this.#directory.inTransaction(() => {
      this.#expect(id, ifMatch)
      return this.#put(id, resource)
    })
  }

  /**
   * @returns the group as it is now, without its members
   * @throws FlowError `NOT_FOUND`, `VERSION_MISMATCH`; ScimError
   */
  patch(id: string, operations: readonly PatchOperation[], ifMatch?: string): JsonObject {
    return this.#directory.inTransaction(() => {
      this.#expect(id, ifMatch)
      this.#directory.noteChange()
      for (const { op, path, value } of flatten(operations)) this.#apply(id, op, path, value)
      return this.get(id, withoutMembers)
    })
  }

  /** @throws FlowError `NOT_FOUND`, `VERSION_MISMATCH` */
  delete(id: string, ifMatch?: string): void {
    this.#expect(id, ifMatch)
    this.#directory.organisationRoleStore.delete(id)
  }

  #expect(id: string, ifMatch: string | undefined): void {
    refuseOtherVersion(this.get(id, withoutMembers), ifMatch)
  }

  #put(id: string, resource: JsonObject): JsonObject {
    const given = Object.fromEntries(
      Object.entries(resource).map(([name, value]) => [name.toLowerCase(), value]),
    )
    this.#directory.noteChange()
    this.#statements.put.run(
      id,
      read(displayName, given['displayname'], 'displayName'),
      read(externalId, given['externalid'], 'externalId') ?? null,
    )
    this.#setMembers(id, given['members'] ?? [])
    return this.get(id)
  }

  #apply(
    id: string,
    op: PatchOperation['op'],
    { attribute, filter, sub }: PatchPath,
    value: Json | undefined,
  ): void {
    switch (attribute.toLowerCase()) {
      case 'displayname':
        this.#statements.rename.run(read(displayName, value, 'displayName'), id)
        break
      case 'externalid':
        this.#statements.setExternalId.run(
          read(externalId, op === 'remove' ? null : value, 'externalId') ?? null,
          id,
        )
        break
      case 'members':
        if (sub !== undefined && sub.toLowerCase() !== 'value') {
          throw new ScimError('invalidPath', 'Members of a group are changed as a whole')
        }
        if (filter) this.#changeMember(id, op, filter)
        else if (op === 'add') this.#addMembers(id, read(memberIds, value, 'members'))
        else if (op === 'replace') this.#setMembers(id, value ?? [])
        else if (value === undefined) this.#statements.clear.run(id)
        else this.#statements.removeMembers.run(id, JSON.stringify(read(memberIds, value, 'members')))
    }
  }

  #changeMember(id: string, op: PatchOperation['op'], filter: { attribute: string; value: string }): void {
    if (filter.attribute.toLowerCase() !== 'value') {
      throw new ScimError('invalidPath', 'Members of a group are named by "value"')
    }
    if (op === 'remove') this.#statements.removeMembers.run(id, JSON.stringify([filter.value]))
    else this.#addMembers(id, [filter.value])
  }

  #setMembers(id: string, value: Json): void {
    const members = read(memberIds, value, 'members')
    this.#statements.clear.run(id)
    this.#addMembers(id, members)
  }

  #addMembers(id: string, members: readonly string[]): void {
    const wanted = JSON.stringify([...new Set(members)])
    const { unknown } = this.#statements.unknown.get(wanted) as { unknown: string | null }
    if (unknown !== null) throw new ScimError('invalidValue', `There is no user "${unknown}"`)
    this.#statements.add.run(id, wanted)
  }
}

const withoutMembers: Shown = { excludedAttributes: 'members' }

/** SQL for each attribute that groups can be sorted by. */
const sortColumns: Readonly<Record<string, string>> = {
  id: 'g.id',
  displayname: 'lower(g.name)',
  externalid: 'g.external_id',
}

const columns: Readonly<Record<string, string>> = {
  id: 'g.id = ?',
  displayname: 'lower(g.name) = lower(?)',
  externalid: 'g.external_id = ?',
  members: 'EXISTS (SELECT 1 FROM organisation_role_members m WHERE m.role = g.id AND m.member = ?)',
}

function conditions(filter: string | undefined): { where: string; values: string[] } {
  const comparisons = filter === undefined ? [] : parseFilter(filter)
  const parts = comparisons.map(({ attribute, value }) => {
    const sql = columns[attribute.replace(/^members\.value$/, 'members')]
    if (!sql) throw new ScimError('invalidFilter', `Groups cannot be found by "${attribute}"`)
    return { sql, value: String(value) }
  })
  return {
    where: ['TRUE', ...parts.map(({ sql }) => sql)].join(' AND '),
    values: parts.map(({ value }) => value),
  }
}

function read<T>(schema: z.ZodType<T>, value: unknown, attribute: string): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new ScimError('invalidValue', `"${attribute}" is missing or not as it should be`)
}

function prepare(database: Database) {
  return {
    read: database.prepare('SELECT name, external_id FROM organisation_roles WHERE id = ?'),
    members: database.prepare(`
      SELECT m.id AS value, m.name AS display FROM organisation_role_members r
      JOIN members m ON m.id = r.member WHERE r.role = ? ORDER BY r.rowid`),
    memberIds: database.prepare(
      'SELECT json_group_array(member ORDER BY member) AS ids FROM organisation_role_members WHERE role = ?',
    ),
    put: database.prepare(`
      INSERT INTO organisation_roles (id, name, external_id) VALUES (?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET name = excluded.name, external_id = excluded.external_id`),
    rename: database.prepare('UPDATE organisation_roles SET name = ? WHERE id = ?'),
    setExternalId: database.prepare('UPDATE organisation_roles SET external_id = ? WHERE id = ?'),
    clear: database.prepare('DELETE FROM organisation_role_members WHERE role = ?'),
    removeMembers: database.prepare(`
      DELETE FROM organisation_role_members
      WHERE role = ? AND member IN (SELECT value FROM json_each(?))`),
    unknown: database.prepare(`
      SELECT (
        SELECT wanted.value FROM json_each(?) AS wanted
        WHERE NOT EXISTS (SELECT 1 FROM members m WHERE m.id = wanted.value) LIMIT 1
      ) AS unknown`),
    add: database.prepare(`
      INSERT INTO organisation_role_members (role, member)
      SELECT ?, wanted.value FROM json_each(?) AS wanted WHERE TRUE ORDER BY wanted.key
      ON CONFLICT DO NOTHING`),
  }
}

import type { z } from 'zod'
import type { organisationRoleSummary, writeOrganisationRole } from '../../nodes/api/directory.ts'
import type { OrganisationRole } from '../../nodes/directory/schema.ts'
import { ErrorCode, FieldsError, FlowError } from '../../nodes/errors.ts'
import type { Database } from '../store/database.ts'
import type { Surroundings } from '../surroundings.ts'

export type WriteOrganisationRole = z.output<typeof writeOrganisationRole>

/** The organisation's roles: groups of members. Deleted members leave them by themselves. */
export class OrganisationRoleStore {
  readonly #database: Database
  readonly #surroundings: Surroundings
  readonly #statements: ReturnType<typeof prepare>
  readonly #changed: () => void

  /** @param changed called after each write */
  constructor(database: Database, surroundings: Surroundings, changed: () => void) {
    this.#changed = changed
    this.#database = database
    this.#surroundings = surroundings
    this.#statements = prepare(database)
  }

  /** Every role by name, with the number of its members. */
  all(): z.infer<typeof organisationRoleSummary>[] {
    return this.#statements.all.all() as unknown as z.infer<typeof organisationRoleSummary>[]
  }

  /** @throws FlowError `NOT_FOUND` */
  get(id: string): OrganisationRole {
    const [role] = this.byIds([id])
    if (!role) throw notFound()
    return role
  }

  /** Those of the ids that exist, in the order given. */
  byIds(ids: readonly string[]): OrganisationRole[] {
    return (this.#statements.byIds.all(JSON.stringify(ids)) as unknown as RoleRow[]).map(toRole)
  }

  /** @throws FlowError `CONFLICT` where the id is taken; FieldsError where a member does not exist */
  create(request: WriteOrganisationRole): OrganisationRole {
    const role = { ...request, id: request.id ?? this.#surroundings.newId() }
    return this.#database.transaction(() => {
      if (this.#statements.read.get(role.id)) {
        throw new FlowError(ErrorCode.Conflict, 'There is already a role with this id', {
          hint: 'Choose another id or leave it out.',
        })
      }
      return this.#put({ ...role, members: role.members ?? [] })
    })
  }

  /**
   * Changes a role; members that are left out stay.
   * @throws FlowError `NOT_FOUND`; FieldsError where a member does not exist
   */
  update(id: string, request: WriteOrganisationRole): OrganisationRole {
    return this.#database.transaction(() => {
      return this.#put({ id, name: request.name, members: request.members ?? this.get(id).members })
    })
  }

  /** @throws FlowError `NOT_FOUND` */
  delete(id: string): void {
    this.#changed()
    if (this.#statements.delete.run(id).changes === 0) throw notFound()
  }

  /** The roles that a member has. */
  ofMember(member: string): string[] {
    return (this.#statements.ofMember.all(member) as { role: string }[]).map(({ role }) => role)
  }

  /** Gives a member exactly these roles; part of the caller's transaction. */
  setOfMember(member: string, roles: readonly string[]): void {
    const wanted = JSON.stringify(roles)
    this.#changed()
    this.#statements.leave.run(member, wanted)
    this.#statements.join.run(member, wanted)
  }

  #put({ id, name, members }: OrganisationRole): OrganisationRole {
    const wanted = [...new Set(members)]
    this.#changed()
    this.#statements.put.run(id, name)
    this.#statements.clear.run(id)
    if (this.#statements.add.run(id, JSON.stringify(wanted)).changes === wanted.length) {
      return { id, name, members: wanted }
    }
    const message = 'There is no such member'
    throw new FieldsError(ErrorCode.BodyInvalid, message, [
      { path: 'members', key: 'unknownMember', message },
    ])
  }
}

interface RoleRow {
  id: string
  name: string
  members: string
}

function prepare(database: Database) {
  const columns = `r.id, r.name, (
    SELECT json_group_array(m.member ORDER BY m.rowid) FROM organisation_role_members m WHERE m.role = r.id
  ) AS members`
  return {
    all: database.prepare(`
      SELECT id, name, (SELECT count(*) FROM organisation_role_members WHERE role = r.id) AS members
      FROM organisation_roles r ORDER BY name COLLATE NOCASE, id`),
    byIds: database.prepare(`
      SELECT ${columns} FROM json_each(?) AS wanted JOIN organisation_roles r ON r.id = wanted.value
      ORDER BY wanted.key`),
    read: database.prepare('SELECT 1 FROM organisation_roles WHERE id = ?'),
    put: database.prepare(
      'INSERT INTO organisation_roles (id, name) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name',
    ),
    delete: database.prepare('DELETE FROM organisation_roles WHERE id = ?'),
    clear: database.prepare('DELETE FROM organisation_role_members WHERE role = ?'),
    add: database.prepare(`
      INSERT INTO organisation_role_members (role, member)
      SELECT ?, m.id FROM json_each(?) AS wanted JOIN members m ON m.id = wanted.value ORDER BY wanted.key`),
    ofMember: database.prepare('SELECT role FROM organisation_role_members WHERE member = ? ORDER BY rowid'),
    leave: database.prepare(`
      DELETE FROM organisation_role_members
      WHERE member = ? AND role NOT IN (SELECT value FROM json_each(?))`),
    join: database.prepare(`
      INSERT INTO organisation_role_members (role, member)
      SELECT wanted.value, ? FROM json_each(?) AS wanted WHERE TRUE ORDER BY wanted.key
      ON CONFLICT DO NOTHING`),
  }
}

function toRole({ id, name, members }: RoleRow): OrganisationRole {
  return { id, name, members: JSON.parse(members) as string[] }
}

function notFound(): FlowError {
  return new FlowError(ErrorCode.NotFound, 'There is no such organisation role', {
    hint: 'The role may have been deleted.',
  })
}

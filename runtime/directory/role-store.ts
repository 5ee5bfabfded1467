import type { z } from 'zod'
import type { writeRole } from '../../nodes/api/directory.ts'
import type { Role } from '../../nodes/directory/schema.ts'
import { ErrorCode, FieldsError, FlowError } from '../../nodes/errors.ts'
import type { Database } from '../store/database.ts'
import type { Surroundings } from '../surroundings.ts'

export type WriteRole = z.output<typeof writeRole>

/** The application roles of the local directory. Deleted members and departments leave their roles by themselves. */
export class RoleStore {
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

  all(): Role[] {
    return (this.#statements.all.all() as unknown as RoleRow[]).map(toRole)
  }

  /** Those of the ids that exist, in the order given. */
  byIds(ids: readonly string[]): Role[] {
    return (this.#statements.byIds.all(JSON.stringify(ids)) as unknown as RoleRow[]).map(toRole)
  }

  /** @throws FlowError `CONFLICT` where the id is taken; FieldsError where something it is made of does not exist */
  create(request: WriteRole): Role {
    const role = { ...request, id: request.id ?? this.#surroundings.newId() }
    return this.#database.transaction(() => {
      if (this.byIds([role.id]).length > 0) {
        throw new FlowError(ErrorCode.Conflict, 'There is already a role with this id', {
          hint: 'Choose another id or leave it out.',
        })
      }
      return this.#put(role)
    })
  }

  /**
   * Replaces a role; where its organisation roles are left out they stay.
   * @throws FlowError `NOT_FOUND`; FieldsError where something it is made of does not exist
   */
  update(id: string, request: WriteRole): Role {
    return this.#database.transaction(() => {
      const [before] = this.byIds([id])
      if (!before) throw notFound()
      return this.#put({
        ...request,
        id,
        organisationRoles: request.organisationRoles ?? before.organisationRoles,
      })
    })
  }

  /** @throws FlowError `NOT_FOUND` */
  delete(id: string): void {
    this.#changed()
    if (this.#statements.delete.run(id).changes === 0) throw notFound()
  }

  #put(role: Role): Role {
    const { id, name } = role
    this.#changed()
    this.#statements.put.run(id, name)
    return {
      id,
      name,
      members: this.#fill(id, 'members', role.members),
      departments: this.#fill(id, 'departments', role.departments),
      organisationRoles: this.#fill(id, 'organisationRoles', role.organisationRoles ?? []),
    }
  }

  #fill(id: string, part: keyof typeof parts, ids: readonly string[]): string[] {
    const wanted = [...new Set(ids)]
    const { clear, add } = this.#statements[part]
    clear.run(id)
    if (add.run(id, JSON.stringify(wanted)).changes === wanted.length) return wanted
    const { key, message } = parts[part]
    throw new FieldsError(ErrorCode.BodyInvalid, message, [{ path: part, key, message }])
  }
}

interface RoleRow {
  id: string
  name: string
  members: string
  departments: string
  organisation_roles: string
}

/** What a role is made of: where that stands, and what is said where it does not exist. */
const parts = {
  members: {
    table: 'role_members',
    column: 'member',
    of: 'members',
    key: 'unknownMember',
    message: 'There is no such member',
  },
  departments: {
    table: 'role_departments',
    column: 'department',
    of: 'departments',
    key: 'unknownDepartment',
    message: 'There is no such department',
  },
  organisationRoles: {
    table: 'role_organisation_roles',
    column: 'organisation_role',
    of: 'organisation_roles',
    key: 'unknownRole',
    message: 'There is no such organisation role',
  },
} as const

function prepare(database: Database) {
  const columns = `r.id, r.name,
    (SELECT json_group_array(m.member ORDER BY m.rowid) FROM role_members m WHERE m.role = r.id) AS members,
    (SELECT json_group_array(d.department ORDER BY d.rowid) FROM role_departments d WHERE d.role = r.id)
      AS departments,
    (SELECT json_group_array(o.organisation_role ORDER BY o.rowid) FROM role_organisation_roles o WHERE o.role = r.id)
      AS organisation_roles`
  const statementsOf = ({ table, column, of }: (typeof parts)[keyof typeof parts]) => ({
    clear: database.prepare(`DELETE FROM ${table} WHERE role = ?`),
    add: database.prepare(`
      INSERT INTO ${table} (role, ${column})
      SELECT ?, known.id FROM json_each(?) AS wanted JOIN ${of} known ON known.id = wanted.value ORDER BY wanted.key`),
  })
  return {
    all: database.prepare(`SELECT ${columns} FROM roles r ORDER BY r.name COLLATE NOCASE, r.id`),
    byIds: database.prepare(`
      SELECT ${columns} FROM json_each(?) AS wanted JOIN roles r ON r.id = wanted.value ORDER BY wanted.key`),
    put: database.prepare(
      'INSERT INTO roles (id, name) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name',
    ),
    delete: database.prepare('DELETE FROM roles WHERE id = ?'),
    members: statementsOf(parts.members),
    departments: statementsOf(parts.departments),
    organisationRoles: statementsOf(parts.organisationRoles),
  }
}

function toRole(row: RoleRow): Role {
  const { id, name } = row
  return {
    id,
    name,
    members: JSON.parse(row.members) as string[],
    departments: JSON.parse(row.departments) as string[],
    organisationRoles: JSON.parse(row.organisation_roles) as string[],
  }
}

function notFound(): FlowError {
  return new FlowError(ErrorCode.NotFound, 'There is no such role', {
    hint: 'The role may have been deleted.',
  })
}

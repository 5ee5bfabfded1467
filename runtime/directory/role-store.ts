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

  /** @throws FlowError `CONFLICT` where the id is taken; FieldsError where a member or department does not exist */
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

  /** @throws FlowError `NOT_FOUND`; FieldsError where a member or department does not exist */
  update(id: string, request: WriteRole): Role {
    return this.#database.transaction(() => {
      if (this.byIds([id]).length === 0) throw notFound()
      return this.#put({ ...request, id })
    })
  }

  /** @throws FlowError `NOT_FOUND` */
  delete(id: string): void {
    this.#changed()
    if (this.#statements.delete.run(id).changes === 0) throw notFound()
  }

  #put(role: Role): Role {
    const { id, name } = role
    const members = [...new Set(role.members)]
    const departments = [...new Set(role.departments)]
    this.#changed()
    this.#statements.put.run(id, name)
    this.#statements.clearMembers.run(id)
    this.#statements.clearDepartments.run(id)
    for (const member of members) {
      if (this.#statements.addMember.run(id, member).changes === 0) throw unknown('members', 'unknownMember')
    }
    for (const department of departments) {
      if (this.#statements.addDepartment.run(id, department).changes === 0) {
        throw unknown('departments', 'unknownDepartment')
      }
    }
    return { id, name, members, departments }
  }
}

interface RoleRow {
  id: string
  name: string
  members: string
  departments: string
}

function prepare(database: Database) {
  const columns = `r.id, r.name,
    (SELECT json_group_array(m.member ORDER BY m.rowid) FROM role_members m WHERE m.role = r.id) AS members,
    (SELECT json_group_array(d.department ORDER BY d.rowid) FROM role_departments d WHERE d.role = r.id)
      AS departments`
  return {
    all: database.prepare(`SELECT ${columns} FROM roles r ORDER BY r.name COLLATE NOCASE, r.id`),
    byIds: database.prepare(`
      SELECT ${columns} FROM json_each(?) AS wanted JOIN roles r ON r.id = wanted.value ORDER BY wanted.key`),
    put: database.prepare(
      'INSERT INTO roles (id, name) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name',
    ),
    delete: database.prepare('DELETE FROM roles WHERE id = ?'),
    clearMembers: database.prepare('DELETE FROM role_members WHERE role = ?'),
    clearDepartments: database.prepare('DELETE FROM role_departments WHERE role = ?'),
    addMember: database.prepare(
      'INSERT INTO role_members (role, member) SELECT ?, id FROM members WHERE id = ?',
    ),
    addDepartment: database.prepare(
      'INSERT INTO role_departments (role, department) SELECT ?, id FROM departments WHERE id = ?',
    ),
  }
}

function toRole(row: RoleRow): Role {
  const { id, name } = row
  return {
    id,
    name,
    members: JSON.parse(row.members) as string[],
    departments: JSON.parse(row.departments) as string[],
  }
}

function unknown(path: string, key: string): FieldsError {
  const message = key === 'unknownMember' ? 'There is no such member' : 'There is no such department'
  return new FieldsError(ErrorCode.BodyInvalid, message, [{ path, key, message }])
}

function notFound(): FlowError {
  return new FlowError(ErrorCode.NotFound, 'There is no such role', {
    hint: 'The role may have been deleted.',
  })
}

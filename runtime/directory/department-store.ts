import type { z } from 'zod'
import type { writeDepartment } from '../../nodes/api/directory.ts'
import { withSubDepartments } from '../../nodes/directory/resolve-recipients.ts'
import type { Department } from '../../nodes/directory/schema.ts'
import { ErrorCode, FieldsError, FlowError } from '../../nodes/errors.ts'
import type { Database } from '../store/database.ts'
import type { Surroundings } from '../surroundings.ts'

export type WriteDepartment = z.output<typeof writeDepartment>

type CountedDepartment = Department & { members: number; membersBelow: number }

/** The tree of departments of the local directory. */
export class DepartmentStore {
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

  all(): Department[] {
    return this.#statements.all.all() as unknown as Department[]
  }

  /** Every department with the number of its direct members, and with everybody below it, each counted once. */
  withCounts(): CountedDepartment[] {
    return this.#statements.withCounts.all() as unknown as CountedDepartment[]
  }

  /** @throws FlowError `CONFLICT` where the id is taken; FieldsError where the parent does not exist */
  create(request: WriteDepartment): Department {
    const id = request.id ?? this.#surroundings.newId()
    return this.#database.transaction(() => {
      if (this.#find(id)) {
        throw new FlowError(ErrorCode.Conflict, 'There is already a department with this id', {
          hint: 'Choose another id or leave it out.',
        })
      }
      if (request.parent !== null && !this.#find(request.parent)) throw refusedParent('unknownDepartment')
      this.#changed()
      this.#statements.insert.run(id, request.name, request.parent)
      return { id, name: request.name, parent: request.parent }
    })
  }

  /** @throws FlowError `NOT_FOUND`; FieldsError where the parent does not exist or lies below the department */
  update(id: string, request: WriteDepartment): Department {
    const { name, parent } = request
    return this.#database.transaction(() => {
      if (!this.#find(id)) throw notFound()
      if (parent !== null) {
        if (!this.#find(parent)) throw refusedParent('unknownDepartment')
        if (withSubDepartments(id, this.all()).includes(parent)) throw refusedParent('departmentLoop')
      }
      this.#changed()
      this.#statements.update.run(name, parent, id)
      return { id, name, parent }
    })
  }

  /** @throws FlowError `NOT_FOUND`, `IN_USE` where there are departments below it */
  delete(id: string): void {
    this.#database.transaction(() => {
      const department = this.#find(id)
      if (!department) throw notFound()
      if (this.#statements.child.get(id)) {
        throw new FlowError(ErrorCode.InUse, `"${department.name}" has departments below it`, {
          hint: 'Move or delete these departments first.',
          params: { name: department.name },
        })
      }
      this.#changed()
      this.#statements.delete.run(id)
    })
  }

  #find(id: string): Department | undefined {
    return this.#statements.read.get(id) as unknown as Department | undefined
  }
}

function prepare(database: Database) {
  const order = 'ORDER BY name COLLATE NOCASE, id'
  return {
    all: database.prepare(`SELECT id, name, parent FROM departments ${order}`),
    withCounts: database.prepare(`
      WITH RECURSIVE below (top, id) AS (
        SELECT id, id FROM departments
        UNION SELECT below.top, child.id FROM below JOIN departments child ON child.parent = below.id
      ), counts (top, members) AS (
        SELECT top, count(DISTINCT member) FROM below
        JOIN member_departments ON department = below.id GROUP BY top
      )
      SELECT id, name, parent,
        (SELECT count(*) FROM member_departments WHERE department = departments.id) AS members,
        coalesce(counts.members, 0) AS membersBelow
      FROM departments LEFT JOIN counts ON top = id ${order}`),
    read: database.prepare('SELECT id, name, parent FROM departments WHERE id = ?'),
    child: database.prepare('SELECT 1 FROM departments WHERE parent = ? LIMIT 1'),
    insert: database.prepare('INSERT INTO departments (id, name, parent) VALUES (?, ?, ?)'),
    update: database.prepare('UPDATE departments SET name = ?, parent = ? WHERE id = ?'),
    delete: database.prepare('DELETE FROM departments WHERE id = ?'),
  }
}

function refusedParent(key: 'unknownDepartment' | 'departmentLoop'): FieldsError {
  const message =
    key === 'departmentLoop'
      ? 'A department cannot lie below itself'
      : 'The department above does not exist any more'
  return new FieldsError(ErrorCode.BodyInvalid, message, [{ path: 'parent', key, message }])
}

function notFound(): FlowError {
  return new FlowError(ErrorCode.NotFound, 'There is no such department', {
    hint: 'The department may have been deleted.',
  })
}

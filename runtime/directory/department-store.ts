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
    return (this.#statements.all.all() as unknown as DepartmentRow<Department>[]).map(toDepartment)
  }

  /** Every department with the number of its direct members, and with everybody below it, each counted once. */
  withCounts(): CountedDepartment[] {
    return (this.#statements.withCounts.all() as unknown as DepartmentRow<CountedDepartment>[]).map(
      toDepartment,
    )
  }

  /** @throws FlowError `CONFLICT` where the id is taken; FieldsError where the parent or a leader does not exist */
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
      return { id, name: request.name, parent: request.parent, leaders: this.#lead(id, request.leaders) }
    })
  }

  /**
   * Replaces a department; where its leaders are left out they stay.
   * @throws FlowError `NOT_FOUND`; FieldsError where the parent or a leader does not exist, or the parent lies below
   */
  update(id: string, request: WriteDepartment): Department {
    const { name, parent } = request
    return this.#database.transaction(() => {
      const before = this.#find(id)
      if (!before) throw notFound()
      if (parent !== null) {
        if (!this.#find(parent)) throw refusedParent('unknownDepartment')
        if (withSubDepartments(id, this.all()).includes(parent)) throw refusedParent('departmentLoop')
      }
      this.#changed()
      this.#statements.update.run(name, parent, id)
      return { id, name, parent, leaders: this.#lead(id, request.leaders ?? before.leaders) }
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

  /** The departments that a member leads. */
  ledBy(member: string): string[] {
    return (this.#statements.ledBy.all(member) as { department: string }[]).map(
      ({ department }) => department,
    )
  }

  /** Lets a member lead exactly these departments; part of the caller's transaction. */
  setLedBy(member: string, departments: readonly string[]): void {
    const wanted = JSON.stringify(departments)
    this.#changed()
    this.#statements.leadNoMore.run(member, wanted)
    this.#statements.leadAlso.run(member, wanted)
  }

  #find(id: string): Department | undefined {
    const row = this.#statements.read.get(id) as unknown as DepartmentRow<Department> | undefined
    return row && toDepartment(row)
  }

  #lead(id: string, leaders: readonly string[] = []): string[] {
    const wanted = [...new Set(leaders)]
    this.#statements.clearLeaders.run(id)
    if (this.#statements.addLeaders.run(id, JSON.stringify(wanted)).changes === wanted.length) return wanted
    const message = 'There is no such member'
    throw new FieldsError(ErrorCode.BodyInvalid, message, [
      { path: 'leaders', key: 'unknownMember', message },
    ])
  }
}

type DepartmentRow<D extends Department> = Omit<D, 'leaders'> & { leaders: string }

function toDepartment<D extends Department>(row: DepartmentRow<D>) {
  return { ...row, leaders: JSON.parse(row.leaders) as string[] }
}

function prepare(database: Database) {
  const order = 'ORDER BY name COLLATE NOCASE, id'
  const columns = `id, name, parent, (
    SELECT json_group_array(l.member ORDER BY l.rowid) FROM department_leaders l WHERE l.department = departments.id
  ) AS leaders`
  return {
    all: database.prepare(`SELECT ${columns} FROM departments ${order}`),
    withCounts: database.prepare(`
      WITH RECURSIVE below (top, id) AS (
        SELECT id, id FROM departments
        UNION SELECT below.top, child.id FROM below JOIN departments child ON child.parent = below.id
      ), counts (top, members) AS (
        SELECT top, count(DISTINCT member) FROM below
        JOIN member_departments ON department = below.id GROUP BY top
      )
      SELECT ${columns},
        (SELECT count(*) FROM member_departments WHERE department = departments.id) AS members,
        coalesce(counts.members, 0) AS membersBelow
      FROM departments LEFT JOIN counts ON top = id ${order}`),
    read: database.prepare(`SELECT ${columns} FROM departments WHERE id = ?`),
    child: database.prepare('SELECT 1 FROM departments WHERE parent = ? LIMIT 1'),
    insert: database.prepare('INSERT INTO departments (id, name, parent) VALUES (?, ?, ?)'),
    update: database.prepare('UPDATE departments SET name = ?, parent = ? WHERE id = ?'),
    delete: database.prepare('DELETE FROM departments WHERE id = ?'),
    clearLeaders: database.prepare('DELETE FROM department_leaders WHERE department = ?'),
    addLeaders: database.prepare(`
      INSERT INTO department_leaders (department, member)
      SELECT ?, m.id FROM json_each(?) AS wanted JOIN members m ON m.id = wanted.value ORDER BY wanted.key`),
    ledBy: database.prepare('SELECT department FROM department_leaders WHERE member = ? ORDER BY rowid'),
    leadNoMore: database.prepare(`
      DELETE FROM department_leaders
      WHERE member = ? AND department NOT IN (SELECT value FROM json_each(?))`),
    leadAlso: database.prepare(`
      INSERT INTO department_leaders (department, member)
      SELECT wanted.value, ? FROM json_each(?) AS wanted WHERE TRUE ORDER BY wanted.key
      ON CONFLICT DO NOTHING`),
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

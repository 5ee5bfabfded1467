import type { z } from 'zod'
import type { memberQuery, MemberView, writeMember } from '../../nodes/api/directory.ts'
import type { Member } from '../../nodes/directory/schema.ts'
import { ErrorCode, FieldsError, FlowError } from '../../nodes/errors.ts'
import type { Database } from '../store/database.ts'
import type { Surroundings } from '../surroundings.ts'
import { memberProblem } from './member-problem.ts'
import { readPhone } from './phone.ts'

export type WriteMember = z.output<typeof writeMember>

/** The members of the local directory. Made for 100,000 of them: every list is a page. */
export class MemberStore {
  readonly country: string
  readonly #database: Database
  readonly #surroundings: Surroundings
  readonly #statements: ReturnType<typeof prepare>
  readonly #changed: () => void

  /**
   * @param country where numbers without `+` belong
   * @param changed called after each write
   */
  constructor(database: Database, surroundings: Surroundings, country: string, changed: () => void) {
    this.#changed = changed
    this.country = country
    this.#database = database
    this.#surroundings = surroundings
    this.#statements = prepare(database)
  }

  /** One page of the members that match, by name. `search` finds parts of names and numbers. */
  page(query: z.output<typeof memberQuery>): { members: MemberView[]; total: number } {
    if (query.ids !== undefined) {
      const members = this.byIds(query.ids.split(',')).map(toView)
      return { members, total: members.length }
    }
    const filter = {
      search: query.search.trim().toLowerCase(),
      digits: query.search.replace(/[^\d+]/g, '') || null,
      department: query.department ?? null,
    }
    const { total } = this.#statements.count.get(filter) as { total: number }
    const rows = this.#statements.page.all({ ...filter, limit: query.limit, offset: query.offset })
    return { members: (rows as unknown as MemberRow[]).map(toMember).map(toView), total }
  }

  /** Those of the ids that exist, in the order given. */
  byIds(ids: readonly string[]): Member[] {
    return (this.#statements.byIds.all(JSON.stringify(ids)) as unknown as MemberRow[]).map(toMember)
  }

  /** Members of exactly these departments, by name, each once. */
  ofDepartments(departmentIds: readonly string[]): Member[] {
    const rows = this.#statements.ofDepartments.all(JSON.stringify(departmentIds))
    return (rows as unknown as MemberRow[]).map(toMember)
  }

  /** Every member, for matching an import. */
  all(): Member[] {
    return (this.#statements.all.all() as unknown as MemberRow[]).map(toMember)
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
      const member = { ...request, id, phone: readPhone(request.phone, this.country) }
      this.put(member)
      return toView(member)
    })
  }

  /** @throws FlowError `NOT_FOUND`; FieldsError where a department does not exist */
  update(id: string, request: WriteMember): MemberView {
    return this.#database.transaction(() => {
      if (!this.#statements.read.get(id)) throw notFound()
      const member = { ...request, id, phone: readPhone(request.phone, this.country) }
      this.put(member)
      return toView(member)
    })
  }

  /** @throws FlowError `NOT_FOUND` */
  delete(id: string): void {
    this.#changed()
    if (this.#statements.delete.run(id).changes === 0) throw notFound()
  }

  /** Writes one member whose phone is normalised already; part of the caller's transaction. */
  put(member: Member): void {
    const { id, name, phone, status } = member
    this.#changed()
    this.#statements.put.run(id, name, name.toLowerCase(), phone, status)
    this.#statements.leaveDepartments.run(id)
    for (const department of new Set(member.departments)) {
      if (this.#statements.joinDepartment.run(id, department).changes === 0) {
        throw new FieldsError(ErrorCode.BodyInvalid, 'One of the departments does not exist any more', [
          { path: 'departments', key: 'unknownDepartment', message: 'There is no such department' },
        ])
      }
    }
  }
}

interface MemberRow {
  id: string
  name: string
  phone: string
  status: Member['status']
  departments: string
}

function prepare(database: Database) {
  const columns = `m.id, m.name, m.phone, m.status, (
    SELECT json_group_array(d.department ORDER BY d.rowid) FROM member_departments d WHERE d.member = m.id
  ) AS departments`
  const matches = `
    (:search = '' OR instr(m.folded_name, :search) OR (:digits IS NOT NULL AND instr(m.phone, :digits)))
    AND (:department IS NULL OR EXISTS (
      SELECT 1 FROM member_departments d WHERE d.department = :department AND d.member = m.id))`
  return {
    count: database.prepare(`SELECT count(*) AS total FROM members m WHERE ${matches}`),
    page: database.prepare(`
      SELECT ${columns} FROM members m WHERE ${matches}
      ORDER BY m.folded_name, m.id LIMIT :limit OFFSET :offset`),
    all: database.prepare(`SELECT ${columns} FROM members m`),
    byIds: database.prepare(`
      SELECT ${columns} FROM json_each(?) AS wanted JOIN members m ON m.id = wanted.value ORDER BY wanted.key`),
    ofDepartments: database.prepare(`
      SELECT ${columns} FROM members m
      WHERE m.id IN (SELECT member FROM member_departments WHERE department IN (SELECT value FROM json_each(?)))
      ORDER BY m.folded_name, m.id`),
    read: database.prepare('SELECT 1 FROM members WHERE id = ?'),
    put: database.prepare(`
      INSERT INTO members (id, name, folded_name, phone, status) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET
        name = excluded.name, folded_name = excluded.folded_name,
        phone = excluded.phone, status = excluded.status`),
    delete: database.prepare('DELETE FROM members WHERE id = ?'),
    leaveDepartments: database.prepare('DELETE FROM member_departments WHERE member = ?'),
    joinDepartment: database.prepare(
      'INSERT INTO member_departments (member, department) SELECT ?, id FROM departments WHERE id = ?',
    ),
  }
}

function toMember(row: MemberRow): Member {
  const { id, name, phone, status } = row
  return { id, name, phone, status, departments: JSON.parse(row.departments) as string[] }
}

function toView(member: Member): MemberView {
  return { ...member, problem: memberProblem(member) }
}

function notFound(): FlowError {
  return new FlowError(ErrorCode.NotFound, 'There is no such member', {
    hint: 'The member may have been deleted.',
  })
}

import type { Member, SkipReason } from '../../nodes/directory/schema.ts'
import type { Database } from '../store/database.ts'

/** A member as the store has it. */
export interface MemberRow {
  id: string
  name: string
  phone: string
  status: Member['status']
  locale: string | null
  time_zone: string | null
  email: string | null
  user_name: string | null
  external_id: string | null
  phone_problem: SkipReason | null
  /** JSON. */
  departments: string
}

export function toMember(row: MemberRow): Member {
  const { id, name, phone, status } = row
  return {
    id,
    name,
    phone,
    status,
    departments: JSON.parse(row.departments) as string[],
    locale: row.locale ?? undefined,
    timeZone: row.time_zone ?? undefined,
    email: row.email ?? undefined,
    userName: row.user_name ?? undefined,
    externalId: row.external_id ?? undefined,
    phoneProblem: row.phone_problem ?? undefined,
  }
}

const columns = `
  m.id, m.name, m.phone, m.status, m.locale, m.time_zone, m.email, m.user_name, m.external_id, m.phone_problem, (
    SELECT json_group_array(d.department ORDER BY d.rowid) FROM member_departments d WHERE d.member = m.id
  ) AS departments`

const matches = `
  (:search = '' OR instr(m.folded_name, :search) OR instr(lower(coalesce(m.email, '')), :search)
    OR (:digits IS NOT NULL AND instr(m.phone, :digits)))
  AND (:department IS NULL OR EXISTS (
    SELECT 1 FROM member_departments d WHERE d.department = :department AND d.member = m.id))
  AND (:organisationRole IS NULL OR EXISTS (
    SELECT 1 FROM organisation_role_members o WHERE o.role = :organisationRole AND o.member = m.id))`

/** The statements of the members' table. Lists of keys come as JSON: one statement for any number of them. */
export function prepareMembers(database: Database) {
  return {
    count: database.prepare(`SELECT count(*) AS total FROM members m WHERE ${matches}`),
    page: database.prepare(`
      SELECT ${columns} FROM members m WHERE ${matches}
      ORDER BY m.folded_name, m.id LIMIT :limit OFFSET :offset`),
    after: database.prepare(`SELECT ${columns} FROM members m WHERE m.id > ? ORDER BY m.id LIMIT ?`),
    unread: database.prepare(`
      SELECT ${columns} FROM members m
      WHERE m.id > ? AND m.phone_problem IS NOT NULL AND m.phone NOT LIKE '+%' ORDER BY m.id LIMIT ?`),
    byIds: database.prepare(`
      SELECT ${columns} FROM json_each(?) AS wanted JOIN members m ON m.id = wanted.value ORDER BY wanted.key`),
    ofDepartments: database.prepare(`
      SELECT ${columns} FROM members m
      WHERE m.id IN (SELECT member FROM member_departments WHERE department IN (SELECT value FROM json_each(?)))
      ORDER BY m.folded_name, m.id`),
    withPhones: database.prepare(`
      SELECT ${columns} FROM members m WHERE m.phone IN (SELECT value FROM json_each(?))
      ORDER BY m.folded_name, m.id`),
    read: database.prepare('SELECT 1 FROM members WHERE id = ?'),
    userNameTaken: database.prepare('SELECT 1 FROM members WHERE lower(user_name) = lower(?) AND id <> ?'),
    put: database.prepare(`
      INSERT INTO members
        (id, name, folded_name, phone, status, locale, time_zone, email, user_name, external_id, phone_problem)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET
        name = excluded.name, folded_name = excluded.folded_name, phone = excluded.phone,
        status = excluded.status, locale = excluded.locale, time_zone = excluded.time_zone,
        email = excluded.email, user_name = excluded.user_name, external_id = excluded.external_id,
        phone_problem = excluded.phone_problem`),
    delete: database.prepare('DELETE FROM members WHERE id = ?'),
    leaveDepartments: database.prepare('DELETE FROM member_departments WHERE member = ?'),
    joinDepartment: database.prepare(
      'INSERT INTO member_departments (member, department) SELECT ?, id FROM departments WHERE id = ?',
    ),
  }
}

import type { Member } from '../../nodes/directory/schema.ts'
import { columnNames } from './csv-columns.ts'
import type { Column } from './csv-columns.ts'
import { writeCell, writeNames, writePaths } from './csv-cells.ts'
import { DepartmentPaths } from './department-paths.ts'
import type { LocalDirectory } from './local-directory.ts'
import { RoleNames } from './role-names.ts'
import { TimeSlices } from './time-slices.ts'

const columns = Object.keys(columnNames) as Column[]
const AT_ONCE = 500

/** All members as CSV that the import takes back unchanged and that no spreadsheet computes; a piece at a time. */
export async function* exportMembers(directory: LocalDirectory): AsyncGenerator<string> {
  const slices = new TimeSlices()
  const { memberStore, departmentStore, organisationRoleStore } = directory
  const departments = new DepartmentPaths(departmentStore.all(), directory.newId)
  const roles = new RoleNames(organisationRoleStore.all(), directory.newId)
  const paths = (ids: readonly string[]) => writePaths(ids.map((id) => departments.pathOf(id)))
  const cell = (member: Member, column: Column) => {
    switch (column) {
      case 'departments':
        return paths(member.departments)
      case 'leads':
        return paths(departmentStore.ledBy(member.id))
      case 'organisationRoles':
        return writeNames(organisationRoleStore.ofMember(member.id).map((id) => roles.nameOf(id)))
      default:
        return member[column] ?? ''
    }
  }
  // Excel takes a file for UTF-8 where it begins with this mark
  yield `\uFEFF${columns.map((column) => columnNames[column][0]).join(',')}\r\n`
  for (let last = ''; ;) {
    const members = memberStore.after(last, AT_ONCE)
    if (members.length === 0) return
    if (slices.isOver) await slices.next()
    last = members.at(-1)!.id
    yield members
      .map((member) => `${columns.map((column) => writeCell(cell(member, column))).join(',')}\r\n`)
      .join('')
  }
}

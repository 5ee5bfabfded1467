/** The columns of a file of members, by every name that is understood; the first is the one that is written. */
export const columnNames = {
  id: ['id', '编号', '工号'],
  name: ['name', '姓名', '名字'],
  phone: ['phone', 'mobile', 'phone number', '手机号', '手机', '手机号码', '电话'],
  status: ['status', '状态'],
  departments: ['departments', 'department', '部门'],
  leads: ['leads', 'leader of', '负责部门', '负责的部门'],
  organisationRoles: [
    'organisation roles',
    'organisation role',
    'organization roles',
    'organization role',
    '组织角色',
  ],
  email: ['email', 'e-mail', 'mail', '邮箱', '电子邮件', '电子邮箱'],
  locale: ['locale', 'language', '语言'],
  timeZone: ['time zone', 'timezone', '时区'],
  userName: ['user name', 'username', '用户名'],
  externalId: ['external id', 'externalid', '外部编号'],
} as const

export type Column = keyof typeof columnNames
/** Place of each column that a file has. */
export type Columns = Partial<Record<Column, number>>

export function findColumns(header: readonly string[]): Columns {
  const names = header.map((cell) => cell.trim().toLowerCase())
  const columns: Columns = {}
  for (const [column, known] of Object.entries(columnNames) as [Column, readonly string[]][]) {
    const index = names.findIndex((name) => known.includes(name))
    if (index !== -1) columns[column] = index
  }
  return columns
}

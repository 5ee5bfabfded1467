import { setImmediate as nextTurn } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../nodes/errors.ts'
import { importMembers } from '../../../runtime/directory/import-members.ts'
import { LocalDirectory } from '../../../runtime/directory/local-directory.ts'
import { openStores } from '../open-stores.ts'

let stores: ReturnType<typeof openStores>
let directory: LocalDirectory
beforeEach(() => {
  stores = openStores()
  directory = stores.directory
})

function members() {
  const names = new Map(directory.departmentStore.all().map(({ id, name }) => [id, name]))
  return directory.memberStore
    .page({ search: '', offset: 0, limit: 1_000 })
    .members.map(({ name, phone, status, departments }) => [
      name,
      phone,
      status,
      ...departments.map((id) => names.get(id)),
    ])
}

describe('a file', () => {
  it('as Excel writes it in Chinese: byte order mark, CRLF, quotes, Chinese headers and states', async () => {
    const text =
      '\uFEFF姓名,手机号,状态,部门\r\n"王, 小明",+8613800000001,在职,北厂/维修部；总部\r\n李雷,+8613800000002,离职,\r\n'
    expect(await importMembers(directory, text)).toMatchObject({ applied: true, added: 2, refused: [] })
    expect(members()).toEqual([
      ['李雷', '+8613800000002', 'resigned'],
      ['王, 小明', '+8613800000001', 'in-service', '维修部', '总部'],
    ])
    expect(directory.departmentStore.all().find(({ name }) => name === '维修部')?.parent).toBe(
      directory.departmentStore.all().find(({ name }) => name === '北厂')?.id,
    )
  })

  it.each([
    ['semicolons', 'phone;name\n(202) 555-0123;Ann\n'],
    ['tabs', 'Name\tPhone\nAnn\t(202) 555-0123'],
    ['quoted line breaks and empty lines', 'name,phone,remark\n\n"Ann","(202) 555-0123","two\nlines"\n\n'],
  ])('with %s', async (_, text) => {
    expect(await importMembers(directory, text)).toMatchObject({ applied: true, added: 1 })
    expect(members()).toEqual([['Ann', '+12025550123', 'in-service']])
  })

  it('imported twice changes nothing the second time', async () => {
    const text = 'name,phone,departments\nAnn,+12025550123,A/B; C\nBen,,\n'
    await importMembers(directory, text)
    const before = [members(), directory.departmentStore.all()]
    expect(await importMembers(directory, text)).toMatchObject({ added: 0, changed: 0, unchanged: 2 })
    expect([members(), directory.departmentStore.all()]).toEqual(before)
  })
})

describe('whole or not at all', () => {
  it('refuses bad lines by number and reason, and then takes nothing, not even departments', async () => {
    const text = [
      'name,phone,status,departments',
      'Ann,+12025550123,,New department',
      ',+12025550124,,',
      'Ben,,on holiday,',
      'Chen,,,A//B',
      `${'x'.repeat(201)},,,`,
      'Ann,+12025550123,,',
    ].join('\n')
    const result = await importMembers(directory, text)
    expect(result.applied).toBe(false)
    expect(result.refused.map(({ line, key }) => [line, key])).toEqual([
      [3, 'nameMissing'],
      [4, 'statusUnknown'],
      [5, 'departmentPath'],
      [6, 'tooLong'],
      [7, 'duplicate'],
    ])
    expect(members()).toEqual([])
    expect(directory.departmentStore.all()).toEqual([])
  })

  it.each([
    ['', 'noHeader'],
    ['\n\n', 'noHeader'],
    ['Ann,+12025550123\n', 'noHeader'],
    ['name,phone\n"Ann,+12025550123\n', 'quotes'],
    ['name,phone\nAnn "the boss" x,"a"b\n', 'quotes'],
  ])('refuses %j: %s', async (text, key) => {
    const result = await importMembers(directory, text)
    expect(result).toMatchObject({ applied: false, refused: [{ key }] })
    expect(members()).toEqual([])
  })

  it('only says what would happen when asked to', async () => {
    const result = await importMembers(directory, 'name,departments\nAnn,New\n', { dryRun: true })
    expect(result).toMatchObject({ applied: false, added: 1, refused: [] })
    expect([members(), directory.departmentStore.all()]).toEqual([[], []])
  })

  it('takes members whose number cannot be read, and warns', async () => {
    const result = await importMembers(directory, 'name,phone\nAnn,later\n')
    expect(result).toMatchObject({ applied: true, warnings: [{ line: 2, key: 'invalid-phone' }] })
  })
})

describe('who is meant by a line', () => {
  beforeEach(async () => {
    await importMembers(
      directory,
      'id,name,phone,status,departments\n7,Wei Zhang,+12025550107,,A\n8,Wei Zhang,+12025550108,,A\n9,Dana,,,A\n',
    )
  })

  it.each([
    ['the id, whatever else changed', 'id,name,phone\n7,Wei Li,+12025550199', '7', 'Wei Li +12025550199'],
    ['the number: a new name', 'name,phone\nWei Li,+12025550108', '8', 'Wei Li +12025550108'],
    ['the name: a first number', 'name,phone\nDana,+12025550109', '9', 'Dana +12025550109'],
  ])('%s', async (_, text, id, expected) => {
    expect(await importMembers(directory, text)).toMatchObject({ applied: true, changed: 1, added: 0 })
    const [member] = directory.memberStore.byIds([id])
    expect(`${member?.name} ${member?.phone}`).toBe(expected)
    expect(member?.departments).toHaveLength(1)
  })

  it('a new person where the name alone would decide over a number', async () => {
    const text = 'name,phone\nWei Zhang,+12025550110'
    expect(await importMembers(directory, text)).toMatchObject({ added: 1, changed: 0 })
  })

  it('keeps what an empty cell does not mention', async () => {
    await importMembers(directory, 'id,name,phone,status,departments\n7,Wei Zhang,,resigned,\n')
    expect(directory.memberStore.byIds(['7'])).toMatchObject([
      { phone: '+12025550107', status: 'resigned', departments: [expect.any(String)] },
    ])
  })
})

describe('the columns of a member', () => {
  it('are all read, in English and Chinese', async () => {
    const english =
      'name,email,locale,time zone,user name,external id\nAnn,ann@example.com,zh_cn,Asia/Shanghai,ann,ext-1\n'
    await importMembers(directory, english)
    const chinese = '姓名,邮箱,语言,时区,用户名,外部编号\nBen,ben@example.com,de,Europe/Berlin,ben,ext-2\n'
    await importMembers(directory, chinese)
    const { members } = directory.memberStore.page({ search: '', offset: 0, limit: 10 })
    const ann = { email: 'ann@example.com', locale: 'zh-CN', timeZone: 'Asia/Shanghai' }
    expect(members).toMatchObject([
      { ...ann, userName: 'ann', externalId: 'ext-1' },
      {
        email: 'ben@example.com',
        locale: 'de',
        timeZone: 'Europe/Berlin',
        userName: 'ben',
        externalId: 'ext-2',
      },
    ])
  })

  it.each([
    ['email', 'ann at home', 'emailUnreadable'],
    ['locale', 'not a language', 'localeUnknown'],
    ['time zone', 'Mars/Olympus', 'timeZoneUnknown'],
    ['user name', 'BEN', 'userNameTaken'],
  ])('refuse a wrong %s', async (column, cell, key) => {
    await importMembers(directory, 'name,user name\nBen,ben\n')
    const result = await importMembers(directory, `name,${column}\nAnn,${cell}\n`)
    expect(result).toMatchObject({ applied: false, refused: [{ line: 2, key }] })
  })

  it('say in the preview what is new and what changes', async () => {
    await importMembers(directory, 'name,phone,departments\nAnn,+12025550123,A\nBen,,A\n')
    const text = 'name,phone,status,departments\nAnn,+12025550123,resigned,B\nBen,,,\nChen,,,\n'
    expect(await importMembers(directory, text, { dryRun: true })).toMatchObject({
      added: 1,
      changed: 1,
      unchanged: 1,
      changes: [
        { line: 4, name: 'Chen', isNew: true },
        { line: 2, name: 'Ann', isNew: false, fields: ['status', 'departments'] },
      ],
    })
  })
})

describe('leaders and organisation roles', () => {
  const [ann, ben] = ['7', '8']
  const leadersOf = (name: string) =>
    directory.departmentStore.all().find((department) => department.name === name)?.leaders
  const withRole = (name: string) => {
    const { organisationRoleStore } = directory
    const role = organisationRoleStore.all().find((each) => each.name === name)
    return role && organisationRoleStore.get(role.id).members
  }
  beforeEach(async () => {
    await importMembers(
      directory,
      'id,name,leads,organisation roles\n7,Ann,Plant/North; Office,First aider\n8,Ben,Office,First aider; Warden\n',
    )
  })

  it('are made with what they name that does not exist yet', () => {
    expect([leadersOf('Plant'), leadersOf('North'), leadersOf('Office')]).toEqual([[], [ann], [ann, ben]])
    expect([withRole('First aider'), withRole('Warden')]).toEqual([[ann, ben], [ben]])
    expect(members()).toEqual([
      ['Ann', '', 'in-service'],
      ['Ben', '', 'in-service'],
    ])
  })

  it('are read in Chinese, and a slash in the name of a role stays', async () => {
    const text = '编号,姓名,负责部门,组织角色\n7,Ann,总部；北厂/维修部,急救/消防；Warden\n'
    expect(await importMembers(directory, text)).toMatchObject({ applied: true, changed: 1 })
    expect([leadersOf('总部'), leadersOf('维修部'), leadersOf('Office')]).toEqual([[ann], [ann], [ben]])
    expect([withRole('急救/消防'), withRole('Warden'), withRole('First aider')]).toEqual([
      [ann],
      [ben, ann],
      [ben],
    ])
  })

  it('stay where the cell is empty or the column missing, and go where it holds only a semicolon', async () => {
    await importMembers(directory, 'id,name,leads,organisation roles\n7,Ann,,\n8,Ben,;,;\n')
    expect(await importMembers(directory, 'id,name\n7,Ann\n')).toMatchObject({ unchanged: 1 })
    expect([leadersOf('Office'), withRole('First aider'), withRole('Warden')]).toEqual([[ann], [ann], []])
  })

  it('are shown in the preview, with departments and roles that would be made', async () => {
    const text = [
      'id,name,leads,organisation roles',
      '7,Ann,Office; Plant/North,First aider',
      '8,Ben,"Plant/South; A\\/B",Porter; First aider',
    ].join('\n')
    expect(await importMembers(directory, text, { dryRun: true })).toMatchObject({
      unchanged: 1,
      changes: [{ line: 3, name: 'Ben', fields: ['leads', 'organisationRoles'] }],
      newDepartments: ['Plant/South', 'A\\/B'],
      newOrganisationRoles: ['Porter'],
    })
    expect([leadersOf('South'), withRole('Porter')]).toEqual([undefined, undefined])
  })

  it('are refused where a path has an empty part, and then nothing is taken over', async () => {
    const text = 'id,name,leads,organisation roles\n7,Ann,Plant//North,Porter\n8,Ben,;,;\n'
    expect(await importMembers(directory, text)).toMatchObject({
      applied: false,
      refused: [{ line: 2, key: 'departmentPath' }],
    })
    expect([withRole('Porter'), withRole('Warden')]).toEqual([undefined, [ben]])
  })

  it('leave room for 100 leaders: a line may take the place of a later one', async () => {
    const crowd = Array.from({ length: 100 }, (_, index) => `c${index},C${index},Office`)
    const text = (last: string) => ['id,name,leads', ...crowd, last].join('\n')
    expect(await importMembers(directory, text('7,Ann,;'))).toMatchObject({
      refused: [{ line: 101, key: 'tooManyLeaders' }],
    })
    expect(leadersOf('Office')).toEqual([ann, ben])
    expect(await importMembers(directory, text('7,Ann,;\n8,Ben,;'))).toMatchObject({ applied: true })
    expect(leadersOf('Office')).toHaveLength(100)
  })

  it('of a long file are there for whoever asks for people meanwhile', async () => {
    const lines = Array.from({ length: 2_000 }, (_, index) => `Member ${index},Porter`)
    const importing = importMembers(directory, ['name,organisation roles', ...lines].join('\n'))
    const porter = () => directory.organisationRoleStore.all().find(({ name }) => name === 'Porter')
    while (!porter()) await nextTurn()
    expect((await directory.organisationRoles([porter()!.id]))[0]?.members).toHaveLength(2_000)
    await importing
  })
})

describe('between preview and import', () => {
  const text = 'name,phone\nAnn,+12025550123\n'

  it('nothing changed: it is applied', async () => {
    const { revision } = await importMembers(directory, text, { dryRun: true })
    expect(await importMembers(directory, text, { revision })).toMatchObject({ applied: true, added: 1 })
  })

  it.each<[string, () => unknown]>([
    [
      'a member',
      () => directory.memberStore.create({ name: 'Ben', phone: '', status: 'in-service', departments: [] }),
    ],
    ['a department', () => directory.departmentStore.create({ name: 'A', parent: null })],
    ['the country', () => directory.changeOrganisation({ ...directory.organisation.current, country: 'GB' })],
  ])('%s changed: it is refused', async (_, change) => {
    const { revision } = await importMembers(directory, text, { dryRun: true })
    await change()
    await expect(importMembers(directory, text, { revision })).rejects.toMatchObject({
      code: ErrorCode.Conflict,
    })
    expect(members().flat()).not.toContain('Ann')
  })
})

describe('a long file', () => {
  const longFile = (count: number) =>
    [
      'name,phone,departments',
      ...Array.from({ length: count }, (_, index) => `Member ${index},+1202${5_000_000 + index},A/B`),
    ].join('\n')

  it('is one change for whoever asks for people meanwhile, and lets nobody else write', async () => {
    const importing = importMembers(directory, longFile(5_000))
    const count = () => directory.memberStore.page({ search: '', offset: 0, limit: 1 }).total
    while (count() === 0) await nextTurn()
    expect(count()).toBeLessThan(5_000)
    expect(() => directory.roleStore.create({ name: 'Role', members: [], departments: [] })).toThrow(
      expect.objectContaining({ code: ErrorCode.Overloaded }),
    )
    const { id } = directory.departmentStore.all().find(({ name }) => name === 'B')!
    expect(await directory.membersOf([id])).toHaveLength(5_000)
    expect(await importing).toMatchObject({ applied: true, added: 5_000 })
  })

  it('is refused where somebody changes the directory while it is looked at', async () => {
    const importing = importMembers(directory, longFile(5_000))
    await nextTurn()
    directory.departmentStore.create({ name: 'A', parent: null })
    await expect(importing).rejects.toMatchObject({ code: ErrorCode.Conflict })
    expect(directory.departmentStore.all()).toHaveLength(1)
    expect(members()).toEqual([])
  })

  it('goes on after a crash where all of it was put down, and is forgotten where not', async () => {
    const { database, surroundings } = stores
    void importMembers(directory, longFile(5_000))
    const count = (of: LocalDirectory) => of.memberStore.page({ search: '', offset: 0, limit: 1 }).total
    while (count(directory) === 0) await nextTurn()
    // nothing of the first process runs again: this is what the next one finds
    expect(count(new LocalDirectory(database, surroundings))).toBe(5_000)

    const next = openStores()
    void importMembers(next.directory, longFile(5_000)).catch(() => undefined)
    const staged = next.database.prepare('SELECT count(*) AS count FROM member_import')
    while ((staged.get() as { count: number }).count === 0) await nextTurn()
    const reopened = new LocalDirectory(next.database, next.surroundings)
    expect([count(reopened), reopened.departmentStore.all(), staged.get()]).toEqual([0, [], { count: 0 }])
  })

  it('is read while other work goes on', async () => {
    const lines = Array.from(
      { length: 20_000 },
      (_, index) => `Member ${index},+1202${5_000_000 + index},A/B`,
    )
    let turns = 0
    const pulse = setInterval(() => turns++, 1)
    const result = await importMembers(directory, ['name,phone,departments', ...lines].join('\n'))
    clearInterval(pulse)
    expect(result).toMatchObject({ applied: true, added: 20_000 })
    expect(turns).toBeGreaterThan(10)
    expect(directory.memberStore.page({ search: 'member 19999', offset: 0, limit: 10 }).total).toBe(1)
  })

  it('has at most 100,000 lines', async () => {
    const lines = Array.from({ length: 100_001 }, (_, index) => `Member ${index}`)
    const text = ['name', ...lines].join('\n')
    await expect(importMembers(directory, text)).rejects.toMatchObject({ code: ErrorCode.CsvInvalid })
    expect(members()).toEqual([])
  })
})

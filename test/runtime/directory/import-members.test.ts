import { beforeEach, describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../nodes/errors.ts'
import { importMembers } from '../../../runtime/directory/import-members.ts'
import type { LocalDirectory } from '../../../runtime/directory/local-directory.ts'
import { openStores } from '../open-stores.ts'

let directory: LocalDirectory
beforeEach(() => {
  directory = openStores().directory
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
    expect(result).toMatchObject({ applied: true, warnings: [{ line: 2, key: 'phoneUnreadable' }] })
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

describe('a long file', () => {
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

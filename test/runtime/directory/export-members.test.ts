import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  readCell,
  readNames,
  readPaths,
  writeCell,
  writeNames,
  writePaths,
} from '../../../runtime/directory/csv-cells.ts'
import { exportMembers } from '../../../runtime/directory/export-members.ts'
import { importMembers } from '../../../runtime/directory/import-members.ts'
import type { LocalDirectory } from '../../../runtime/directory/local-directory.ts'
import { openStores } from '../open-stores.ts'

async function exported(directory: LocalDirectory): Promise<string> {
  let text = ''
  for await (const piece of exportMembers(directory)) text += piece
  return text
}

function everything({ memberStore, departmentStore, organisationRoleStore }: LocalDirectory) {
  const departments = departmentStore.all()
  const roles = organisationRoleStore.byIds(organisationRoleStore.all().map(({ id }) => id))
  const names = new Map(departments.map(({ id, name }) => [id, name]))
  const namesOf = (list: { name: string }[]) => list.map(({ name }) => name).sort()
  return memberStore.after('', 100).map((member) => ({
    ...member,
    departments: member.departments.map((id) => names.get(id)),
    leads: namesOf(departments.filter(({ leaders = [] }) => leaders.includes(member.id))),
    organisationRoles: namesOf(roles.filter(({ members }) => members.includes(member.id))),
  }))
}

function openWithPeople(): LocalDirectory {
  const { directory } = openStores()
  const { memberStore, departmentStore, organisationRoleStore } = directory
  const labs = departmentStore.create({ name: 'R/D; labs\\', parent: null })
  const below = departmentStore.create({ name: '＝SUM', parent: labs.id })
  const rest = { status: 'in-service' as const, departments: [] }
  memberStore.create({ ...rest, name: '=HYPERLINK("http://x","y")', phone: '+12025550101' })
  memberStore.create({ ...rest, name: "'=quoted", phone: 'ask, "Julia"' })
  memberStore.create({ ...rest, name: "O'Neil; Ann", phone: '', departments: [labs.id, below.id] })
  const wang = memberStore.create({
    name: '王小明',
    phone: '+8613800000001',
    status: 'resigned',
    departments: [below.id],
    email: 'wang@example.com',
    locale: 'zh-CN',
    timeZone: 'Asia/Shanghai',
    userName: '@wang',
    externalId: '-1',
  })
  departmentStore.update(labs.id, { ...labs, leaders: [wang.id] })
  departmentStore.update(below.id, { ...below, leaders: [wang.id] })
  organisationRoleStore.create({ name: 'First aid; fire/water\\', members: [wang.id] })
  organisationRoleStore.create({ name: '+Deputy', members: [wang.id] })
  return directory
}

it('gives a file that changes nothing where it is imported again', async () => {
  const directory = openWithPeople()
  const before = everything(directory)
  const result = await importMembers(directory, await exported(directory))
  expect(result).toMatchObject({ applied: true, added: 0, changed: 0, unchanged: 4, refused: [] })
  expect(everything(directory)).toEqual(before)
})

it('gives a file that fills an empty directory with the same people', async () => {
  const directory = openWithPeople()
  const copy = openStores().directory
  expect(await importMembers(copy, await exported(directory))).toMatchObject({ applied: true, added: 4 })
  expect(everything(copy)).toEqual(everything(directory))
})

it('has no cell that a spreadsheet would compute', async () => {
  const text = await exported(openWithPeople())
  const cells = text.split(/[\r\n,]+/).map((cell) => cell.replace(/^"/, ''))
  expect(cells.filter((cell) => /^[=+\-@]/.test(cell))).toEqual([])
})

it('writes and reads back any cell and any path', () => {
  const signs = fc.string({
    unit: fc.constantFrom('=', "'", '+', '-', '@', '\\', '/', ';', '；', 'a', ' 王'),
  })
  const name = signs.map((text) => text.trim()).filter((text) => text !== '')
  fc.assert(
    fc.property(signs, fc.array(fc.array(name, { minLength: 1 }), { minLength: 1 }), (cell, paths) => {
      expect(readNames(writeNames(paths.flat()))).toEqual(paths.flat())
      const quoted = writeCell(cell)
      const plain = quoted.startsWith('"') ? quoted.slice(1, -1).replaceAll('""', '"') : quoted
      expect(readCell(plain)).toBe(cell)
      expect(readPaths(writePaths(paths))).toEqual(paths)
    }),
  )
})

describe('any directory', () => {
  const people = 6
  const ids = fc.uniqueArray(fc.nat(people - 1), { maxLength: 4 })
  const text = fc
    .string({ unit: fc.constantFrom('=', "'", '"', '+', '\\', '/', ';', ',', ' ', '\n', 'a', '王') })
    .map((name) => name.trim())
    .filter((name) => name !== '')
  // few names, so that several departments, roles and people have the same
  const name = fc.oneof(fc.constantFrom('A', 'B'), text)
  const directories = fc.record({
    departments: fc.array(fc.record({ name, above: fc.option(fc.nat(5)), leaders: ids }), { maxLength: 6 }),
    organisationRoles: fc.array(fc.record({ name, members: ids }), { maxLength: 6 }),
    members: fc.array(fc.record({ name, departments: ids }), { minLength: people, maxLength: people }),
  })

  function open({
    departments,
    organisationRoles,
    members,
  }: typeof directories extends fc.Arbitrary<infer D> ? D : never) {
    const { directory } = openStores()
    const { departmentStore, memberStore, organisationRoleStore } = directory
    const departmentIds: string[] = []
    for (const { name, above } of departments) {
      const parent = (above !== null && departmentIds[above]) || null
      departmentIds.push(departmentStore.create({ name, parent }).id)
    }
    const existing = (places: number[], of: string[]) => places.flatMap((place) => of[place] ?? [])
    const memberIds = members.map((member) => {
      const departments = existing(member.departments, departmentIds)
      return memberStore.create({ name: member.name, phone: '', status: 'in-service', departments }).id
    })
    departments.forEach(({ leaders }, place) => {
      const department = departmentStore.all().find(({ id }) => id === departmentIds[place])!
      departmentStore.update(department.id, { ...department, leaders: existing(leaders, memberIds) })
    })
    for (const { name, members } of organisationRoles) {
      organisationRoleStore.create({ name, members: existing(members, memberIds) })
    }
    return directory
  }

  it('is exported to a file that changes nothing, whatever has the same name', async () => {
    const run = fc.asyncProperty(directories, async (given) => {
      const directory = open(given)
      const before = [directory.departmentStore.all(), everything(directory)]
      expect(await importMembers(directory, await exported(directory))).toMatchObject({
        added: 0,
        changed: 0,
        unchanged: people,
        refused: [],
      })
      expect([directory.departmentStore.all(), everything(directory)]).toEqual(before)
    })
    await fc.assert(run)
  })

  it('is filled from that file with the same people, leaders and roles', async () => {
    const run = fc.asyncProperty(directories, async (given) => {
      const text = await exported(open(given))
      const copy = openStores().directory
      expect(await importMembers(copy, text)).toMatchObject({ applied: true, added: people })
      // several of the same name become one in a copy, and from there on every file is the same
      const again = await exported(copy)
      expect(await importMembers(copy, again)).toMatchObject({ unchanged: people })
      const next = openStores().directory
      await importMembers(next, again)
      expect(everything(next)).toEqual(everything(copy))
    })
    await fc.assert(run)
  })
})

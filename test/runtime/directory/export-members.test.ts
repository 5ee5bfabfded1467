import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readCell, readPaths, writeCell, writePaths } from '../../../runtime/directory/csv-cells.ts'
import { exportMembers } from '../../../runtime/directory/export-members.ts'
import { importMembers } from '../../../runtime/directory/import-members.ts'
import type { LocalDirectory } from '../../../runtime/directory/local-directory.ts'
import { openStores } from '../open-stores.ts'

async function exported(directory: LocalDirectory): Promise<string> {
  let text = ''
  for await (const piece of exportMembers(directory)) text += piece
  return text
}

function everything({ memberStore, departmentStore }: LocalDirectory) {
  const names = new Map(departmentStore.all().map(({ id, name }) => [id, name]))
  return memberStore
    .after('', 100)
    .map((member) => ({ ...member, departments: member.departments.map((id) => names.get(id)) }))
}

function openWithPeople(): LocalDirectory {
  const { directory } = openStores()
  const { memberStore, departmentStore } = directory
  const labs = departmentStore.create({ name: 'R/D; labs\\', parent: null })
  const below = departmentStore.create({ name: '＝SUM', parent: labs.id })
  const rest = { status: 'in-service' as const, departments: [] }
  memberStore.create({ ...rest, name: '=HYPERLINK("http://x","y")', phone: '+12025550101' })
  memberStore.create({ ...rest, name: "'=quoted", phone: 'ask, "Julia"' })
  memberStore.create({ ...rest, name: "O'Neil; Ann", phone: '', departments: [labs.id, below.id] })
  memberStore.create({
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
      const quoted = writeCell(cell)
      const plain = quoted.startsWith('"') ? quoted.slice(1, -1).replaceAll('""', '"') : quoted
      expect(readCell(plain)).toBe(cell)
      expect(readPaths(writePaths(paths))).toEqual(paths)
    }),
  )
})

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { restoreBackup, writeBackup } from '../../../runtime/store/backup.ts'
import { addMember, openRuntime } from '../../support/open-runtime.ts'
import { newFolder } from '../../support/product.ts'

/** A backup of a store with one person, taken while it is open. */
async function backupOf(people: readonly string[]): Promise<string> {
  const runtime = await openRuntime({ sandbox: false })
  for (const [index, name] of people.entries()) addMember(runtime, name, `+1202555010${index}`)
  const file = path.join(newFolder(), 'backup.db')
  writeBackup(runtime.store.folder, file, Date.now())
  await runtime.close()
  return file
}

const copyWith = (file: string, change: (bytes: Buffer) => Buffer): string => {
  const other = path.join(newFolder(), 'other.db')
  writeFileSync(other, change(readFileSync(file)))
  return other
}

it('takes the store beside the one who has it open, for its owner alone, and gives it back', async () => {
  const file = await backupOf(['Ada', 'Ben'])
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(path.dirname(file))).toEqual(['backup.db'])
  const data = path.join(newFolder(), 'new')
  restoreBackup(file, data)
  expect(statSync(data).mode & 0o777).toBe(0o700)
  expect(statSync(path.join(data, 'sms-logic.db')).mode & 0o777).toBe(0o600)
  const runtime = await openRuntime({ data, sandbox: false })
  const { members } = runtime.directory.memberStore.page({ search: '', limit: 9, offset: 0 })
  expect(members.map(({ name }) => name)).toEqual(['Ada', 'Ben'])
  await runtime.close()
})

it('writes over nothing, and leaves nothing half', async () => {
  const file = await backupOf(['Ada'])
  const runtime = await openRuntime({ sandbox: false })
  const { folder } = runtime.store
  expect(() => writeBackup(folder, file, 0)).toThrow(/There is a file .* already/)
  const nowhere = path.join(newFolder(), 'missing', 'backup.db')
  expect(() => writeBackup(folder, nowhere, 0)).toThrow(/could not be written \(ENOENT\)/)
  expect(() => writeBackup(newFolder(), path.join(newFolder(), 'b'), 0)).toThrow(/There is no data folder/)
  await runtime.close()
  expect(() => restoreBackup(file, folder)).toThrow(/is not empty/)
  expect(() => restoreBackup(path.join(folder, 'none'), newFolder())).toThrow(/There is no file/)
})

it('refuses what is broken, foreign or newer, and leaves the folder empty', async () => {
  const file = await backupOf(Array.from({ length: 9 }, (_, index) => `Person ${index}`))
  const data = newFolder()
  const restore = (from: string) => () => restoreBackup(from, data)
  expect(restore(copyWith(file, (bytes) => bytes.subarray(0, bytes.length - 8_192 * 3)))).toThrow(/is broken/)
  const zeros = copyWith(file, (bytes) => Buffer.from(bytes).fill(0, 8_192 * 2, 8_192 * 12))
  expect(restore(zeros)).toThrow(/is broken/)
  expect(
    restore(copyWith(file, () => Buffer.from('no database at all, but long enough to look at'))),
  ).toThrow(/is no backup of sms-logic/)
  const foreign = path.join(newFolder(), 'foreign.db')
  const other = new DatabaseSync(foreign)
  other.exec('CREATE TABLE note (text TEXT)')
  other.close()
  expect(restore(foreign)).toThrow(/is no backup of sms-logic/)
  const newer = copyWith(file, (bytes) => bytes)
  const changed = new DatabaseSync(newer)
  changed.exec('PRAGMA user_version = 9999')
  changed.close()
  expect(restore(newer)).toThrow(/newer version of sms-logic \(store 9999/)
  expect(readdirSync(data)).toEqual([])
  // the store itself is none: it was taken by nobody
  const runtime = await openRuntime({ sandbox: false })
  const store = runtime.store.file
  await runtime.close()
  expect(restore(store)).toThrow(/is no backup of sms-logic/)
})

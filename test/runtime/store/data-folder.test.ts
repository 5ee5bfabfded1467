import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { expect, it } from 'vitest'
import { openDataFolder } from '../../../runtime/store/data-folder.ts'
import { newFolder } from '../../support/product.ts'

/** What another start does on its way to the lock, drawn out to 60 ms. */
const looking = `
  const { DatabaseSync } = require('node:sqlite')
  const connection = new DatabaseSync(process.argv[1])
  connection.exec('BEGIN; SELECT * FROM sqlite_schema')
  process.stdout.write('looking')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60)
`

it('gets the folder although another start looks at the lock in the same moment and gives up', async () => {
  const folder = newFolder()
  openDataFolder(folder).close()
  const other = spawn(process.execPath, ['-e', looking, path.join(folder, 'lock.db')])
  await once(other.stdout, 'data')
  const mine = openDataFolder(folder)
  expect(mine.isNew).toBe(false)
  expect(() => openDataFolder(folder)).toThrow(/Another sms-logic is using the data folder/)
  mine.close()
  await once(other, 'exit')
})

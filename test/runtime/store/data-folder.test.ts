import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
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
  await openDataFolder(folder).close()
  const other = spawn(process.execPath, ['-e', looking, path.join(folder, 'lock.db')])
  await once(other.stdout, 'data')
  const mine = openDataFolder(folder)
  expect(mine.isNew).toBe(false)
  expect(() => openDataFolder(folder)).toThrow(/Another sms-logic is using the data folder/)
  await mine.close()
  await once(other, 'exit')
})

it('keeps the log short while much is written, also by many transactions in a row', async () => {
  const store = openDataFolder(newFolder())
  const { database } = store
  database.prepare('CREATE TABLE page (text TEXT) STRICT').run()
  const insert = database.prepareGathered('INSERT INTO page VALUES (?)')
  const log = `${store.file}-wal`
  // 250 MB in all; without a checkpoint beside the writing the log would hold them
  for (let commit = 0; commit < 500; commit++) {
    database.gather(() => insert.run('x'.repeat(500_000)))
    database.commitGathered()
    await new Promise((resolve) => database.sync(resolve))
  }
  expect(statSync(log).size).toBeLessThan(150e6)
  const count = database.prepare('SELECT count(*) AS count FROM page').get()
  await store.close()
  expect(count).toEqual({ count: 500 })
})

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

it('begins the log anew while it is written to, by one transaction after the other', async () => {
  const store = openDataFolder(newFolder())
  const { database } = store
  database.prepare('CREATE TABLE page (text TEXT) STRICT').run()
  const insert = database.prepareGathered('INSERT INTO page VALUES (?)')
  const log = { size: 0, commitsWithin: 0 }
  while (log.commitsWithin < 50) {
    database.gather(() => insert.run('x'.repeat(1_000)))
    database.commitGathered()
    await new Promise((resolve) => database.sync(resolve))
    const { size } = statSync(`${store.file}-wal`)
    // where nothing takes it over beside the writing, it grows to half a gigabyte
    expect(size).toBeLessThan(400e6)
    log.commitsWithin = size === log.size ? log.commitsWithin + 1 : 0
    log.size = size
  }
  await store.close()
})

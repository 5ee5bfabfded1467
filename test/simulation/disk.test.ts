import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { SqliteLedger } from '../../runtime/ledger/sqlite.ts'
import { Database } from '../../runtime/store/database.ts'
import { testCrashes } from '../contract/crashes.ts'
import { testDeliveries } from '../contract/deliveries.ts'
import { testLedger } from '../contract/ledger.ts'
import { newFolder } from '../support/product.ts'
import { SimulatedDisk } from './disk.ts'
import type { Kept } from './disk.ts'
import { sequence } from './random.ts'
import { SimulatedTime, rest } from './time.ts'

/** The model is no lie: after each power cut it holds what a ledger must hold. */
const open = async () => {
  const { disk, stop } = runningDisk()
  return {
    ledger: new SqliteLedger(disk.open()),
    async reopen() {
      disk.crash('synced')
      return new SqliteLedger(disk.open())
    },
    async close() {
      await stop()
      disk.remove()
    },
  }
}
testLedger(open)
testDeliveries(open)
testCrashes(open)

it.each<[Kept, number[]]>([
  ['synced', [1]],
  ['all', [1, 2]],
])('keeps after a crash what it should: %s', async (kept, expected) => {
  const disk = newDisk()
  const database = disk.open()
  write(database, 1)
  disk.syncedInBetween()
  write(database, 2)
  disk.crash(kept)
  expect(numbers(disk.open())).toEqual(expected)
  disk.remove()
})

it('tears a write anywhere, and SQLite takes back the whole of it', () => {
  for (let seed = 0; seed < 50; seed++) {
    const disk = newDisk(seed)
    const database = disk.open()
    write(database, 1)
    disk.syncedInBetween()
    for (const number of [2, 3, 4]) write(database, number)
    disk.crash('torn')
    const kept = numbers(disk.open())
    expect([1, 2, 3, 4].slice(0, kept.length)).toEqual(kept)
    expect(kept.length).toBeGreaterThan(0)
    disk.remove()
  }
})

it('shows what is safe only once an fsync has said so', async () => {
  const disk = newDisk()
  const database = disk.open()
  const safe = () => disk.durable.all<{ at: number }>('SELECT at FROM inbound').length
  write(database, 1)
  let isDone = false
  disk.sync(() => (isDone = true))
  write(database, 2)
  expect(safe()).toBe(0)
  await disk.time.step()
  expect([safe(), isDone]).toEqual([1, false])
  await disk.time.step()
  expect(isDone).toBe(true)
  disk.remove()
})

function write(database: Database, at: number): void {
  database.gather(() => database.prepare("INSERT INTO inbound VALUES (?, ?, 'other')").run(`${at}`, at))
  database.commitGathered()
}

function numbers(database: Database): unknown[] {
  return database
    .prepare('SELECT at FROM inbound ORDER BY at')
    .all()
    .map(({ at }) => at)
}

function newDisk(seed = 1): SimulatedDisk {
  const random = sequence(seed)
  return new SimulatedDisk(emptyStore, new SimulatedTime(random), random)
}
const emptyFile = `${newFolder()}/empty.db`
new Database(emptyFile).close()
const emptyStore = readFileSync(emptyFile)

/** A disk whose time goes by. */
function runningDisk() {
  const disk = newDisk()
  let isStopped = false
  const running = (async () => {
    while (!isStopped) if (!(await disk.time.step())) await rest()
  })()
  const stop = () => {
    isStopped = true
    return running
  }
  return { disk, stop }
}

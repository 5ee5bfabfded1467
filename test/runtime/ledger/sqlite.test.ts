import path from 'node:path'
import { expect, it } from 'vitest'
import { SqliteLedger } from '../../../runtime/ledger/sqlite.ts'
import { Database } from '../../../runtime/store/database.ts'
import { testCrashes } from '../../contract/crashes.ts'
import { testDeliveries } from '../../contract/deliveries.ts'
import { testLedger } from '../../contract/ledger.ts'
import { newFolder } from '../../support/product.ts'

const open = async () => {
  const file = path.join(newFolder(), 'ledger.db')
  let database = new Database(file)
  return {
    ledger: new SqliteLedger(database),
    async reopen() {
      database.close()
      database = new Database(file)
      return new SqliteLedger(database)
    },
    close: async () => database.close(),
  }
}
testLedger(open)

it('keeps the steps of a run once where the disk took its acceptance and not yet its messages', async () => {
  const database = new Database(path.join(newFolder(), 'full.db'))
  const ledger = new SqliteLedger(database)
  const transaction = database.transaction.bind(database)
  const gather = database.gather.bind(database)
  let isFull = true
  const full = () => Object.assign(new Error('database or disk is full'), { errcode: 13 })
  database.gather = (work) => {
    if (isFull) throw full()
    gather(work)
  }
  let written = 0
  database.transaction = (work) => {
    if (isFull && ++written > 1) throw full()
    return transaction(work)
  }
  const run = { id: 'run', functionName: 'alarm', version: 'v1', trigger: 'http' as const, input: {} }
  const step = { path: 'start', node: 'start', type: 'start', status: 'done' as const, port: 'next' }
  const steps = { runId: 'run', number: 0, steps: [{ ...step, started: 1, finished: 1 }] }
  const accepted = ledger.acceptRun({ ...run, created: 1 })
  await expect(ledger.planMessages([], steps)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  await accepted
  isFull = false
  await ledger.planMessages([], steps)
  expect((await ledger.run('run'))!.steps.map(({ path }) => path)).toEqual(['start'])
  database.close()
})
testDeliveries(open)
testCrashes(open)

it('answers for no idempotency key after an fsync that failed', async () => {
  const database = new Database(path.join(newFolder(), 'failed.db'))
  const ledger = new SqliteLedger(database)
  database.sync = (done) => void setImmediate(done, new Error('EIO'))
  const run = { id: 'run', functionName: 'alarm', version: 'v1', trigger: 'http' as const, input: {} }
  const refused = { code: 'STORE_UNAVAILABLE' }
  const key = { key: 'order-7', inputHash: 'a' }
  await expect(ledger.acceptRun({ ...run, created: 1 }, key)).rejects.toMatchObject(refused)
  await expect(ledger.findIdempotent('order-7')).rejects.toMatchObject(refused)
  database.close()
})

import { afterEach, beforeEach, expect, test } from 'vitest'
import { SqliteLedger } from '../../../runtime/ledger/sqlite.ts'
import type { NewRun } from '../../../runtime/ledger/ledger.ts'
import { Database } from '../../../runtime/store/database.ts'

let database: Database
let ledger: SqliteLedger
beforeEach(async () => {
  database = new Database(':memory:')
  ledger = new SqliteLedger(database)
  database
    .prepare(
      `INSERT INTO functions (name, title, description, revision, graph, updated)
       VALUES ('echo', 'Echo', '', 1, '{}', '2026-06-01T12:00:00.000Z')`,
    )
    .run()
  database
    .prepare(
      `INSERT INTO triggers (id, function, kind, topic, settings, is_on, updated)
       VALUES ('t', 'echo', 'event', 'alarm', '{}', 1, '2026-06-01T12:00:00.000Z')`,
    )
    .run()
  await ledger.keepGraph('h', '{}', 1)
})
afterEach(() => database.close())

const run = (id: string, firing?: string): NewRun => ({
  ...{ id, functionName: 'echo', version: 'h', trigger: 'event', input: {}, created: 1 },
  ...(firing !== undefined && { triggerId: 't', firing }),
})
const end = { status: 'done', output: null, error: null, finished: 2, steps: [] } as const

test('a firing starts one run, however often it is tried', async () => {
  await ledger.firings.take([
    {
      ...{ id: 'f', triggerId: 't', key: null, inputHash: null, at: 1, state: 'waiting', input: {} },
      ...{ reason: null, runId: null, depth: 0 },
    },
  ])
  await ledger.acceptRun(run('a', 'f'))
  await expect(ledger.acceptRun(run('b', 'f'))).rejects.toMatchObject({ code: 'CONFLICT' })
  expect(await ledger.runRow('b')).toBeUndefined()
  expect(ledger.firings.list('t', 10)).toMatchObject([{ id: 'f', state: 'started', runId: 'a' }])
})

test.each([
  ['in the commit of its acceptance', false],
  ['later', true],
])('the end of a run that others wait for is noted where it ends %s', async (_, waits) => {
  const accepted = ledger.acceptRun(run('a'))
  if (waits) await accepted
  await ledger.finishRun('a', { ...end, isAwaited: true })
  expect(ledger.firings.untoldEnds()).toEqual(['a'])
  await ledger.firings.take([], { endOf: 'a' })
  expect(ledger.firings.untoldEnds()).toEqual([])
})

test('the end of a run that nobody waits for leaves no note', async () => {
  await ledger.acceptRun(run('a'))
  await ledger.finishRun('a', end)
  expect(ledger.firings.untoldEnds()).toEqual([])
})

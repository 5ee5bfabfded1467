import { beforeEach, expect, it } from 'vitest'
import type { RunEvent } from '../../../nodes/api/runs.ts'
import { Timers } from '../../../runtime/engine/timers.ts'
import { Trials } from '../../../runtime/engine/trials.ts'
import type { Ledger, OpenRun } from '../../../runtime/ledger/ledger.ts'
import { SqliteLedger } from '../../../runtime/ledger/sqlite.ts'
import { Database } from '../../../runtime/store/database.ts'

const ids = ['a', 'b', 'c']
let ledger: Ledger
/** The same store, as the next process finds it. */
let nextProcess: () => Ledger

beforeEach(async () => {
  const database = new Database(':memory:')
  nextProcess = () => new SqliteLedger(database)
  ledger = nextProcess()
  await ledger.crashes.begin(0)
  for (const id of ids) {
    const run = { id, functionName: 'alarm', version: 'v1', trigger: 'http' as const, input: {}, created: 1 }
    await ledger.acceptRun(run)
  }
})

const step = (nodeId: string) => ({ type: 'step', step: { nodeId, status: 'running' } }) as RunEvent
const finished = { type: 'finished' } as RunEvent

/** Runs go on as `behave` says. @returns when all trials are over */
async function afterACrash(behave: (id: string, tell: (event: RunEvent) => void) => void) {
  ledger = nextProcess()
  const suspects = await ledger.crashes.begin(0)
  const open = new Map(suspects.map(({ runId }) => [runId, { run: { id: runId } } as OpenRun]))
  const goOn = async ({ run }: OpenRun, tell: (event: RunEvent) => void) => behave(run.id, tell)
  const { crashes } = ledger
  return new Trials({ crashes, timers: new Timers(Date.now), goOn }).hold(suspects, open)
}
const quarantined = async () =>
  (await ledger.runs({ limit: 9 })).filter((run) => run.status === 'quarantined')

it('lets suspects go on one after the other, the newest first, and another first after each further crash', async () => {
  const rounds: string[] = []
  for (let crash = 1; crash <= 2; crash++) {
    const order: string[] = []
    await afterACrash((id) => void order.push(id))
    rounds.push(order.join(''))
  }
  expect(rounds).toEqual(['cba', 'bac'])
})

it('blames the one that was alone on trial, though others had been on trial before it', async () => {
  // The process dies in the turn of b: c has ended its trial, and a has not begun it.
  await afterACrash((id, tell) => {
    tell(step('sms'))
    if (id === 'c') tell(finished)
    if (id === 'b') throw new DeathOfTheProcess()
  }).catch(ignoreDeath)
  await afterACrash((_, tell) => tell(finished))
  expect(await quarantined()).toMatchObject([{ id: 'b', error: { nodeId: 'sms' } }])
})

it('blames nobody where a slow one was on trial too, and finds the right one with a crash more', async () => {
  // c takes its time; b breaks the process.
  const goTheirWay = (id: string, tell: (event: RunEvent) => void) => {
    tell(step('sms'))
    if (id === 'b') throw new DeathOfTheProcess()
  }
  await afterACrash(goTheirWay).catch(ignoreDeath)
  await afterACrash(goTheirWay).catch(ignoreDeath)
  expect(await quarantined()).toEqual([])
  await afterACrash((_, tell) => tell(finished))
  expect(await quarantined()).toMatchObject([{ id: 'b', error: { nodeId: 'sms', params: { crashes: 3 } } }])
})

class DeathOfTheProcess extends Error {}
function ignoreDeath(error: unknown): void {
  if (!(error instanceof DeathOfTheProcess)) throw error
}

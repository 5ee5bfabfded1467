import path from 'node:path'
import { expect, it } from 'vitest'
import { afterLookUp } from '../../../runtime/engine/look-up-plan.ts'
import type { UnknownRow } from '../../../runtime/ledger/deliveries.ts'
import { triggerSettings } from '../../../nodes/triggers/settings.ts'
import { sandboxServices } from '../../../runtime/sandbox/accounts.ts'
import type { LocalRuntime } from '../../../runtime/index.ts'
import { restoreBackup, writeBackup } from '../../../runtime/store/backup.ts'
import { approval, member, processGraph, publishProcess, requestsOf } from '../../support/approvals.ts'
import { fixed, flow, returns, sms } from '../../support/flow.ts'
import { movingClock } from '../../support/moving-clock.ts'
import { addMember, openRuntime } from '../../support/open-runtime.ts'
import { newFolder } from '../../support/product.ts'

const HOUR_MS = 3_600_000

/** Takes a backup, lets the original end, and answers a new folder with the store as it was. */
async function restored(runtime: LocalRuntime): Promise<string> {
  const file = path.join(newFolder(), 'backup.db')
  writeBackup(runtime.store.folder, file, Date.now())
  await runtime.close()
  const data = path.join(newFolder(), 'new')
  restoreBackup(file, data)
  return data
}

/** Stays in its run until somebody cancels it. */
const waits = flow(
  { wait: { type: 'wait', params: { mode: 'for', amount: fixed(9), unit: 'days' } } },
  { name: 'report' },
)

it('begins schedules anew, and says what they missed', async () => {
  const clock = movingClock('2026-06-01T12:00:30Z')
  let runtime = await openRuntime({ sandbox: false, surroundings: clock })
  runtime.functions.create({ name: 'report', title: 'Report', graph: waits })
  const times = { form: 'cron', cron: '0 * * * *' }
  const settings = { kind: 'schedule', name: 'Report', timeZone: 'UTC', catchUp: 'all', times }
  const { trigger } = runtime.triggers.create('report', triggerSettings.parse(settings))
  await runtime.triggers.switch(trigger.id, true)
  const data = await restored(runtime)

  clock.advance(5 * HOUR_MS)
  runtime = await openRuntime({ data, sandbox: false, surroundings: clock })
  const log = () => runtime.triggers.log(trigger.id, 9).map(({ state, reason }) => reason?.code ?? state)
  expect(log()).toEqual(['RESTORED_UNCERTAIN'])
  await expect.poll(() => runtime.triggers.list('report')[0]!.next).toBe('2026-06-01T18:00:00.000Z')
  await runtime.close()
  clock.advance(HOUR_MS)
  runtime = await openRuntime({ data, sandbox: false, surroundings: clock })
  await expect.poll(log).toEqual(['started', 'RESTORED_UNCERTAIN'])
  await runtime.close()
})

it('gives up what waited for a trigger, and takes new events at once', async () => {
  let runtime = await openRuntime({ sandbox: false })
  runtime.functions.create({ name: 'report', title: 'Report', graph: waits })
  const settings = { kind: 'event', name: 'Report', event: 'report', concurrency: 'queue' }
  const { trigger } = runtime.triggers.create('report', triggerSettings.parse(settings))
  await runtime.triggers.switch(trigger.id, true)
  const states = async (from: LocalRuntime, key: string) =>
    (await from.triggers.event('report', {}, key)).started.map(({ state }) => state)
  expect(await states(runtime, 'first')).toEqual(['started'])
  expect(await states(runtime, 'second')).toEqual(['waiting'])

  runtime = await openRuntime({ data: await restored(runtime), sandbox: false })
  expect(await states(runtime, 'first')).toEqual(['started'])
  expect(await states(runtime, 'second')).toEqual(['skipped'])
  expect(await states(runtime, 'third')).toEqual(['started'])
  const runs = await runtime.listRuns({ limit: 9 })
  expect(runs.map(({ status }) => status)).toEqual(['running', 'quarantined'])
  await runtime.close()
})

it('lets nothing fall due in a held request until it goes on', async () => {
  const clock = movingClock('2026-06-01T12:00:00Z')
  let runtime = await openRuntime({ sandbox: false, surroundings: clock })
  const ann = addMember(runtime, 'Ann', '+12025550101')
  const ben = addMember(runtime, 'Ben', '+12025550102')
  const graph = processGraph({
    chief: approval([member(ben)], { late: 'approve', lateMinutes: 60 }, { approved: 'end' }),
    end: returns('1'),
  })
  const leave = publishProcess(runtime, graph)
  const id = await leave.initiate(ann)
  await expect.poll(() => leave.waiting(id)).toEqual(['chief: Ben'])
  const data = await restored(runtime)

  clock.advance(2 * HOUR_MS)
  runtime = await openRuntime({ data, sandbox: false, surroundings: clock })
  let again = requestsOf(runtime, leave.name)
  expect((await runtime.getRun(id))!.status).toBe('quarantined')
  expect(await again.waiting(id)).toEqual(['chief: Ben'])
  // another request goes its way meanwhile, alarms included
  const other = await again.initiate(ann)
  await expect.poll(() => again.waiting(other)).toEqual(['chief: Ben'])
  await runtime.close()
  clock.advance(2 * HOUR_MS)
  runtime = await openRuntime({ data, sandbox: false, surroundings: clock })
  again = requestsOf(runtime, leave.name)
  await expect.poll(async () => (await again.view(other)).state).toBe('approved')
  expect(await again.waiting(id)).toEqual(['chief: Ben'])
  expect(await runtime.restored.resumeAll()).toBe(1)
  await expect.poll(async () => (await again.view(id)).state).toBe('approved')
  await runtime.close()
})

it('ends codes and sessions, and holds nothing a second time', async () => {
  let runtime = await openRuntime({ sandbox: false })
  const { sessions } = runtime.accounts
  const token = sessions.open({ member: null, device: '' })
  expect(sessions.find(token)).toBeDefined()
  const data = await restored(runtime)
  for (const time of ['first', 'second']) {
    runtime = await openRuntime({ data, sandbox: false })
    const mine = runtime.accounts.sessions
    expect(mine.find(token), time).toBeUndefined()
    const entries = runtime.audit.page({ limit: 9, thing: 'store' }).entries
    expect(entries, time).toHaveLength(1)
    expect(await runtime.restored.latest()).toMatchObject({ runs: 0, held: 0 })
    await runtime.close()
  }
})

it('never sends by itself what may have been sent, where the provider cannot be asked either', async () => {
  const clock = movingClock('2026-06-01T12:00:00Z')
  let runtime = await openRuntime({ sandbox: false, surroundings: clock })
  const ada = addMember(runtime, 'Ada', '+12025550101')
  // nobody listens there: the text waits for its next attempt
  const settings = { ...sandboxServices['aws-sns'], endpoint: 'http://127.0.0.1:9' }
  const policy = { testMode: false }
  const service = runtime.services.create({ name: 'SNS', provider: 'aws-sns', settings, policy }).id
  const step = sms(ada, service)
  const graph = flow({ sms: { ...step, params: { ...step.params, onUnknown: 'resend' } } })
  runtime.functions.create({ name: 'flow', title: 'Flow', graph })
  const { id } = await runtime.startRun({ functionName: 'flow', input: {}, trigger: 'library' })
  const messages = async () => (await runtime.getRun(id))!.steps.flatMap((each) => each.messages ?? [])
  await expect.poll(messages).toMatchObject([{ state: 'retry-wait' }])
  const { attempts } = (await messages())[0]!

  runtime = await openRuntime({ data: await restored(runtime), sandbox: false, surroundings: clock })
  expect(await messages()).toMatchObject([{ state: 'unknown', error: { code: 'RESTORED_UNCERTAIN' } }])
  expect(await runtime.unknown.list({ limit: 9 })).toMatchObject([{ phase: 'waiting', lookUps: 0 }])
  await runtime.resumeRun(id)
  clock.advance(HOUR_MS)
  await expect.poll(async () => (await runtime.getRun(id))!.finished).not.toBeNull()
  expect(await messages()).toMatchObject([{ state: 'unknown', attempts }])
  await runtime.close()
})

it('takes no silence of a provider for a proof', () => {
  const row = {
    runId: 'a',
    number: 1,
    since: 0,
    absentAfter: 0,
    due: 0,
    tries: 0,
    absences: [],
    phase: 'waiting',
  } as const
  const outcomeOf = (unknown: UnknownRow) => {
    let plan: UnknownRow = { ...unknown, absences: [] }
    for (let time = 0; plan.phase === 'waiting'; time += HOUR_MS) plan = afterLookUp(plan, time, time, true)
    return plan.phase
  }
  expect(outcomeOf({ ...row, absences: [] })).toBe('absent')
  expect(outcomeOf({ ...row, absences: [], isRestored: true })).toBe('final')
})

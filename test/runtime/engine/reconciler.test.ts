import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LookUp, SmsProvider } from '../../../nodes/services/sms/provider.ts'
import { smsProviders } from '../../../nodes/services/sms/settings.ts'
import type { SmsProviderName } from '../../../nodes/services/sms/settings.ts'
import { Reconciler } from '../../../runtime/engine/reconciler.ts'
import type { Verdict } from '../../../runtime/engine/reconciler.ts'
import type { MessageRow } from '../../../runtime/ledger/ledger.ts'
import { SqliteLedger } from '../../../runtime/ledger/sqlite.ts'
import { sendDates } from '../../../runtime/providers/sms/alibaba-look-up.ts'
import { openSmsProvider } from '../../../runtime/providers/sms/index.ts'
import { sandboxServices } from '../../../runtime/sandbox/accounts.ts'
import type { Sandbox } from '../../../runtime/sandbox/sandbox.ts'
import { startSandbox } from '../../../runtime/sandbox/start-sandbox.ts'
import { steadyClock } from '../../../runtime/steady-clock.ts'
import { Database } from '../../../runtime/store/database.ts'

const SECOND = 1_000
const DAY = 24 * 60 * 60 * SECOND
const bodies = {
  twilio: { text: 'Pump 7 needs help' },
  'aws-sns': { text: 'Pump 7 needs help' },
  alibaba: { templateCode: 'SMS_100005', templateVariables: {} },
} as const
/** Of another message, so that neither is taken for the other. */
const otherBodies = { ...bodies, twilio: { text: 'Pump 8 needs help' } }

let now: number
let steady: () => number
/** By how much somebody put the clock on the wall somewhere else. */
let put: number
let sandbox: Sandbox
let ledger: SqliteLedger
let database: Database
let providers: Map<string, SmsProvider>
let reconciler: Reconciler
let changed: MessageRow[]
let verdicts: Map<string, Verdict>

beforeEach(async () => {
  now = Math.floor(Date.now() / 1_000) * 1_000
  put = 0
  steady = () => now
  sandbox = await startSandbox({ now: () => new Date(now) })
  database = new Database(':memory:')
  ledger = new SqliteLedger(database, () => steady())
  providers = new Map()
  for (const name of ['twilio', 'aws-sns', 'alibaba'] as const) {
    const settings = smsProviders[name].settings.parse({ ...sandboxServices[name], endpoint: sandbox.url })
    providers.set(name, await openSmsProvider(name, settings as never))
  }
  changed = []
  verdicts = new Map()
  reconciler = open()
})
afterEach(async () => {
  await reconciler.stop()
  await Promise.all([...providers.values()].map((provider) => provider.close()))
  database.close()
  await sandbox.close()
})

function open(): Reconciler {
  return new Reconciler({
    deliveries: ledger.deliveries,
    provider: async (id) => providers.get(id)!,
    clock: () => now + put,
    steady: () => steady(),
    changed: (message) => {
      changed.push(message)
      reconciler.settled(message)
    },
    unforeseen: (error) => {
      throw error
    },
  })
}

/** A message of its own run; with `fault` it is really sent, and what came back is what is written. */
async function send(
  runId: string,
  service: SmsProviderName,
  fault: 'none' | 'reset-before' | 'reset-after',
  change: Partial<MessageRow> = {},
): Promise<MessageRow> {
  const message: MessageRow = {
    ...{ runId, number: 0, path: 'sms', serviceId: service, memberId: 'ada', name: 'Ada' },
    ...{
      phone: '+8613800138000',
      reasons: [],
      body: bodies[service],
      state: 'dispatching',
      skipped: undefined,
    },
    ...{ attempts: 1, wakeAt: undefined, providerId: undefined, segments: undefined, error: undefined },
    ...{ created: now + put, updated: now + put },
    ...change,
  }
  const run = { functionName: 'alarm', version: 'v1', trigger: 'http', input: {}, dryRun: undefined } as const
  await ledger.acceptRun({ id: runId, created: now, ...run })
  await ledger.planMessages([message], { runId, number: 0, steps: [] })
  sandbox.setFault(service, fault, 1)
  const started = now + put
  const outcome = await providers
    .get(service)!
    .send({ id: `${runId}-0`, attempt: 1, to: message.phone, ...message.body })
  expect(outcome.state).toBe(fault === 'none' ? 'accepted' : 'unknown')
  const providerId = outcome.state === 'accepted' ? outcome.providerId : undefined
  const settled = { ...message, state: outcome.state as MessageRow['state'], providerId }
  const attempt = { attempt: 1, started, finished: now + put, outcome: 'unknown', evidence: {} } as const
  await ledger.settleMessage(settled, outcome.state === 'accepted' ? undefined : attempt)
  if (outcome.state === 'unknown')
    void reconciler.verdict(settled).then((verdict) => verdicts.set(runId, verdict))
  return settled
}

/** Another process: its steady clock begins as the first one's did, by the clock on the wall and what was noted. */
async function restart(): Promise<void> {
  await reconciler.stop()
  const wall = () => now + put
  steady = steadyClock(wall, () => now, ledger.deliveries.clockShift())
  ledger = new SqliteLedger(database, steady)
  await ledger.recover(wall())
  reconciler = open()
}

async function after(seconds: number): Promise<void> {
  now += seconds * SECOND
  await reconciler.lookUpDue()
}
const stored = (runId: string) => ledger.deliveries.message(runId, 0)
const plan = (runId: string) => ledger.deliveries.unknown(runId, 0)

describe.each(['twilio', 'alibaba'] as const)('%s', (service) => {
  it('finds what was taken although the answer never came', async () => {
    await send('a', service, 'reset-after')
    await after(5)
    expect(await stored('a')).toMatchObject({ state: 'accepted', delivery: 'delivered', error: undefined })
    expect(await plan('a')).toBeUndefined()
    expect(verdicts.get('a')).toBe('settled')
    expect(changed).toMatchObject([{ runId: 'a', state: 'accepted' }])
    expect(await ledger.deliveries.receipts('a', 0)).toMatchObject([{ source: 'look-up', proof: 'accepted' }])
  })

  it('believes an absence only when it is found twice, two minutes apart, after nothing can arrive any more', async () => {
    await send('a', service, 'reset-before')
    await after(5) // too early to count
    await after(40)
    expect(await plan('a')).toMatchObject({ phase: 'waiting', tries: 2, absences: [now] })
    await after(134) // not due yet
    expect(await plan('a')).toMatchObject({ phase: 'waiting', tries: 2 })
    await after(1)
    expect(await plan('a')).toMatchObject({ phase: 'absent', tries: 3 })
    expect(verdicts.get('a')).toBe('absent')
    expect(await stored('a')).toMatchObject({ state: 'unknown' })
    expect(await ledger.deliveries.receipts('a', 0)).toMatchObject([
      { status: 'absent' },
      { status: 'absent' },
    ])
  })

  it.each([-DAY, DAY])('waits by the true time where the clock on the wall is put by %d ms', async (jump) => {
    await send('a', service, 'reset-before')
    await send('b', service, 'reset-after', { body: otherBodies[service] })
    put = jump
    await after(4)
    expect(await plan('a')).toMatchObject({ tries: 0 })
    await after(1)
    expect(await stored('b')).toMatchObject({ state: 'accepted' })
    await after(40)
    expect(await plan('a')).toMatchObject({ phase: 'waiting', tries: 2, absences: [now] })
    put = 0
    await after(134)
    expect(await plan('a')).toMatchObject({ phase: 'waiting', tries: 2 })
    await after(1)
    expect(await plan('a')).toMatchObject({ phase: 'absent' })
  })

  it.each([-DAY, DAY])(
    'goes on at the true pace over a restart behind a clock that was put by %d ms',
    async (jump) => {
      await send('a', service, 'reset-before')
      await after(45)
      put = jump
      await after(1)
      await reconciler.schedule()
      await restart()
      await after(38)
      expect(await plan('a')).toMatchObject({ phase: 'waiting', tries: 1 })
      await after(1)
      expect(await plan('a')).toMatchObject({ phase: 'waiting', tries: 2 })
      await after(134)
      expect(await plan('a')).toMatchObject({ phase: 'waiting', tries: 2 })
      await after(1)
      expect(await plan('a')).toMatchObject({ phase: 'absent' })
    },
  )

  it('begins to wait anew where the clock was put back while no process lived', async () => {
    await send('a', service, 'reset-before')
    await after(45)
    put = -DAY
    await restart()
    await after(39)
    expect(await plan('a')).toMatchObject({ phase: 'waiting', tries: 1 })
    await after(1)
    expect(await plan('a')).toMatchObject({ phase: 'waiting', tries: 2 })
    await after(135)
    expect(await plan('a')).toMatchObject({ phase: 'absent' })
  })

  it('finds what was taken while the clock on the wall was wrong', async () => {
    put = DAY
    await send('a', service, 'reset-after')
    put = 0
    await after(5)
    expect(await stored('a')).toMatchObject({ state: 'accepted' })
  })

  it('waits for a provider that cannot be reached, and asks within a minute of its return', async () => {
    await send('a', service, 'reset-after')
    const reachable = providers.get(service)!
    const lookUp = async (): Promise<LookUp> => ({
      ...{ state: 'cannot-tell', isReachable: false },
      error: { provider: service, providerCode: 'ECONNREFUSED', about: 'network', message: '' },
    })
    providers.set(service, { ...reachable, lookUp })
    for (let minute = 0; minute < 10; minute++) await after(60)
    expect(await plan('a')).toMatchObject({ phase: 'waiting', tries: 0 })
    providers.set(service, reachable)
    now = (await plan('a'))!.due
    await after(0)
    expect(await stored('a')).toMatchObject({ state: 'accepted' })
  })
})

it('does not take the text of another message for the one it looks for', async () => {
  await send('a', 'twilio', 'none')
  await send('b', 'twilio', 'reset-before')
  await send('c', 'twilio', 'reset-after')
  now += 5 * SECOND
  await reconciler.lookUpDue()
  const states = await Promise.all(['a', 'b', 'c'].map(async (id) => (await stored(id))!.state))
  // the text of c is one of two equal ones: it settles exactly one of b and c, and a keeps its own
  expect(states[0]).toBe('accepted')
  expect([states[1], states[2]].sort()).toEqual(['accepted', 'unknown'])
})

it('does not take an older text, or one with other words, for the one it looks for', async () => {
  await send('a', 'twilio', 'reset-after', { body: { text: 'Something else' } })
  now += 120 * SECOND
  await send('b', 'twilio', 'reset-before')
  await after(5)
  expect(await stored('b')).toMatchObject({ state: 'unknown' })
})

it('asks Alibaba for both days of China around midnight', () => {
  const dates = (since: string, hours = 2) =>
    sendDates(new Date(since), new Date(Date.parse(since) + hours * 3_600_000))
  expect(dates('2026-03-01T12:00:00+08:00')).toEqual(['20260301'])
  expect(dates('2026-03-01T23:55:00+08:00')).toEqual(['20260301', '20260302'])
  expect(dates('2026-03-02T00:00:30+08:00')).toEqual(['20260301', '20260302'])
  expect(dates('2026-03-01T23:55:00+08:00', 0)).toEqual(['20260301'])
})

it('gives SNS up at once: there is nobody to ask', async () => {
  await send('a', 'aws-sns', 'reset-after')
  await after(5)
  expect(await plan('a')).toMatchObject({ phase: 'final', tries: 0 })
  expect(verdicts.get('a')).toBe('cannot-be-asked')
  expect(await stored('a')).toMatchObject({ state: 'unknown' })
})

it('stops asking a day after, where the provider never says anything', async () => {
  await send('a', 'twilio', 'reset-after')
  const error = { provider: 'twilio', providerCode: '20003', about: 'configuration', message: '' } as const
  const lookUp = async (): Promise<LookUp> => ({ state: 'cannot-tell', isReachable: true, error })
  providers.set('twilio', { ...providers.get('twilio')!, lookUp })
  const began = now
  const moments: number[] = []
  for (let row = await plan('a'); row!.phase === 'waiting'; row = await plan('a')) {
    now = row!.due
    moments.push((now - began) / SECOND)
    await after(0)
  }
  expect(moments).toEqual([5, 45, 180, 300, 900, 3_600, 14_400, 43_200, 86_400])
  expect(verdicts.get('a')).toBe('hold')
})

it('goes on with its plan after a restart', async () => {
  await send('a', 'twilio', 'reset-before')
  await after(45)
  await after(40)
  await reconciler.stop()
  ledger = new SqliteLedger(database)
  reconciler = open()
  await after(200)
  expect(await plan('a')).toMatchObject({ phase: 'absent' })
})

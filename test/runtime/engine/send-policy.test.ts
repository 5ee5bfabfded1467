import { afterEach, describe, expect, it } from 'vitest'
import type { Run } from '../../../nodes/api/runs.ts'
import type { MessageReport } from '../../../nodes/messages.ts'
import type { LocalRuntime } from '../../../runtime/index.ts'
import { smsGraph } from '../../support/graphs.ts'
import { movingClock } from '../../support/moving-clock.ts'
import { addMember, openRuntime, twilioService } from '../../support/open-runtime.ts'

let runtime: LocalRuntime
afterEach(() => runtime.close())

const member = (id: string) => ({ kind: 'member' as const, id })
const phones = () => runtime.sandbox!.messages(10_000).map(({ to }) => to)
const reasons = (run: Run) => run.steps[1]!.messages!.map(({ state, reason }) => reason ?? state)
const messagesOf = (run: Run): MessageReport[] => run.steps.find(({ nodeId }) => nodeId === 'sms')!.messages!

function people(count: number, phone = (index: number) => `+1202555${String(1_000 + index)}`, more = {}) {
  return Array.from({ length: count }, (_, index) =>
    member(addMember(runtime, `Person ${index}`, phone(index), more)),
  )
}

function start(service: string, recipients: ReturnType<typeof people>, more: object = {}) {
  const graph = smsGraph({ service, recipients, ports: ['sent', 'partly', 'failed'], ...more })
  return runtime.startRun({ graph, input: { who: 'Ada' }, trigger: 'library' })
}
const run = async (...request: Parameters<typeof start>) => (await start(...request)).finished

/** The run has left the memory: its step shows who waits. */
async function waits(id: string, until: string): Promise<void> {
  await expect
    .poll(async () => {
      const { status, finished, steps } = (await runtime.getRun(id))!
      const [message] = steps.at(-1)?.messages ?? []
      return {
        status,
        finished,
        step: steps.at(-1)?.status,
        message: message?.state,
        waits: message?.waitsUntil?.slice(0, 16),
      }
    })
    .toEqual({ status: 'running', finished: null, step: 'running', message: 'planned', waits: until })
}

/** How a run that went on after a restart ended. */
function ended(id: string): Promise<Run> {
  return new Promise((resolve, reject) => {
    runtime.watchRun(id, (event) => event.type === 'finished' && resolve(event.run)).catch(reject)
  })
}

describe('test mode', () => {
  it('texts the numbers on the list and nobody else', async () => {
    runtime = await openRuntime()
    const policy = { testMode: true, testNumbers: ['+12025551001'] }
    const ended = await run(twilioService(runtime, {}, policy), people(3))
    expect(reasons(ended)).toEqual(['test-mode', 'accepted', 'test-mode'])
    expect(phones()).toEqual(['+12025551001'])
    expect(ended.steps[1]).toMatchObject({ port: 'sent', output: { counts: { accepted: 1, suppressed: 2 } } })
  })

  it('ends for the next message once it is switched off', async () => {
    runtime = await openRuntime()
    const id = twilioService(runtime, {}, { testMode: true })
    expect(reasons(await run(id, people(1)))).toEqual(['test-mode'])
    const { revision, name, settings } = runtime.services.get(id)
    runtime.services.update(id, { revision, name, settings, policy: { testMode: false } })
    expect(reasons(await run(id, people(1)))).toEqual(['accepted'])
  })
})

it('texts allowed countries only', async () => {
  runtime = await openRuntime()
  const numbers = ['+12025551001', '+14165550123', '+447700900123', '+8613800138000']
  const service = twilioService(runtime, {}, { countries: ['US', '+44'] })
  const ended = await run(
    service,
    people(4, (index) => numbers[index]!),
  )
  expect(reasons(ended)).toEqual(['accepted', 'country-not-allowed', 'accepted', 'country-not-allowed'])
})

describe('the daily cap', () => {
  it('is never passed by one, with 64 requests at once from 8 runs', async () => {
    runtime = await openRuntime()
    const service = twilioService(runtime, { concurrency: 64 }, { dailyMessages: 101 })
    const recipients = people(30)
    const runs = await Promise.all(Array.from({ length: 8 }, () => run(service, recipients)))
    expect(phones()).toHaveLength(101)
    const all = runs.flatMap(reasons)
    expect(all.filter((reason) => reason === 'accepted')).toHaveLength(101)
    expect(all.filter((reason) => reason === 'daily-cap')).toHaveLength(139)
  })

  it('counts parts, and what was refused counts no more', async () => {
    runtime = await openRuntime()
    const service = twilioService(runtime, { concurrency: 1 }, { dailySegments: 4 })
    const numbers = ['+15005550001', '+12025551001', '+12025551002', '+12025551003'] // the first is refused
    const recipients = people(4, (index) => numbers[index]!)
    const ended = await run(service, recipients, { text: 'x'.repeat(161) })
    expect(reasons(ended)).toEqual(['rejected', 'accepted', 'accepted', 'daily-cap'])
  })

  it('holds over a restart until the day of its zone is over', async () => {
    const clock = movingClock('2026-03-01T15:30:00Z')
    runtime = await openRuntime({ surroundings: clock })
    const policy = { dailyMessages: 2, timeZone: 'Asia/Shanghai' }
    const service = twilioService(runtime, {}, policy)
    const recipients = people(2)
    expect(reasons(await run(service, recipients))).toEqual(['accepted', 'accepted'])
    await runtime.close()
    runtime = await openRuntime({ surroundings: clock, data: runtime.store.folder })
    expect(reasons(await run(service, recipients))).toEqual(['daily-cap', 'daily-cap'])
    clock.set('2026-03-01T16:00:00Z') // midnight in Shanghai
    expect(reasons(await run(service, recipients))).toEqual(['accepted', 'accepted'])
  })
})

it('keeps its pace over a restart: no burst gets through behind it', async () => {
  const clock = movingClock('2026-03-01T08:00:00Z')
  runtime = await openRuntime({ surroundings: clock })
  const service = twilioService(runtime, {}, { ratePerSecond: 0.01, burst: 3 })
  const recipients = people(5)
  const { id } = await start(service, recipients)
  await expect.poll(() => phones().length, { timeout: 5_000 }).toBe(3)
  await runtime.close()
  runtime = await openRuntime({ surroundings: clock, data: runtime.store.folder })
  const other = await start(service, recipients.slice(0, 1))
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(phones()).toHaveLength(3)
  await runtime.close()
  clock.advance(200_000) // two more may leave
  runtime = await openRuntime({ surroundings: clock, data: runtime.store.folder })
  await expect.poll(() => phones().length, { timeout: 5_000 }).toBe(5)
  expect(
    (await runtime.getRun(id))!.finished === null || (await runtime.getRun(other.id))!.finished === null,
  ).toBe(true)
})

describe('quiet hours', () => {
  const quiet = { quietFrom: '21:00', quietUntil: '08:00' }
  const numbers = ['+4915123456789', '+8613800138000', '+12025551001']

  it('skip people by the clock of their number, of their own, or of the service', async () => {
    const clock = movingClock('2026-01-10T21:30:00Z') // 22:30 in Berlin, 05:30 in Shanghai, 13:30 in Los Angeles
    runtime = await openRuntime({ surroundings: clock })
    const policy = { ...quiet, quietAction: 'skip', timeZone: 'America/Los_Angeles' }
    const service = twilioService(runtime, {}, policy)
    const recipients = [
      ...people(3, (index) => numbers[index]!),
      ...people(1, () => '+12025551009', { timeZone: 'Asia/Tokyo' }),
    ]
    expect(reasons(await run(service, recipients))).toEqual([
      'quiet-hours',
      'quiet-hours',
      'accepted',
      'quiet-hours',
    ])
  })

  it('send later: the run waits in the data folder alone, over a restart too, and is over in the morning', async () => {
    const clock = movingClock('2026-01-10T21:30:00Z')
    runtime = await openRuntime({ surroundings: clock })
    const service = twilioService(runtime, {}, quiet)
    const recipients = people(2, (index) => numbers[index]!)
    const { id } = await start(service, recipients)
    await waits(id, '2026-01-11T07:00')
    await runtime.close()
    clock.set('2026-01-11T00:30:00Z') // 08:30 in Shanghai, 01:30 in Berlin
    runtime = await openRuntime({ surroundings: clock, data: runtime.store.folder })
    await expect.poll(phones).toEqual(['+8613800138000'])
    await runtime.close()
    clock.set('2026-01-11T07:00:00Z')
    runtime = await openRuntime({ surroundings: clock, data: runtime.store.folder })
    const run = await ended(id)
    expect(run).toMatchObject({ status: 'done', output: 2 })
    expect(run.steps[1]!.input).toMatchObject({ text: 'Hello Ada' })
    expect(phones().sort()).toEqual(['+4915123456789', '+8613800138000'])
  })

  it('are over at once where the run is cancelled', async () => {
    const clock = movingClock('2026-01-10T21:30:00Z')
    runtime = await openRuntime({ surroundings: clock })
    const service = twilioService(runtime, {}, quiet)
    const { id, finished } = await start(
      service,
      people(1, () => numbers[0]!),
    )
    await waits(id, '2026-01-11T07:00')
    await runtime.cancelRun(id)
    const run = await finished
    expect(run.status).toBe('cancelled')
    expect(messagesOf(run)).toMatchObject([{ state: 'cancelled' }])
    expect(messagesOf((await runtime.getRun(id))!)).toMatchObject([{ state: 'cancelled' }])
    expect(phones()).toEqual([])
  })
})

describe('the time to live', () => {
  it('ends for a message that waited too long, also while the server was off', async () => {
    const clock = movingClock('2026-01-10T21:30:00Z')
    runtime = await openRuntime({ surroundings: clock })
    const policy = { quietFrom: '21:00', quietUntil: '08:00', timeToLiveMinutes: 60 }
    const service = twilioService(runtime, {}, policy)
    const { id } = await start(
      service,
      people(1, () => '+4915123456789'),
    )
    await waits(id, '2026-01-10T22:30')
    await runtime.close()
    clock.set('2026-01-11T07:00:00Z')
    runtime = await openRuntime({ surroundings: clock, data: runtime.store.folder })
    const run = await ended(id)
    expect(messagesOf(run)).toMatchObject([{ state: 'expired', attempts: 0 }])
    expect(run.steps[1]).toMatchObject({ port: 'failed', output: { counts: { expired: 1 } } })
    expect(phones()).toEqual([])
  })
})

describe('retries', () => {
  it('end after as many attempts as the policy says', async () => {
    runtime = await openRuntime()
    const policy = { maxAttempts: 2, firstDelaySeconds: 0.1, maxDelaySeconds: 0.1 }
    const service = twilioService(runtime, {}, policy)
    runtime.sandbox!.setFault('twilio', 'throttle', 10)
    const ended = await run(service, people(1))
    expect(messagesOf(ended)).toMatchObject([{ state: 'rejected', attempts: 2 }])
    expect(runtime.sandbox!.requests()).toHaveLength(2)
  })
})

it('lets another run’s single text through while one texts hundreds', async () => {
  runtime = await openRuntime()
  const service = twilioService(runtime, { concurrency: 2 })
  const many = await start(service, people(300))
  await expect.poll(() => phones().length).toBeGreaterThan(5)
  const single = await run(service, [member(addMember(runtime, 'Single', '+12025559999'))])
  expect(single.status).toBe('done')
  expect(phones().length).toBeLessThan(200)
  await many.finished
  expect(phones()).toHaveLength(301)
})

describe('a service that changes under a run', () => {
  it('does not cut off requests that are on the wire', async () => {
    runtime = await openRuntime()
    const id = twilioService(runtime)
    runtime.sandbox!.setFault('twilio', 'delay', 3)
    const { finished } = await start(id, people(3))
    await expect.poll(() => runtime.sandbox!.requests().length).toBe(3)
    const { revision, name, settings } = runtime.services.get(id)
    runtime.services.update(id, { revision, name, settings: { ...settings, concurrency: 3 } })
    expect(reasons(await finished)).toEqual(['accepted', 'accepted', 'accepted'])
  })

  it('that is deleted takes nothing any more: the rest is refused for that reason', async () => {
    runtime = await openRuntime()
    const id = twilioService(runtime, { concurrency: 1 })
    runtime.sandbox!.setFault('twilio', 'delay', 1)
    const { finished } = await start(id, people(3))
    await expect.poll(() => runtime.sandbox!.requests().length).toBe(1)
    runtime.services.delete(id)
    const ended = await finished
    expect(messagesOf(ended)).toMatchObject([
      { state: 'accepted' },
      { state: 'rejected', error: { about: 'configuration' } },
      { state: 'rejected', error: { about: 'configuration' } },
    ])
    expect(phones()).toHaveLength(1)
  })
})

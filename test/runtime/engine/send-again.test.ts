import { afterEach, describe, expect, it } from 'vitest'
import type { LocalRuntime } from '../../../runtime/index.ts'
import { sandboxServices } from '../../../runtime/sandbox/accounts.ts'
import { smsGraph } from '../../support/graphs.ts'
import { movingClock } from '../../support/moving-clock.ts'
import type { MovingClock } from '../../support/moving-clock.ts'
import { addMember, openRuntime } from '../../support/open-runtime.ts'

let runtime: LocalRuntime
let clock: MovingClock
afterEach(() => runtime.close())

/** In New York it is 03:00, in the quiet hours of `night`. */
const NIGHT = '2026-03-01T08:00:00Z'
const night = { quietFrom: '21:00', quietUntil: '08:00', timeZone: 'America/New_York' }
const DAY = 24 * 60 * 60 * 1_000
const MORNING = '2026-03-01T13:00' // 08:00 in New York

const texts = () => runtime.sandbox!.messages(1_000)
async function messages(runId: string) {
  return (await runtime.getRun(runId))!.steps.find(({ nodeId }) => nodeId === 'sms')!.messages!
}
const states = async (runId: string) => (await messages(runId)).map(({ state }) => state)
const listed = async () => (await runtime.unknown.list({ limit: 200 })).reverse()
const held = async () => (await listed()).map((each) => each.held)

/** Leaves so many texts unknown by a service that cannot be asked, and then gives the service this policy. */
async function unknown(count: number, policy: object, params: object = {}) {
  clock = movingClock(NIGHT)
  runtime = await openRuntime({ surroundings: clock })
  runtime.sandbox!.setFault('aws-sns', 'reset-before', count)
  const settings = sandboxServices['aws-sns']
  const open = { name: 'SNS', provider: 'aws-sns', settings, policy: { testMode: false } } as const
  const service = runtime.services.create(open).id
  const recipients = Array.from({ length: count }, (_, index) => ({
    kind: 'member' as const,
    id: addMember(runtime, `Person ${index}`, `+1212555${1_000 + index}`),
  }))
  const graph = smsGraph({ service, recipients, text: 'Pump 7', ports: ['sent', 'partly', 'failed'] })
  Object.assign(graph.nodes[1]!.params!, params)
  const { id } = await runtime.startRun({ graph: { ...graph, inputs: [] }, input: {}, trigger: 'library' })
  // a person can act once it is on the disk
  await expect.poll(async () => (await listed()).length, { timeout: 10_000 }).toBe(count)
  setPolicy(service, policy)
  return { id, service }
}

function setPolicy(service: string, policy: object): void {
  const { revision, name, settings } = runtime.services.get(service)
  runtime.services.update(service, { revision, name, settings, policy: { testMode: false, ...policy } })
}

async function restart(milliseconds: number): Promise<void> {
  await runtime.close()
  clock.advance(milliseconds)
  runtime = await openRuntime({ surroundings: clock, data: runtime.store.folder })
}

const again = (id: string, number = 0) => runtime.unknown.resolve(id, number, 'resend', 'She has nothing')

describe('a person who sends an unknown text again', () => {
  it.each([
    ['test mode', { testMode: true }, /test mode.*nothing was sent/],
    ['countries', { countries: ['DE'] }, /country.*nothing was sent/],
    ['quiet hours', night, /quiet hours.*nothing was sent/i],
    ['the daily cap', { dailyMessages: 1 }, /cap for the day.*nothing was sent/],
  ])('is told that %s keeps it, and it stays unknown', async (name, policy, message) => {
    const isCap = name === 'the daily cap'
    const { id, service } = await unknown(isCap ? 2 : 1, policy)
    if (isCap) await again(id, 1)
    const sent = texts().length
    await expect(again(id)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(message) as string,
      hint: expect.any(String) as string,
    })
    expect(texts()).toHaveLength(sent)
    expect((await messages(id))[0]).toMatchObject({ state: 'unknown', attempts: 1 })
    setPolicy(service, {})
    expect(await again(id)).toMatchObject({ state: 'accepted', attempts: 2 })
  })

  it('sends urgent ones in quiet hours', async () => {
    const { id } = await unknown(1, night, { urgent: true })
    expect(await again(id)).toMatchObject({ state: 'accepted' })
  })

  it('never passes the daily cap by one, also over a restart; a text that was not taken does not count', async () => {
    const { id } = await unknown(20, { dailyMessages: 7 })
    runtime.sandbox!.setFault('aws-sns', 'throttle', 1)
    expect(await again(id)).toMatchObject({ state: 'unknown' })
    const results = await Promise.allSettled(Array.from({ length: 10 }, (_, number) => again(id, number)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(7)
    await runtime.close()
    const { folder } = runtime.store
    runtime = await openRuntime({ surroundings: clock, data: folder })
    await expect(again(id, 19)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect((await states(id)).filter((state) => state === 'accepted')).toHaveLength(7)
  })

  it('keeps the pace of the service', async () => {
    const { id } = await unknown(9, { ratePerSecond: 10, burst: 2 })
    const began = performance.now()
    await Promise.all(Array.from({ length: 9 }, (_, number) => again(id, number)))
    expect(performance.now() - began).toBeGreaterThanOrEqual(690) // two at once, then one each 100 ms
    expect(texts()).toHaveLength(9)
  })

  it('counts those that the policy kept as still unknown when failed ones are retried', async () => {
    const { id } = await unknown(3, { dailyMessages: 2 })
    await expect.poll(async () => (await runtime.getRun(id))!.finished).not.toBeNull()
    expect(await runtime.retryFailed(id, 'sms', { unknown: true })).toEqual({
      ...{ retried: 0, resent: 2, trying: 0, unknown: 1 },
    })
    expect(texts()).toHaveLength(2)
  })

  it('gets an answer before a slow service has had all of them, and asking again sends none twice', async () => {
    const { id } = await unknown(3, { ratePerSecond: 0.02 }) // one, and the next after 50 s
    await expect.poll(async () => (await runtime.getRun(id))!.finished).not.toBeNull()
    const answer = await runtime.retryFailed(id, 'sms', { unknown: true })
    expect(answer.trying).toBeGreaterThanOrEqual(2)
    expect(answer.resent + answer.trying).toBe(3)
    await expect.poll(() => states(id), { timeout: 10_000 }).toEqual(['accepted', 'unknown', 'unknown'])
    const again = { retried: 0, resent: 0, trying: 2, unknown: 0 }
    expect(await runtime.retryFailed(id, 'sms', { unknown: true })).toEqual(again)
    await restart(60_000)
    // nobody has asked for it since the server ended
    expect(await states(id)).toEqual(['accepted', 'unknown', 'unknown'])
    expect(texts()).toHaveLength(1)
  })

  it('gets an answer where the server ends meanwhile', async () => {
    const { id } = await unknown(2, { ratePerSecond: 0.02 })
    await expect.poll(async () => (await runtime.getRun(id))!.finished).not.toBeNull()
    const answer = runtime.retryFailed(id, 'sms', { unknown: true })
    await expect.poll(texts, { timeout: 10_000 }).toHaveLength(1)
    await restart(0)
    expect(await answer).toMatchObject({ trying: 1 })
  })
})

describe('the policy "may send twice"', () => {
  it('says beforehand that and when it sends again, and no other policy does', async () => {
    await unknown(1, {}, { onUnknown: 'resend' })
    await expect.poll(async () => (await listed())[0]?.sendsAgain).toBe(true)
    expect(await listed()).toMatchObject([{ phase: 'waiting', nextAttempt: null }])
    await restart(10_000)
    await expect.poll(async () => (await listed())[0]?.phase).toBe('final')
    const [{ since, nextAttempt } = {}] = await listed()
    expect(Date.parse(nextAttempt!)).toBeGreaterThan(Date.parse(since!) + 60_000)
    await runtime.close()

    await unknown(1, {})
    expect(await listed()).toMatchObject([{ phase: 'waiting', sendsAgain: false, nextAttempt: null }])
    await restart(10_000)
    await expect.poll(async () => (await listed())[0]?.phase).toBe('final')
    expect(await listed()).toMatchObject([{ sendsAgain: false, nextAttempt: null }])
  })

  it('waits for the end of quiet hours, over restarts too', async () => {
    const { id } = await unknown(1, night, { onUnknown: 'resend' })
    await restart(200_000)
    await expect.poll(async () => (await listed())[0]?.nextAttempt?.slice(0, 16)).toBe(MORNING)
    expect(await held()).toEqual(['quiet-hours'])
    await restart(60_000)
    await expect.poll(async () => (await runtime.getRun(id))!.status).toBe('running')
    expect(await states(id)).toEqual(['unknown'])
    expect(texts()).toEqual([])
    await restart(5 * 3_600_000)
    await expect.poll(async () => (await runtime.getRun(id))!.status).toBe('done')
    expect(await messages(id)).toMatchObject([{ state: 'accepted', attempts: 2 }])
    expect(texts()).toHaveLength(1)
  })

  it.each([
    ['test-mode', { testMode: true }],
    ['country-not-allowed', { countries: ['DE'] }],
    ['quiet-hours', { ...night, quietAction: 'skip' }],
    ['expired', { timeToLiveMinutes: 2 }],
  ])('leaves it unknown where %s keeps it, and says so', async (reason, policy) => {
    const { id } = await unknown(1, policy, { onUnknown: 'resend' })
    await restart(200_000)
    await expect.poll(async () => (await runtime.getRun(id))!.finished).not.toBeNull()
    expect(await states(id)).toEqual(['unknown'])
    expect(await listed()).toMatchObject([{ held: reason, sendsAgain: false, nextAttempt: null }])
    expect(texts()).toEqual([])
  })

  it('sends as many as the daily cap has room for', async () => {
    const { id } = await unknown(5, { dailyMessages: 3 }, { onUnknown: 'resend' })
    await restart(200_000)
    await expect.poll(async () => (await runtime.getRun(id))!.finished).not.toBeNull()
    expect((await states(id)).filter((state) => state === 'accepted')).toHaveLength(3)
    expect(await held()).toEqual(['daily-cap', 'daily-cap'])
    expect(texts()).toHaveLength(3)
  })
})

describe('a text that left with others in one request, and is sent again alone', () => {
  it('is looked up under its own id and on its own day', async () => {
    // the provider and its library go by the true time: the first attempt was a day ago
    clock = movingClock(new Date(Date.now() - DAY).toISOString())
    runtime = await openRuntime({ surroundings: clock })
    runtime.sandbox!.setFault('alibaba', 'reset-before', 1)
    const settings = { ...sandboxServices.alibaba, concurrency: 1 }
    const open = { name: 'Alibaba', provider: 'alibaba', settings, policy: { testMode: false } } as const
    const service = runtime.services.create(open).id
    const recipients = [1, 2, 3].map((index) => ({
      kind: 'member' as const,
      id: addMember(runtime, `Person ${index}`, `+8613800001${index}00`),
    }))
    const graph = smsGraph({ service, recipients, ports: ['sent', 'partly', 'failed'] })
    Object.assign(graph.nodes[1]!.params!, { templateCode: 'SMS_100005', variables: {} })
    const { id } = await runtime.startRun({ graph: { ...graph, inputs: [] }, input: {}, trigger: 'library' })
    // a person can act once it is on the disk
    await expect.poll(async () => (await listed()).length, { timeout: 10_000 }).toBe(3)
    expect(runtime.sandbox!.requests()).toMatchObject([{ action: 'SendSms' }])

    clock.advance(DAY)
    runtime.sandbox!.setFault('alibaba', 'reset-after', 1)
    expect(await again(id, 2)).toMatchObject({ state: 'unknown', attempts: 2 })
    expect(texts()).toHaveLength(1)
    await restart(6_000)
    await expect.poll(() => states(id)).toEqual(['unknown', 'unknown', 'accepted'])
  })
})

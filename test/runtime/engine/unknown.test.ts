import { afterEach, describe, expect, it } from 'vitest'
import type { LocalRuntime } from '../../../runtime/index.ts'
import type { SmsProviderName } from '../../../nodes/services/sms/settings.ts'
import { sandboxServices } from '../../../runtime/sandbox/accounts.ts'
import { smsGraph } from '../../support/graphs.ts'
import { movingClock } from '../../support/moving-clock.ts'
import { addMember, openRuntime } from '../../support/open-runtime.ts'

let runtime: LocalRuntime
afterEach(() => runtime.close())

const COUNT = 300
const templates = { alibaba: { templateCode: 'SMS_100005' }, twilio: {}, 'aws-sns': {} } as const

function service(provider: SmsProviderName): string {
  const policy = { testMode: false }
  return runtime.services.create({ name: provider, provider, settings: sandboxServices[provider], policy }).id
}

async function start(provider: SmsProviderName, params: object, people: number, ports: string[]) {
  const recipients = Array.from({ length: people }, (_, index) => ({
    kind: 'member' as const,
    id: addMember(runtime, `Person ${index}`, `+861380${String(1_000_000 + index)}`),
  }))
  const graph = smsGraph({ service: service(provider), recipients, text: 'Pump 7', ports })
  Object.assign(graph.nodes[1]!.params!, templates[provider], params)
  return runtime.startRun({ graph: { ...graph, inputs: [] }, input: {}, trigger: 'library' })
}
async function smsStep(runId: string) {
  return (await runtime.getRun(runId))!.steps.find(({ nodeId }) => nodeId === 'sms')!
}
async function states(runId: string) {
  const counts: Record<string, number> = {}
  for (const { state } of (await smsStep(runId)).messages!) counts[state] = (counts[state] ?? 0) + 1
  return counts
}

describe('hundreds of texts that were taken while their answers were lost', () => {
  it.each(['twilio', 'alibaba'] as const)(
    '%s knows them all within a minute, and none is sent twice',
    { timeout: 90_000 },
    async (provider) => {
      runtime = await openRuntime()
      runtime.sandbox!.setFault(provider, 'reset-after', COUNT)
      const { id, finished } = await start(provider, {}, COUNT, ['sent', 'partly', 'failed'])
      const ended = await finished
      expect(ended.steps[1]).toMatchObject({ port: 'partly', output: { counts: { unknown: COUNT } } })
      await expect.poll(() => states(id), { timeout: 60_000, interval: 500 }).toEqual({ accepted: COUNT })
      const sends = runtime.sandbox!.requests()
      const texted = sends.reduce((sum, { to }) => sum + to!.split(',').length, 0)
      expect(texted).toBe(COUNT)
      expect(await runtime.unknown.list({ limit: 10 })).toEqual([])
    },
  )

  it('SNS cannot be asked: they stay unknown, and are listed', { timeout: 60_000 }, async () => {
    runtime = await openRuntime()
    runtime.sandbox!.setFault('aws-sns', 'reset-after', 20)
    const { id, finished } = await start('aws-sns', {}, 20, ['sent', 'partly', 'failed'])
    await finished
    const phases = async () => (await runtime.unknown.list({ limit: 200 })).map(({ phase }) => phase)
    await expect.poll(phases, { timeout: 20_000 }).toEqual(Array.from({ length: 20 }, () => 'final'))
    expect(await states(id)).toEqual({ unknown: 20 })
    expect(runtime.sandbox!.requests()).toHaveLength(20)
  })
})

describe('what a step does where nobody knows', () => {
  it('takes its own port', async () => {
    runtime = await openRuntime()
    runtime.sandbox!.setFault('twilio', 'reset-after', 1)
    const ports = ['sent', 'uncertain', 'failed']
    const { finished } = await start('twilio', { onUnknown: 'uncertain' }, 2, ports)
    expect((await finished).steps[1]).toMatchObject({ port: 'uncertain' })
  })

  it(
    'may send twice: waits, and takes what the provider knows before it sends again',
    { timeout: 30_000 },
    async () => {
      runtime = await openRuntime()
      runtime.sandbox!.setFault('twilio', 'reset-after', 1)
      const { finished } = await start('twilio', { onUnknown: 'resend' }, 1, ['sent'])
      const ended = await finished
      expect(ended.steps[1]).toMatchObject({ port: 'sent', output: { counts: { accepted: 1 } } })
      expect(runtime.sandbox!.requests()).toHaveLength(1)
    },
  )

  it('may send twice: waits as long as a proof of absence takes where nobody can be asked', async () => {
    const clock = movingClock('2026-03-01T08:00:00Z')
    runtime = await openRuntime({ surroundings: clock })
    runtime.sandbox!.setFault('aws-sns', 'reset-before', 1)
    const { id } = await start('aws-sns', { onUnknown: 'resend' }, 1, ['sent'])
    await expect.poll(() => states(id)).toEqual({ unknown: 1 })
    const after = async (milliseconds: number) => {
      await runtime.close()
      clock.advance(milliseconds)
      runtime = await openRuntime({ surroundings: clock, data: runtime.store.folder })
    }
    await after(140_000)
    await expect.poll(async () => (await runtime.unknown.list({ limit: 1 }))[0]?.phase).toBe('final')
    expect(await states(id)).toEqual({ unknown: 1 })
    expect(runtime.sandbox!.requests()).toHaveLength(1)
    await after(15_000)
    await expect.poll(() => states(id)).toEqual({ accepted: 1 })
    expect((await smsStep(id)).messages).toMatchObject([{ attempts: 2 }])
    expect(runtime.sandbox!.requests()).toHaveLength(2)
  })

  it('goes on waiting after a restart', { timeout: 30_000 }, async () => {
    runtime = await openRuntime()
    runtime.sandbox!.setFault('twilio', 'reset-after', 1)
    const { id } = await start('twilio', { onUnknown: 'resend' }, 1, ['sent'])
    await expect.poll(() => states(id)).toEqual({ unknown: 1 })
    const { folder } = runtime.store
    await runtime.close()
    runtime = await openRuntime({ data: folder })
    await expect.poll(async () => (await runtime.getRun(id))!.status, { timeout: 20_000 }).toBe('done')
    expect(await smsStep(id)).toMatchObject({ port: 'sent', messages: [{ state: 'accepted', attempts: 1 }] })
    expect(runtime.sandbox!.requests()).toHaveLength(1)
  })
})

describe('what a person says about an unknown message', () => {
  async function unknown(provider: SmsProviderName = 'aws-sns') {
    runtime = await openRuntime()
    runtime.sandbox!.setFault(provider, 'reset-before', 1)
    const { id, finished } = await start(provider, {}, 1, ['sent', 'partly', 'failed'])
    await finished
    return id
  }

  it.each([
    ['accepted', 'accepted'],
    ['not-sent', 'rejected'],
  ] as const)('%s is kept with its note', async (as, state) => {
    const id = await unknown()
    expect(await runtime.unknown.resolve(id, 0, as, 'Asked her')).toMatchObject({ state })
    expect(await states(id)).toEqual({ [state]: 1 })
    expect(await runtime.unknown.list({ limit: 10 })).toEqual([])
    await expect(runtime.unknown.resolve(id, 0, as, '')).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('sends it again after the run has ended, once', async () => {
    const id = await unknown()
    const tries = [1, 2, 3].map(() => runtime.unknown.resolve(id, 0, 'resend', 'She has nothing'))
    const results = await Promise.allSettled(tries)
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect((await smsStep(id)).messages).toMatchObject([{ state: 'accepted', attempts: 2 }])
    expect(runtime.sandbox!.requests()).toHaveLength(2)
  })

  it('does not send again to somebody who opted out meanwhile', async () => {
    const id = await unknown()
    const phone = '+8613801000000'
    await runtime.optOuts.add({ serviceId: '', sender: '', phone, source: 'person', reason: 'x', since: 1 })
    await expect(runtime.unknown.resolve(id, 0, 'resend', '')).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(runtime.sandbox!.requests()).toHaveLength(1)
  })

  it('keeps a message unknown whose further attempt is refused: the first may have arrived', async () => {
    const id = await unknown()
    runtime.sandbox!.setFault('aws-sns', 'throttle', 1)
    expect(await runtime.unknown.resolve(id, 0, 'resend', '')).toMatchObject({
      state: 'unknown',
      attempts: 2,
    })
    expect(await runtime.unknown.list({ limit: 10 })).toMatchObject([{ phase: 'final' }])
  })
})

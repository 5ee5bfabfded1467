import { afterEach, describe, expect, it } from 'vitest'
import type { Run } from '../../../nodes/api/runs.ts'
import type { SandboxFault } from '../../../nodes/api/sandbox.ts'
import type { LocalRuntime } from '../../../runtime/index.ts'
import { sandboxServices } from '../../../runtime/sandbox/accounts.ts'
import { smsGraph } from '../../support/graphs.ts'
import { addMember, openRuntime } from '../../support/open-runtime.ts'

let runtime: LocalRuntime
afterEach(() => runtime.close())

function alibaba(settings: Record<string, unknown> = {}, policy: Record<string, unknown> = {}): string {
  return runtime.services.create({
    name: 'Batches',
    provider: 'alibaba',
    settings: { ...sandboxServices.alibaba, ...settings },
    policy: { firstDelaySeconds: 0.1, maxDelaySeconds: 0.1, ...policy },
  }).id
}

const mainland = (index: number) => `+861380000${String(index).padStart(4, '0')}`

async function run(service: string, count: number, phone = mainland, change: object = {}): Promise<Run> {
  runtime.directory.inTransaction(() => {
    for (let index = 0; index < count; index++) addMember(runtime, `Person ${index}`, phone(index))
  })
  const recipients = runtime.store.database
    .prepare('SELECT id FROM members ORDER BY id')
    .all()
    .map((row) => ({ kind: 'member' as const, id: row['id'] as string }))
  const graph = smsGraph({ service, recipients, ports: ['sent', 'partly', 'failed'] })
  Object.assign(graph.nodes[1]!.params!, {
    templateCode: 'SMS_100005',
    templateText: '',
    variables: {},
    maxRecipients: 10_000,
    ...change,
  })
  return (await runtime.startRun({ graph, input: { who: 'Ada' }, trigger: 'library' })).finished
}
const counts = (run: Run) => (run.steps[1]!.output as { counts: Record<string, number> }).counts
const requests = () => runtime.sandbox!.requests()
const phones = () => runtime.sandbox!.messages(20_000).map(({ to }) => to)

describe('a step with many people through Alibaba Cloud', () => {
  it('goes out in requests of a thousand, everybody once', async () => {
    runtime = await openRuntime()
    const ended = await run(alibaba({ concurrency: 4 }), 1_000)
    expect(counts(ended)).toMatchObject({ planned: 1_000, accepted: 1_000 })
    expect(requests()).toHaveLength(1)
    expect(new Set(phones()).size).toBe(1_000)
    expect(phones()).toHaveLength(1_000)
  })

  it('texts the others where the provider refuses all because of one, and says whose it was', async () => {
    runtime = await openRuntime()
    const service = alibaba({}, { maxAttempts: 4 })
    const code = { templateCode: 'SMS_100003', variables: { code: { kind: 'fixed', value: '1234' } } }
    // One code a minute to one number: who just had one makes the whole next request fail.
    expect(counts(await run(service, 1, () => mainland(57), code))).toMatchObject({ accepted: 1 })
    runtime.store.database.prepare('DELETE FROM members').run()
    const ended = await run(service, 400, mainland, code)
    expect(counts(ended)).toMatchObject({ planned: 400, accepted: 399, rejected: 1 })
    const refused = ended.steps[1]!.messages!.filter(({ state }) => state === 'rejected')
    expect(refused).toMatchObject([
      { phone: '+86****0057', error: { providerCode: 'isv.BUSINESS_LIMIT_CONTROL' } },
    ])
    expect(new Set(phones()).size).toBe(400)
    expect(phones()).toHaveLength(400)
    // 1 + 10 of 40 + 10 of 4 + 4 alone, and the one before
    expect(requests()).toHaveLength(26)
  })

  it.each<SandboxFault>(['reset-after', 'half-answer', 'reset-before'])(
    'calls all of a request unknown after %s, and sends none of it again',
    async (fault) => {
      runtime = await openRuntime()
      runtime.sandbox!.setFault('alibaba', fault, 1)
      const ended = await run(alibaba({ concurrency: 1 }), 1_000)
      expect(counts(ended)).toMatchObject({ unknown: 1_000, accepted: 0 })
      expect(requests().filter(({ action }) => action !== 'QuerySendDetails')).toHaveLength(1)
      expect(phones().length).toBe(fault === 'reset-before' ? 0 : 1_000)
    },
  )

  it('tries a throttled request again whole', async () => {
    runtime = await openRuntime()
    runtime.sandbox!.setFault('alibaba', 'throttle', 1)
    const ended = await run(alibaba(), 500)
    expect(counts(ended)).toMatchObject({ accepted: 500 })
    expect(requests().map(({ accepted }) => accepted)).toEqual([false, true])
    expect(phones()).toHaveLength(500)
  })

  it('keeps the daily cap to the message inside a request', async () => {
    runtime = await openRuntime()
    const ended = await run(alibaba({}, { dailyMessages: 123 }), 400)
    expect(counts(ended)).toMatchObject({ accepted: 123, suppressed: 277 })
    expect(phones()).toHaveLength(123)
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testSendRequest } from '../../../nodes/api/x-ray.ts'
import type { TestSendRequest } from '../../../nodes/api/x-ray.ts'
import type { LocalRuntime } from '../../../runtime/index.ts'
import { sampleTemplate } from '../../nodes/message-templates/sample-template.ts'
import { smsGraph } from '../../support/graphs.ts'
import { addMember, openRuntime, twilioService } from '../../support/open-runtime.ts'

let runtime: LocalRuntime
let graph: ReturnType<typeof smsGraph>

beforeAll(async () => {
  runtime = await openRuntime()
  const member = addMember(runtime, 'Ada', '+447700900001')
  graph = smsGraph({ service: twilioService(runtime), recipients: [{ kind: 'member', id: member }] })
})
afterAll(() => runtime.close())

async function send(more: Partial<TestSendRequest> = {}, key?: string) {
  const request = { graph, nodeId: 'sms', sample: { who: 'you' }, phone: '+447700900123', ...more }
  return (await runtime.testSend(testSendRequest.parse(request), key)).finished
}

describe('a test send', () => {
  test('texts one number, and nobody of the recipients', async () => {
    const run = await send()
    expect(run).toMatchObject({ status: 'done', trigger: 'test', functionName: 'sms-graph' })
    const [message] = run.steps.find(({ path }) => path === 'sms')!.messages!
    expect(message).toMatchObject({ phone: '+44****0123', state: 'accepted', attempts: 1 })
    expect(runtime.sandbox!.messages(10)).toMatchObject([{ to: '+447700900123', text: 'Hello you' }])
    runtime.sandbox!.clear()
  })

  test('is in the history, with a masked number', async () => {
    const run = await send()
    expect((await runtime.listRuns({ function: 'sms-graph', limit: 1 }))[0]).toMatchObject({
      trigger: 'test',
    })
    const stored = await runtime.getRun(run.id)
    expect(stored).toMatchObject({ input: { phone: '+44****0123' } })
    expect(JSON.stringify(stored)).not.toContain('7700900123')
  })

  test('lends its values to no X-ray and takes no key of a run', async () => {
    const x = await runtime.xRay({
      function: 'sms-graph',
      graph,
      nodeId: 'sms',
      sample: {},
      show: 'all',
      search: '',
      offset: 0,
      limit: 1,
    })
    expect(x.lastRun).toBeNull()
    const first = await send({}, 'key-1')
    expect((await send({}, 'key-1')).id).toBe(first.id)
    const request = { graph, input: { who: 'me' }, trigger: 'library', idempotencyKey: 'key-1' } as const
    const real = await runtime.startRun(request)
    expect([real.repeated, (await real.finished).trigger]).toEqual([false, 'library'])
  })

  test('keeps to the policy of the service', async () => {
    const service = twilioService(runtime, {}, { testMode: true, testNumbers: ['+447700900999'] })
    const held = smsGraph({ service, recipients: [], text: 'Hello' })
    const before = runtime.sandbox!.requests().length
    const run = await send({ graph: held })
    expect(run).toMatchObject({ status: 'failed', error: { code: 'NO_RECIPIENTS' } })
    expect(run.steps[1]!.messages).toMatchObject([{ state: 'suppressed', reason: 'test-mode' }])
    expect(runtime.sandbox!.requests().length).toBe(before)
    expect(await send({ graph: held, phone: '+447700900999' })).toMatchObject({ status: 'done' })
  })

  test('takes the samples of a message template for values that nobody knows', async () => {
    const template = runtime.templates.create(sampleTemplate({ bindings: {} }))
    const made = smsGraph({ service: twilioService(runtime), recipients: [], name: 'by-template' })
    const params = {
      service: made.nodes[1]!.params!['service' as never],
      template: template.id,
      variables: {
        device: { kind: 'variable', path: 'who' },
        reason: { kind: 'fixed', value: 'pressure' },
      },
    }
    runtime.sandbox!.clear()
    expect(await send({ graph: made, params, sample: {} })).toMatchObject({ status: 'done' })
    const device = template.placeholders.find(({ name }) => name === 'device')!.sample
    expect(device).not.toBe('')
    expect(runtime.sandbox!.messages(1)).toMatchObject([{ text: `${device} needs help: pressure` }])
  })

  test('sends no value that nobody knows', async () => {
    const before = runtime.sandbox!.requests().length
    const unknown = smsGraph({ service: twilioService(runtime), recipients: [], name: 'never-ran' })
    await expect(send({ graph: unknown, sample: {} })).rejects.toMatchObject({
      code: 'TEMPLATE_VARIABLE_MISSING',
      params: { name: 'who' },
    })
    await expect(send({ params: {} })).rejects.toMatchObject({ code: 'GRAPH_NOT_READY' })
    expect(testSendRequest.safeParse({ graph, nodeId: 'sms', phone: '07700' }).success).toBe(false)
    expect(runtime.sandbox!.requests().length).toBe(before)
  })
})

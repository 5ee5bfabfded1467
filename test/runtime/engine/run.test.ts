import { afterEach, describe, expect, it } from 'vitest'
import type { LocalRuntime } from '../../../runtime/index.ts'
import { smsGraph } from '../../support/graphs.ts'
import { addMember, openRuntime, twilioService } from '../../support/open-runtime.ts'

let runtime: LocalRuntime
afterEach(() => runtime.close())

async function run(graph: object, input: Record<string, string> = { who: 'Ada' }) {
  return (await runtime.startRun({ graph, input, trigger: 'library' })).finished
}
const texts = () => runtime.sandbox!.messages(1_000).map(({ to, text }) => `${to} ${text}`)
const member = (id: string) => ({ kind: 'member' as const, id })

describe('a run that texts people', () => {
  it('texts each selected person once and reports each of them', async () => {
    runtime = await openRuntime()
    const service = twilioService(runtime)
    const ada = addMember(runtime, 'Ada', '+12025550101')
    const bo = addMember(runtime, 'Bo', '+12025550102')
    const ended = await run(smsGraph({ service, recipients: [member(ada), member(bo), member(ada)] }))
    expect(ended).toMatchObject({ status: 'done', output: 2, error: null })
    expect(texts().sort()).toEqual(['+12025550101 Hello Ada', '+12025550102 Hello Ada'])
    const step = ended.steps.find(({ nodeId }) => nodeId === 'sms')!
    expect(step.port).toBe('sent')
    expect(step.messages).toMatchObject([
      { name: 'Ada', phone: '+12****0101', state: 'accepted', attempts: 1 },
      { name: 'Bo', phone: '+12****0102', state: 'accepted', attempts: 1 },
    ])
  })

  it('finds its people by a value, also numbers of nobody, and never shows a number', async () => {
    runtime = await openRuntime()
    const service = twilioService(runtime)
    const ada = addMember(runtime, 'Ada', '+12025550101')
    const graph = smsGraph({
      service,
      recipients: [{ kind: 'value', value: { kind: 'variable', path: 'who' } }],
      text: 'Hello',
    })
    Object.assign(graph.inputs[0]!, { type: 'list' })
    const { finished } = await runtime.startRun({
      graph,
      input: { who: ['(202) 555-0199', '+12025550101', { kind: 'member', id: ada }, 7] },
      trigger: 'library',
    })
    const [, step] = (await finished).steps
    expect(step!.messages!.map(({ name, phone, reason }) => [name, phone, reason])).toEqual([
      ['', '+12****0199', undefined],
      ['Ada', '+12****0101', undefined],
      ['', '', 'not-a-recipient'],
    ])
    expect(step!.messages![0]!.memberId).toMatch(/^phone:[0-9a-f]{16}$/)
    expect(texts().sort()).toEqual(['+12025550101 Hello', '+12025550199 Hello'])
  })

  it('texts nobody where more people are found than the node allows', async () => {
    runtime = await openRuntime()
    const service = twilioService(runtime)
    const people = [addMember(runtime, 'Ada', '+12025550101'), addMember(runtime, 'Bo', '+12025550102')]
    const graph = smsGraph({ service, recipients: people.map(member) })
    Object.assign(graph.nodes[1]!.params!, { maxRecipients: 1 })
    const ended = await run(graph)
    expect(ended).toMatchObject({
      status: 'failed',
      error: { code: 'TOO_MANY_RECIPIENTS', params: { count: 2, limit: 1 } },
    })
    expect(texts()).toEqual([])
  })

  it('lists people it cannot text with the reason and texts the rest', async () => {
    runtime = await openRuntime()
    const service = twilioService(runtime)
    const people = [
      addMember(runtime, 'Ada', '+12025550101'),
      addMember(runtime, 'No phone', ''),
      addMember(runtime, 'Bad number', '12'),
      addMember(runtime, 'Gone', '+12025550104', { status: 'resigned' }),
      addMember(runtime, 'Shares', '+12025550101'),
    ]
    const ended = await run(smsGraph({ service, recipients: people.map(member) }))
    expect(ended.steps[1]!.messages!.map(({ state, reason }) => reason ?? state)).toEqual([
      'accepted',
      'no-phone',
      'phone-too-short',
      'resigned',
      'same-number',
    ])
    expect(ended.steps[1]!.output).toMatchObject({ counts: { planned: 5, accepted: 1, suppressed: 4 } })
    expect(texts()).toEqual(['+12025550101 Hello Ada'])
  })

  it('ends with the provider’s code, its meaning and the remedy where the provider refuses', async () => {
    runtime = await openRuntime()
    const service = twilioService(runtime, { authToken: 'not the token' })
    const ada = addMember(runtime, 'Ada', '+12025550101')
    const ended = await run(smsGraph({ service, recipients: [member(ada)] }))
    expect(ended.status).toBe('failed')
    expect(ended.error).toMatchObject({
      code: 'SMS_REJECTED',
      provider: 'twilio',
      providerCode: '20003',
      nodeId: 'sms',
    })
    expect(ended.error!.hint).toMatch(/token/i)
    expect(runtime.sandbox!.requests()).toHaveLength(1)
  })

  it('takes the failed port instead where something is connected to it', async () => {
    runtime = await openRuntime()
    const service = twilioService(runtime, { authToken: 'not the token' })
    const ada = addMember(runtime, 'Ada', '+12025550101')
    const ended = await run(smsGraph({ service, recipients: [member(ada)], ports: ['sent', 'failed'] }))
    expect(ended).toMatchObject({ status: 'done', output: 0 })
  })

  it('does not let one refusal stop the others, and goes on by "sent" where "partly" leads nowhere', async () => {
    runtime = await openRuntime()
    const service = twilioService(runtime)
    const people = [
      addMember(runtime, 'Ada', '+12025550101'),
      addMember(runtime, 'Unreachable by Twilio’s rules', '+15005550001'),
    ]
    const ended = await run(smsGraph({ service, recipients: people.map(member) }))
    expect(ended).toMatchObject({ status: 'done', output: 1 })
    expect(ended.steps[1]).toMatchObject({ port: 'partly' })
    expect(ended.steps[1]!.messages).toMatchObject([
      { state: 'accepted' },
      { state: 'rejected', error: { providerCode: '21211', about: 'recipient' } },
    ])
  })

  it('tries again after a throttled attempt, with one wire request per attempt', async () => {
    runtime = await openRuntime()
    const service = twilioService(runtime)
    const ada = addMember(runtime, 'Ada', '+12025550101')
    runtime.sandbox!.setFault('twilio', 'throttle', 1)
    const ended = await run(smsGraph({ service, recipients: [member(ada)] }))
    expect(ended.steps[1]!.messages).toMatchObject([{ state: 'accepted', attempts: 2 }])
    expect(runtime.sandbox!.requests().map(({ accepted }) => accepted)).toEqual([false, true])
  })

  it.each(['reset-before', 'reset-after', 'half-answer', 'garbage', 'server-error'] as const)(
    'calls the outcome unknown and does not send again after %s',
    async (fault) => {
      runtime = await openRuntime()
      const service = twilioService(runtime)
      const ada = addMember(runtime, 'Ada', '+12025550101')
      runtime.sandbox!.setFault('twilio', fault, 1)
      const ended = await run(smsGraph({ service, recipients: [member(ada)] }))
      expect(ended.steps[1]).toMatchObject({
        port: 'partly',
        output: { counts: { unknown: 1, accepted: 0 } },
      })
      expect(ended.steps[1]!.messages).toMatchObject([
        { state: 'unknown', attempts: 1, error: { code: 'SMS_OUTCOME_UNKNOWN' } },
      ])
      expect(runtime.sandbox!.requests()).toHaveLength(1)
    },
  )

  it('says what to do where the service points to a sandbox that is off', async () => {
    runtime = await openRuntime({ sandbox: false })
    const service = twilioService(runtime)
    const ada = addMember(runtime, 'Ada', '+12025550101')
    const ended = await run(smsGraph({ service, recipients: [member(ada)] }))
    expect(ended).toMatchObject({ status: 'failed', error: { providerCode: 'SANDBOX_OFF' } })
    expect(ended.error!.hint).toMatch(/sandbox/i)
  })

  it('fails clearly where the recipients name nobody who can be texted', async () => {
    runtime = await openRuntime()
    const service = twilioService(runtime)
    const gone = addMember(runtime, 'Gone', '+12025550104', { status: 'resigned' })
    const ended = await run(smsGraph({ service, recipients: [member(gone)] }))
    expect(ended).toMatchObject({ status: 'failed', error: { code: 'NO_RECIPIENTS' } })
  })
})

describe('starting a run', () => {
  it('refuses a graph that is not ready and names the place', async () => {
    runtime = await openRuntime()
    const graph = smsGraph({ service: 'nobody-knows', recipients: [] })
    await expect(
      runtime.startRun({ graph, input: { who: 'Ada' }, trigger: 'library' }),
    ).rejects.toMatchObject({
      code: 'GRAPH_NOT_READY',
      fields: expect.arrayContaining([expect.objectContaining({ path: 'nodes/sms/recipients' })]),
    })
  })

  it('refuses input that is missing, unknown or of another type, all at once', async () => {
    runtime = await openRuntime()
    const service = twilioService(runtime)
    const graph = {
      ...smsGraph({ service, recipients: [member(addMember(runtime, 'Ada', '+12025550101'))] }),
      inputs: [
        { name: 'who', type: 'text', required: true },
        { name: 'count', type: 'number' },
      ],
    }
    const start = runtime.startRun({ graph, input: { count: 'three', colour: 'red' }, trigger: 'library' })
    await expect(start).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      fields: [{ path: 'who' }, { path: 'count' }, { path: 'colour' }],
    })
    expect(await runtime.listRuns({ limit: 10 })).toEqual([])
  })

  it('makes one run of many simultaneous requests with one idempotency key', async () => {
    runtime = await openRuntime()
    const service = twilioService(runtime)
    const graph = smsGraph({ service, recipients: [member(addMember(runtime, 'Ada', '+12025550101'))] })
    const request = { graph, input: { who: 'Ada' }, trigger: 'library' as const, idempotencyKey: 'order-7' }
    const handles = await Promise.all(Array.from({ length: 200 }, () => runtime.startRun(request)))
    await Promise.all(handles.map(({ finished }) => finished))
    expect(new Set(handles.map(({ id }) => id)).size).toBe(1)
    expect(handles.filter(({ repeated }) => !repeated)).toHaveLength(1)
    expect(texts()).toHaveLength(1)
    const later = await runtime.startRun(request)
    expect(later).toMatchObject({ id: handles[0]!.id, repeated: true })
    expect((await later.finished).status).toBe('done')
    await expect(runtime.startRun({ ...request, input: { who: 'Bo' } })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
    })
  })
})

describe('a run and its watchers', () => {
  it('streams steps and messages as they happen, then the end', async () => {
    runtime = await openRuntime()
    const service = twilioService(runtime)
    const graph = smsGraph({ service, recipients: [member(addMember(runtime, 'Ada', '+12025550101'))] })
    runtime.sandbox!.setFault('twilio', 'delay', 1)
    const { id, finished } = await runtime.startRun({ graph, input: { who: 'Ada' }, trigger: 'page' })
    const events: string[] = []
    await runtime.watchRun(id, (event) => {
      events.push(event.type === 'message' ? `message ${event.message.state}` : event.type)
    })
    await finished
    expect(events[0]).toBe('snapshot')
    expect(events).toContain('message accepted')
    expect(events.at(-1)).toBe('finished')
  })

  it('cancels: nothing further is sent, what was on its way is recorded', async () => {
    runtime = await openRuntime()
    const service = twilioService(runtime, { concurrency: 1 })
    const people = Array.from({ length: 5 }, (_, index) =>
      addMember(runtime, `Person ${index}`, `+1202555010${index}`),
    )
    const graph = smsGraph({ service, recipients: people.map(member) })
    runtime.sandbox!.setFault('twilio', 'delay', 1)
    const { id, finished } = await runtime.startRun({ graph, input: { who: 'Ada' }, trigger: 'page' })
    await expect.poll(() => runtime.sandbox!.requests().length).toBe(1)
    await runtime.cancelRun(id)
    const ended = await finished
    expect(ended.status).toBe('cancelled')
    const states = ended.steps[1]!.messages!.map(({ state }) => state)
    expect(states).toEqual(['accepted', 'cancelled', 'cancelled', 'cancelled', 'cancelled'])
    expect(texts()).toHaveLength(1)
  })
})

describe('closing and opening again', () => {
  it('goes on with a run that waited, without texting anybody twice', async () => {
    runtime = await openRuntime()
    const { folder } = runtime.store
    const service = twilioService(runtime, { concurrency: 1 })
    const people = Array.from({ length: 4 }, (_, index) =>
      addMember(runtime, `Person ${index}`, `+1202555010${index}`),
    )
    runtime.sandbox!.setFault('twilio', 'delay', 1)
    const graph = smsGraph({ service, recipients: people.map(member) })
    const { id } = await runtime.startRun({ graph, input: { who: 'Ada' }, trigger: 'library' })
    await runtime.close()
    runtime = await openRuntime({ data: folder })
    const ended = new Promise((resolve) => {
      void runtime.watchRun(id, (event) => event.type === 'finished' && resolve(event.run))
    })
    expect(await ended).toMatchObject({ status: 'done', output: 4 })
    expect(texts()).toHaveLength(4)
  })

  it('refuses a second process on the same data folder', async () => {
    runtime = await openRuntime()
    await expect(openRuntime({ data: runtime.store.folder })).rejects.toMatchObject({ code: 'STORE_LOCKED' })
  })
})

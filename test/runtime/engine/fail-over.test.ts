import { afterEach, describe, expect, it } from 'vitest'
import type { Run } from '../../../nodes/api/runs.ts'
import type { SandboxFault } from '../../../nodes/api/sandbox.ts'
import type { LocalRuntime } from '../../../runtime/index.ts'
import { sandboxServices } from '../../../runtime/sandbox/accounts.ts'
import { smsGraph } from '../../support/graphs.ts'
import { addMember, openRuntime, twilioService } from '../../support/open-runtime.ts'

let runtime: LocalRuntime
afterEach(() => runtime.close())

/** Twilio, and SNS that takes over from it. */
function services(settings: Record<string, unknown> = {}, policy: Record<string, unknown> = {}) {
  const second = runtime.services.create({
    name: 'Second',
    provider: 'aws-sns',
    settings: { ...sandboxServices['aws-sns'] },
  }).id
  const first = twilioService(runtime, settings, {
    fallback: second,
    firstDelaySeconds: 0.1,
    maxDelaySeconds: 0.1,
    ...policy,
  })
  return { first, second }
}

async function run(service: string, phone = '+12025550101', change: object = {}): Promise<Run> {
  const recipients = [{ kind: 'member' as const, id: addMember(runtime, `Person ${phone}`, phone) }]
  const graph = smsGraph({ service, recipients, ports: ['sent', 'partly', 'failed'] })
  Object.assign(graph.nodes[1]!.params!, change)
  return (await runtime.startRun({ graph, input: { who: 'Ada' }, trigger: 'library' })).finished
}
const message = (run: Run) => run.steps[1]!.messages![0]!
const taken = () =>
  runtime
    .sandbox!.requests()
    .filter(({ accepted }) => accepted)
    .map(({ provider }) => provider)

describe('another service takes over', () => {
  it('where the credentials of the first are refused', async () => {
    runtime = await openRuntime()
    const { first } = services({ authToken: 'not the token' })
    expect(message(await run(first))).toMatchObject({ state: 'accepted', attempts: 2 })
    expect(taken()).toEqual(['aws-sns'])
  })

  it('where the first was throttled out of its attempts', async () => {
    runtime = await openRuntime()
    const { first } = services({}, { maxAttempts: 2 })
    runtime.sandbox!.setFault('twilio', 'throttle', 10)
    expect(message(await run(first))).toMatchObject({ state: 'accepted', attempts: 3 })
    expect(taken()).toEqual(['aws-sns'])
  })

  it('where nothing listens at the address of the first', async () => {
    runtime = await openRuntime()
    const { first } = services({ endpoint: 'http://127.0.0.1:9' }, { maxAttempts: 1 })
    expect(message(await run(first))).toMatchObject({ state: 'accepted' })
    expect(taken()).toEqual(['aws-sns'])
  })

  it('with attempts of its own', async () => {
    runtime = await openRuntime()
    const { first, second } = services({ authToken: 'not the token' })
    const { revision, name, settings } = runtime.services.get(second)
    const policy = { firstDelaySeconds: 0.1, maxDelaySeconds: 0.1, maxAttempts: 2 }
    runtime.services.update(second, { revision, name, settings, policy })
    runtime.sandbox!.setFault('aws-sns', 'throttle', 1)
    expect(message(await run(first))).toMatchObject({ state: 'accepted', attempts: 3 })
  })
})

describe('no other service takes over', () => {
  it.each<SandboxFault>(['reset-after', 'reset-before', 'half-answer', 'garbage', 'server-error'])(
    'where nobody can tell whether the first took it: %s',
    async (fault) => {
      runtime = await openRuntime()
      const { first } = services()
      runtime.sandbox!.setFault('twilio', fault, 1)
      expect(message(await run(first))).toMatchObject({ state: 'unknown', attempts: 1 })
      expect(runtime.sandbox!.requests().map(({ provider }) => provider)).toEqual(['twilio'])
    },
  )

  it.each([
    ['a number that does not exist', '+15005550001'],
    ['a person who opted out at the provider', '+15005550004'],
  ])('for %s', async (_, phone) => {
    runtime = await openRuntime()
    const { first } = services()
    expect(message(await run(first, phone))).toMatchObject({ state: 'rejected', attempts: 1 })
    expect(runtime.sandbox!.requests().map(({ provider }) => provider)).toEqual(['twilio'])
  })

  it('that wants a template, where the step has a text only: the message says so', async () => {
    runtime = await openRuntime()
    const alibaba = runtime.services.create({
      name: 'Templates',
      provider: 'alibaba',
      settings: { ...sandboxServices.alibaba },
    }).id
    const { first } = services({ authToken: 'not the token' }, { fallback: alibaba })
    expect(message(await run(first))).toMatchObject({
      state: 'rejected',
      error: { providerCode: '20003', failOver: 'no-template' },
    })
  })

  it('but it does where the step has both', async () => {
    runtime = await openRuntime()
    const alibaba = runtime.services.create({
      name: 'Templates',
      provider: 'alibaba',
      settings: { ...sandboxServices.alibaba },
    }).id
    const { first } = services({ authToken: 'not the token' }, { fallback: alibaba })
    const ended = await run(first, '+8613800138000', {
      templateCode: 'SMS_100001',
      variables: Object.fromEntries(
        ['who', 'device', 'text'].map((name) => [name, { kind: 'fixed', value: 'Pump' }]),
      ),
    })
    expect(message(ended).error ?? message(ended).state).toBe('accepted')
    expect(taken()).toEqual(['alibaba'])
  })
})

it('records which service each attempt went to', async () => {
  runtime = await openRuntime()
  const { first, second } = services({ authToken: 'not the token' })
  const ended = await run(first)
  const { database } = runtime.store
  expect(database.prepare('SELECT attempt, outcome, service_id FROM attempt').all()).toMatchObject([
    { attempt: 1, outcome: 'rejected', service_id: first },
  ])
  expect(database.prepare('SELECT service_id FROM message WHERE run_id = ?').get(ended.id)).toMatchObject({
    service_id: second,
  })
})

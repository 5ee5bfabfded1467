import { afterEach, expect, it } from 'vitest'
import type { SandboxFault } from '../../nodes/api/sandbox.ts'
import { smsProviderNames } from '../../nodes/services/sms/settings.ts'
import type { SmsProviderName } from '../../nodes/services/sms/settings.ts'
import type { LocalRuntime } from '../../runtime/index.ts'
import { sandboxServices } from '../../runtime/sandbox/accounts.ts'
import type { Sandbox } from '../../runtime/sandbox/sandbox.ts'
import { smsGraph } from '../support/graphs.ts'
import { addMember, openRuntime } from '../support/open-runtime.ts'
import { report, size } from './size.ts'
import { countStates, messagesOf, startTruth, takenTexts } from './truth.ts'

let runtime: LocalRuntime
let sandbox: Sandbox
afterEach(async () => {
  await runtime.close()
  await sandbox.close()
})

const phoneOf = (index: number) => `+1202${String(5_550_000 + index)}`

async function open(decide: (to: string) => SandboxFault): Promise<void> {
  sandbox = await startTruth({ decide: ({ to }) => decide(to!) })
  runtime = await openRuntime({ sandbox: false })
}

/** A function that texts these members through a provider of the emulators. */
function addFunction(
  name: string,
  provider: SmsProviderName,
  ids: readonly string[],
  policy = {},
  concurrency = 50,
): void {
  const service = runtime.services.create({
    name,
    provider,
    settings: { ...sandboxServices[provider], endpoint: sandbox.url, concurrency },
    policy: { testMode: false, ...policy },
  }).id
  const recipients = ids.map((id) => ({ kind: 'member' as const, id }))
  const graph = smsGraph({ service, recipients, name, text: 'Hello', ports: ['sent', 'partly', 'failed'] })
  const node = graph.nodes[1]!
  if (provider === 'alibaba') {
    node.params = {
      ...node.params,
      templateCode: 'SMS_100001',
      variables: { device: { kind: 'fixed', value: 'Pump' }, text: { kind: 'fixed', value: 'hot' } },
    }
  }
  runtime.functions.create({ title: name, name, graph })
}

const addPeople = (count: number) =>
  Array.from({ length: count }, (_, index) => addMember(runtime, `Person ${index}`, phoneOf(index)))

it.each(smsProviderNames)(
  'sends nothing twice where %s takes a text and the answer is lost',
  async (provider) => {
    const count = size(60, 1_000)
    await open(() => 'reset-after')
    addFunction('lost', provider, addPeople(count))
    const run = await runtime.run('lost', { who: 'you' })
    const states = countStates(messagesOf(run))
    report(`answer lost, ${provider}`, { wireRequests: sandbox.requests().length, states })
    expect(states).toEqual({ unknown: count })
    const taken = [...takenTexts(sandbox).values()]
    expect(taken).toHaveLength(count)
    expect(Math.max(...taken)).toBe(1)
  },
)

it(
  'gives up after five attempts in a storm of refusals, loses nobody, and harms no other provider',
  { timeout: 120_000 },
  async () => {
    const count = size(100, 1_000)
    let seed = 20_261_125
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
    sandbox = await startTruth({
      decide: ({ provider }) => (provider === 'twilio' && random() < 0.9 ? 'throttle' : 'none'),
    })
    runtime = await openRuntime({ sandbox: false })
    const people = addPeople(count)
    const quick = { firstDelaySeconds: 0.5, maxDelaySeconds: 1 }
    addFunction('storm', 'twilio', people, quick)
    addFunction('calm', 'aws-sns', people)
    const [storm, calm] = await Promise.all([
      runtime.run('storm', { who: 'you' }),
      runtime.run('calm', { who: 'you' }),
    ])

    const attempts = new Map<string, number>()
    for (const { provider, to } of sandbox.requests()) {
      if (provider === 'twilio') attempts.set(to!, (attempts.get(to!) ?? 0) + 1)
    }
    const states = countStates(messagesOf(storm))
    report('storm of refusals', {
      people: count,
      requests: [...attempts.values()].reduce((a, b) => a + b),
      states,
    })
    expect(Math.max(...attempts.values())).toBe(5)
    expect(attempts.size).toBe(count)
    expect(Object.keys(states).sort()).toEqual(['accepted', 'rejected'])
    for (const { state, attempts: made } of messagesOf(storm)) if (state === 'rejected') expect(made).toBe(5)
    expect(countStates(messagesOf(calm))).toEqual({ accepted: count })
    // The calm provider's run was over while the storm went on.
    expect(Date.parse(calm.finished!)).toBeLessThan(Date.parse(storm.finished!))
  },
)

it(
  'keeps exact account of a thousand people of whom some cannot be texted, refuse, or stay uncertain',
  { timeout: 120_000 },
  async () => {
    const fates = { refused: 70, uncertain: 30, sameNumber: 50, noNumber: 20 }
    const fateOf = new Map<string, SandboxFault>()
    await open((to) => fateOf.get(to) ?? 'none')
    const ids: string[] = []
    for (let index = 0; index < 1_000; index++) {
      const isUncertain = index >= 100 && index < 100 + fates.uncertain
      const isDouble = index >= 200 && index < 200 + fates.sameNumber
      const hasNone = index >= 300 && index < 300 + fates.noNumber
      const phone = hasNone ? '' : phoneOf(isDouble ? index + 400 : index)
      if (isUncertain) fateOf.set(phone, 'reset-after')
      ids.push(addMember(runtime, `Person ${index}`, phone))
    }
    const refused = new Set(Array.from({ length: fates.refused }, (_, index) => phoneOf(index)))
    for (const phone of refused) fateOf.set(phone, 'throttle')
    addFunction('all', 'aws-sns', ids, { maxAttempts: 1 })
    const run = await runtime.run('all', { who: 'you' })

    const messages = messagesOf(run)
    const counts = countStates(messages)
    report('a thousand people', { ...counts, requests: sandbox.requests().length })
    expect(counts).toEqual({
      accepted: 1_000 - fates.refused - fates.uncertain - fates.sameNumber - fates.noNumber,
      rejected: fates.refused,
      unknown: fates.uncertain,
      suppressed: fates.sameNumber + fates.noNumber,
    })
    const reasons = messages.filter(({ state }) => state === 'suppressed').map(({ reason }) => reason)
    expect(reasons.filter((reason) => reason === 'same-number')).toHaveLength(fates.sameNumber)
    expect(reasons.filter((reason) => reason === 'no-phone')).toHaveLength(fates.noNumber)
    expect(sandbox.requests()).toHaveLength(1_000 - fates.sameNumber - fates.noNumber)
    expect(Math.max(...takenTexts(sandbox).values())).toBe(1)
  },
)

it(
  'answers quickly while hundreds of requests hang, and ends each within its deadline',
  { timeout: 120_000 },
  async () => {
    const count = size(100, 500)
    await open(() => 'silent')
    addFunction('silent', 'twilio', addPeople(count), {}, size(50, count))
    const started = performance.now()
    const over = runtime.run('silent', { who: 'you' })
    const pausesMs: number[] = []
    let last = performance.now()
    const beat = setInterval(() => {
      pausesMs.push(performance.now() - last - 20)
      last = performance.now()
    }, 20)
    const run = await over
    clearInterval(beat)
    const tookMs = Math.round(performance.now() - started)
    const states = countStates(messagesOf(run))
    const slow = pausesMs.sort((a, b) => b - a)[Math.floor(pausesMs.length / 100)]!
    report('silence', {
      ...{ requests: sandbox.requests().length, states, tookMs },
      ...{ worstPauseMs: Math.round(pausesMs[0]!), slowest1In100Ms: Math.round(slow) },
    })
    expect(slow).toBeLessThan(100)
    expect(states).toEqual({ unknown: count })
    expect(sandbox.requests()).toHaveLength(count)
  },
)

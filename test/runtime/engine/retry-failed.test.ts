import { afterEach, describe, expect, it } from 'vitest'
import type { Run, RunEvent } from '../../../nodes/api/runs.ts'
import type { LocalRuntime } from '../../../runtime/index.ts'
import { startSandbox } from '../../../runtime/sandbox/start-sandbox.ts'
import type { Sandbox } from '../../../runtime/sandbox/sandbox.ts'
import { smsGraph } from '../../support/graphs.ts'
import { movingClock } from '../../support/moving-clock.ts'
import { addMember, openRuntime, twilioService } from '../../support/open-runtime.ts'

let runtime: LocalRuntime
let sandbox: Sandbox | undefined
afterEach(async () => {
  await runtime.close()
  await sandbox?.close()
  sandbox = undefined
})

const REFUSED = '+15005550001'

async function run(service: string, phones: string[]): Promise<Run> {
  const recipients = phones.map((phone, index) => ({
    kind: 'member' as const,
    id: addMember(runtime, `Person ${index}`, phone),
  }))
  const graph = smsGraph({ service, recipients, ports: ['sent', 'partly', 'failed'] })
  return (await runtime.startRun({ graph, input: { who: 'Ada' }, trigger: 'library' })).finished
}

const states = (run: Run) => run.steps[1]!.messages!.map(({ state, attempts }) => `${state} ${attempts}`)
const statesOf = async (id: string) => states((await runtime.getRun(id))!)
const change = (id: string, to: { settings?: object; policy?: Record<string, unknown> }) => {
  const { revision, name, settings } = runtime.services.get(id)
  runtime.services.update(id, {
    revision,
    name,
    settings: { ...settings, ...to.settings },
    ...(to.policy && { policy: { testMode: false, ...to.policy } }),
  })
}
const once = { maxAttempts: 1, firstDelaySeconds: 0.1, maxDelaySeconds: 0.1 }

describe('retry failed', () => {
  it('sends again what was throttled, and leaves the rest alone', async () => {
    runtime = await openRuntime()
    const service = twilioService(runtime, { concurrency: 1 }, once)
    runtime.sandbox!.setFault('twilio', 'throttle', 1)
    const ended = await run(service, ['+12025550101', '+12025550102', REFUSED, ''])
    expect(states(ended)).toEqual(['rejected 1', 'accepted 1', 'rejected 1', 'suppressed 0'])
    const before = ended.steps[1]!
    const events: RunEvent[] = []
    await runtime.watchRun(ended.id, (event) => events.push(event))
    expect(await runtime.retryFailed(ended.id, 'sms')).toEqual({
      retried: 1,
      resent: 0,
      trying: 0,
      unknown: 0,
    })
    await expect
      .poll(() => statesOf(ended.id))
      .toEqual(['accepted 2', 'accepted 1', 'rejected 1', 'suppressed 0'])
    await expect
      .poll(() => events.some((event) => event.type === 'message' && event.message.state === 'accepted'))
      .toBe(true)
    // The run stays as it ended.
    const after = (await runtime.getRun(ended.id))!
    expect(after).toMatchObject({ status: ended.status, output: ended.output, finished: ended.finished })
    expect(after.steps[1]!.port).toBe(before.port)
    expect(await runtime.retryFailed(ended.id, 'sms')).toEqual({
      retried: 0,
      resent: 0,
      trying: 0,
      unknown: 0,
    })
  })

  it('sends again once the settings that were wrong are right', async () => {
    runtime = await openRuntime()
    const service = twilioService(runtime, { authToken: 'not the token' })
    const ended = await run(service, ['+12025550101'])
    change(service, { settings: { authToken: 'sandbox-auth-token' } })
    expect(await runtime.retryFailed(ended.id, 'sms')).toMatchObject({ retried: 1 })
    await expect.poll(() => statesOf(ended.id)).toEqual(['accepted 2'])
  })

  it('texts on the next day whom the daily cap kept', async () => {
    const clock = movingClock('2026-03-01T12:00:00Z')
    runtime = await openRuntime({ surroundings: clock })
    const service = twilioService(runtime, {}, { dailyMessages: 1, timeZone: 'UTC' })
    const ended = await run(service, ['+12025550101', '+12025550102'])
    expect(states(ended)).toEqual(['accepted 1', 'suppressed 0'])
    expect(await runtime.retryFailed(ended.id, 'sms')).toMatchObject({ retried: 1 })
    await expect.poll(() => statesOf(ended.id)).toEqual(['accepted 1', 'suppressed 0'])
    clock.advance(86_400_000)
    await runtime.retryFailed(ended.id, 'sms')
    await expect.poll(() => statesOf(ended.id)).toEqual(['accepted 1', 'accepted 1'])
  })

  it('touches unknown ones only when told that some may get the text twice', async () => {
    runtime = await openRuntime()
    const service = twilioService(runtime)
    runtime.sandbox!.setFault('twilio', 'garbage', 1)
    const ended = await run(service, ['+12025550101'])
    expect(states(ended)).toEqual(['unknown 1'])
    expect(await runtime.retryFailed(ended.id, 'sms')).toEqual({
      retried: 0,
      resent: 0,
      trying: 0,
      unknown: 1,
    })
    expect(runtime.sandbox!.messages(10)).toHaveLength(1)
    const answer = await runtime.retryFailed(ended.id, 'sms', { unknown: true })
    expect(answer.resent + answer.unknown).toBe(1)
    await expect.poll(async () => (await statesOf(ended.id))[0]).toMatch(/^accepted/)
  })

  it('never sends an accepted one again, however often and at once it is asked for', async () => {
    runtime = await openRuntime()
    const service = twilioService(runtime, {}, once)
    runtime.sandbox!.setFault('twilio', 'throttle', 20)
    const phones = Array.from({ length: 30 }, (_, index) => `+1202555${1_000 + index}`)
    const ended = await run(service, phones)
    const failed = states(ended).filter((state) => state.startsWith('rejected')).length
    expect(failed).toBe(20)
    const answers = await Promise.allSettled(
      Array.from({ length: 10 }, () => runtime.retryFailed(ended.id, 'sms')),
    )
    const retried = answers.map((answer) => (answer.status === 'fulfilled' ? answer.value.retried : 0))
    expect(retried.reduce((sum, each) => sum + each)).toBe(20)
    await expect
      .poll(async () => new Set(await statesOf(ended.id)))
      .toEqual(new Set(['accepted 1', 'accepted 2']))
    expect(runtime.sandbox!.messages(100)).toHaveLength(30)
  })

  it('goes on after a restart', async () => {
    sandbox = await startSandbox({ delayMs: 2_000 })
    runtime = await openRuntime({ sandbox: false })
    const { folder } = runtime.store
    const service = twilioService(runtime, { endpoint: sandbox.url, concurrency: 1 }, once)
    sandbox.setFault('twilio', 'throttle', 3)
    const ended = await run(service, ['+12025550101', '+12025550102', '+12025550103'])
    expect(states(ended)).toEqual(Array(3).fill('rejected 1'))
    sandbox.setFault('twilio', 'delay', 1)
    await runtime.retryFailed(ended.id, 'sms')
    await expect.poll(() => sandbox!.requests().length).toBe(4)
    await runtime.close()
    expect(sandbox.messages(10)).toHaveLength(1)
    runtime = await openRuntime({ sandbox: false, data: folder })
    await expect.poll(() => statesOf(ended.id)).toEqual(Array(3).fill('accepted 2'))
    expect(sandbox.messages(10)).toHaveLength(3)
  })

  it('refuses a step that is unknown or still sends', async () => {
    runtime = await openRuntime()
    const service = twilioService(runtime, { concurrency: 1 })
    await expect(runtime.retryFailed('nobody-knows', 'sms')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    runtime.sandbox!.setFault('twilio', 'delay', 1)
    const recipients = [{ kind: 'member' as const, id: addMember(runtime, 'Ada', '+12025550101') }]
    const graph = smsGraph({ service, recipients })
    const { id, finished } = await runtime.startRun({ graph, input: { who: 'Ada' }, trigger: 'library' })
    await expect.poll(() => runtime.sandbox!.requests().length).toBe(1)
    await expect(runtime.retryFailed(id, 'sms')).rejects.toMatchObject({ code: 'CONFLICT' })
    await finished
    await expect(runtime.retryFailed(id, 'start')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { SandboxFault } from '../../../nodes/api/sandbox.ts'
import { smsProviderNames } from '../../../nodes/services/sms/settings.ts'
import type { SmsProviderName } from '../../../nodes/services/sms/settings.ts'
import type { Sandbox } from '../../../runtime/sandbox/sandbox.ts'
import { startSandbox } from '../../../runtime/sandbox/start-sandbox.ts'
import { recordSend } from './genuine-sends.ts'
import { replay } from './record-request.ts'

const DELAY_MS = 300

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox({ delayMs: DELAY_MS })
})
afterEach(() => sandbox.close())

/** What the client sees of one send: an answer, or the code of its socket's error. */
async function sendOnce(provider: SmsProviderName) {
  const recorded = await recordSend[provider]()
  return replay(sandbox.url, recorded).catch((error: NodeJS.ErrnoException) => ({
    status: 0,
    body: `${error.code} ${error.syscall ?? error.message}`,
  }))
}

describe.each(smsProviderNames)('%s', (provider) => {
  const taken = { twilio: 201, 'aws-sns': 200, alibaba: 200 }[provider]

  test.each<[SandboxFault, { status: number; body: RegExp }, boolean]>([
    [
      'throttle',
      {
        twilio: { status: 429, body: /"code":20429/ },
        'aws-sns': { status: 400, body: /<Code>Throttling<\/Code>/ },
        alibaba: { status: 400, body: /"Code":"Throttling\.User"/ },
      }[provider],
      false,
    ],
    [
      'server-error',
      {
        twilio: { status: 500, body: /"code":20500/ },
        'aws-sns': { status: 500, body: /<Type>Receiver<\/Type><Code>InternalError<\/Code>/ },
        alibaba: { status: 500, body: /"Code":"InternalError"/ },
      }[provider],
      false,
    ],
    ['reset-before', { status: 0, body: /^ECONNRESET read$/ }, false],
    ['reset-after', { status: 0, body: /^ECONNRESET read$/ }, true],
    ['half-answer', { status: 0, body: /^ECONNRESET aborted$/ }, true],
    ['garbage', { status: taken, body: /^<html>/ }, true],
  ])('%s', async (fault, expected, accepted) => {
    sandbox.setFault(provider, fault, 1)
    expect(sandbox.faults()[provider]).toEqual({ fault, remaining: 1 })

    const seen = await sendOnce(provider)
    expect(seen.status).toBe(expected.status)
    expect(seen.body).toMatch(expected.body)
    expect(sandbox.messages(9)).toHaveLength(accepted ? 1 : 0)
    expect(sandbox.requests()).toMatchObject([{ provider, fault, accepted }])

    expect(sandbox.faults()[provider]).toEqual({ fault: 'none', remaining: 0 })
    expect((await sendOnce(provider)).status).toBe(taken)
    expect(sandbox.requests()).toMatchObject([{ fault }, { fault: 'none', accepted: true }])
  })

  test('delay: the text arrives at once, the answer later', async () => {
    sandbox.setFault(provider, 'delay', 1)
    const recorded = await recordSend[provider]()
    const arrived = new Promise((resolve) => sandbox.onMessage(resolve))
    const started = performance.now()
    const answer = replay(sandbox.url, recorded)
    await arrived
    expect(performance.now() - started).toBeLessThan(DELAY_MS)
    expect((await answer).status).toBe(taken)
    expect(performance.now() - started).toBeGreaterThanOrEqual(DELAY_MS - 1)
  })

  test('silent: the text arrives, the answer never', async () => {
    sandbox.setFault(provider, 'silent', 1)
    const recorded = await recordSend[provider]()
    const arrived = new Promise((resolve) => sandbox.onMessage(resolve))
    const answer = replay(sandbox.url, recorded).catch((error: NodeJS.ErrnoException) => error.code)
    await arrived
    await sandbox.close()
    expect(await answer).toBe('ECONNRESET')
  })
})

test('a fault hits as many sends as it was set for, of its provider only, and nothing but sends', async () => {
  sandbox.setFault('aws-sns', 'throttle', 2)
  const lookUp = await fetch(`${sandbox.url}/?Action=GetSMSAttributes`)
  expect(lookUp.status).toBe(403)
  expect((await sendOnce('twilio')).status).toBe(201)
  const statuses = [await sendOnce('aws-sns'), await sendOnce('aws-sns'), await sendOnce('aws-sns')]
  expect(statuses.map((each) => each.status)).toEqual([400, 400, 200])
})

test('a fault can be taken back', async () => {
  sandbox.setFault('twilio', 'throttle', 100)
  sandbox.setFault('twilio', 'none', 1)
  expect(sandbox.faults().twilio).toEqual({ fault: 'none', remaining: 0 })
  expect((await sendOnce('twilio')).status).toBe(201)
})

test('a program chooses the fault of each send', async () => {
  await sandbox.close()
  sandbox = await startSandbox({
    decide: ({ provider, to }) =>
      provider === 'twilio' && to === '+12025550123' ? 'server-error' : undefined,
  })
  sandbox.setFault('aws-sns', 'throttle', 1)
  expect((await sendOnce('twilio')).status).toBe(500)
  expect((await sendOnce('alibaba')).status).toBe(200)
  expect((await sendOnce('aws-sns')).status).toBe(400)
})

import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { EventAnswer, HookAnswer, MadeTrigger } from '../../../nodes/api/triggers.ts'
import { fixed, flow, formula, returns } from '../../support/flow.ts'
import type { FlowNode } from '../../support/flow.ts'
import { openServer } from './open-server.ts'
import type { TestServer } from './open-server.ts'

let test: TestServer
beforeEach(async () => (test = await openServer({ runtime: { sandbox: false } })))
afterEach(() => test.close())

const device = { name: 'device', type: 'text', required: true }
function make(name: string, nodes: Record<string, FlowNode>) {
  const graph = flow(nodes, { name, inputs: [device] as never })
  test.runtime.functions.create({ name, title: name, graph })
}
const echo = () => make('echo', { end: returns('device & "!"') })
const slow = () => make('slow', { wait: { type: 'wait', params: { amount: fixed(5), unit: 'hours' } } })
async function trigger(name: string, settings: object): Promise<{ id: string; secret: string }> {
  const body = { settings: { name: 'T', ...settings } }
  const made = await test.call('POST', `/api/functions/${name}/triggers`, { body })
  expect(made.status, made.text).toBe(201)
  const {
    trigger: { id },
    secret,
  } = made.json<MadeTrigger>()
  expect((await test.call('POST', `/api/triggers/${id}/switch`, { body: { isOn: true } })).status).toBe(200)
  return { id, secret: secret ?? '' }
}
const hook = (more: object = {}) => ({ kind: 'hook', path: 'pump-alarm', ...more })
const call = (body: string | object, headers: Record<string, string> = {}) =>
  test.plain('POST', '/hooks/pump-alarm', {
    body,
    headers: { 'content-type': 'application/json', ...headers },
  })

it('answers the end of the run to whoever shows the key, and needs no session for it', async () => {
  echo()
  const { secret, id } = await trigger('echo', hook())
  const answer = await call({ device: 'Pump 7' }, { 'x-trigger-key': secret })
  expect(answer.status).toBe(200)
  expect(answer.json<HookAnswer>()).toMatchObject({ state: 'started', status: 'done', output: 'Pump 7!' })
  const listed = await test.call('GET', '/api/functions/echo/triggers')
  expect(listed.json<object[]>()).toMatchObject([{ id, proofEnding: secret.slice(-4), problems: [] }])
  const log = await test.call('GET', `/api/triggers/${id}/log`)
  expect(log.json<object[]>()).toMatchObject([{ state: 'started', runStatus: 'done' }])
  const changed = await test.call('PUT', `/api/triggers/${id}`, {
    body: { settings: { name: 'T', ...hook() } },
  })
  expect(changed.json()).not.toHaveProperty('secret')
  expect([listed, log, changed].map(({ text }) => text).join() + test.log.join()).not.toContain(secret)
})

it('answers at once with 202 where the caller does not wait for the end, or not longer', async () => {
  slow()
  const { secret, id } = await trigger('slow', hook({ answer: 'start' }))
  const key = { 'x-trigger-key': secret }
  const answer = await call({ device: 'a' }, key)
  expect(answer.status).toBe(202)
  const { run } = answer.json<HookAnswer>()
  expect(answer.json()).toEqual({ state: 'started', firing: expect.any(String), run })
  const body = { settings: { name: 'T', ...hook({ timeoutSeconds: 1, concurrency: 'queue' }) } }
  await test.call('PUT', `/api/triggers/${id}`, { body })
  const second = await call({ device: 'b' }, key)
  expect(second.status).toBe(202)
  expect(second.json()).toEqual({ state: 'waiting', firing: expect.any(String) })
})

it('takes a signed body byte by byte, and the same again as the same', async () => {
  echo()
  const { secret } = await trigger('echo', hook({ proof: 'signature' }))
  const body = '{ "device":\n "Pump 7" }'
  const timestamp = String(Math.floor(Date.now() / 1_000))
  const hmac = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
  const signed = { 'x-timestamp': timestamp, 'x-signature': `sha256=${hmac}` }
  const first = await call(body, signed)
  expect(first.json<HookAnswer>()).toMatchObject({ output: 'Pump 7!' })
  expect((await call(body, signed)).json()).toEqual(first.json())
  expect((await call(body.replace(' ', ''), signed)).json()).toMatchObject({
    status: 401,
    code: 'SIGNATURE_INVALID',
  })
})

it('names the field of the inputs that does not fit', async () => {
  echo()
  const { secret } = await trigger('echo', hook())
  const answer = await call({ device: true }, { 'x-trigger-key': secret })
  expect(answer.json()).toMatchObject({
    status: 400,
    code: 'INPUT_INVALID',
    fields: [{ path: 'device', key: 'input.text' }],
  })
})

it('lets an address that tried ten wrong keys wait, at this path alone', async () => {
  echo()
  const { secret } = await trigger('echo', hook())
  await trigger('echo', hook({ path: 'another-one' }))
  for (let wrong = 0; wrong < 10; wrong++) expect((await call({}, { 'x-trigger-key': 'x' })).status).toBe(401)
  const answer = await call({ device: 'a' }, { 'x-trigger-key': secret })
  expect(answer.json()).toMatchObject({ status: 429, code: 'TOO_MANY_TRIES' })
  const headers = { 'content-type': 'application/json', 'x-trigger-key': 'x' }
  expect((await test.plain('POST', '/hooks/another-one', { body: {}, headers })).status).toBe(401)
})

it.each([
  ['a key that reaches a prototype', '{"device":"a","__proto__":{"isAdmin":true}}', 400],
  ['lists inside each other without end', '['.repeat(100_000), 400],
  ['what is no JSON', 'device=a', 400],
  ['more than a mebibyte', JSON.stringify({ device: 'a'.repeat(1_100_000) }), 413],
])('refuses %s', async (_, body, status) => {
  echo()
  const { secret } = await trigger('echo', hook())
  expect((await call(body, { 'x-trigger-key': secret })).status).toBe(status)
  expect((await call({ device: 'a' }, { 'x-trigger-key': secret })).status).toBe(200)
})

it('does not know a path where the trigger is off', async () => {
  echo()
  const { id, secret } = await trigger('echo', hook())
  await test.call('POST', `/api/triggers/${id}/switch`, { body: { isOn: false } })
  expect((await call({ device: 'a' }, { 'x-trigger-key': secret })).json()).toMatchObject({
    status: 404,
    code: 'NOT_FOUND',
  })
})

it('lists the runs that an event started, and the same for the same key', async () => {
  echo()
  await trigger('echo', {
    kind: 'event',
    event: 'machine.alarm',
    inputs: { device: formula('payload.device') },
  })
  const headers = { 'idempotency-key': 'a' }
  const send = (payload: object) => test.call('POST', '/api/events/machine.alarm', { body: payload, headers })
  const first = await send({ device: 'Pump 7' })
  expect(first.json<EventAnswer>().started).toMatchObject([{ functionName: 'echo', state: 'started' }])
  expect((await send({ device: 'Pump 7' })).json()).toEqual(first.json())
  expect((await send({ device: 'Pump 8' })).status).toBe(422)
  expect((await test.plain('POST', '/api/events/machine.alarm', { body: {} })).status).toBe(401)
  expect((await test.call('POST', '/api/events/nobody-waits', { body: {} })).json()).toEqual({ started: [] })
})

it('reckons the next ten times, and keeps the holidays', async () => {
  const schedule = { times: { form: 'day', time: '09:00' }, timeZone: 'Asia/Shanghai', skipHolidays: true }
  const next = () => test.call('POST', '/api/schedules/next', { body: schedule })
  const { times } = (await next()).json<{ times: string[] }>()
  expect(times).toHaveLength(10)
  const dayOf = (time: string) => time.slice(0, 10)
  const put = await test.call('PUT', '/api/holidays', {
    body: { holidays: [{ date: dayOf(times[0]!), name: 'Day off' }] },
  })
  expect(put.json()).toEqual([{ date: dayOf(times[0]!), name: 'Day off' }])
  expect((await next()).json<{ times: string[] }>().times[0]).toBe(times[1])
  const wrong = { ...schedule, times: { form: 'cron', cron: '99 * * * *' } }
  expect((await test.call('POST', '/api/schedules/next', { body: wrong })).json()).toMatchObject({
    ...{ status: 400, code: 'BODY_INVALID' },
    fields: [{ path: 'settings/times/cron', key: 'cron' }],
  })
})

it.each([
  [{ kind: 'hook', path: 'A b' }, 'settings/path hookPath'],
  [{ kind: 'event', event: '' }, 'settings/event eventName'],
  [
    { kind: 'schedule', timeZone: 'Nowhere', times: { form: 'day', time: '09:00' } },
    'settings/timeZone timeZone',
  ],
  [{ kind: 'schedule', timeZone: 'UTC', times: { form: 'day', time: '9' } }, 'settings/times/time timeOfDay'],
  [{ kind: 'after-function', after: 'echo' }, 'settings/after followsItself'],
])('refuses %j', async (settings, problem) => {
  echo()
  const answer = await test.call('POST', '/api/functions/echo/triggers', {
    body: { settings: { name: 'T', ...settings } },
  })
  expect(answer.status).toBe(400)
  const { fields } = answer.json<{ fields: { path: string; key: string }[] }>()
  expect(fields.map(({ path, key }) => `${path} ${key}`)).toEqual([problem])
})

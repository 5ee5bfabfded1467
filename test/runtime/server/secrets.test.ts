import { afterEach, beforeEach, expect, it } from 'vitest'
import { openServer } from './open-server.ts'
import type { TestServer } from './open-server.ts'

let test: TestServer
beforeEach(async () => (test = await openServer()))
afterEach(() => test.close())

const value = 'a-long-secret-value-7f3a'
const create = (body: object) => test.call('POST', '/api/secrets', { body })

it('keeps a secret, answers it never again, and logs nothing of it', async () => {
  const made = await create({ name: 'crm', hosts: [' CRM.example.com '], value })
  expect(made.status).toBe(201)
  expect(made.json()).toMatchObject({ name: 'crm', hosts: ['crm.example.com'], state: { last4: '7f3a' } })
  const replaced = await test.call('PUT', '/api/secrets/crm', { body: { hosts: ['a.example'], value } })
  const listed = await test.call('GET', '/api/secrets')
  const usage = await test.call('GET', '/api/secrets/crm/usage')
  expect(usage.json()).toEqual([])
  expect([made, replaced, listed].map(({ text }) => text).join() + test.log.join()).not.toContain('a-long')
  expect((await test.call('DELETE', '/api/secrets/crm')).status).toBe(204)
  expect((await test.call('DELETE', '/api/secrets/crm')).status).toBe(404)
})

it.each([
  [{ name: 'CRM token' }, 'name secretName'],
  [{ hosts: [] }, 'hosts required'],
  [{ hosts: ['https://a.example/'] }, 'hosts/0 hostName'],
  [{ value: 'abc' }, 'value tooShort'],
  [{ value: 'with\nline' }, 'value secretValue'],
])('refuses %j, and repeats no value', async (change, problem) => {
  const answer = await create({ name: 'crm', hosts: ['a.example'], value, ...change })
  expect(answer.status).toBe(400)
  const { fields } = answer.json<{ fields: { path: string; key: string }[] }>()
  expect(fields.map(({ path, key }) => `${path} ${key}`)).toEqual([problem])
  expect(answer.text).not.toContain(value)
})

it('keeps what HTTP requests may reach beside the internet', async () => {
  const write = (egressAllow: string[]) => test.call('PUT', '/api/settings', { body: { egressAllow } })
  expect((await write(['crm.internal', '10.1.2.3', '10.2.0.0/16', 'fd00::/8'])).json()).toMatchObject({
    ...{ publicUrl: null, egressAllowGiven: false },
    egressAllow: ['crm.internal', '10.1.2.3', '10.2.0.0/16', 'fd00::/8'],
  })
  for (const wrong of ['http://a.example', '10.0.0.0/33', 'a b', '*', ''])
    expect((await write([wrong])).status, wrong).toBe(400)
  expect(
    (await test.call('GET', '/api/settings')).json<{ egressAllow: string[] }>().egressAllow,
  ).toHaveLength(4)
})

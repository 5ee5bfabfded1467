import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AuditPage } from '../../../nodes/api/audit.ts'
import type { ApiToken } from '../../../nodes/api/tokens.ts'
import { movingClock } from '../../support/moving-clock.ts'
import type { MovingClock } from '../../support/moving-clock.ts'
import { addMember } from '../../support/open-runtime.ts'
import { openServer } from './open-server.ts'
import type { TestServer } from './open-server.ts'

const DAY = 86_400_000
type Made = ApiToken & { token: string }

let test: TestServer
let clock: MovingClock
let author: string
let operator: string
beforeEach(async () => {
  clock = movingClock('2026-03-01T12:00:00Z')
  test = await openServer({ runtime: { surroundings: clock } })
  author = addMember(test.runtime, 'Ann Author', '')
  operator = addMember(test.runtime, 'Otto Operator', '')
  test.runtime.accounts.setRole(author, 'author')
  test.runtime.accounts.setRole(operator, 'operator')
})
afterEach(() => test.close())

function headersOf(member: string) {
  const token = test.runtime.accounts.sessions.open({ member })
  const { port } = new URL(test.server.url)
  return {
    cookie: `sms-logic-session-${port}=${token}`,
    ...{ origin: test.server.url, 'sec-fetch-site': 'same-origin' },
  }
}
const make = async (body: object, headers = headersOf(author)) => {
  const answer = await test.plain('POST', '/api/tokens', { headers, body })
  expect([answer.status, answer.text]).toEqual([201, expect.stringContaining('token')])
  return answer.json<Made>()
}
const functionsBy = async (token: string) =>
  (await test.plain('GET', '/api/functions', { headers: { authorization: `Bearer ${token}` } })).status

describe('a token for a program', () => {
  it('is answered once, opens what it was made for, and is kept as a hash alone', async () => {
    const made = await make({ name: 'CRM', scopes: ['run', 'view'] })
    expect(made).toMatchObject({
      ...{ name: 'CRM', scopes: ['view', 'run'], owner: { member: author, name: 'Ann Author' }, used: null },
      expires: expect.stringMatching(/^2026-05-30T12:00/),
    })
    expect(made.token).toMatch(/^sms_[\w-]{43}$/)
    expect(await functionsBy(made.token)).toBe(200)
    expect(await functionsBy(`${made.token}x`)).toBe(401)
    const [listed] = (await test.plain('GET', '/api/tokens', { headers: headersOf(author) })).json<
      ApiToken[]
    >()
    expect(listed).toMatchObject({ id: made.id, used: expect.stringMatching(/^2026-03-01T12:00/) })
    expect(JSON.stringify(listed)).not.toContain(made.token)
    const rows = JSON.stringify(test.runtime.store.database.prepare('SELECT * FROM api_tokens').all())
    expect(rows).not.toContain(made.token.slice(4))
  })

  it('ends when it was to end, with its owner, and when it is revoked', async () => {
    const short = await make({ name: 'Short', scopes: ['view'], expiresInDays: 1 })
    const lasting = await make({ name: 'Lasting', scopes: ['view'], expiresInDays: null })
    clock.advance(DAY + 1)
    expect([await functionsBy(short.token), await functionsBy(lasting.token)]).toEqual([401, 200])
    const member = test.runtime.directory.memberStore.byIds([author])[0]!
    test.runtime.directory.memberStore.update(author, { ...member, status: 'resigned' })
    expect(await functionsBy(lasting.token)).toBe(401)
    test.runtime.directory.memberStore.update(author, { ...member, status: 'in-service' })
    expect(await functionsBy(lasting.token)).toBe(200)
    await test.call('DELETE', `/api/tokens/${lasting.id}`)
    expect(await functionsBy(lasting.token)).toBe(401)
  })

  it('may do no more than its owner, and makes no further tokens', async () => {
    const more = await test.plain('POST', '/api/tokens', {
      headers: headersOf(author),
      body: { name: 'More', scopes: ['view', 'administer'] },
    })
    expect([more.status, more.json().fields?.[0]]).toMatchObject([
      400,
      { path: 'scopes', key: 'tokenScopes' },
    ])
    const made = await make({ name: 'CRM', scopes: ['view', 'author', 'run', 'people'] })
    const headers = { authorization: `Bearer ${made.token}` }
    const further = await test.plain('POST', '/api/tokens', {
      headers,
      body: { name: 'B', scopes: ['view'] },
    })
    expect(further.status).toBe(403)
    expect((await test.plain('GET', '/api/account', { headers })).status).toBe(403)
  })

  it('is its owner’s and the administrator’s to see and revoke, and nobody else’s', async () => {
    const made = await make({ name: 'CRM', scopes: ['view'] })
    const other = headersOf(operator)
    expect((await test.plain('GET', '/api/tokens', { headers: other })).json()).toEqual([])
    expect((await test.plain('DELETE', `/api/tokens/${made.id}`, { headers: other })).status).toBe(404)
    expect(await functionsBy(made.token)).toBe(200)
    expect((await test.call('GET', '/api/tokens')).json<ApiToken[]>().map(({ name }) => name)).toEqual([
      'CRM',
    ])
    await test.plain('DELETE', `/api/tokens/${made.id}`, { headers: headersOf(author) })
    expect(await functionsBy(made.token)).toBe(401)
  })

  it('signs what it does with its name, in elements and in the audit log', async () => {
    const made = await make({ name: 'CRM', scopes: ['author'] })
    const headers = { authorization: `Bearer ${made.token}` }
    const created = await test.plain('POST', '/api/functions', { headers, body: { title: 'By a program' } })
    expect(created.json<{ author: object }>().author).toMatchObject({ kind: 'program', name: 'CRM' })
    const { entries } = (await test.call('GET', '/api/audit')).json<AuditPage>()
    expect(entries).toMatchObject([
      { thing: 'function', verb: 'create', who: { kind: 'token', id: made.id, name: 'CRM' } },
      {
        ...{ thing: 'token', verb: 'create', who: { name: 'Ann Author' }, target: { id: 'CRM' } },
        detail: { scopes: 'author', days: 90 },
      },
    ])
    expect(JSON.stringify(entries)).not.toContain(made.token)
  })

  it('lets nobody guess: after ten wrong ones an address waits', async () => {
    for (let count = 0; count < 10; count++) expect(await functionsBy(`sms_wrong${count}`)).toBe(401)
    expect(await functionsBy('sms_wrong')).toBe(429)
  })
})

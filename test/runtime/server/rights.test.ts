import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accountRoles, mayDo, rights, tokenScopes } from '../../../nodes/api/rights.ts'
import type { AccountRole } from '../../../nodes/api/rights.ts'
import type { Route } from '../../../nodes/api/route.ts'
import { routes } from '../../../nodes/api/routes.ts'
import type { RouteName } from '../../../nodes/api/routes.ts'
import type { Account } from '../../../nodes/api/accounts.ts'
import { addMember } from '../../support/open-runtime.ts'
import { openServer } from './open-server.ts'
import type { TestServer } from './open-server.ts'

let test: TestServer
const members = new Map<AccountRole, string>()
beforeAll(async () => {
  test = await openServer()
  for (const role of accountRoles) {
    const id = addMember(test.runtime, `A ${role}`, '')
    members.set(role, id)
    if (role !== 'administrator') test.runtime.accounts.setRole(id, role)
  }
})
afterAll(() => test.close())

/** The headers of a browser in which somebody with the role is signed in. */
function headersOf(role: AccountRole): Record<string, string> {
  const member = role === 'administrator' ? null : members.get(role)!
  const token = test.runtime.accounts.sessions.open({ member })
  const { port } = new URL(test.server.url)
  return {
    cookie: `sms-logic-session-${port}=${token}`,
    origin: test.server.url,
    'sec-fetch-site': 'same-origin',
  }
}

const guarded = (Object.entries(routes) as [RouteName, Route][]).filter(
  ([, { open, protocol }]) => !open && protocol === undefined,
)
/** What exists must not hide who may: a body that nobody could want stops every route that lets in. */
async function isForbidden(route: Route, member: string, headers: Record<string, string>): Promise<boolean> {
  const address = route.path.replace('{member}', member).replace(/\{\w+\}/g, 'night-shift-alarm')
  const answer = await test.plain(route.method, address, {
    headers: { ...headers, ...(route.bodyType === 'csv' && { 'content-type': 'text/csv' }) },
    ...(route.body && { body: route.bodyType === 'csv' ? 'x' : '{"nobody":"wants this"}' }),
  })
  expect(answer.status).not.toBe(401)
  return answer.status === 403 && answer.json().detail === 'This account may not do that'
}

describe.each(accountRoles)('a signed-in %s', (role) => {
  it.each(guarded)('may call %s or not, as the table says', async (name, route) => {
    if (route.stream && mayDo(role, rights[name])) return
    const refused = await isForbidden(route, members.get(role)!, headersOf(role))
    expect([name, refused]).toEqual([name, !mayDo(role, rights[name])])
  })
})

describe.each(tokenScopes)('a token that may %s', (scope) => {
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  let ofAdministrator: string
  beforeAll(() => {
    const body = { name: `May ${scope}`, scopes: [scope], expiresInDays: 1 }
    const owner = { member: null, role: 'administrator' } as const
    ofAdministrator = test.runtime.accounts.apiTokens.create(body, owner).token
  })

  it.each(guarded)('may call %s or not, as the table says', async (name, route) => {
    if (route.stream && rights[name] === scope) return
    const refused = await isForbidden(route, members.get('viewer')!, bearer(ofAdministrator))
    expect([name, refused]).toEqual([name, rights[name] !== scope])
  })

  it.each(accountRoles.filter((role) => role !== 'administrator'))(
    'may do that no more once its owner is but a %s',
    async (role) => {
      const owner = addMember(test.runtime, `Owner ${scope} ${role}`, '')
      const body = { name: 'Owned', scopes: [scope], expiresInDays: null }
      const { token } = test.runtime.accounts.apiTokens.create(body, { member: owner, role: 'administrator' })
      test.runtime.accounts.setRole(owner, role)
      for (const [name, route] of guarded.filter(([each]) => rights[each] === scope).slice(0, 3)) {
        if (route.stream && mayDo(role, scope)) continue
        expect([name, await isForbidden(route, 'x', bearer(token))]).toEqual([name, !mayDo(role, scope)])
      }
    },
  )
})

describe('a member', () => {
  it.each(guarded.filter(([, { path }]) => path.includes('{member}')))(
    'gets nothing of another member by %s',
    async (_, route) => {
      const address = route.path.replace('{member}', members.get('viewer')!).replace(/\{\w+\}/g, 'x')
      const answer = await test.plain(route.method, address, {
        headers: headersOf('member'),
        ...(route.body && { body: '{}' }),
      })
      expect([answer.status, answer.json().code]).toEqual([403, 'FORBIDDEN'])
    },
  )

  it('with another role may do more with the next request, and less again', async () => {
    const id = members.get('member')!
    const headers = headersOf('member')
    const functions = async () => (await test.plain('GET', '/api/functions', { headers })).status
    expect(await functions()).toBe(403)
    const put = (role: string) => test.call('PUT', `/api/accounts/${id}`, { body: { role } })
    expect((await put('viewer')).json<Account>()).toMatchObject({ role: 'viewer', name: 'A member' })
    expect(await functions()).toBe(200)
    expect((await put('member')).status).toBe(200)
    expect(await functions()).toBe(403)
  })

  it('becomes no administrator: a text on a phone is too little for that', async () => {
    const answer = await test.call('PUT', `/api/accounts/${members.get('author')!}`, {
      body: { role: 'administrator' },
    })
    expect([answer.status, answer.json().fields?.[0]?.path]).toEqual([400, 'role'])
  })

  it('signs its changes with its name', async () => {
    const headers = headersOf('author')
    const made = await test.plain('POST', '/api/functions', { headers, body: { title: 'Signed' } })
    expect(made.json<{ author: object }>().author).toMatchObject({ kind: 'page', name: 'A author' })
  })
})

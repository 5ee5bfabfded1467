import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Route } from '../../../nodes/api/route.ts'
import { routes } from '../../../nodes/api/routes.ts'
import { startServer } from '../../../runtime/server/start-server.ts'
import { expectRefusal, openServer, TOKEN } from './open-server.ts'
import type { TestServer } from './open-server.ts'

let test: TestServer
beforeAll(async () => {
  test = await openServer()
})
afterAll(() => test.close())

const all = Object.entries(routes) as [string, Route][]
const guarded = all.filter(([, { open }]) => !open)
const changing = all.filter(([, { method }]) => method !== 'GET')
const addressOf = ({ path }: Route) => path.replace(/\{\w+\}/g, 'night-shift-alarm')
const bodyOf = (route: Route) => (route.body ? { body: '{}' } : {})

/** What a caller could have changed. */
function everything() {
  const { functions, services, directory } = test.runtime
  const people = directory.memberStore.page({ search: '', offset: 0, limit: 1_000 })
  return JSON.stringify([functions.list(), services.list(), people, directory.departmentStore.all()])
}

describe('every route', () => {
  it.each(guarded)('%s lets nobody in without a token', async (_, route) => {
    const answer = await test.plain(route.method, addressOf(route), bodyOf(route))
    expectRefusal(route, answer, 401, 'NOT_SIGNED_IN')
    expect(answer.headers['www-authenticate']).toBe('Bearer')
  })

  it.each(all)('%s does not answer to a foreign name', async (_, route) => {
    for (const host of ['evil.example', 'localhost.evil.example:80', '127.0.0.1', '127.0.0.1:1']) {
      const answer = await test.call(route.method, addressOf(route), {
        ...bodyOf(route),
        headers: { host },
      })
      expectRefusal(route, answer, 403, 'FORBIDDEN')
    }
  })

  it.each(all)("%s does not answer to another site's page", async (_, route) => {
    for (const origin of ['https://evil.example', 'null', test.server.url + '0', 'http://localhost:1']) {
      const answer = await test.call(route.method, addressOf(route), {
        ...bodyOf(route),
        headers: { origin },
      })
      expectRefusal(route, answer, 403, 'FORBIDDEN')
    }
  })

  it.each(changing)('%s changes nothing for a page that is not ours', async (_, route) => {
    const { cookie } = await signedIn()
    const before = everything()
    for (const headers of [{ cookie }, { cookie, 'sec-fetch-site': 'cross-site' }]) {
      if (route.open) continue
      const answer = await test.plain(route.method, addressOf(route), { ...bodyOf(route), headers })
      // a session is no token of an identity provider, whoever's page it is
      const isForeign = route.protocol !== 'scim' || 'sec-fetch-site' in headers
      expectRefusal(route, answer, isForeign ? 403 : 401, 'FORBIDDEN')
    }
    expect(everything()).toBe(before)
  })
})

let session: Promise<Record<string, string>> | undefined
function signedIn() {
  return (session ??= test.signIn())
}

describe('a session', () => {
  it('is opened by the start link once, in a cookie that scripts and other sites never see', async () => {
    const other = await openServer()
    const token = new URL(other.server.link).hash.slice('#token='.length)
    const first = await other.plain('POST', '/api/session', { body: { token } })
    expect(first.headers['set-cookie']![0]).toMatch(
      /^sms-logic-session-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/,
    )
    const second = await other.plain('POST', '/api/session', { body: { token } })
    expect([second.status, second.json().code]).toEqual([401, 'NOT_SIGNED_IN'])
    await other.close()
  })

  it('lets the page work', async () => {
    const headers = await signedIn()
    const answer = await test.plain('POST', '/api/departments', { headers, body: { name: 'New' } })
    expect(answer.status).toBe(201)
    expect((await test.plain('GET', '/api/session', { headers })).json()).toMatchObject({ sandbox: true })
  })

  it('survives a restart of the server, and not its end', async () => {
    const headers = await signedIn()
    const again = await startServer(test.runtime, {
      host: '127.0.0.1',
      port: 0,
      appFolder: '/nowhere',
    })
    const name = `sms-logic-session-${new URL(again.url).port}`
    const cookie = headers.cookie!.replace(/^[^=]+/, name)
    const ask = (method: string) =>
      fetch(`${again.url}/api/session`, { method, headers: { cookie, origin: again.url } })
    expect((await ask('GET')).status).toBe(200)
    expect((await ask('DELETE')).status).toBe(204)
    expect((await ask('GET')).status).toBe(401)
    await again.close()
  })

  it('is kept on disk as a hash alone', async () => {
    const { cookie } = await signedIn()
    const stored = JSON.stringify(test.runtime.store.database.prepare('SELECT * FROM sessions').all())
    expect(stored).not.toContain(cookie!.split('=')[1])
  })
})

describe('a token', () => {
  it.each([`Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, 'Bearer ', `Basic ${TOKEN}`, TOKEN, 'Bearer a b'])(
    'must be right: %s',
    async (authorization) => {
      const other = await openServer()
      const answer = await other.plain('GET', '/api/functions', { headers: { authorization } })
      expect(answer.status).toBe(401)
      await other.close()
    },
  )

  it('cannot be guessed: ten wrong tries in a minute close the door for a while', async () => {
    const other = await openServer()
    const guess = (token: string) =>
      other.plain('GET', '/api/functions', { headers: { authorization: `Bearer ${token}` } })
    for (let tries = 0; tries < 10; tries++) expect((await guess(`wrong-${tries}`)).status).toBe(401)
    const closed = await guess(TOKEN)
    expect([closed.status, closed.json().code]).toEqual([429, 'TOO_MANY_TRIES'])
    expect(Number(closed.headers['retry-after'])).toBeGreaterThan(0)
    await other.close()
  })
})

describe('a server for other machines', () => {
  const options = (more: object) => ({
    host: '0.0.0.0',
    port: 0,
    appFolder: '/nowhere',
    ...more,
  })

  it('is not started without a token, or with one that is short', async () => {
    await expect(startServer(test.runtime, options({}))).rejects.toMatchObject({
      code: 'FORBIDDEN',
      hint: expect.stringContaining('SMS_LOGIC_TOKEN') as string,
    })
    await expect(startServer(test.runtime, options({ localToken: TOKEN }))).rejects.toThrow()
    await expect(startServer(test.runtime, options({ accessToken: 'short' }))).rejects.toThrow(/16/)
  })

  it('answers to addresses and declared names, not to foreign names', async () => {
    const open = await openServer({ server: { host: '0.0.0.0', names: ['sms.example.com'] } })
    const { port } = new URL(open.server.url)
    const ask = async (host: string) =>
      (await open.call('GET', '/api/functions', { headers: { host } })).status
    expect(await ask(`192.0.2.7:${port}`)).toBe(200)
    expect(await ask('sms.example.com')).toBe(200)
    expect(await ask(`evil.example:${port}`)).toBe(403)
    await open.close()
  })
})

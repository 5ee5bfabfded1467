import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Account } from '../../../nodes/api/accounts.ts'
import type { AuditPage } from '../../../nodes/api/audit.ts'
import type { OwnCredentials } from '../../../nodes/api/credentials.ts'
import { addMember } from '../../support/open-runtime.ts'
import { appCode } from '../../support/totp.ts'
import { Browser } from './browser.ts'
import { openServer, TOKEN } from './open-server.ts'
import type { TestServer } from './open-server.ts'

const RIGHT = 'seven goats on a roof'
let now: number
let test: TestServer
let amara: string
beforeEach(async () => {
  now = Date.now()
  test = await openServer({
    runtime: { example: false, surroundings: { now: () => new Date(now), newId: newIds() } },
  })
  amara = addMember(test.runtime, 'Amara Okafor', '+12025550101')
})
afterEach(() => test.close())

function newIds(): () => string {
  let last = 0
  return () => String(++last).padStart(26, '0')
}
/** A browser in which a person with a password is signed in. */
async function withPassword(browser: Browser, name = 'Amara'): Promise<Browser> {
  expect((await browser.call('PUT', '/api/account/password', { name, password: RIGHT })).status).toBe(200)
  return browser
}
async function turnOn(browser: Browser, present: object = { present: RIGHT }) {
  const { secret } = (await browser.call('POST', '/api/account/second-factor', present)).json<{
    secret: string
  }>()
  const confirmed = await browser.call('POST', '/api/account/second-factor/confirm', {
    code: appCode(secret, now),
  })
  expect(confirmed.status).toBe(200)
  now += 60_000
  return { secret, codes: confirmed.json<{ recoveryCodes: string[] }>().recoveryCodes }
}
async function ticketOf(browser: Browser, name = 'Amara'): Promise<string> {
  const answer = await browser.call('POST', '/auth/password', { name, password: RIGHT })
  const { state, ticket } = answer.json<{ state: string; ticket: string }>()
  expect([state, answer.headers['set-cookie']]).toEqual(['second-factor', undefined])
  return ticket
}
const showCode = (browser: Browser, ticket: string, code: string) =>
  browser.call('POST', '/auth/second-factor', { ticket, code })

describe('a second factor', () => {
  it('is asked for after the password, and opens the session', async () => {
    const home = await withPassword(new Browser(test).enterAs(amara))
    const { secret, codes } = await turnOn(home)
    expect(
      (await home.call('GET', '/api/account/credentials')).json<OwnCredentials>().secondFactor,
    ).toMatchObject({
      recoveryCodes: 10,
    })
    const browser = new Browser(test)
    const ticket = await ticketOf(browser)
    expect(await browser.whoAmI()).toBe('401')
    const wrong = await showCode(browser, ticket, appCode(secret, now - 600_000))
    expect([wrong.status, wrong.json().code]).toEqual([422, 'CODE_WRONG'])
    const typed = appCode(secret, now).replace(/(...)/, '$1 ')
    expect((await showCode(browser, ticket, typed)).json()).toEqual({
      state: 'signed-in',
      name: 'Amara Okafor',
    })
    expect(await browser.whoAmI()).toBe('member Amara Okafor')
    const again = new Browser(test)
    expect((await showCode(again, await ticketOf(again), codes[0]!)).status).toBe(200)
  })

  it('is switched on and off with the present password alone, and other browsers are signed out', async () => {
    const home = await withPassword(new Browser(test).enterAs(amara))
    const desk = new Browser(test).enterAs(amara)
    for (const body of [{}, { present: 'not mine, really' }]) {
      expect((await home.call('POST', '/api/account/second-factor', body)).json().code).toBe('PASSWORD_WRONG')
    }
    await turnOn(home)
    expect([await home.whoAmI(), await desk.whoAmI()]).toEqual(['member Amara Okafor', '401'])
    const at = '/api/account/second-factor/remove'
    expect((await home.call('POST', at, {})).json().code).toBe('PASSWORD_WRONG')
    const removed = await home.call('POST', at, { present: RIGHT })
    expect(removed.json<OwnCredentials>().secondFactor).toBeNull()
    const answer = await new Browser(test).call('POST', '/auth/password', { name: 'Amara', password: RIGHT })
    expect(answer.json()).toMatchObject({ state: 'signed-in' })
  })

  it('counts wrong codes that prove it too', async () => {
    const home = await withPassword(new Browser(test).enterAs(amara))
    await home.call('POST', '/api/account/second-factor', { present: RIGHT })
    const confirm = () => home.call('POST', '/api/account/second-factor/confirm', { code: 'no code' })
    for (let i = 0; i < 5; i++) expect((await confirm()).status).toBe(422)
    expect((await confirm()).status).toBe(429)
  })

  it('needs a password first, and goes with it', async () => {
    const home = new Browser(test).enterAs(amara)
    expect((await home.call('POST', '/api/account/second-factor', {})).status).toBe(409)
    await withPassword(home)
    const { codes } = await turnOn(home)
    const browser = new Browser(test)
    const ticket = await ticketOf(browser)
    await home.call('POST', '/api/account/password/remove', { present: RIGHT })
    expect((await showCode(browser, ticket, codes[0]!)).status).toBe(422)
    await withPassword(home)
    expect(
      (await home.call('GET', '/api/account/credentials')).json<OwnCredentials>().secondFactor,
    ).toBeNull()
  })

  it('lets nobody in by a ticket of a password that was changed since, or who resigned', async () => {
    const home = await withPassword(new Browser(test).enterAs(amara))
    const { codes } = await turnOn(home)
    const browser = new Browser(test)
    const ticket = await ticketOf(browser)
    const change = { name: 'Amara', password: 'a boat full of lemons', present: RIGHT }
    expect((await home.call('PUT', '/api/account/password', change)).status).toBe(200)
    expect((await showCode(browser, ticket, codes[0]!)).status).toBe(422)
    const answer = await browser.call('POST', '/auth/password', { name: 'Amara', password: change.password })
    const [member] = test.runtime.directory.memberStore.byIds([amara])
    test.runtime.directory.memberStore.update(amara, { ...member!, status: 'resigned' })
    expect((await showCode(browser, answer.json<{ ticket: string }>().ticket, codes[0]!)).status).toBe(422)
  })

  it('is taken off by an administrator for who lost the app', async () => {
    const home = await withPassword(new Browser(test).enterAs(amara))
    await turnOn(home)
    const account = async () => (await test.call('GET', '/api/accounts')).json<Account[]>()[0]
    expect(await account()).toMatchObject({ hasPassword: true, hasSecondFactor: true })
    expect((await test.call('DELETE', `/api/accounts/${amara}/second-factor`)).status).toBe(204)
    expect(await account()).toMatchObject({ hasPassword: true, hasSecondFactor: false })
  })

  it('of the administrator is taken off by who comes with the access token', async () => {
    const first = await withPassword(await new Browser(test).enterByToken(TOKEN), 'Root')
    const { codes } = await turnOn(first, {})
    const browser = new Browser(test)
    expect((await showCode(browser, await ticketOf(browser, 'Root'), codes[0]!)).status).toBe(200)
    expect(await browser.whoAmI()).toBe('administrator')
    const at = '/api/account/second-factor/remove'
    expect((await browser.call('POST', at, {})).json().code).toBe('PASSWORD_WRONG')
    expect((await first.call('POST', at, {})).status).toBe(200)
  })

  it('is written down when it is set, taken off, right and wrong, without a code or the secret', async () => {
    const home = await withPassword(new Browser(test).enterAs(amara))
    const { secret, codes } = await turnOn(home)
    const browser = new Browser(test)
    await showCode(browser, 'invented', '000000')
    await showCode(browser, await ticketOf(browser), codes[0]!.replace(/^./, '0'))
    await showCode(browser, await ticketOf(browser), codes[0]!)
    await showCode(browser, await ticketOf(browser), appCode(secret, now))
    await test.call('DELETE', `/api/accounts/${amara}/second-factor`)
    const answer = await test.call('GET', '/api/audit?limit=50')
    const lines = answer
      .json<AuditPage>()
      .entries.map(({ who, verb, outcome, detail }) =>
        [who.name ?? who.kind, verb, outcome, JSON.stringify(detail)].join(' '),
      )
    expect(lines.slice(0, 5)).toEqual([
      'program change done {"field":"second factor","removed":true}',
      'Amara Okafor sign-in done {"way":"password and app"}',
      'Amara Okafor sign-in done {"way":"password and recovery code"}',
      'nobody sign-in refused {"way":"password and app"}',
      'Amara Okafor change done {"field":"second factor"}',
    ])
    expect(answer.text).not.toMatch(new RegExp([secret, ...codes].join('|')))
  })
})

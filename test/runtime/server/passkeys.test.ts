import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Account, SignInOptions } from '../../../nodes/api/accounts.ts'
import type { AuditPage } from '../../../nodes/api/audit.ts'
import type { OwnCredentials } from '../../../nodes/api/credentials.ts'
import { Authenticator } from '../../support/authenticator.ts'
import { addMember } from '../../support/open-runtime.ts'
import { Browser } from './browser.ts'
import { openServer, TOKEN } from './open-server.ts'
import type { Answer, TestServer } from './open-server.ts'

const MINUTE_MS = 60_000
let now: number
let test: TestServer
let amara: string
beforeEach(async () => {
  now = Date.now()
  let last = 0
  const newId = () => String(++last).padStart(26, '0')
  test = await openServer({ runtime: { example: false, surroundings: { now: () => new Date(now), newId } } })
  amara = addMember(test.runtime, 'Amara Okafor', '+12025550101')
})
afterEach(() => test.close())

/** Passkeys are for names. */
const newBrowser = () => new Browser(test, 'localhost')
const begin = async (browser: Browser, body: object = {}) =>
  (await browser.call('POST', '/api/account/passkeys/options', body)).json<{
    challenge: string
    user: { id: string }
  }>()
async function add(browser: Browser, device: Authenticator, place: object = {}): Promise<Answer> {
  const response = device.create(await begin(browser), { origin: browser.origin, ...place })
  return browser.call('POST', '/api/account/passkeys', { name: 'Phone', response })
}
const ask = async (browser: Browser) =>
  (await browser.call('POST', '/auth/passkey/options')).json<{ challenge: string }>()
const show = (browser: Browser, response: object) =>
  browser.call('POST', '/auth/passkey/verify', { response })
async function signIn(browser: Browser, device: Authenticator, place: object = {}, counter?: number) {
  return show(browser, device.get(await ask(browser), { origin: browser.origin, ...place }, counter))
}
const codeOf = ({ status, json }: Answer) => [status, json().code]
const REFUSED = [422, 'PASSKEY_REFUSED']

describe('a passkey', () => {
  it('is added on the account page and signs in by itself', async () => {
    const device = new Authenticator()
    const home = newBrowser().enterAs(amara)
    const made = await add(home, device)
    expect([made.status, made.json<OwnCredentials>().passkeys]).toMatchObject([
      200,
      [{ name: 'Phone', domain: 'localhost', used: null }],
    ])
    expect((await test.plain('GET', '/auth/options')).json<SignInOptions>().passkeys).toBe(true)
    const browser = newBrowser()
    expect((await signIn(browser, device)).json()).toEqual({ state: 'signed-in', name: 'Amara Okafor' })
    expect(await browser.whoAmI()).toBe('member Amara Okafor')
    const own = (await home.call('GET', '/api/account/credentials')).json<OwnCredentials>()
    expect(own.passkeys[0]!.used).toBe(new Date(now).toISOString())
  })

  it('of the administrator signs in without the start link', async () => {
    const device = new Authenticator()
    await add(await newBrowser().enterByToken(TOKEN), device)
    const browser = newBrowser()
    expect((await signIn(browser, device)).status).toBe(200)
    expect(await browser.whoAmI()).toBe('administrator')
  })

  it('signs each challenge once, within five minutes', async () => {
    const device = new Authenticator()
    await add(newBrowser().enterAs(amara), device)
    const browser = newBrowser()
    const asked = await ask(browser)
    expect((await show(browser, device.get(asked, { origin: browser.origin }))).status).toBe(200)
    expect(codeOf(await show(browser, device.get(asked, { origin: browser.origin })))).toEqual(REFUSED)
    const old = await ask(browser)
    now += 5 * MINUTE_MS
    expect(codeOf(await show(browser, device.get(old, { origin: browser.origin })))).toEqual(REFUSED)
    const invented = { challenge: Buffer.from('invented').toString('base64url') }
    expect(codeOf(await show(browser, device.get(invented, { origin: browser.origin })))).toEqual(REFUSED)
  })

  it('uses up a challenge by a wrong answer too', async () => {
    const device = new Authenticator()
    await add(newBrowser().enterAs(amara), device)
    const browser = newBrowser()
    const asked = await ask(browser)
    const locked = { origin: browser.origin, isUnlocked: false }
    expect(codeOf(await show(browser, device.get(asked, locked)))).toEqual(REFUSED)
    expect(codeOf(await show(browser, device.get(asked, { origin: browser.origin })))).toEqual(REFUSED)
  })

  it.each([
    ['a page of another origin', { origin: 'https://evil.example.com', domain: 'localhost' }],
    ['another name', { domain: 'evil.example.com' }],
    ['a device that nobody unlocked', { isUnlocked: false }],
  ])('is not taken from %s, neither when it is made nor when it is used', async (_, place) => {
    const device = new Authenticator()
    const home = newBrowser().enterAs(amara)
    expect(codeOf(await add(home, device, place))).toEqual(REFUSED)
    expect((await add(home, device)).status).toBe(200)
    expect(codeOf(await signIn(newBrowser(), device, place))).toEqual(REFUSED)
    expect((await signIn(newBrowser(), device)).status).toBe(200)
  })

  it('whose counter goes back, or stands still, is a copy', async () => {
    const device = new Authenticator()
    await add(newBrowser().enterAs(amara), device)
    expect((await signIn(newBrowser(), device, {}, 7)).status).toBe(200)
    for (const counter of [7, 3])
      expect(codeOf(await signIn(newBrowser(), device, {}, counter))).toEqual(REFUSED)
    expect((await signIn(newBrowser(), device, {}, 8)).status).toBe(200)
  })

  it('signs with its own key', async () => {
    const [device, other] = [new Authenticator(), new Authenticator()]
    await add(newBrowser().enterAs(amara), device)
    const browser = newBrowser()
    other.create({ challenge: 'x', user: { id: 'eA' } }, { origin: browser.origin })
    const { id, rawId } = device.get({ challenge: 'x' }, { origin: browser.origin })
    const forged = { ...other.get(await ask(browser), { origin: browser.origin }), id, rawId }
    expect(codeOf(await show(browser, forged))).toEqual(REFUSED)
    expect(codeOf(await signIn(browser, other))).toEqual(REFUSED)
  })

  it('is made by who was asked to, and by nobody else', async () => {
    const [home, stranger] = [
      newBrowser().enterAs(amara),
      newBrowser().enterAs(addMember(test.runtime, 'Mallory', '')),
    ]
    const response = new Authenticator().create(await begin(home), { origin: home.origin })
    const stolen = await stranger.call('POST', '/api/account/passkeys', { name: 'Mine', response })
    expect(codeOf(stolen)).toEqual(REFUSED)
  })

  it('is added with the present password, where there is one', async () => {
    const home = newBrowser().enterAs(amara)
    const password = 'seven goats on a roof'
    await home.call('PUT', '/api/account/password', { name: 'Amara', password })
    const refused = await home.call('POST', '/api/account/passkeys/options', {})
    expect(codeOf(refused)).toEqual([422, 'PASSWORD_WRONG'])
    expect((await begin(home, { present: password })).challenge).toBeTypeOf('string')
  })

  it('is named and removed by its owner alone, and all of a member by an administrator', async () => {
    const [device, second] = [new Authenticator(), new Authenticator()]
    const home = newBrowser().enterAs(amara)
    const { id } = (await add(home, device)).json<OwnCredentials>().passkeys[0]!
    const at = `/api/account/passkeys/${id}`
    const stranger = newBrowser().enterAs(addMember(test.runtime, 'Mallory', ''))
    expect((await stranger.call('PUT', at, { name: 'Mine' })).status).toBe(404)
    expect((await stranger.call('DELETE', at)).status).toBe(404)
    const named = await home.call('PUT', at, { name: 'Old phone' })
    expect(named.json<OwnCredentials>().passkeys).toMatchObject([{ name: 'Old phone' }])
    expect((await home.call('DELETE', at)).json<OwnCredentials>().passkeys).toEqual([])
    expect(codeOf(await signIn(newBrowser(), device))).toEqual(REFUSED)
    await add(home, second)
    expect((await test.call('GET', '/api/accounts')).json<Account[]>()[0]).toMatchObject({ passkeys: 1 })
    expect((await test.call('DELETE', `/api/accounts/${amara}/passkeys`)).status).toBe(204)
    expect(codeOf(await signIn(newBrowser(), second))).toEqual(REFUSED)
  })

  it('of somebody who resigned signs in no more, and of a deleted member is gone', async () => {
    const device = new Authenticator()
    await add(newBrowser().enterAs(amara), device)
    const { memberStore } = test.runtime.directory
    const [member] = memberStore.byIds([amara])
    memberStore.update(amara, { ...member!, status: 'resigned' })
    expect(codeOf(await signIn(newBrowser(), device))).toEqual(REFUSED)
    memberStore.delete(amara)
    memberStore.create({ ...member!, status: 'in-service' })
    expect(codeOf(await signIn(newBrowser(), device))).toEqual(REFUSED)
  })

  it('is not made for an address of the network, nor for a program', async () => {
    const home = new Browser(test, '127.0.0.1').enterAs(amara)
    for (const at of ['/auth/passkey/options', '/api/account/passkeys/options']) {
      const answer = await home.call('POST', at, at.startsWith('/api') ? {} : undefined)
      expect([at, ...codeOf(answer)]).toEqual([at, ...REFUSED])
    }
    expect(codeOf(await test.plain('POST', '/auth/passkey/options'))).toEqual([403, 'FORBIDDEN'])
  })

  it('is written down when it is added, used, refused and removed', async () => {
    const device = new Authenticator()
    const home = newBrowser().enterAs(amara)
    const { id } = (await add(home, device)).json<OwnCredentials>().passkeys[0]!
    await signIn(newBrowser(), device)
    await signIn(newBrowser(), device, { isUnlocked: false })
    await home.call('DELETE', `/api/account/passkeys/${id}`)
    const { entries } = (await test.call('GET', '/api/audit?limit=50')).json<AuditPage>()
    const lines = entries.map(({ who, verb, outcome, detail }) =>
      [who.name ?? who.kind, verb, outcome, JSON.stringify(detail)].join(' '),
    )
    expect(lines).toEqual([
      'Amara Okafor change done {"field":"passkey","removed":true}',
      'nobody sign-in refused {"way":"passkey"}',
      'Amara Okafor sign-in done {"way":"passkey"}',
      'Amara Okafor change done {"field":"passkey"}',
    ])
  })
})

import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Account, OpenSession, SignInOptions } from '../../../nodes/api/accounts.ts'
import type { AuditPage } from '../../../nodes/api/audit.ts'
import type { OwnCredentials } from '../../../nodes/api/credentials.ts'
import { addMember } from '../../support/open-runtime.ts'
import { Browser } from './browser.ts'
import { openServer, TOKEN } from './open-server.ts'
import type { TestServer } from './open-server.ts'

const RIGHT = 'seven goats on a roof'
const OTHER = 'a boat full of lemons'
let test: TestServer
let amara: string
beforeEach(async () => {
  test = await openServer({ runtime: { example: false } })
  amara = addMember(test.runtime, 'Amara Okafor', '+12025550101')
})
afterEach(() => test.close())

const newBrowser = () => new Browser(test)
const signIn = (browser: Browser, name: string, password: string) =>
  browser.call('POST', '/auth/password', { name, password })
const set = (browser: Browser, body: object) =>
  browser.call('PUT', '/api/account/password', { name: 'Amara Okafor', password: RIGHT, ...body })
/** Newest first, as `who thing verb outcome detail`. */
const audited = async () =>
  (await test.call('GET', '/api/audit?limit=50'))
    .json<AuditPage>()
    .entries.map(({ who, thing, verb, outcome, detail, target }) =>
      [who.name ?? who.kind, thing, verb, outcome, JSON.stringify(detail ?? {}), target?.name ?? '']
        .join(' ')
        .trim(),
    )

describe('a password', () => {
  it('is set by a member and signs in from then on, by name and by number', async () => {
    const home = newBrowser().enterAs(amara)
    const before = (await home.call('GET', '/api/account/credentials')).json<OwnCredentials>()
    expect(before).toMatchObject({ password: null, suggestedName: 'Amara Okafor', asksPresent: false })
    const made = await set(home, {})
    expect([made.status, made.json<OwnCredentials>().password?.name]).toEqual([200, 'Amara Okafor'])
    for (const name of ['amara okafor', '+1 (202) 555-0101']) {
      const browser = newBrowser()
      const answer = await signIn(browser, name, RIGHT)
      expect([answer.status, answer.json()]).toEqual([200, { state: 'signed-in', name: 'Amara Okafor' }])
      expect(answer.headers['set-cookie']![0]).toMatch(/; HttpOnly; SameSite=Strict/)
      expect(await browser.whoAmI()).toBe('member Amara Okafor')
    }
  })

  it('is offered on the page once anybody has one', async () => {
    const options = async () => (await test.plain('GET', '/auth/options')).json<SignInOptions>().password
    expect(await options()).toBe(false)
    await set(newBrowser().enterAs(amara), {})
    expect(await options()).toBe(true)
  })

  it('that is wrong, of nobody, or of somebody who resigned gets one and the same answer', async () => {
    await set(newBrowser().enterAs(amara), {})
    const emil = addMember(test.runtime, 'Emil Novak', '')
    await set(newBrowser().enterAs(emil), { name: 'Emil' })
    const { member } = { member: test.runtime.directory.memberStore.byIds([emil])[0]! }
    test.runtime.directory.memberStore.update(emil, { ...member, status: 'resigned' })
    const answers = [
      await signIn(newBrowser(), 'Amara Okafor', OTHER),
      await signIn(newBrowser(), 'Nobody here', RIGHT),
      await signIn(newBrowser(), 'Emil', RIGHT),
    ]
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect([answers[0]!.status, answers[0]!.json().code]).toEqual([422, 'PASSWORD_WRONG'])
    expect(answers.map(({ headers }) => headers['set-cookie'])).toEqual([undefined, undefined, undefined])
  })

  it('changes with the present one alone, and ends every other session', async () => {
    const [home, desk] = [newBrowser().enterAs(amara), newBrowser().enterAs(amara)]
    await set(home, {})
    expect([await home.whoAmI(), await desk.whoAmI()]).toEqual(['member Amara Okafor', '401'])
    expect((await set(home, { password: OTHER })).json().code).toBe('PASSWORD_WRONG')
    expect((await set(home, { password: OTHER, present: OTHER })).json().code).toBe('PASSWORD_WRONG')
    await signIn(desk, 'Amara Okafor', RIGHT)
    expect((await set(home, { password: OTHER, present: RIGHT })).status).toBe(200)
    expect([await home.whoAmI(), await desk.whoAmI()]).toEqual(['member Amara Okafor', '401'])
    expect((await signIn(desk, 'Amara Okafor', RIGHT)).status).toBe(422)
    expect((await signIn(desk, 'Amara Okafor', OTHER)).status).toBe(200)
  })

  it('is asked for with a growing pause, also of who is signed in', async () => {
    const home = newBrowser().enterAs(amara)
    await set(home, {})
    for (let i = 0; i < 5; i++) await set(home, { password: OTHER, present: 'wrong' })
    const refused = await set(home, { password: OTHER, present: RIGHT })
    expect([refused.status, refused.json().code]).toEqual([429, 'TOO_MANY_TRIES'])
    expect((await signIn(newBrowser(), 'Amara Okafor', RIGHT)).status).toBe(200)
  })

  it('is removed with the present one, and signs in no more', async () => {
    const home = newBrowser().enterAs(amara)
    await set(home, {})
    const at = '/api/account/password/remove'
    expect((await home.call('POST', at, {})).json().code).toBe('PASSWORD_WRONG')
    const removed = await home.call('POST', at, { present: RIGHT })
    expect(removed.json<OwnCredentials>().password).toBeNull()
    expect((await signIn(newBrowser(), 'Amara Okafor', RIGHT)).status).toBe(422)
  })

  it.each([
    ['short', { password: 'too short' }, 'password', 'passwordShort'],
    ['long', { password: 'ab1 '.repeat(40) }, 'password', 'tooLong'],
    ['common', { password: 'password123' }, 'password', 'passwordCommon'],
    ['of the own name', { password: 'Amara Okafor!' }, 'password', 'passwordPersonal'],
    ['under a name like a number', { name: '+1 202 555 0199' }, 'name', 'signInName'],
  ])('that is %s is refused at its field', async (_, body, at, key) => {
    const answer = await set(newBrowser().enterAs(amara), body)
    expect([answer.status, answer.json().fields]).toMatchObject([400, [{ path: at, key }]])
    expect(JSON.stringify(answer.json())).not.toContain((body as { password?: string }).password ?? '!')
  })
})

describe('the administrator', () => {
  it('sets a name and password, and needs no link any more', async () => {
    const first = await newBrowser().enterByToken(TOKEN)
    expect((await set(first, { name: 'Root' })).status).toBe(200)
    const browser = newBrowser()
    expect((await signIn(browser, 'root', RIGHT)).json()).toEqual({ state: 'signed-in', name: 'Root' })
    expect(await browser.whoAmI()).toBe('administrator')
    const sessions = (await browser.call('GET', '/api/account/sessions')).json<OpenSession[]>()
    expect(sessions).toHaveLength(2)
    // who came by the password proves it, who came by the token need not: that is how a forgotten one is replaced
    expect((await set(browser, { name: 'Root', password: OTHER })).json().code).toBe('PASSWORD_WRONG')
    expect((await set(first, { name: 'Root', password: OTHER })).status).toBe(200)
    expect(await browser.whoAmI()).toBe('401')
  })

  it('takes a password of a member away, and neither sees nor sets it', async () => {
    const home = newBrowser().enterAs(amara)
    await set(home, {})
    const [account] = (await test.call('GET', '/api/accounts')).json<Account[]>()
    expect(account).toMatchObject({ name: 'Amara Okafor', hasPassword: true })
    expect((await test.call('DELETE', `/api/accounts/${amara}/password`)).status).toBe(204)
    expect((await test.call('DELETE', `/api/accounts/${amara}/password`)).status).toBe(404)
    expect((await signIn(newBrowser(), 'Amara Okafor', RIGHT)).status).toBe(422)
    // by another way in, a new one is set without the old
    expect((await set(home, { password: OTHER })).status).toBe(200)
  })

  it('has no password by way of a program', async () => {
    for (const [method, at, body] of [
      ['GET', '/api/account/credentials', undefined],
      ['PUT', '/api/account/password', { name: 'Root', password: RIGHT }],
      ['POST', '/api/account/password/remove', {}],
    ] as const) {
      const answer = await test.call(method, at, body && { body })
      expect([at, answer.status, answer.json().code]).toEqual([at, 403, 'FORBIDDEN'])
    }
  })
})

describe('what is written down of passwords', () => {
  it('is who came in, who did not, and who set, changed and removed one', async () => {
    const home = newBrowser().enterAs(amara)
    await set(home, {})
    await signIn(newBrowser(), 'Amara Okafor', OTHER)
    await signIn(newBrowser(), `${OTHER} typed as a name`, OTHER)
    await signIn(newBrowser(), 'Amara Okafor', RIGHT)
    await set(home, { password: OTHER, present: 'wrong' })
    await home.call('POST', '/api/account/password/remove', { present: RIGHT })
    await set(home, {})
    await test.call('DELETE', `/api/accounts/${amara}/password`)
    expect(await audited()).toEqual([
      'program account change done {"field":"password","removed":true} Amara Okafor',
      'Amara Okafor account change done {"field":"password"}',
      'Amara Okafor account change done {"field":"password","removed":true}',
      'Amara Okafor account change refused {"field":"password"}',
      'Amara Okafor session sign-in done {"way":"password"}',
      'nobody session sign-in refused {"way":"password"}',
      'nobody session sign-in refused {"way":"password"} Amara Okafor',
      'Amara Okafor account change done {"field":"password"}',
    ])
  })

  it('is no password, in no file and no log', async () => {
    const home = newBrowser().enterAs(amara)
    await set(home, {})
    await signIn(newBrowser(), OTHER, OTHER)
    await signIn(newBrowser(), 'Amara Okafor', RIGHT)
    const { folder } = test.runtime.store
    const files = readdirSync(folder).map((file) => readFileSync(path.join(folder, file), 'latin1'))
    for (const secret of [RIGHT, OTHER]) expect([...files, ...test.log].join('\n')).not.toContain(secret)
  })
})

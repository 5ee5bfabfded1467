import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AskedForCode, CodeAnswer, OpenSession, OwnAccount } from '../../../nodes/api/accounts.ts'
import { addMember, twilioService } from '../../support/open-runtime.ts'
import { openServer } from './open-server.ts'
import type { Answer, TestServer } from './open-server.ts'

const AMARA = '+12025550101'
const BEN = '+12025550122'

let test: TestServer
let method: string
let amara: string
beforeEach(async () => {
  test = await openServer({ runtime: { example: false } })
  amara = addMember(test.runtime, 'Amara Okafor', AMARA)
  method = newMethod()
})
afterEach(() => test.close())

function newMethod(more: object = {}): string {
  return test.runtime.loginMethods.create({
    ...{ name: `Phone ${test.runtime.loginMethods.list().length}`, service: twilioService(test.runtime) },
    ...{ templateText: 'Your code is ${code}.', autofill: false, allowRegistration: true },
    ...{ countries: [], dailyCodes: 5_000, hourlyPerAddress: 20, ...more },
  }).id
}

const page = { 'sec-fetch-site': 'same-origin' }
const post = (at: string, body: object, headers: object = {}) =>
  test.plain('POST', at, { body, headers: { origin: test.server.url, ...page, ...headers } })

async function ask(phone: string, by = method): Promise<AskedForCode> {
  const answer = await post('/auth/sms/request', { method: by, phone })
  expect([answer.status, answer.text]).toEqual([200, expect.stringContaining('challenge')])
  return answer.json<AskedForCode>()
}

/** The code as the phone shows it. */
async function codeOn(phone: string, texts = 1): Promise<string> {
  const received = () => test.runtime.sandbox!.messages(100).filter(({ to }) => to === phone)
  await expect.poll(() => received().length, { timeout: 5_000 }).toBe(texts)
  return /\d{6}/.exec(received()[0]!.text)![0]
}

function cookieOf(answer: Answer): Record<string, string> {
  return { cookie: answer.headers['set-cookie']![0]!.split(';')[0]!, origin: test.server.url, ...page }
}

/** Signs in by a code; answers the headers of that browser's further requests. */
async function signIn(phone: string, texts = 1): Promise<Record<string, string>> {
  const { challenge } = await ask(phone)
  const answer = await post('/auth/sms/verify', { challenge, code: await codeOn(phone, texts) })
  expect(answer.json<CodeAnswer>().state).toBe('signed-in')
  return cookieOf(answer)
}

describe('signing in by a code', () => {
  it('opens the own inbox and account, and nothing else', async () => {
    const { challenge } = await ask('(202) 555-0101')
    const code = await codeOn(AMARA)
    const typed = ` ${code.slice(0, 3)} ${code.slice(3)}`
    const answer = await post('/auth/sms/verify', { challenge, code: typed })
    expect(answer.json()).toEqual({ state: 'signed-in', name: 'Amara Okafor' })
    expect(answer.headers['set-cookie']![0]).toMatch(/; HttpOnly; SameSite=Strict/)
    const headers = cookieOf(answer)
    expect((await test.plain('GET', '/api/session', { headers })).json()).toMatchObject({
      role: 'member',
      member: { member: amara, name: 'Amara Okafor' },
    })
    expect((await test.plain('GET', `/api/inbox/${amara}`, { headers })).status).toBe(200)
    const ben = addMember(test.runtime, 'Ben Lindqvist', BEN)
    for (const at of [`/api/inbox/${ben}`, '/api/functions', '/api/members', '/api/sandbox/messages']) {
      const refused = await test.plain('GET', at, { headers })
      expect([at, refused.status, refused.json().code]).toEqual([at, 403, 'FORBIDDEN'])
    }
  })

  it('answers a wrong, a used and an unknown code alike', async () => {
    const { challenge } = await ask(AMARA)
    const code = await codeOn(AMARA)
    const wrong = code === '000000' ? '000001' : '000000'
    const answers = [await post('/auth/sms/verify', { challenge, code: wrong })]
    await post('/auth/sms/verify', { challenge, code })
    answers.push(await post('/auth/sms/verify', { challenge, code }))
    answers.push(await post('/auth/sms/verify', { challenge: '01ARZ3NDEKTSV4RRFFQ69G5FAV', code }))
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect(answers[0]!.status).toBe(422)
  })

  it('opens one session for a right code that comes a hundred times at once', async () => {
    const { challenge } = await ask(AMARA)
    const code = await codeOn(AMARA)
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => post('/auth/sms/verify', { challenge, code })),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(test.runtime.accounts.sessions.of(amara)).toHaveLength(1)
  })

  it('says the same of a number that may not get in, and texts nothing', async () => {
    const closed = newMethod({ allowRegistration: false })
    const known = await ask(AMARA, closed)
    const unknown = await ask(BEN, closed)
    expect(Object.keys(unknown)).toEqual(Object.keys(known))
    expect({ ...unknown, challenge: '' }).toEqual({ ...known, challenge: '' })
    await codeOn(AMARA)
    expect(test.runtime.sandbox!.requests().map(({ to }) => to)).toEqual([AMARA])
    expect((await post('/auth/sms/verify', { challenge: unknown.challenge, code: '123456' })).status).toBe(
      422,
    )
  })

  it('lets people who share a number choose who they are, once', async () => {
    const maya = addMember(test.runtime, 'Maya Cohen', AMARA)
    addMember(test.runtime, 'Emil Novak', AMARA, { status: 'resigned' })
    const { challenge } = await ask(AMARA)
    const answer = await post('/auth/sms/verify', { challenge, code: await codeOn(AMARA) })
    const choice = answer.json<Extract<CodeAnswer, { state: 'choose' }>>()
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect(choice.people.map(({ name }) => name).sort()).toEqual(['Amara Okafor', 'Maya Cohen'])
    const chosen = await post('/auth/sms/choose', { ticket: choice.ticket, member: maya })
    expect(chosen.json()).toEqual({ state: 'signed-in', name: 'Maya Cohen' })
    expect((await post('/auth/sms/choose', { ticket: choice.ticket, member: amara })).status).toBe(422)
  })

  it('makes a new member of a number that nobody has, where the method says so', async () => {
    const { challenge } = await ask(BEN)
    const answer = await post('/auth/sms/verify', { challenge, code: await codeOn(BEN) })
    const { state, ticket } = answer.json<Extract<CodeAnswer, { state: 'register' }>>()
    expect(state).toBe('register')
    const made = await post('/auth/sms/register', { ticket, name: 'Ben Lindqvist' })
    expect(made.json()).toEqual({ state: 'signed-in', name: 'Ben Lindqvist' })
    expect(test.runtime.directory.memberStore.withPhones([BEN])).toMatchObject([
      { name: 'Ben Lindqvist', status: 'in-service' },
    ])
    expect((await post('/auth/sms/register', { ticket, name: 'Twice' })).status).toBe(422)
  })

  it('ends with the next request of somebody who has resigned', async () => {
    const headers = await signIn(AMARA)
    test.runtime.directory.memberStore.update(amara, {
      ...{ name: 'Amara Okafor', phone: AMARA, status: 'resigned', departments: [] },
    })
    expect((await test.plain('GET', '/api/account', { headers })).status).toBe(401)
  })

  it('is refused to other sites', async () => {
    const headers = { origin: 'https://evil.example' }
    expect((await post('/auth/sms/request', { method, phone: AMARA }, headers)).status).toBe(403)
  })

  it('replaces a session that was planted in the browser', async () => {
    const planted = await signIn(AMARA)
    addMember(test.runtime, 'Ben Lindqvist', BEN)
    const { challenge } = await ask(BEN)
    const answer = await post('/auth/sms/verify', { challenge, code: await codeOn(BEN) }, planted)
    expect(cookieOf(answer)['cookie']).not.toBe(planted['cookie'])
    expect((await test.plain('GET', '/api/account', { headers: planted })).status).toBe(401)
  })
})

describe('a code', () => {
  it('is in no file of the data folder, no log and no answer of the server, while its text says where it was', async () => {
    const { challenge } = await ask(AMARA)
    const code = await codeOn(AMARA)
    await expect
      .poll(async () => (await test.call('GET', '/api/messages')).text, { timeout: 10_000 })
      .toContain('accepted')
    const { messages } = (await test.call('GET', '/api/messages')).json<{ messages: { id: string }[] }>()
    const detail = (await test.call('GET', `/api/messages/${messages[0]!.id}`)).text
    expect(detail).toContain('Your code is ******.')
    const runs = (await test.call('GET', '/api/runs')).text
    const { folder } = test.runtime.store
    // the sandbox is the network and the phones: there it must be
    const files = readdirSync(folder).filter((name) => !name.startsWith('sandbox'))
    const stored = files.map((name) => readFileSync(path.join(folder, name), 'latin1')).join()
    for (const text of [detail, runs, stored, test.log.join()]) expect(text).not.toContain(code)
    expect(stored).toContain(challenge)
  })

  it('that was lost with the process is not sent as a mask', async () => {
    // more than once: the next attempt may follow at once
    test.runtime.sandbox!.setFault('twilio', 'throttle', 4)
    const { challenge } = await ask(AMARA)
    await expect.poll(() => test.runtime.sandbox!.requests().length).toBeGreaterThan(0)
    // used up meanwhile, as by a restart
    test.runtime.withheld.forget(challenge)
    await expect
      .poll(async () => (await test.call('GET', '/api/messages')).text, { timeout: 10_000 })
      .toContain('CODE_GONE')
    expect(test.runtime.sandbox!.messages(10)).toEqual([])
  })

  it('ends in the line by which phones fill it in, where the method says so', async () => {
    test.runtime.settings.setPublicUrl('https://sms.example.com')
    await ask(AMARA, newMethod({ autofill: true }))
    const code = await codeOn(AMARA)
    expect(test.runtime.sandbox!.messages(1)[0]!.text).toBe(
      `Your code is ${code}.\n\n@sms.example.com #${code}`,
    )
  })
})

describe('the own account', () => {
  it('changes its number with proof of both, and other browsers are out', async () => {
    const elsewhere = await signIn(AMARA)
    const headers = await signIn(AMARA, 2)
    const withoutProof = await post('/api/account/phone/new', { method, phone: BEN }, headers)
    expect(withoutProof.status).toBe(422)

    const proof = (await post('/api/account/phone/prove', { method }, headers)).json<AskedForCode>()
    const own = { challenge: proof.challenge, code: await codeOn(AMARA, 3) }
    const { ticket } = (await post('/api/account/phone/verify', own, headers)).json<{ ticket: string }>()
    const asked = await post('/api/account/phone/new', { method, phone: BEN, ticket }, headers)
    const { challenge } = asked.json<AskedForCode>()
    const changed = await post('/api/account/phone/confirm', { challenge, code: await codeOn(BEN) }, headers)
    expect(changed.json<OwnAccount>()).toMatchObject({ phone: '+12****0122' })
    expect(test.runtime.directory.memberStore.byIds([amara])).toMatchObject([{ phone: BEN }])
    for (const old of [elsewhere, headers]) {
      expect((await test.plain('GET', '/api/account', { headers: old })).status).toBe(401)
    }
    expect((await test.plain('GET', '/api/account', { headers: cookieOf(changed) })).status).toBe(200)
  })

  it('is not changed with a code that another member asked for', async () => {
    addMember(test.runtime, 'Ben Lindqvist', BEN)
    const [mine, his] = [await signIn(AMARA), await signIn(BEN)]
    const { challenge } = (await post('/api/account/phone/prove', { method }, mine)).json<AskedForCode>()
    const stolen = { challenge, code: await codeOn(AMARA, 2) }
    expect((await post('/api/account/phone/verify', stolen, his)).status).toBe(422)
    expect((await post('/api/account/phone/verify', stolen, mine)).status).toBe(200)
  })

  it('removes its number with proof', async () => {
    const headers = await signIn(AMARA)
    const { challenge } = (await post('/api/account/phone/prove', { method }, headers)).json<AskedForCode>()
    const code = await codeOn(AMARA, 2)
    const answer = await post('/api/account/phone/verify', { challenge, code }, headers)
    const { ticket } = answer.json<{ ticket: string }>()
    const removed = await post('/api/account/phone/remove', { ticket }, headers)
    expect(removed.json<OwnAccount>().phone).toBe('')
    expect(test.runtime.directory.memberStore.byIds([amara])).toMatchObject([{ phone: '' }])
  })

  it('shows its browsers and signs one out', async () => {
    const [one, two] = [await signIn(AMARA), await signIn(AMARA, 2)]
    const listed = (await test.plain('GET', '/api/account/sessions', { headers: two })).json<OpenSession[]>()
    expect(listed.map(({ current }) => current).sort()).toEqual([false, true])
    const { id } = listed.find(({ current }) => !current)!
    expect((await test.plain('DELETE', `/api/account/sessions/${id}`, { headers: two })).status).toBe(204)
    expect((await test.plain('GET', '/api/account', { headers: one })).status).toBe(401)
    expect((await test.plain('GET', '/api/account', { headers: two })).status).toBe(200)
  })

  it('has no number of whoever came in by the start link', async () => {
    const headers = await test.signIn()
    expect((await test.plain('GET', '/api/account', { headers })).json<OwnAccount>()).toEqual({
      ...{ role: 'administrator', member: null, phone: '' },
    })
    const sessions = await test.plain('GET', '/api/account/sessions', { headers })
    expect(sessions.json<OpenSession[]>()).toMatchObject([{ current: true }])
    const prove = { headers, body: { method } }
    expect((await test.plain('POST', '/api/account/phone/prove', prove)).status).toBe(403)
  })
})

describe('a login method', () => {
  const path = '/api/login-methods'
  const valid = { name: 'Staff', templateText: 'Code: ${code}' }

  it.each([
    [{ ...valid, templateText: 'no placeholder' }, 'templateText', 'codeText'],
    [{ ...valid, templateText: '${code} for ${name}' }, 'templateText', 'codeText'],
    [{ ...valid, templateText: '${code} ******' }, 'templateText', 'codeText'],
    [{ ...valid, templateText: undefined }, 'templateText', 'codeText'],
    [{ ...valid, service: 'gone' }, 'service', 'serviceMissing'],
    [{ ...valid, name: 'Phone 0' }, 'name', 'duplicate'],
    [{ ...valid, countries: ['Nowhere'] }, 'countries/0', 'country'],
  ])('%j is refused at the field', async (body, field, key) => {
    const answer = await test.call('POST', path, { body: { service: twilioService(test.runtime), ...body } })
    expect(answer.status).toBe(400)
    expect(answer.json().fields).toEqual([expect.objectContaining({ path: field, key })])
  })

  it('that somebody else changed in between is not overwritten', async () => {
    const { id, revision, updated: _, ...settings } = test.runtime.loginMethods.get(method)
    const first = await test.call('PUT', `${path}/${id}`, { body: { ...settings, name: 'Mine', revision } })
    expect(first.json()).toMatchObject({ name: 'Mine', revision: 2 })
    const second = await test.call('PUT', `${path}/${id}`, { body: { ...settings, name: 'Hers', revision } })
    expect([second.status, second.json().code]).toEqual([409, 'CONFLICT'])
  })

  it('keeps its SMS service from being deleted', async () => {
    const { service, name } = test.runtime.loginMethods.get(method)
    const remove = () => test.call('DELETE', `/api/sms-services/${service}`)
    const refused = await remove()
    expect([refused.status, refused.json().code, refused.json().detail]).toEqual([
      ...[409, 'IN_USE', expect.stringContaining(name)],
    ])
    await test.call('DELETE', `${path}/${method}`)
    expect((await remove()).status).toBe(204)
  })

  it('counts its codes, and lets nobody in once it is deleted', async () => {
    const { challenge } = await ask(AMARA)
    const code = await codeOn(AMARA)
    await post('/auth/sms/verify', { challenge, code })
    await ask(BEN)
    expect((await test.call('GET', `${path}/${method}/summary`)).json()).toEqual({
      ...{ asked: 2, texted: 2, used: 1 },
    })
    await test.call('DELETE', `${path}/${method}`)
    expect((await post('/auth/sms/request', { method, phone: AMARA })).status).toBe(404)
  })
})

describe('behind a reverse proxy', () => {
  it.each([
    [[], 2],
    [['192.0.2.1'], 2],
    [['127.0.0.1'], 1],
  ])('X-Forwarded-For is believed to %j alone', async (proxies, answered) => {
    const other = await openServer({ runtime: { example: false }, server: { proxies } })
    const service = twilioService(other.runtime)
    const { id } = other.runtime.loginMethods.create({
      ...{ name: 'Phone', service, templateText: '${code}', autofill: false, allowRegistration: true },
      ...{ countries: [], dailyCodes: 5_000, hourlyPerAddress: 1 },
    })
    // what a caller writes stands before what the proxy adds
    const headers = { 'x-forwarded-for': '203.0.113.9, 198.51.100.7' }
    const statuses: number[] = []
    for (const phone of [AMARA, '+12125550102']) {
      const body = { method: id, phone }
      headers['x-forwarded-for'] = `203.0.113.${statuses.length}, 198.51.100.7`
      statuses.push((await other.plain('POST', '/auth/sms/request', { body, headers })).status)
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(answered)
    await other.close()
  })
})

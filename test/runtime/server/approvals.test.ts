import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DecideLink, RequestView, WorklistPage } from '../../../nodes/api/approvals.ts'
import { approval, member, processGraph, publishProcess } from '../../support/approvals.ts'
import { addMember, twilioService } from '../../support/open-runtime.ts'
import { openServer } from './open-server.ts'
import type { TestServer } from './open-server.ts'

let test: TestServer
let ann: string
let ben: string
let cid: string
beforeEach(async () => {
  test = await openServer({ runtime: { example: false } })
  ann = addMember(test.runtime, 'Ann', '+447700900001')
  ben = addMember(test.runtime, 'Ben', '+447700900002')
  cid = addMember(test.runtime, 'Cid', '+447700900003')
  const sms = {
    ...{ sms: true, service: twilioService(test.runtime), variables: {}, smsDecides: true },
    templateText: '${userNick}: ${processTitle} ${link}',
  }
  publishProcess(test.runtime, processGraph({ chief: approval([member(ben)], sms) }))
})
afterEach(() => test.close())

const page = { 'sec-fetch-site': 'same-origin' }
/** Requests of a browser in which a member is signed in. */
function browserOf(id: string) {
  const token = test.runtime.accounts.sessions.open({ member: id })
  const { port } = new URL(test.server.url)
  const headers = { cookie: `sms-logic-session-${port}=${token}`, origin: test.server.url, ...page }
  return {
    get: (at: string) => test.plain('GET', at, { headers }),
    post: (at: string, body?: object, more: object = {}) =>
      test.plain('POST', at, { ...(body && { body }), headers: { ...headers, ...more } }),
  }
}

/** Ann's request, once Ben has it. */
async function initiate(): Promise<string> {
  const answer = await browserOf(ann).post('/api/processes/leave/requests', { input: { days: 3 } })
  expect(answer.status).toBe(201)
  const { id } = answer.json<{ id: string }>()
  await expect.poll(() => test.runtime.requests.counts(ben).decide).toBe(1)
  return id
}

describe('a request', () => {
  it('goes from one browser to the other, and is decided once', async () => {
    const id = await initiate()
    const list = await browserOf(ben).get('/api/to-do/decide')
    expect(list.json<WorklistPage>().entries).toMatchObject([{ id, title: 'Ann: 3 days', step: 'chief' }])
    const { mine } = (await browserOf(ben).get(`/api/requests/${id}`)).json<RequestView>()
    const decision = { task: mine!.id, action: 'approve' }
    const [first, second] = await Promise.all([
      browserOf(ben).post(`/api/requests/${id}/decision`, decision),
      browserOf(ben).post(`/api/requests/${id}/decision`, { ...decision, action: 'reject' }),
    ])
    expect([first.status, second.status].sort()).toEqual([200, 409])
    const late = await browserOf(ben).post(`/api/requests/${id}/decision`, decision)
    expect([late.status, late.json().code]).toEqual([409, 'CONFLICT'])
  })

  it('hands its form in once for one key, and says which field is wrong', async () => {
    const key = { 'idempotency-key': 'form-7' }
    const post = () => browserOf(ann).post('/api/processes/leave/requests', { input: { days: 2 } }, key)
    expect((await post()).json()).toEqual((await post()).json())
    const wrong = await browserOf(ann).post('/api/processes/leave/requests', { input: { days: 'three' } })
    expect([wrong.status, wrong.json()]).toMatchObject([400, { code: 'INPUT_INVALID' }])
    const asOther = await browserOf(ann).post('/api/processes/leave/requests', {
      input: { days: 1, initiator: ben },
    })
    const { initiator } = (
      await browserOf(ann).get(`/api/requests/${asOther.json<{ id: string }>().id}`)
    ).json<RequestView>()
    expect(initiator.name).toBe('Ann')
  })

  it('is not there for anybody else, and shows operators what its texts became', async () => {
    const id = await initiate()
    for (const call of [
      browserOf(cid).get(`/api/requests/${id}`),
      browserOf(cid).post(`/api/requests/${id}/revoke`, {}),
      browserOf(ben).post(`/api/requests/${id}/revoke`, {}),
      browserOf(cid).post(`/api/requests/${id}/urge`),
    ]) {
      expect((await call).status).toBe(404)
    }
    expect((await browserOf(cid).get('/api/monitor/requests')).status).toBe(403)
    expect((await browserOf(ben).get(`/api/requests/${id}`)).json<RequestView>().texts).toEqual([])
    test.runtime.accounts.setRole(cid, 'operator')
    await expect
      .poll(async () => (await browserOf(cid).get(`/api/requests/${id}`)).json<RequestView>().texts)
      .toMatchObject([
        { person: { name: 'Ben' }, state: 'sent', message: { state: 'accepted', phone: '+44****0002' } },
      ])
    expect((await browserOf(cid).get('/api/monitor/requests?paused=true')).json()).toMatchObject({
      entries: [],
    })
    expect((await browserOf(cid).get('/api/monitor/requests')).json()).toMatchObject({
      entries: [{ id, waitsFor: [{ name: 'Ben' }], isPaused: false }],
    })
  })

  it('has no colleague’s number in any list', async () => {
    const answer = await browserOf(ann).get('/api/colleagues?search=b')
    expect(answer.json()).toEqual([{ member: ben, name: 'Ben' }])
    expect((await browserOf(ann).get('/api/colleagues?search=%2B447700')).json()).toEqual([])
  })
})

describe('the link of a text', () => {
  async function token(): Promise<string> {
    await initiate()
    await expect.poll(() => test.runtime.sandbox!.messages(1)).toHaveLength(1)
    return /#\/decide\/([\w-]+)/.exec(test.runtime.sandbox!.messages(1)[0]!.text)![1]!
  }
  const own = () => ({ origin: test.server.url, ...page })

  it('shows the request to whoever holds it, and decides only where it is pressed', async () => {
    const at = `/api/decide/${await token()}`
    for (let look = 0; look < 3; look++) {
      expect((await test.plain('GET', at)).json<DecideLink>()).toMatchObject({ state: 'open', person: 'Ben' })
    }
    const body = { action: 'approve', comment: 'By phone' }
    const foreign = await test.plain('POST', at, {
      body,
      headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    })
    expect(foreign.status).toBe(403)
    expect((await test.plain('POST', at, { body, headers: own() })).json()).toMatchObject({
      state: 'decided',
    })
    expect((await test.plain('POST', at, { body, headers: own() })).json()).toEqual({ state: 'gone' })
  })

  it('says of wrong, used and other links the same', async () => {
    const at = `/api/decide/${await token()}`
    await test.plain('POST', at, { body: { action: 'reject' }, headers: own() })
    const answers = await Promise.all(
      [at, '/api/decide/x', `/api/decide/${'A'.repeat(22)}`].map((each) => test.plain('GET', each)),
    )
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(
      new Set(['200 {"state":"gone"}']),
    )
  })
})

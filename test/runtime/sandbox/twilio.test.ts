import twilio from 'twilio'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sandboxOptedOutNumber, sandboxTwilioAccount } from '../../../runtime/sandbox/accounts.ts'
import type { Sandbox } from '../../../runtime/sandbox/sandbox.ts'
import { startSandbox } from '../../../runtime/sandbox/start-sandbox.ts'

const { accountSid, authToken, apiKeys, senders, messagingServices, contents } = sandboxTwilioAccount
const [from] = senders
const other = {
  ...sandboxTwilioAccount,
  accountSid: 'AC00000000000000000000000000000002',
  authToken: 'to:ken:',
  apiKeys: [],
}

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox({ accounts: { twilio: [other] } })
})
afterEach(() => sandbox.close())

function client(user: string, password: string, options = {}) {
  const made = twilio(user, password, options)
  made.api.baseUrl = sandbox.url
  return made
}

function post(
  fields: Record<string, string>,
  authorization = basic(accountSid, authToken),
  sid = accountSid,
) {
  return fetch(`${sandbox.url}/2010-04-01/Accounts/${sid}/Messages.json`, {
    method: 'POST',
    headers: { authorization },
    body: new URLSearchParams(fields),
  })
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

describe('the official SDK', () => {
  test('reads a content template', async () => {
    const [content] = contents
    const made = client(accountSid, authToken)
    made.content.baseUrl = sandbox.url
    const found = await made.content.v1.contents(content.sid).fetch()
    expect(found).toMatchObject({
      sid: content.sid,
      accountSid,
      friendlyName: content.name,
      types: { 'twilio/text': { body: content.body } },
    })
    const stranger = client(other.accountSid, other.authToken)
    stranger.content.baseUrl = sandbox.url
    const missing = stranger.content.v1.contents(`HX${'f'.repeat(32)}`).fetch()
    await expect(missing).rejects.toMatchObject({ status: 404, code: 20404 })
  })

  test('sends a text that appears on the phone', async () => {
    const body = `It's 50% (*) off ~ 你好 + "x"\n😀`
    const sent = await client(accountSid, authToken).messages.create({ to: '+12025550123', from, body })
    expect(sent).toMatchObject({
      accountSid,
      body,
      status: 'queued',
      direction: 'outbound-api',
      errorCode: null,
      numSegments: '1',
      dateSent: null,
    })
    expect(sent.sid).toMatch(/^SM[0-9a-f]{32}$/)
    expect(sandbox.messages(10)).toEqual([
      {
        id: sent.sid,
        provider: 'twilio',
        to: '+12025550123',
        from,
        text: body,
        at: expect.any(String),
        segments: 1,
      },
    ])
  })

  test('sends through a messaging service, which chooses the sender later', async () => {
    const messagingServiceSid = messagingServices[0].sid
    const sent = await client(accountSid, authToken).messages.create({
      to: '+12025550123',
      messagingServiceSid,
      body: 'Hi',
    })
    expect(sent).toMatchObject({ status: 'accepted', numSegments: '0', from: null, messagingServiceSid })
    expect(sandbox.messages(1)[0]).toMatchObject({ from: messagingServices[0].sender })
  })

  test('signs in with an API key', async () => {
    const withKey = client(apiKeys[0].sid, apiKeys[0].secret, { accountSid })
    await expect(withKey.messages.create({ to: '+12025550123', from, body: 'Hi' })).resolves.toBeDefined()
  })

  test('signs in with an auth token that has colons', async () => {
    const account = await client(other.accountSid, other.authToken).api.accounts(other.accountSid).fetch()
    expect(account).toMatchObject({ sid: other.accountSid, status: 'active' })
  })

  test('finds its messages again, page by page, and nobody else’s', async () => {
    const ours = client(accountSid, authToken)
    for (let number = 1; number <= 5; number++) {
      await ours.messages.create({ to: '+12025550123', from, body: `Text ${number}` })
    }
    await ours.messages.create({ to: '+12025550124', from, body: 'To somebody else' })
    const theirs = await client(other.accountSid, other.authToken).messages.create({
      to: '+12025550123',
      from,
      body: 'Theirs',
    })

    const found = await ours.messages.list({ to: '+12025550123', from, pageSize: 2 })
    expect(found.map((message) => message.body)).toEqual(['Text 5', 'Text 4', 'Text 3', 'Text 2', 'Text 1'])
    expect(await ours.messages(found[0]!.sid).fetch()).toMatchObject({ body: 'Text 5', status: 'delivered' })
    await expect(ours.messages(theirs.sid).fetch()).rejects.toMatchObject({ status: 404, code: 20404 })
  })

  test('pages stay in place while new messages arrive', async () => {
    const ours = client(accountSid, authToken)
    for (let number = 1; number <= 4; number++) {
      await ours.messages.create({ to: '+12025550123', from, body: `Text ${number}` })
    }
    const first = await ours.messages.page({ pageSize: 2 })
    await ours.messages.create({ to: '+12025550123', from, body: 'Late' })
    const second = await first.nextPage()
    expect(second!.instances.map((message) => message.body)).toEqual(['Text 2', 'Text 1'])
    expect(await second!.nextPage()).toBeUndefined()
  })
})

describe('a message is refused as Twilio refuses it', () => {
  const good = { To: '+12025550123', From: from, Body: 'Hi' }
  test.each<[string, Record<string, string>, number]>([
    ['no recipient', { ...good, To: '' }, 21604],
    ['no sender', { ...good, From: '' }, 21603],
    ['no text', { ...good, Body: '' }, 21602],
    ['a text of 1,601 characters', { ...good, Body: 'a'.repeat(1_601) }, 21617],
    ['a recipient without country code', { ...good, To: '2025550123' }, 21211],
    ['a recipient that is no number', { ...good, To: 'Ann' }, 21211],
    ['a number of somebody else as sender', { ...good, From: '+12025550100' }, 21606],
    ['an unknown alphanumeric sender', { ...good, From: 'Somebody' }, 21606],
    ['a sender that cannot be one', { ...good, From: '+1(202)' }, 21212],
    ['an unknown messaging service', { ...good, MessagingServiceSid: `MG${'0'.repeat(32)}` }, 21701],
    ['itself as recipient', { ...good, To: from }, 21266],
    ['a recipient who answered STOP', { ...good, To: sandboxOptedOutNumber }, 21610],
    ['a country that is not enabled', { ...good, To: '+881612345678' }, 21408],
    ['a callback that is no web address', { ...good, StatusCallback: 'ftp://example.com' }, 21609],
    ['a validity of 0 seconds', { ...good, ValidityPeriod: '0' }, 21624],
    ['a validity above ten hours', { ...good, ValidityPeriod: '36001' }, 21624],
    ['an unknown content template', { ...good, ContentSid: `HX${'0'.repeat(32)}` }, 21655],
    ['values without a content template', { ...good, ContentVariables: '{}' }, 21656],
    ['values that are no JSON', { ...good, ContentSid: contents[0].sid, ContentVariables: '{' }, 21656],
    ['values in a list', { ...good, ContentSid: contents[0].sid, ContentVariables: '["a","b"]' }, 21656],
    [
      'a value that is no text',
      { ...good, ContentSid: contents[2].sid, ContentVariables: '{"code":1}' },
      21656,
    ],
    ['a template without its values', { ...good, ContentSid: contents[0].sid }, 21656],
    ['the magic invalid recipient', { ...good, To: '+15005550001' }, 21211],
    ['the magic unreachable recipient', { ...good, To: '+15005550002' }, 21612],
    ['the magic forbidden region', { ...good, To: '+15005550003' }, 21408],
    ['the magic landline', { ...good, To: '+15005550009' }, 21614],
    ['the magic invalid sender', { ...good, From: '+15005550001' }, 21212],
    ['the magic sender without SMS', { ...good, From: '+15005550007' }, 21606],
    ['the magic sender with a full queue', { ...good, From: '+15005550008' }, 21611],
  ])('%s', async (_, fields, code) => {
    const response = await post(fields)
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({
      code,
      message: expect.any(String),
      more_info: `https://www.twilio.com/docs/errors/${code}`,
      status: 400,
    })
    expect(sandbox.messages(1)).toEqual([])
    expect(sandbox.requests()).toMatchObject([{ accepted: false, code: String(code) }])
  })

  test.each<[string, Record<string, string>]>([
    ['1,600 characters', { ...good, Body: 'a'.repeat(1_600) }],
    ['a number with spaces and brackets', { ...good, To: '+1 (202) 555-0123' }],
    ['a short code as sender', { ...good, From: '22395' }],
    ['a name as sender', { ...good, From: 'Sandbox' }],
    ['a validity of ten hours', { ...good, ValidityPeriod: '36000' }],
    [
      'a content template, with its own sample for what is not given',
      { To: good.To, From: from, ContentSid: contents[2].sid, ContentVariables: '{"code":"123456"}' },
    ],
  ])('but %s is taken', async (_, fields) => {
    expect((await post(fields)).status).toBe(201)
  })
})

describe('credentials', () => {
  const good = { To: '+12025550123', From: from, Body: 'Hi' }
  test.each([
    ['none', ''],
    ['another scheme', `Bearer ${authToken}`],
    ['no colon', `Basic ${Buffer.from(accountSid).toString('base64')}`],
    ['no base64', 'Basic %%%'],
    ['an unknown account', basic(`AC${'9'.repeat(32)}`, authToken)],
    ['a wrong token', basic(accountSid, 'wrong')],
    ['an empty token', basic(accountSid, '')],
    ['a wrong API key secret', basic(apiKeys[0].sid, 'wrong')],
    ['another account than the one in the path', basic(other.accountSid, other.authToken)],
  ])('%s: refused', async (_, authorization) => {
    const response = await post(good, authorization)
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ code: 20003, message: 'Authenticate' })
    expect(sandbox.messages(1)).toEqual([])
  })
})

test('shows what is not there as 404 and what cannot be done as 405', async () => {
  const headers = { authorization: basic(accountSid, authToken) }
  const account = `${sandbox.url}/2010-04-01/Accounts/${accountSid}`
  const statusOf = async (path: string, method = 'GET') =>
    (await fetch(account + path, { headers, method })).status
  expect(await statusOf('/Messages/SM1.json')).toBe(404)
  expect(await statusOf('/Calls.json')).toBe(404)
  expect(await statusOf('/Messages.json', 'DELETE')).toBe(405)
  expect(await statusOf('/Messages.json?PageSize=0')).toBe(400)
})

test('names the token of the status callback in the list of requests', async () => {
  await post({
    To: '+12025550123',
    From: from,
    Body: 'Hi',
    StatusCallback: 'https://example.com/receipts?x=1&token=message-7',
  })
  expect(sandbox.requests()).toMatchObject([
    { provider: 'twilio', to: '+12025550123', token: 'message-7', accepted: true, fault: 'none' },
  ])
})

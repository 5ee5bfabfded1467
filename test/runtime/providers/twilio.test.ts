import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { twilioSettings } from '../../../nodes/services/sms/twilio.ts'
import { openSmsProvider } from '../../../runtime/providers/sms/index.ts'
import { twilioOrigin } from '../../../runtime/providers/sms/twilio.ts'
import { sandboxServices, sandboxTwilioAccount } from '../../../runtime/sandbox/accounts.ts'
import { startSandbox } from '../../../runtime/sandbox/start-sandbox.ts'
import { testSmsProvider } from '../../contract/sms-provider.ts'
import { httpAnswer, startWireServer, type WireServer } from '../../contract/wire-server.ts'

const settings = twilioSettings.parse(sandboxServices.twilio)
const message = { id: 'message-1', attempt: 1, to: '+12025550123', text: 'Pump 3 needs help' }
const [content] = sandboxTwilioAccount.contents
const sid = `SM${'a1'.repeat(16)}`
const created = (fields: object) =>
  JSON.stringify({ sid, status: 'queued', num_segments: '1', date_created: null, ...fields })
const refused = (code: number, words: string, status = 400) =>
  JSON.stringify({ code, message: words, more_info: `https://www.twilio.com/docs/errors/${code}`, status })

testSmsProvider({
  name: 'twilio',
  settings,
  wrongCredentials: { authToken: 'not-the-token' },
  message,
  replies: {
    accepted: { status: 201, body: created({}), providerId: sid },
    withoutId: [
      { status: 201, body: '' },
      { status: 201, body: '<html>' },
      { status: 201, body: '{}' },
      { status: 201, body: 'null' },
      { status: 201, body: created({ sid: null }) },
      { status: 201, body: created({ sid: 'AC00000000000000000000000000000001' }) },
      { status: 200, body: '{"ok":true}' },
      { status: 204, body: '' },
    ],
    refusedInSuccess: {
      status: 201,
      body: created({ status: 'failed', error_code: 30006, error_message: 'Landline' }),
      providerCode: '30006',
    },
    refused: (echo) => ({
      status: 400,
      body: refused(21211, `Invalid 'To' Phone Number: ${echo}`),
      providerCode: '21211',
    }),
    throttled: { status: 429, body: refused(20429, 'Too Many Requests', 429), providerCode: '20429' },
  },
  badNumber: { to: '+15005550001', providerCode: '21211' },
  optedOut: { to: '+12025550199', providerCode: '21610' },
  keptTemplate: {
    sends: { contentSid: content.sid, contentVariables: { '1': 'Pump "7"', '2': 'low ¥ & 压力' } },
    shows: 'Pump "7" needs help: low ¥ & 压力',
    refused: [
      { what: 'an unknown template', sends: { contentSid: `HX${'f'.repeat(32)}` }, providerCode: '21655' },
      { what: 'a missing value', sends: { contentVariables: { '1': 'Pump 7' } }, providerCode: '21656' },
      {
        what: 'a value that is too long',
        sends: { contentVariables: { '1': 'x'.repeat(1_601), '2': 'y' } },
        providerCode: '21656',
      },
    ],
  },
})

describe('twilio', () => {
  let server: WireServer
  beforeEach(async () => {
    server = await startWireServer((socket) => socket.write(httpAnswer(201, created({}))))
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    await server.close()
  })
  const sendWith = async (changes: Partial<typeof settings> = {}) => {
    const provider = await openSmsProvider('twilio', { ...settings, ...changes, endpoint: server.origin })
    const outcome = await provider.send(message)
    await provider.close()
    return outcome
  }
  const credentials = () =>
    Buffer.from(/authorization: Basic (\S+)/i.exec(server.requests[0]!.head)![1]!, 'base64').toString()

  it('is not led astray by environment variables', async () => {
    vi.stubEnv('TWILIO_EDGE', 'dublin')
    vi.stubEnv('TWILIO_REGION', 'ie1')
    vi.stubEnv('TWILIO_ACCOUNT_SID', `AC${'f'.repeat(32)}`)
    vi.stubEnv('TWILIO_AUTH_TOKEN', 'from-the-environment')
    vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:1')
    vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:1')
    expect(await sendWith()).toMatchObject({ state: 'accepted' })
    expect(server.requests[0]!.head).toContain(
      `POST /2010-04-01/Accounts/${settings.accountSid}/Messages.json HTTP/1.1`,
    )
    expect(credentials()).toBe(`${settings.accountSid}:${settings.authToken}`)
  })

  it('keeps its host apart by edge and region', () => {
    expect(twilioOrigin(settings)).toBe('https://api.twilio.com')
    expect(twilioOrigin({ ...settings, edge: 'dublin', region: 'ie1' })).toBe(
      'https://api.dublin.ie1.twilio.com',
    )
    expect(twilioOrigin({ ...settings, edge: 'sydney' })).toBe('https://api.sydney.us1.twilio.com')
    expect(twilioOrigin({ ...settings, region: 'au1' })).toBe('https://api.au1.twilio.com')
  })

  it('asks for content templates at their own host', () => {
    expect(twilioOrigin(settings, 'content')).toBe('https://content.twilio.com')
    expect(twilioOrigin({ ...settings, edge: 'sydney' }, 'content')).toBe(
      'https://content.sydney.us1.twilio.com',
    )
  })

  it('describes a content template, and knows one that does not exist', async () => {
    const sandbox = await startSandbox()
    const provider = await openSmsProvider('twilio', { ...settings, endpoint: sandbox.url })
    expect(await provider.describeTemplate!(content.sid)).toEqual({
      code: content.sid,
      name: content.name,
      text: '{{1}} needs help: {{2}}',
      status: 'approved',
      placeholders: ['1', '2'],
    })
    expect(await provider.describeTemplate!(`HX${'f'.repeat(32)}`)).toBeNull()
    expect(await provider.describeTemplate!('../../2010-04-01/Accounts')).toBeNull()
    await provider.close()
    const stranger = { ...settings, authToken: 'not-the-token', endpoint: sandbox.url }
    const other = await openSmsProvider('twilio', stranger)
    await expect(other.describeTemplate!(content.sid)).rejects.toMatchObject({ code: 'SMS_REJECTED' })
    await other.close()
    await sandbox.close()
    await expect(provider.describeTemplate!(content.sid)).rejects.toMatchObject({ code: 'SMS_UNREACHABLE' })
  })

  it('has no text of a content template that is made for other channels', async () => {
    const types = { 'twilio/location': { latitude: 1, longitude: 1, label: 'Here' } }
    const answer = { sid: content.sid, friendly_name: 'place', language: 'en', variables: {}, types }
    server.behave((socket) => socket.write(httpAnswer(200, JSON.stringify(answer))))
    const provider = await openSmsProvider('twilio', { ...settings, endpoint: server.origin })
    expect(await provider.describeTemplate!(content.sid)).toMatchObject({ text: '', status: 'rejected' })
    expect(server.requests[0]!.head).toContain(`GET /v1/Content/${content.sid} HTTP/1.1`)
    expect(credentials()).toBe(`${settings.accountSid}:${settings.authToken}`)
    await provider.close()
  })

  it('signs in with an API key where there is one, for the same account', async () => {
    const [key] = sandboxTwilioAccount.apiKeys
    const sandbox = await startSandbox()
    const withKey = { ...settings, apiKeySid: key.sid, apiKeySecret: key.secret, endpoint: sandbox.url }
    const provider = await openSmsProvider('twilio', withKey)
    expect(await provider.send(message)).toMatchObject({ state: 'accepted' })
    expect(await provider.checkCredentials()).toMatchObject({ ok: true, account: 'SMS sandbox' })
    await provider.close()
    await sandbox.close()
  })

  it('sends through a messaging service instead of a number', async () => {
    const messagingServiceSid = sandboxTwilioAccount.messagingServices[0].sid
    await sendWith({ fromNumber: undefined, messagingServiceSid })
    expect(server.requests[0]!.body).toContain(`MessagingServiceSid=${messagingServiceSid}`)
    expect(server.requests[0]!.body).not.toContain('From=')
  })

  it('does not count segments before Twilio does', async () => {
    server.behave((socket) => socket.write(httpAnswer(201, created({ num_segments: '0' }))))
    expect(await sendWith()).toEqual({ state: 'accepted', providerId: sid, segments: undefined })
  })

  it.each(['undelivered', 'failed', 'canceled'])(
    'does not call a message accepted that is %s at once',
    async (status) => {
      server.behave((socket) => socket.write(httpAnswer(201, created({ status }))))
      expect(await sendWith()).toMatchObject({
        state: 'rejected',
        error: { providerCode: status.toUpperCase() },
      })
    },
  )

  it('takes any 429 for a refusal that may be repeated, as Twilio promises', async () => {
    server.behave((socket) => socket.write(httpAnswer(429, 'slow down')))
    expect(await sendWith()).toMatchObject({ state: 'throttled', error: { providerCode: '20429' } })
  })

  it.each([
    [21611, 'throttled', 'provider'],
    [21610, 'rejected', 'recipient'],
    [21408, 'rejected', 'recipient'],
    [21617, 'rejected', 'content'],
    [21606, 'rejected', 'configuration'],
    [99999, 'rejected', 'configuration'],
  ])('reads code %d as %s, about the %s', async (code, state, about) => {
    server.behave((socket) => socket.write(httpAnswer(400, refused(code, 'Refused'))))
    expect(await sendWith()).toMatchObject({ state, error: { providerCode: String(code), about } })
  })

  it('reads refusals in the form of RFC 9457', async () => {
    const problem = { type: 'about:blank', title: 'Bad', status: 400, code: 21211, detail: 'Invalid number' }
    server.behave((socket) => socket.write(httpAnswer(400, JSON.stringify(problem))))
    expect(await sendWith()).toMatchObject({ state: 'rejected', error: { providerCode: '21211' } })
  })

  it('finds an account that is suspended although its credentials are right', async () => {
    const account = { sid: settings.accountSid, friendly_name: 'Ours', status: 'suspended', type: 'Full' }
    server.behave((socket) => socket.write(httpAnswer(200, JSON.stringify(account))))
    const provider = await openSmsProvider('twilio', { ...settings, endpoint: server.origin })
    expect(await provider.checkCredentials()).toMatchObject({
      ok: false,
      error: { providerCode: 'ACCOUNT_SUSPENDED', about: 'configuration' },
    })
    await provider.close()
  })
})

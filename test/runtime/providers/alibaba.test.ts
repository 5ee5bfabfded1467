import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { alibabaSettings } from '../../../nodes/services/sms/alibaba.ts'
import type { OutgoingSms } from '../../../nodes/services/sms/provider.ts'
import { AlibabaClient } from '../../../runtime/providers/sms/alibaba-client.ts'
import { readAlibabaCode } from '../../../runtime/providers/sms/alibaba-codes.ts'
import { openSmsProvider } from '../../../runtime/providers/sms/index.ts'
import { sandboxAlibabaAccount, sandboxServices } from '../../../runtime/sandbox/accounts.ts'
import { startSandbox } from '../../../runtime/sandbox/start-sandbox.ts'
import { testSmsProvider } from '../../contract/sms-provider.ts'
import { httpAnswer, startWireServer, type WireServer } from '../../contract/wire-server.ts'

const settings = alibabaSettings.parse(sandboxServices.alibaba)
const message: OutgoingSms = {
  id: 'message-1',
  attempt: 1,
  to: '+8613800000001',
  templateCode: 'SMS_100001',
  templateVariables: { device: 'Pump 3', text: 'pressure too high' },
}
const reply = (fields: object) =>
  JSON.stringify({ RequestId: 'AB0F4F1C-4A6B-4D2E-8F00-7B1E6F9B9C11', ...fields })
const accepted = reply({ Code: 'OK', Message: 'OK', BizId: '900619746936498440^0' })

testSmsProvider({
  name: 'alibaba',
  settings,
  wrongCredentials: { accessSecret: 'not-the-secret' },
  message,
  replies: {
    accepted: { status: 200, body: accepted, providerId: '900619746936498440^0' },
    withoutId: [
      { status: 200, body: '' },
      { status: 200, body: '<html>' },
      { status: 200, body: '{}' },
      { status: 200, body: 'null' },
      { status: 200, body: reply({ Code: 'OK', Message: 'OK' }) },
      { status: 200, body: reply({ Code: 'OK', BizId: '' }) },
      { status: 200, body: reply({ BizId: '900619746936498440^0' }) },
    ],
    refusedInSuccess: {
      status: 200,
      body: reply({ Code: 'isv.OUT_OF_SERVICE', Message: '业务停机' }),
      providerCode: 'isv.OUT_OF_SERVICE',
    },
    refused: (echo) => ({
      status: 200,
      body: reply({ Code: 'isv.MOBILE_NUMBER_ILLEGAL', Message: `${echo} invalid mobile number` }),
      providerCode: 'isv.MOBILE_NUMBER_ILLEGAL',
    }),
    throttled: {
      status: 400,
      body: reply({ Code: 'Throttling.User', Message: 'Request was denied due to user flow control.' }),
      providerCode: 'Throttling.User',
    },
  },
  badNumber: { to: '+86123', providerCode: 'isv.MOBILE_NUMBER_ILLEGAL' },
  optedOut: { to: '+8613800000099', providerCode: 'isv.CUSTOMER_REFUSED' },
  keptTemplate: {
    sends: {
      templateCode: 'SMS_100002',
      templateVariables: { device: 'Pump "7"', text: 'low ¥ & 压力' },
    },
    shows: '设备Pump "7"需要处理：low ¥ & 压力',
    refused: [
      {
        what: 'an unknown template',
        sends: { templateCode: 'SMS_1' },
        providerCode: 'isv.SMS_TEMPLATE_ILLEGAL',
      },
      {
        what: 'a missing value',
        sends: { templateVariables: { device: 'Pump 7' } },
        providerCode: 'isv.TEMPLATE_MISSING_PARAMETERS',
      },
      {
        what: 'a value that is too long',
        sends: { templateVariables: { device: 'x'.repeat(36), text: 'y' } },
        providerCode: 'isv.PARAM_LENGTH_LIMIT',
      },
    ],
  },
})

describe('alibaba', () => {
  let server: WireServer
  beforeEach(async () => {
    server = await startWireServer((socket) => socket.write(httpAnswer(200, accepted)))
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    await server.close()
  })
  const sendWith = async (changes: Partial<OutgoingSms> = {}, service: Partial<typeof settings> = {}) => {
    const provider = await openSmsProvider('alibaba', { ...settings, ...service, endpoint: server.origin })
    const outcome = await provider.send({ ...message, ...changes })
    await provider.close()
    return outcome
  }
  const query = (index = 0) =>
    new URL(server.requests[index]!.head.split(' ')[1]!, server.origin).searchParams
  const header = (name: string, index = 0) =>
    new RegExp(`^${name}: (.*)$`, 'im').exec(server.requests[index]!.head)?.[1]?.trim()

  it('carries our id, so that receipts and queries can be told apart', async () => {
    await sendWith()
    expect(query().get('OutId')).toBe(message.id)
    expect(query().get('SignName')).toBe(settings.verifySign)
    expect(JSON.parse(query().get('TemplateParam')!)).toEqual(message.templateVariables)
  })

  it('uses one nonce for every copy of an attempt, and another for the next attempt and message', async () => {
    await sendWith()
    await sendWith()
    await sendWith({ attempt: 2 })
    await sendWith({ id: 'message-2' })
    const nonces = [0, 1, 2, 3].map((index) => header('x-acs-signature-nonce', index))
    expect(nonces[1]).toBe(nonces[0])
    expect(new Set(nonces).size).toBe(3)
  })

  it('texts one person once when a process sends the same attempt again', async () => {
    const sandbox = await startSandbox()
    sandbox.setFault('alibaba', 'reset-after', 1)
    const provider = await openSmsProvider('alibaba', { ...settings, endpoint: sandbox.url })
    expect(await provider.send(message)).toMatchObject({ state: 'unknown' })
    for (let copy = 0; copy < 3; copy++) {
      expect(await provider.send(message)).toMatchObject({
        state: 'unknown',
        error: { providerCode: 'SignatureNonceUsed' },
      })
    }
    expect(sandbox.messages(10)).toHaveLength(1)
    await provider.close()
    await sandbox.close()
  })

  it('writes mainland numbers as 11 digits and others with their country code', async () => {
    await sendWith({ to: '+8613800000001' })
    await sendWith({ to: '+447700900123' })
    await sendWith({ to: '+85200000000' })
    expect([0, 1, 2].map((index) => query(index).get('PhoneNumbers'))).toEqual([
      '13800000001',
      '447700900123',
      '85200000000',
    ])
  })

  it('does not text the stranger in China whose number a North American one looks like', async () => {
    expect(await sendWith({ to: '+14155550123' })).toMatchObject({
      state: 'rejected',
      error: { providerCode: 'NUMBER_READ_AS_MAINLAND', about: 'recipient' },
    })
    expect(server.requests).toHaveLength(0)
  })

  it('is not led astray by environment variables', async () => {
    vi.stubEnv('ALIBABA_CLOUD_USER_AGENT', 'from-the-environment')
    vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_ID', 'FromTheEnvironment')
    vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_SECRET', 'from-the-environment')
    vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:1')
    expect(await sendWith()).toMatchObject({ state: 'accepted' })
    expect(server.requests[0]!.head).toContain(`Credential=${settings.accessKey},`)
    expect(server.requests[0]!.head).not.toContain('from-the-environment')
  })

  it.each([
    [undefined, 'dysmsapi.aliyuncs.com'],
    ['cn-hangzhou', 'dysmsapi.aliyuncs.com'],
    ['cn-hongkong', 'dysmsapi-xman.cn-hongkong.aliyuncs.com'],
    ['ap-southeast-1', 'dysmsapi.ap-southeast-1.aliyuncs.com'],
    ['eu-central-1', 'dysmsapi.eu-central-1.aliyuncs.com'],
  ])('keeps its host apart by region: %s', async (region, host) => {
    const client = new AlibabaClient({ ...settings, region }, undefined, undefined)
    expect(client._endpoint).toBe(host)
    await client.transport.close()
  })

  it('sends with temporary credentials', async () => {
    const account = { accessKey: 'STSSandboxExample', accessSecret: 'temporary', securityToken: 'tok/en+1==' }
    const sandbox = await startSandbox({
      accounts: {
        alibaba: [{ ...account, signs: [settings.verifySign], templates: sandboxAlibabaAccount.templates }],
      },
    })
    const open = (securityToken: string) =>
      openSmsProvider('alibaba', { ...settings, ...account, securityToken, endpoint: sandbox.url })
    const [good, bad] = await Promise.all([open(account.securityToken), open('another')])
    expect(await good.send(message)).toMatchObject({ state: 'accepted' })
    expect(await bad.send(message)).toMatchObject({ state: 'rejected', error: { about: 'configuration' } })
    await Promise.all([good.close(), bad.close(), sandbox.close()])
  })

  it('describes an approved template, and knows one that does not exist', async () => {
    const sandbox = await startSandbox()
    const provider = await openSmsProvider('alibaba', { ...settings, endpoint: sandbox.url })
    expect(await provider.describeTemplate!('SMS_100001')).toEqual({
      code: 'SMS_100001',
      name: expect.any(String),
      text: '${device} needs help: ${text}',
      status: 'approved',
      placeholders: ['device', 'text'],
    })
    expect(await provider.describeTemplate!('SMS_404404')).toBeNull()
    await sandbox.close()
    await expect(provider.describeTemplate!('SMS_100001')).rejects.toMatchObject({ code: 'SMS_UNREACHABLE' })
    await provider.close()
  })

  it('refuses a template that does not exist, or that lacks a value', async () => {
    const sandbox = await startSandbox()
    const provider = await openSmsProvider('alibaba', { ...settings, endpoint: sandbox.url })
    expect(await provider.send({ ...message, templateCode: 'SMS_404404' })).toMatchObject({
      state: 'rejected',
      error: { providerCode: 'isv.SMS_TEMPLATE_ILLEGAL', about: 'configuration' },
    })
    expect(await provider.send({ ...message, id: 'other', templateVariables: {} })).toMatchObject({
      state: 'rejected',
      error: { providerCode: 'isv.TEMPLATE_MISSING_PARAMETERS', about: 'content' },
    })
    await provider.close()
    await sandbox.close()
  })

  it.each([
    ['SignatureDoesNotMatch', 400, 'rejected', 'configuration'],
    ['InvalidAccessKeyId.NotFound', 404, 'rejected', 'configuration'],
    ['InvalidTimeStamp.Expired', 400, 'throttled', 'configuration'],
    ['isp.RAM_PERMISSION_DENY', 200, 'rejected', 'configuration'],
    ['isp.SYSTEM_ERROR', 200, 'unknown', 'provider'],
    ['isp.GATEWAY_ERROR', 200, 'unknown', 'provider'],
    ['InternalError', 500, 'unknown', 'provider'],
    ['Throttling.User', 503, 'unknown', 'provider'],
    ['isv.CUSTOMER_REFUSED', 200, 'rejected', 'recipient'],
    ['isv.PARAM_LENGTH_LIMIT', 200, 'rejected', 'content'],
    ['isv.SOMETHING_NEW', 200, 'rejected', 'configuration'],
  ])('reads %s with HTTP %d as %s, about the %s', async (Code, status, state, about) => {
    server.behave((socket) => socket.write(httpAnswer(status, reply({ Code, Message: 'Refused' }))))
    expect(await sendWith()).toMatchObject({ state, error: { providerCode: Code, about } })
  })

  it('calls credentials good that may do nothing but send', async () => {
    const denied = reply({ Code: 'isp.RAM_PERMISSION_DENY', Message: 'RAM权限DENY' })
    server.behave((socket) => socket.write(httpAnswer(200, denied)))
    const provider = await openSmsProvider('alibaba', { ...settings, endpoint: server.origin })
    expect(await provider.checkCredentials()).toMatchObject({ ok: true, details: { access: 'send only' } })
    await provider.close()
  })

  describe('how long a person’s limit lasts', () => {
    const now = Date.parse('2026-03-01T15:59:30.000Z') // 23:59:30 in China
    it.each([
      ['触发分钟级流控Permits:1', 30_000],
      ['触发小时级流控Permits:5', 30_000],
      ['触发天级流控Permits:10', 86_400_000],
      ['minute level Permits:1', 30_000],
      ['anything else', undefined],
    ])('%s', (words, expected) => {
      const verdict = readAlibabaCode('isv.BUSINESS_LIMIT_CONTROL', 200, words, now)
      expect(verdict).toEqual({ state: 'throttled', about: 'recipient', retryAfterMs: expected })
    })

    it('the account’s own limit for the day ends at midnight in China', () => {
      expect(readAlibabaCode('isv.DAY_LIMIT_CONTROL', 200, '', now).retryAfterMs).toBe(30_000)
    })
  })
})

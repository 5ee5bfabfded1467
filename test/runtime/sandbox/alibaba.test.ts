import { createHash } from 'node:crypto'
import * as dysmsapi from '@alicloud/dysmsapi20170525'
import { $OpenApiUtil } from '@alicloud/openapi-core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sandboxAlibabaAccount, sandboxOptedOutNumber } from '../../../runtime/sandbox/accounts.ts'
import { canonicalRequest, sign } from '../../../runtime/sandbox/alibaba/verify-signature.ts'
import type { Sandbox } from '../../../runtime/sandbox/sandbox.ts'
import { startSandbox } from '../../../runtime/sandbox/start-sandbox.ts'
import { AlibabaClient } from './genuine-sends.ts'
import { headerOf, recordRequest, replay, withForgedSignature, withHeader } from './record-request.ts'

const temporary = {
  ...sandboxAlibabaAccount,
  accessKey: 'STS.SandboxExample',
  securityToken: 'token/+=',
}
const [signName] = sandboxAlibabaAccount.signs

let sandbox: Sandbox
let now: Date
beforeEach(async () => {
  now = new Date()
  sandbox = await startSandbox({
    now: () => now,
    accounts: { alibaba: [temporary] },
    optedOut: ['+8613900000009'],
  })
})
afterEach(() => sandbox.close())

function client(
  url = sandbox.url,
  credentials: { accessKey?: string; accessSecret?: string; securityToken?: string } = {},
) {
  const { accessKey, accessSecret, securityToken } = {
    ...sandboxAlibabaAccount,
    securityToken: undefined,
    ...credentials,
  }
  return new AlibabaClient(
    new $OpenApiUtil.Config({
      endpoint: new URL(url).host,
      protocol: 'http',
      accessKeyId: accessKey,
      accessKeySecret: accessSecret,
      ...(securityToken === undefined ? {} : { securityToken }),
    }),
  )
}

async function send(fields: Partial<dysmsapi.SendSmsRequest> = {}, from = client()) {
  const response = await from.sendSms(
    new dysmsapi.SendSmsRequest({
      phoneNumbers: '13800000001',
      signName,
      templateCode: 'SMS_100001',
      templateParam: JSON.stringify({ device: 'Press 7', text: 'belt torn' }),
      ...fields,
    }),
  )
  return response.body!
}

async function details(phoneNumber: string, sendDate: string, page = { pageSize: 50, currentPage: 1 }) {
  const response = await client().querySendDetails(
    new dysmsapi.QuerySendDetailsRequest({ phoneNumber, sendDate, ...page }),
  )
  return response.body!
}

test('the published signature example', () => {
  const bodyHash = createHash('sha256').digest('hex')
  const names = 'host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version'.split(
    ';',
  )
  const canonical = canonicalRequest(
    {
      method: 'POST',
      path: '/',
      query: 'RegionId=cn-shanghai&ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd',
      rawHeaders: [
        'host',
        'ecs.cn-shanghai.aliyuncs.com',
        'x-acs-action',
        'RunInstances',
        'x-acs-content-sha256',
        bodyHash,
        'x-acs-date',
        '2023-10-26T10:22:32Z',
        'x-acs-signature-nonce',
        '3156853299f313e23d1673dc12e1703d',
        'x-acs-version',
        '2014-05-26',
      ],
    },
    names,
    bodyHash,
  )
  expect(sign('YourAccessKeySecret', canonical).toString('hex')).toBe(
    '06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
  )
})

describe('the official SDK', () => {
  test('sends a text that appears on the phone behind its signature', async () => {
    const templateParam = JSON.stringify({ device: `It's (*)!~ 50% + "x"`, text: '皮带断了 & 😀' })
    const sent = await send({ templateParam, outId: 'message-7' })
    expect(sent).toMatchObject({ code: 'OK', message: 'OK', requestId: expect.any(String) })
    expect(sandbox.messages(10)).toEqual([
      {
        id: sent.bizId,
        provider: 'alibaba',
        to: '+8613800000001',
        from: signName,
        text: `【${signName}】It's (*)!~ 50% + "x" needs help: 皮带断了 & 😀`,
        at: now.toISOString(),
        segments: 1,
      },
    ])
    expect(sandbox.requests()).toMatchObject([
      { provider: 'alibaba', action: 'SendSms', to: '+8613800000001', token: 'message-7', accepted: true },
    ])
  })

  test('sends one text to 1,000 numbers in one request', async () => {
    const numbers = Array.from({ length: 1_000 }, (_, index) => `+86138000${String(index).padStart(5, '0')}`)
    expect(await send({ phoneNumbers: numbers.join(',') })).toMatchObject({ code: 'OK' })
    const messages = sandbox.messages(2_000)
    expect(messages.map((message) => message.to).reverse()).toEqual(numbers)
    expect(new Set(messages.map((message) => message.id)).size).toBe(1_000)
    expect(sandbox.requests()).toHaveLength(1)
    expect(await send({ phoneNumbers: [...numbers, '13900000000'].join(',') })).toMatchObject({
      code: 'isv.MOBILE_COUNT_OVER_LIMIT',
    })
  })

  test('sends different texts in one batch', async () => {
    const response = await client().sendBatchSms(
      new dysmsapi.SendBatchSmsRequest({
        phoneNumberJson: JSON.stringify(['13800000001', '+447700900123']),
        signNameJson: JSON.stringify(sandboxAlibabaAccount.signs),
        templateCode: 'SMS_100004',
        templateParamJson: JSON.stringify([
          { name: '安娜', title: '采购申请' },
          { name: 'Ben', title: '请假' },
        ]),
        outId: 'message-8',
      }),
    )
    expect(response.body).toMatchObject({ code: 'OK' })
    expect(sandbox.messages(2)).toMatchObject([
      { to: '+447700900123', text: '【Sandbox】Ben您好，请假正在等待您的审批。' },
      { to: '+8613800000001', text: '【短信沙箱】安娜您好，采购申请正在等待您的审批。' },
    ])
    expect(sandbox.requests()).toMatchObject([
      { action: 'SendBatchSms', to: '+8613800000001,+447700900123', token: 'message-8' },
    ])
  })

  test('finds what became of each text, by the day of Beijing', async () => {
    const rang: string[] = []
    sandbox.onMessage((message) => rang.push(message.to))
    await send({ outId: 'message-9', phoneNumbers: '13800000001,13900000009' })
    expect(rang).toEqual(['+8613800000001'])
    expect(sandbox.messages(9).map((message) => message.to)).toEqual(rang)
    const today = new Date(now.getTime() + 8 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '')
    expect(await details('13800000001', today)).toMatchObject({
      code: 'OK',
      totalCount: '1',
      smsSendDetailDTOs: {
        smsSendDetailDTO: [
          { phoneNum: '13800000001', sendStatus: 3, outId: 'message-9', templateCode: 'SMS_100001' },
        ],
      },
    })
    expect(await details('13900000009', today)).toMatchObject({
      smsSendDetailDTOs: { smsSendDetailDTO: [{ sendStatus: 2, errCode: 'MOBILE_IN_BLACK' }] },
    })
    expect(await details('13800000001', '20200101')).toMatchObject({ totalCount: '0' })
    expect(await details('13800000001', 'today')).toMatchObject({ code: 'isv.INVALID_PARAMETERS' })
  })

  test('lists signatures and shows templates', async () => {
    const signs = await client().querySmsSignList(new dysmsapi.QuerySmsSignListRequest({}))
    expect(signs.body!.smsSignList!.map((each) => [each.signName, each.auditStatus])).toEqual([
      ['短信沙箱', 'AUDIT_STATE_PASS'],
      ['Sandbox', 'AUDIT_STATE_PASS'],
    ])
    const statusOf = async (templateCode: string) =>
      (await client().querySmsTemplate(new dysmsapi.QuerySmsTemplateRequest({ templateCode }))).body
    expect(await statusOf('SMS_100001')).toMatchObject({
      code: 'OK',
      templateContent: '${device} needs help: ${text}',
      templateStatus: 1,
    })
    expect(await statusOf('SMS_100006')).toMatchObject({ templateStatus: 0 })
    expect(await statusOf('SMS_100007')).toMatchObject({ templateStatus: 2 })
    expect(await statusOf('SMS_1')).toMatchObject({ code: 'isv.SMS_TEMPLATE_ILLEGAL' })
  })

  test('signs with temporary credentials, whose token must be the right one', async () => {
    expect(await send({}, client(sandbox.url, temporary))).toMatchObject({ code: 'OK' })
    await expect(
      send({}, client(sandbox.url, { ...temporary, securityToken: 'another' })),
    ).rejects.toMatchObject({ code: 'InvalidSecurityToken.MismatchWithAccessKey' })
  })
})

describe('the recipient', () => {
  test.each([
    ['13800000001', '+8613800000001'],
    ['8613800000001', '+8613800000001'],
    ['+8613800000001', '+8613800000001'],
    ['008613800000001', '+8613800000001'],
    ['447700900123', '+447700900123'],
    ['+12025550123', '+12025550123'],
  ])('%s is the phone %s', async (phoneNumbers, to) => {
    await send({ phoneNumbers })
    expect(sandbox.messages(1)).toMatchObject([{ to }])
  })
})

describe('a message is refused as Alibaba refuses it', () => {
  const param = (values: unknown) => ({ templateParam: JSON.stringify(values) })
  const code = (value: unknown) => ({ templateCode: 'SMS_100003', ...param({ code: value }) })
  test.each<[string, Partial<dysmsapi.SendSmsRequest>, string]>([
    ['a number that is none', { phoneNumbers: 'Ann' }, 'isv.MOBILE_NUMBER_ILLEGAL'],
    ['one bad number among good ones', { phoneNumbers: '13800000001,1' }, 'isv.MOBILE_NUMBER_ILLEGAL'],
    ['an unknown signature', { signName: 'Somebody' }, 'isv.SMS_SIGNATURE_ILLEGAL'],
    ['an unknown template', { templateCode: 'SMS_1' }, 'isv.SMS_TEMPLATE_ILLEGAL'],
    ['a template that waits for approval', { templateCode: 'SMS_100006' }, 'isv.SMS_TEMPLATE_ILLEGAL'],
    ['a rejected template', { templateCode: 'SMS_100007' }, 'isv.SMS_TEMPLATE_ILLEGAL'],
    ['values that are no JSON', { templateParam: '{' }, 'isv.INVALID_JSON_PARAM'],
    ['values that are a list', param([]), 'isv.INVALID_JSON_PARAM'],
    ['a missing value', param({ device: 'x' }), 'isv.TEMPLATE_MISSING_PARAMETERS'],
    ['a value that is an object', param({ device: {}, text: 'x' }), 'isv.TEMPLATE_PARAMS_ILLEGAL'],
    ['an empty value', param({ device: '', text: 'x' }), 'isv.PARAM_LENGTH_LIMIT'],
    ['a value of 36 characters', param({ device: 'a'.repeat(36), text: 'x' }), 'isv.PARAM_LENGTH_LIMIT'],
    [
      'a web address as value',
      param({ device: 'http://example.com', text: 'x' }),
      'isv.PARAM_NOT_SUPPORT_URL',
    ],
    ['a code of 3 digits', code('123'), 'isv.PARAM_LENGTH_LIMIT'],
    ['a code with other characters', code('12-45'), 'isv.TEMPLATE_PARAMS_ILLEGAL'],
    ['somebody who unsubscribed', { phoneNumbers: sandboxOptedOutNumber }, 'isv.CUSTOMER_REFUSED'],
  ])('%s', async (_, fields, refusal) => {
    expect(await send(fields)).toMatchObject({ code: refusal, requestId: expect.any(String) })
    expect(sandbox.messages(1)).toEqual([])
    expect(sandbox.requests()).toMatchObject([{ accepted: false, code: refusal }])
  })

  test.each(['phoneNumbers', 'signName', 'templateCode'] as const)(
    'no %s: the gateway refuses',
    async (name) => {
      await expect(send({ [name]: undefined })).rejects.toMatchObject({
        code: `Missing${name[0]!.toUpperCase()}${name.slice(1)}`,
        statusCode: 400,
      })
    },
  )

  test.each<[string, Partial<dysmsapi.SendBatchSmsRequest>, string]>([
    ['fewer signatures than numbers', { signNameJson: '["Sandbox"]' }, 'isv.INVALID_PARAMETERS'],
    ['fewer values than numbers', { templateParamJson: '[{"code":"1234"}]' }, 'isv.INVALID_PARAMETERS'],
    ['numbers that are no JSON', { phoneNumberJson: '13800000001' }, 'isv.INVALID_JSON_PARAM'],
    [
      '101 numbers',
      { phoneNumberJson: JSON.stringify(Array(101).fill('13800000001')) },
      'isv.MOBILE_COUNT_OVER_LIMIT',
    ],
  ])('a batch with %s', async (_, fields, refusal) => {
    const response = await client().sendBatchSms(
      new dysmsapi.SendBatchSmsRequest({
        phoneNumberJson: '["13800000001","13800000002"]',
        signNameJson: '["Sandbox","Sandbox"]',
        templateCode: 'SMS_100003',
        templateParamJson: '[{"code":"1234"},{"code":"5678"}]',
        ...fields,
      }),
    )
    expect(response.body).toMatchObject({ code: refusal })
    expect(sandbox.messages(1)).toEqual([])
  })

  test('a second code within a minute, a sixth within an hour', async () => {
    const signedAt = Date.now()
    const sendCode = async () => (await send(code('1234'))).message
    expect(await sendCode()).toBe('OK')
    expect(await sendCode()).toContain('minute级流控Permits:1')
    // The sandbox's clock moves on, within the 15 minutes that the client's clock may be behind.
    for (let minute = 1; minute <= 4; minute++) {
      now = new Date(signedAt + minute * 61_000)
      expect(await sendCode()).toBe('OK')
    }
    now = new Date(signedAt + 5 * 61_000)
    expect(await sendCode()).toContain('hour级流控Permits:5')
  })
})

describe('a request is verified', () => {
  const record = () => recordRequest((url) => send({}, client(url)))

  test('as it was signed, and once only', async () => {
    const recorded = await record()
    expect(await replay(sandbox.url, recorded)).toMatchObject({ status: 200 })
    const second = await replay(sandbox.url, recorded)
    expect(second.status).toBe(400)
    expect(JSON.parse(second.body)).toMatchObject({
      Code: 'SignatureNonceUsed',
      Message: expect.any(String),
      RequestId: expect.any(String),
      HostId: expect.any(String),
    })
    expect(sandbox.messages(9)).toHaveLength(1)
  })

  test('a forged request does not use up the nonce of the genuine one', async () => {
    const recorded = await record()
    expect((await replay(sandbox.url, withForgedSignature(recorded))).status).toBe(400)
    expect((await replay(sandbox.url, recorded)).status).toBe(200)
  })

  test.each<[string, string, (recorded: Awaited<ReturnType<typeof record>>) => typeof recorded]>([
    ['a forged signature', 'SignatureDoesNotMatch', withForgedSignature],
    ['another host', 'SignatureDoesNotMatch', (it) => withHeader(it, 'host', 'example.com')],
    ['another action', 'SignatureDoesNotMatch', (it) => withHeader(it, 'x-acs-action', 'QuerySendDetails')],
    [
      'another recipient',
      'SignatureDoesNotMatch',
      (it) => ({ ...it, target: it.target.replace('13800000001', '13800000002') }),
    ],
    [
      'a body nobody signed',
      'SignatureDoesNotMatch',
      (it) => ({ ...withHeader(it, 'content-length', '3'), body: Buffer.from('a=b') }),
    ],
    [
      'a header of Alibaba that nobody signed',
      'SignatureDoesNotMatch',
      (it) => withHeader(it, 'x-acs-extra', 'x'),
    ],
    [
      'an unknown access key',
      'InvalidAccessKeyId.NotFound',
      (it) => authorization(it, sandboxAlibabaAccount.accessKey, 'LTAIUnknown'),
    ],
    [
      'a token nobody expects',
      'InvalidSecurityToken.MismatchWithAccessKey',
      (it) => withHeader(it, 'x-acs-security-token', 'x'),
    ],
    ['a date that is none', 'InvalidTimeStamp.Format', (it) => withHeader(it, 'x-acs-date', 'today')],
    ['no nonce', 'MissingSignatureNonce', (it) => withHeader(it, 'x-acs-signature-nonce', '')],
    ['another scheme', 'MissingAuthorization', (it) => withHeader(it, 'authorization', 'Basic eDp5')],
  ])('%s: refused', async (_, code, change) => {
    const answer = await replay(sandbox.url, change(await record()))
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(JSON.parse(answer.body)).toMatchObject({ Code: code })
    expect(sandbox.messages(1)).toEqual([])
  })

  test('a wrong secret: refused', async () => {
    await expect(send({}, client(sandbox.url, { accessSecret: 'wrong' }))).rejects.toMatchObject({
      code: 'SignatureDoesNotMatch',
    })
  })

  test.each([
    ['16 minutes late', 16, 400],
    ['16 minutes early', -16, 400],
    ['14 minutes late', 14, 200],
    ['14 minutes early', -14, 200],
  ])('%s: %i, %i', async (_, minutes, status) => {
    const recorded = await record()
    now = new Date(Date.now() + minutes * 60_000)
    expect((await replay(sandbox.url, recorded)).status).toBe(status)
  })

  function authorization(recorded: Awaited<ReturnType<typeof record>>, from: string, to: string) {
    return withHeader(recorded, 'authorization', headerOf(recorded, 'authorization').replace(from, to))
  }
})

import { createHash } from 'node:crypto'
import {
  CheckIfPhoneNumberIsOptedOutCommand,
  GetSMSAttributesCommand,
  ListPhoneNumbersOptedOutCommand,
  OptInPhoneNumberCommand,
  PublishCommand,
  SNSClient,
  SetSMSAttributesCommand,
} from '@aws-sdk/client-sns'
import type { MessageAttributeValue } from '@aws-sdk/client-sns'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sandboxAwsAccount, sandboxOptedOutNumber } from '../../../runtime/sandbox/accounts.ts'
import { canonicalRequest, sign } from '../../../runtime/sandbox/aws-sns/verify-signature.ts'
import type { Sandbox } from '../../../runtime/sandbox/sandbox.ts'
import { startSandbox } from '../../../runtime/sandbox/start-sandbox.ts'
import { headerOf, recordRequest, replay, withForgedSignature, withHeader } from './record-request.ts'

const temporary = {
  accessKey: 'ASIASANDBOXEXAMPLE00',
  secretKey: 'temporary-secret',
  sessionToken: 'token/+=',
}

let sandbox: Sandbox
let now: Date
beforeEach(async () => {
  now = new Date()
  sandbox = await startSandbox({ now: () => now, accounts: { 'aws-sns': [temporary] } })
})
afterEach(() => sandbox.close())

interface Credentials {
  accessKey: string
  secretKey: string
  sessionToken?: string | undefined
}

function client(url: string, credentials: Credentials = sandboxAwsAccount) {
  const { accessKey, secretKey, sessionToken } = credentials
  return new SNSClient({
    endpoint: url,
    region: 'eu-west-1',
    maxAttempts: 1,
    credentials: {
      accessKeyId: accessKey,
      secretAccessKey: secretKey,
      ...(sessionToken ? { sessionToken } : {}),
    },
  })
}

function publish(url = sandbox.url, input: Record<string, unknown> = {}) {
  return client(url).send(new PublishCommand({ PhoneNumber: '+447700900123', Message: 'Hello', ...input }))
}

const attribute = (StringValue: string, DataType = 'String'): MessageAttributeValue => ({
  DataType,
  StringValue,
})

describe('the published signature vectors', () => {
  const empty = createHash('sha256').digest('hex')
  test.each<[string, string, string, string[], string[], string, string]>([
    [
      'get-vanilla',
      'GET',
      '',
      [],
      ['host', 'x-amz-date'],
      '',
      '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    ],
    [
      'get-vanilla-query-order-key-case',
      'GET',
      'Param2=value2&Param1=value1',
      [],
      ['host', 'x-amz-date'],
      '',
      'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    ],
    [
      'get-vanilla-query-order-value',
      'GET',
      'Param1=value2&Param1=value1',
      [],
      ['host', 'x-amz-date'],
      '',
      '5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694',
    ],
    [
      'get-vanilla-utf8-query',
      'GET',
      '%E1%88%B4=bar',
      [],
      ['host', 'x-amz-date'],
      '',
      '2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04',
    ],
    [
      'get-header-key-duplicate',
      'GET',
      '',
      ['My-Header1', 'value2', 'My-Header1', 'value2', 'My-Header1', 'value1'],
      ['host', 'my-header1', 'x-amz-date'],
      '',
      'c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea',
    ],
    [
      'get-header-value-order',
      'GET',
      '',
      ['My-Header1', 'value4', 'My-Header1', 'value1', 'My-Header1', 'value3', 'My-Header1', 'value2'],
      ['host', 'my-header1', 'x-amz-date'],
      '',
      '08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01',
    ],
    [
      'get-header-value-trim',
      'GET',
      '',
      ['My-Header1', ' value1', 'My-Header2', ' "a   b   c"'],
      ['host', 'my-header1', 'my-header2', 'x-amz-date'],
      '',
      'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
    ],
    [
      'post-vanilla',
      'POST',
      '',
      [],
      ['host', 'x-amz-date'],
      '',
      '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
    ],
    [
      'post-header-key-sort',
      'POST',
      '',
      ['My-Header1', 'value1'],
      ['host', 'my-header1', 'x-amz-date'],
      '',
      'c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c',
    ],
    [
      'post-x-www-form-urlencoded',
      'POST',
      '',
      ['Content-Type', 'application/x-www-form-urlencoded'],
      ['content-type', 'host', 'x-amz-date'],
      'Param1=value1',
      'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    ],
  ])('%s', (_, method, query, headers, signedHeaders, body, signature) => {
    const rawHeaders = ['Host', 'example.amazonaws.com', ...headers, 'X-Amz-Date', '20150830T123600Z']
    const bodyHash = body ? createHash('sha256').update(body).digest('hex') : empty
    const canonical = canonicalRequest({ method, path: '/', query, rawHeaders }, signedHeaders, bodyHash)
    const scope = ['AKIDEXAMPLE', '20150830', 'us-east-1', 'service', 'aws4_request']
    const signed = sign('wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', scope, '20150830T123600Z', canonical)
    expect(signed.toString('hex')).toBe(signature)
  })
})

describe('the official SDK', () => {
  test('sends a text that appears on the phone', async () => {
    const Message = `It's 50% (*) off & <b> ~ 你好 + "x"\n😀`
    const sent = await publish(sandbox.url, {
      Message,
      MessageAttributes: {
        'AWS.SNS.SMS.SenderID': attribute('Acme'),
        'AWS.SNS.SMS.SMSType': attribute('Transactional'),
        'AWS.SNS.SMS.MaxPrice': attribute('0.50', 'Number'),
        'AWS.MM.SMS.OriginationNumber': attribute('+447700900001'),
      },
    })
    expect(sent.MessageId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(sandbox.messages(10)).toEqual([
      {
        id: sent.MessageId,
        provider: 'aws-sns',
        to: '+447700900123',
        from: 'Acme',
        text: Message,
        at: now.toISOString(),
        segments: 1,
      },
    ])
  })

  test('signs with temporary credentials, whose token must be the right one', async () => {
    const command = new PublishCommand({ PhoneNumber: '+447700900123', Message: 'Hello' })
    await expect(client(sandbox.url, temporary).send(command)).resolves.toHaveProperty('MessageId')
    for (const sessionToken of ['another', undefined]) {
      await expect(client(sandbox.url, { ...temporary, sessionToken }).send(command)).rejects.toMatchObject({
        name: 'InvalidClientTokenId',
        $metadata: { httpStatusCode: 403 },
      })
    }
  })

  test('asks who opted out, and opts somebody in again', async () => {
    const sns = client(sandbox.url)
    const isOptedOut = async (phoneNumber: string) =>
      (await sns.send(new CheckIfPhoneNumberIsOptedOutCommand({ phoneNumber }))).isOptedOut
    expect(await isOptedOut('+447700900123')).toBe(false)
    expect(await isOptedOut(sandboxOptedOutNumber)).toBe(true)
    expect((await sns.send(new ListPhoneNumbersOptedOutCommand({}))).phoneNumbers).toEqual([
      sandboxOptedOutNumber,
    ])
    await sns.send(new OptInPhoneNumberCommand({ phoneNumber: sandboxOptedOutNumber }))
    expect(await isOptedOut(sandboxOptedOutNumber)).toBe(false)
    await expect(publish(sandbox.url, { PhoneNumber: sandboxOptedOutNumber })).resolves.toBeDefined()
    await expect(isOptedOut('Ann')).rejects.toMatchObject({ name: 'InvalidParameterException' })
  })

  test('reads and changes the SMS attributes of the account', async () => {
    const sns = client(sandbox.url)
    await sns.send(new SetSMSAttributesCommand({ attributes: { DefaultSenderID: 'A<B' } }))
    expect((await sns.send(new GetSMSAttributesCommand({}))).attributes).toEqual({
      MonthlySpendLimit: '1',
      DefaultSenderID: 'A<B',
    })
    expect(
      (await sns.send(new GetSMSAttributesCommand({ attributes: ['DefaultSenderID'] }))).attributes,
    ).toEqual({ DefaultSenderID: 'A<B' })
    await expect(
      sns.send(new SetSMSAttributesCommand({ attributes: { Nonsense: '1' } })),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' })
  })
})

describe('a message is refused as SNS refuses it', () => {
  const attributes = (name: string, value: MessageAttributeValue) => ({
    MessageAttributes: { [name]: value },
  })
  test.each<[string, Record<string, unknown>, string, number]>([
    ['no recipient', { PhoneNumber: undefined }, 'InvalidParameterException', 400],
    ['a recipient without country code', { PhoneNumber: '07700900123' }, 'InvalidParameterException', 400],
    ['a recipient with separators', { PhoneNumber: '+44 7700 900123' }, 'InvalidParameterException', 400],
    ['an empty text', { Message: '' }, 'InvalidParameterException', 400],
    ['a text of 1,601 characters', { Message: 'a'.repeat(1_601) }, 'InvalidParameterException', 400],
    ['a topic', { PhoneNumber: undefined, TopicArn: 'arn:aws:sns:eu-west-1:1:x' }, 'NotFoundException', 404],
    ['a number that opted out', { PhoneNumber: sandboxOptedOutNumber }, 'OptedOutException', 400],
    [
      'a sender of 12 letters',
      attributes('AWS.SNS.SMS.SenderID', attribute('abcdefghijkl')),
      'InvalidParameterException',
      400,
    ],
    [
      'a sender without a letter',
      attributes('AWS.SNS.SMS.SenderID', attribute('12345')),
      'InvalidParameterException',
      400,
    ],
    [
      'an unknown type of text',
      attributes('AWS.SNS.SMS.SMSType', attribute('Funny')),
      'InvalidParameterException',
      400,
    ],
    [
      'a price that is no number',
      attributes('AWS.SNS.SMS.MaxPrice', attribute('x', 'Number')),
      'InvalidParameterException',
      400,
    ],
    [
      'a price given as text',
      attributes('AWS.SNS.SMS.MaxPrice', attribute('0.50')),
      'InvalidParameterException',
      400,
    ],
    [
      'an unknown AWS attribute',
      attributes('AWS.SNS.SMS.Colour', attribute('red')),
      'InvalidParameterException',
      400,
    ],
    ['an empty attribute', attributes('Mine', attribute('')), 'InvalidParameterValueException', 400],
    [
      'an attribute of an unknown type',
      attributes('Mine', attribute('x', 'Text')),
      'InvalidParameterValueException',
      400,
    ],
  ])('%s', async (_, input, name, status) => {
    await expect(publish(sandbox.url, input)).rejects.toMatchObject({
      name,
      $metadata: { httpStatusCode: status, requestId: expect.any(String) },
    })
    expect(sandbox.messages(1)).toEqual([])
    expect(sandbox.requests()).toMatchObject([{ accepted: false, code: expect.any(String) }])
  })
})

describe('a request is verified', () => {
  const record = () => recordRequest((url) => publish(url))

  test('as it was signed', async () => {
    expect(await replay(sandbox.url, await record())).toMatchObject({ status: 200 })
  })

  test.each<[string, string, (recorded: Awaited<ReturnType<typeof record>>) => typeof recorded]>([
    ['a forged signature', 'SignatureDoesNotMatch', withForgedSignature],
    ['another host', 'SignatureDoesNotMatch', (it) => withHeader(it, 'host', 'example.com')],
    [
      'another signed header',
      'SignatureDoesNotMatch',
      (it) => withHeader(it, 'amz-sdk-request', 'attempt=9'),
    ],
    [
      'a header of AWS that nobody signed',
      'SignatureDoesNotMatch',
      (it) => withHeader(it, 'x-amz-target', 'x'),
    ],
    [
      'another text',
      'SignatureDoesNotMatch',
      (it) => ({ ...it, body: Buffer.from(it.body.toString().replace('Hello', 'Jello')) }),
    ],
    ['another query', 'SignatureDoesNotMatch', (it) => ({ ...it, target: '/?a=b' })],
    [
      'a claimed hash of another body',
      'SignatureDoesNotMatch',
      (it) => signAnew(withHeader(it, 'x-amz-content-sha256', '0'.repeat(64))),
    ],
    [
      'an unknown access key',
      'InvalidClientTokenId',
      (it) => scope(it, sandboxAwsAccount.accessKey, 'AKIAUNKNOWN000000000'),
    ],
    ['another service', 'SignatureDoesNotMatch', (it) => signAnew(scope(it, '/sns/', '/sqs/'))],
    ['another region', 'SignatureDoesNotMatch', (it) => scope(it, '/eu-west-1/', '/us-east-1/')],
    [
      'a day that is not that of the date',
      'SignatureDoesNotMatch',
      (it) => signAnew(scope(it, /\/\d{8}\//, '/20150830/')),
    ],
    ['a token nobody expects', 'InvalidClientTokenId', (it) => withHeader(it, 'x-amz-security-token', 'x')],
    ['no date', 'IncompleteSignature', (it) => withHeader(it, 'x-amz-date', '')],
    [
      'an authorization that cannot be read',
      'IncompleteSignature',
      (it) => withHeader(it, 'authorization', 'AWS4-HMAC-SHA256 x'),
    ],
  ])('%s: refused', async (_, code, change) => {
    const answer = await replay(sandbox.url, change(await record()))
    expect(answer.body).toContain(`<Code>${code}</Code>`)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(sandbox.messages(1)).toEqual([])
  })

  test('a wrong secret: refused', async () => {
    const wrong = client(sandbox.url, { ...temporary, secretKey: 'wrong' })
    await expect(
      wrong.send(new PublishCommand({ PhoneNumber: '+447700900123', Message: 'Hello' })),
    ).rejects.toMatchObject({ name: 'SignatureDoesNotMatch', $metadata: { httpStatusCode: 403 } })
  })

  test.each([
    ['16 minutes late', 16, 403],
    ['16 minutes early', -16, 403],
    ['14 minutes late', 14, 200],
    ['14 minutes early', -14, 200],
  ])('%s: %i, %i', async (_, minutes, status) => {
    const recorded = await record()
    now = new Date(Date.now() + minutes * 60_000)
    expect((await replay(sandbox.url, recorded)).status).toBe(status)
  })

  test('without authorization: refused', async () => {
    const response = await fetch(sandbox.url, {
      method: 'POST',
      body: new URLSearchParams({ Action: 'Publish', Version: '2010-03-31' }),
    })
    expect(response.status).toBe(403)
    expect(await response.text()).toContain('<Code>MissingAuthenticationToken</Code>')
  })

  function scope(recorded: Awaited<ReturnType<typeof record>>, from: string | RegExp, to: string) {
    const authorization = headerOf(recorded, 'authorization').replace(from, to)
    return withHeader(recorded, 'authorization', authorization)
  }

  /** A request that is false in itself, yet signed with the right secret. */
  function signAnew(recorded: Awaited<ReturnType<typeof record>>) {
    const authorization = headerOf(recorded, 'authorization')
    const [, credential, names] = /Credential=(\S+), SignedHeaders=(\S+),/.exec(authorization)!
    const bodyHash = createHash('sha256').update(recorded.body).digest('hex')
    const canonical = canonicalRequest({ ...recorded, path: '/', query: '' }, names!.split(';'), bodyHash)
    const date = headerOf(recorded, 'x-amz-date')
    const signature = sign(sandboxAwsAccount.secretKey, credential!.split('/'), date, canonical)
    const signed = authorization.replace(/Signature=.*/, `Signature=${signature.toString('hex')}`)
    return withHeader(recorded, 'authorization', signed)
  }

  test('signed anew by the test without a change: accepted', async () => {
    expect((await replay(sandbox.url, signAnew(await record()))).status).toBe(200)
  })
})

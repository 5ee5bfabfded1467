import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { awsSnsSettings } from '../../../nodes/services/sms/aws-sns.ts'
import { awsSnsOrigin } from '../../../runtime/providers/sms/aws-sns.ts'
import { openSmsProvider } from '../../../runtime/providers/sms/index.ts'
import { sandboxAwsAccount, sandboxServices } from '../../../runtime/sandbox/accounts.ts'
import { startSandbox } from '../../../runtime/sandbox/start-sandbox.ts'
import { testSmsProvider } from '../../contract/sms-provider.ts'
import { httpAnswer, startWireServer, type WireServer } from '../../contract/wire-server.ts'

const settings = awsSnsSettings.parse(sandboxServices['aws-sns'])
const message = { id: 'message-1', attempt: 1, to: '+12025550123', text: 'Pump 3 needs help' }
const providerId = '567910cd-659e-55d4-8ccb-5aaf14679dc0'
const xmlns = 'http://sns.amazonaws.com/doc/2010-03-31/'
const published = (result: string) =>
  `<PublishResponse xmlns="${xmlns}"><PublishResult>${result}</PublishResult>` +
  '<ResponseMetadata><RequestId>d74b8436-ae13-5ab4-a9ff-ce54dfea72a0</RequestId></ResponseMetadata></PublishResponse>'
const refused = (code: string, words: string) =>
  `<ErrorResponse xmlns="${xmlns}"><Error><Type>Sender</Type><Code>${code}</Code><Message>${words}</Message></Error>` +
  '<RequestId>9dd01905-5012-5f99-8663-4b3ecd0dfaef</RequestId></ErrorResponse>'
const accepted = published(`<MessageId>${providerId}</MessageId>`)

testSmsProvider({
  name: 'aws-sns',
  settings,
  wrongCredentials: { secretKey: 'not-the-secret' },
  message,
  replies: {
    accepted: { status: 200, body: accepted, providerId },
    withoutId: [
      { status: 200, body: '' },
      { status: 200, body: '<html><body>Welcome to the hotel network</body></html>' },
      { status: 200, body: published('') },
      { status: 200, body: published('<MessageId></MessageId>') },
      { status: 200, body: '{"MessageId":"567910cd"}' },
    ],
    refusedInSuccess: { status: 200, body: refused('OptedOut', 'Opted out'), providerCode: 'OptedOut' },
    refused: (echo) => ({
      status: 400,
      body: refused('InvalidParameter', `Invalid parameter: PhoneNumber Reason: ${echo} is not valid`),
      providerCode: 'InvalidParameter',
    }),
    throttled: { status: 400, body: refused('Throttling', 'Rate exceeded'), providerCode: 'Throttling' },
  },
  badNumber: { to: '+0', providerCode: 'InvalidParameter' },
  optedOut: { to: '+12025550199', providerCode: 'OptedOut' },
  // SNS keeps no templates: it sends the text it is given
  keptTemplate: null,
})

describe('aws-sns', () => {
  let server: WireServer
  beforeEach(async () => {
    server = await startWireServer((socket) => socket.write(httpAnswer(200, accepted)))
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    await server.close()
  })
  const sendWith = async (changes: Partial<typeof settings> = {}) => {
    const provider = await openSmsProvider('aws-sns', { ...settings, ...changes, endpoint: server.origin })
    const outcome = await provider.send(message)
    await provider.close()
    return outcome
  }
  const form = () => new URLSearchParams(server.requests[0]!.body)

  it('is not led astray by environment variables and sends once whatever they say', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1')
    vi.stubEnv('AWS_ENDPOINT_URL_SNS', 'http://127.0.0.1:1')
    vi.stubEnv('AWS_REGION', 'xx-nowhere-1')
    vi.stubEnv('AWS_MAX_ATTEMPTS', '5')
    vi.stubEnv('AWS_RETRY_MODE', 'adaptive')
    vi.stubEnv('AWS_USE_FIPS_ENDPOINT', 'true')
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'FROMTHEENVIRONMENT00')
    vi.stubEnv('AWS_SDK_UA_APP_ID', 'from-the-environment')
    vi.stubEnv('AWS_PROFILE', 'no-such-profile')
    vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:1')
    server.behave((socket) => socket.write(httpAnswer(503, refused('ServiceUnavailable', 'Try again'))))
    expect(await sendWith()).toMatchObject({
      state: 'unknown',
      error: { providerCode: 'ServiceUnavailable' },
    })
    expect(server.requests).toHaveLength(1)
    const { head } = server.requests[0]!
    expect(head).toContain(`Credential=${settings.accessKey}/`)
    expect(head).toContain(`/${settings.region}/sns/`)
    expect(head).not.toContain('from-the-environment')
  })

  it.each(['reset', 'throttled'])('sends once when it is %s', async (fault) => {
    server.behave((socket) => {
      if (fault === 'reset') socket.resetAndDestroy()
      else socket.write(httpAnswer(400, refused('Throttling', 'Rate exceeded')))
    })
    await sendWith()
    expect(server.requests).toHaveLength(1)
  })

  it('keeps its host apart by region', () => {
    expect(awsSnsOrigin('eu-west-1')).toBe('https://sns.eu-west-1.amazonaws.com')
    expect(awsSnsOrigin('us-gov-west-1')).toBe('https://sns.us-gov-west-1.amazonaws.com')
    expect(awsSnsOrigin('cn-north-1')).toBe('https://sns.cn-north-1.amazonaws.com.cn')
  })

  it('sends every SMS attribute that is set', async () => {
    await sendWith({
      senderId: 'Plant7',
      maxPrice: '0.50',
      originationNumber: '+12025550100',
      smsType: 'Promotional',
    })
    const attributes = [1, 2, 3, 4].map((number) => [
      form().get(`MessageAttributes.entry.${number}.Name`),
      form().get(`MessageAttributes.entry.${number}.Value.DataType`),
      form().get(`MessageAttributes.entry.${number}.Value.StringValue`),
    ])
    expect(attributes).toEqual([
      ['AWS.SNS.SMS.SMSType', 'String', 'Promotional'],
      ['AWS.SNS.SMS.SenderID', 'String', 'Plant7'],
      ['AWS.SNS.SMS.MaxPrice', 'Number', '0.50'],
      ['AWS.MM.SMS.OriginationNumber', 'String', '+12025550100'],
    ])
  })

  it('sends with temporary credentials', async () => {
    const temporary = {
      accessKey: 'ASIASANDBOXEXAMPLE00',
      secretKey: 'temporary-secret',
      sessionToken: 'tok/en+1==',
    }
    const sandbox = await startSandbox({ accounts: { 'aws-sns': [temporary] } })
    const open = (sessionToken: string) =>
      openSmsProvider('aws-sns', { ...settings, ...temporary, sessionToken, endpoint: sandbox.url })
    const [good, bad] = await Promise.all([open(temporary.sessionToken), open('another')])
    expect(await good.send(message)).toMatchObject({ state: 'accepted' })
    expect(await bad.send(message)).toMatchObject({ state: 'rejected', error: { about: 'configuration' } })
    await Promise.all([good.close(), bad.close(), sandbox.close()])
  })

  it.each([
    ['SignatureDoesNotMatch', 403, 'rejected', 'configuration'],
    ['AuthorizationError', 403, 'rejected', 'configuration'],
    ['OptedOut', 400, 'rejected', 'recipient'],
    ['Throttled', 429, 'throttled', 'provider'],
    ['RequestExpired', 400, 'throttled', 'configuration'],
    ['InternalError', 500, 'unknown', 'provider'],
    ['Throttling', 503, 'unknown', 'provider'],
    ['InternalFailure', 400, 'unknown', 'provider'],
    ['SomethingNew', 400, 'rejected', 'configuration'],
  ])('reads %s with HTTP %d as %s, about the %s', async (code, status, state, about) => {
    server.behave((socket) => socket.write(httpAnswer(status, refused(code, 'Refused'))))
    expect(await sendWith()).toMatchObject({ state, error: { providerCode: code, about } })
  })

  it('does not repeat the request that a signature error quotes', async () => {
    const words = `The Canonical String should have been 'POST / Action=Publish&amp;Message=hello x-amz-security-token:abc'`
    server.behave((socket) => socket.write(httpAnswer(403, refused('SignatureDoesNotMatch', words))))
    const outcome = await sendWith()
    expect(JSON.stringify(outcome)).not.toMatch(/Canonical|Publish|abc/)
  })

  it('calls credentials good that may do nothing but publish', async () => {
    server.behave((socket) => socket.write(httpAnswer(403, refused('AuthorizationError', 'not authorized'))))
    const provider = await openSmsProvider('aws-sns', { ...settings, endpoint: server.origin })
    expect(await provider.checkCredentials()).toMatchObject({
      ok: true,
      account: `${sandboxAwsAccount.accessKey} · ${settings.region}`,
      details: { access: 'publish only' },
    })
    await provider.close()
  })
})

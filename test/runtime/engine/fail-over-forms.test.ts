import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Run } from '../../../nodes/api/runs.ts'
import type { SmsProviderName } from '../../../nodes/services/sms/settings.ts'
import type { LocalRuntime } from '../../../runtime/index.ts'
import { sandboxServices, sandboxTwilioAccount } from '../../../runtime/sandbox/accounts.ts'
import type { AlibabaAccount } from '../../../runtime/sandbox/accounts.ts'
import { startSandbox } from '../../../runtime/sandbox/start-sandbox.ts'
import type { Sandbox } from '../../../runtime/sandbox/sandbox.ts'
import { smsGraph } from '../../support/graphs.ts'
import { addMember, openRuntime } from '../../support/open-runtime.ts'

/** A second customer of Alibaba Cloud: a template code of the first means nothing there. */
const otherAccount: AlibabaAccount = {
  accessKey: 'LTAIOtherExample',
  accessSecret: 'other-access-secret',
  signs: ['Other'],
  templates: [
    {
      code: 'SMS_200001',
      name: 'Other',
      text: 'Other account: ${device}',
      kind: 'notice',
      status: 'approved',
    },
  ],
}

let runtime: LocalRuntime
let sandbox: Sandbox
let ada: string
beforeEach(async () => {
  runtime = await openRuntime({ sandbox: false })
  sandbox = await startSandbox({ accounts: { alibaba: [otherAccount] } })
  ada = addMember(runtime, 'Ada', '+8613800138000')
})
afterEach(async () => {
  await runtime.close()
  await sandbox.close()
})

function service(provider: SmsProviderName, settings: object = {}, fallback?: string): string {
  return runtime.services.create({
    name: `${provider} ${Object.keys(settings).join()}`,
    provider,
    settings: { ...sandboxServices[provider], endpoint: sandbox.url, ...settings },
    policy: { testMode: false, maxAttempts: 1, ...(fallback !== undefined && { fallback }) },
  }).id
}
const { accessKey, accessSecret } = otherAccount
const second = (fallback?: string) =>
  service('alibaba', { accessKey, accessSecret, verifySign: 'Other' }, fallback)
/** Its credentials are refused. */
const broken = (fallback: string) => service('alibaba', { accessSecret: 'not the secret' }, fallback)

async function run(serviceId: string, params: object): Promise<Run> {
  const recipients = [{ kind: 'member' as const, id: ada }]
  const graph = smsGraph({ service: serviceId, recipients, ports: ['sent', 'partly', 'failed'] })
  const values = { device: { kind: 'fixed', value: 'Pump 7' }, text: { kind: 'fixed', value: 'no pressure' } }
  graph.nodes[1]!.params = { recipients, service: serviceId, variables: values, ...params } as never
  return (await runtime.startRun({ graph, input: { who: 'Ada' }, trigger: 'library' })).finished
}
const message = (run: Run) => run.steps[1]!.messages![0]!
const texts = () => sandbox.messages(10).map(({ text }) => text)
const requests = () => sandbox.requests().length

describe('a template code that is typed in the step', () => {
  it('is sent to its own account only: the service that takes over sends its own', async () => {
    const other = second()
    const first = broken(other)
    const ended = await run(first, {
      templateCode: 'SMS_100001',
      failOverCodes: { [other]: 'SMS_200001' },
    })
    expect(message(ended)).toMatchObject({ state: 'accepted', attempts: 2 })
    expect(texts()).toEqual(['【Other】Other account: Pump 7'])
    // the history of the run shows what everybody was to get, and the message what it was in the end
    expect(ended.steps[1]!.input).toMatchObject({ templateCode: 'SMS_100001' })
    expect(ended.steps[1]!.input).not.toHaveProperty('failOver')
    expect(await runtime.messages.get(message(ended).id)).toMatchObject({ templateCode: 'SMS_200001' })
  })

  it('is not tried at another account: the message says that the other service has none', async () => {
    const first = broken(second())
    expect(message(await run(first, { templateCode: 'SMS_100001' }))).toMatchObject({
      state: 'rejected',
      error: { providerCode: 'SignatureDoesNotMatch', failOver: 'no-template' },
    })
    expect(requests()).toBe(1)
  })

  it('gives way to a text, and that to the code of a third service', async () => {
    const third = second()
    const first = broken(service('twilio', { authToken: 'not the token' }, third))
    const ended = await run(first, {
      templateCode: 'SMS_100001',
      templateText: 'By text: ${device}',
      failOverCodes: { [third]: 'SMS_200001' },
    })
    expect(message(ended)).toMatchObject({ state: 'accepted', attempts: 3 })
    expect(texts()).toEqual(['【Other】Other account: Pump 7'])
  })

  it('of the first service is sent again where the failed are retried', async () => {
    const other = second()
    const first = broken(other)
    const ended = await run(first, {
      templateCode: 'SMS_100001',
      failOverCodes: { [other]: 'SMS_999999' },
    })
    expect(message(ended)).toMatchObject({ state: 'rejected', error: { providerCode: expect.any(String) } })
    const { revision, name, policy } = runtime.services.get(first)
    const settings = { ...sandboxServices.alibaba, endpoint: sandbox.url }
    runtime.services.update(first, { revision, name, settings, policy })
    expect(await runtime.retryFailed(ended.id, 'sms')).toMatchObject({ retried: 1 })
    await expect.poll(texts).toEqual(['【短信沙箱】Pump 7 needs help: no pressure'])
  })
})

describe('a message template', () => {
  const placeholders = ['device', 'text'].map((name) => ({
    ...{ name, type: 'text' as const, sample: '', required: true },
  }))
  const byCode = (templateCode: string, names: string[]) => ({
    kind: 'alibaba-template' as const,
    byLocale: {
      en: { templateCode, variables: Object.fromEntries(names.map((name) => [name, name])) },
    },
  })
  const template = (bindings: object, texts: object = {}) =>
    runtime.templates.create({
      ...{ name: 'Alarm', category: 'notice', defaultLocale: 'en', placeholders },
      texts,
      bindings,
    } as never).id

  it('is sent by each service in the form that is bound to it', async () => {
    const other = second()
    const first = broken(other)
    const id = template({
      [first]: byCode('SMS_100001', ['device', 'text']),
      [other]: byCode('SMS_200001', ['device']),
    })
    expect(message(await run(first, { template: id }))).toMatchObject({ state: 'accepted', attempts: 2 })
    expect(texts()).toEqual(['【Other】Other account: Pump 7'])
  })

  it('is sent as a content template by Twilio that takes over from Alibaba', async () => {
    const other = service('twilio')
    const first = broken(other)
    const [english] = sandboxTwilioAccount.contents
    const id = template({
      [first]: byCode('SMS_100001', ['device', 'text']),
      [other]: {
        kind: 'twilio-content',
        byLocale: { en: { contentSid: english.sid, variables: { '1': 'device', '2': 'text' } } },
      },
    })
    expect(message(await run(first, { template: id }))).toMatchObject({ state: 'accepted', attempts: 2 })
    expect(texts()).toEqual(['Pump 7 needs help: no pressure'])
  })

  it('that is not bound to the other account is not sent there', async () => {
    const other = second()
    const first = broken(other)
    const id = template({ [first]: byCode('SMS_100001', ['device', 'text']) })
    expect(message(await run(first, { template: id }))).toMatchObject({
      state: 'rejected',
      error: { failOver: 'no-template' },
    })
    expect(requests()).toBe(1)
  })
})

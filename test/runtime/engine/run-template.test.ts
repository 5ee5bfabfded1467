import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { xRayRequest } from '../../../nodes/api/x-ray.ts'
import type { MessageTemplate } from '../../../nodes/message-templates/schema.ts'
import type { SmsProviderName } from '../../../nodes/services/sms/settings.ts'
import type { LocalRuntime } from '../../../runtime/index.ts'
import { sandboxServices, sandboxTwilioAccount } from '../../../runtime/sandbox/accounts.ts'
import { sampleTemplate } from '../../nodes/message-templates/sample-template.ts'
import { smsGraph } from '../../support/graphs.ts'
import { addMember, openRuntime } from '../../support/open-runtime.ts'

let runtime: LocalRuntime
let people: string[]
beforeEach(async () => {
  runtime = await openRuntime()
  people = [
    addMember(runtime, 'Ada', '+8613800000001', { locale: 'en', timeZone: 'UTC' }),
    addMember(runtime, '李娜', '+8613800000002', { locale: 'zh-CN', timeZone: 'UTC' }),
    addMember(runtime, 'Émile', '+8613800000003', { locale: 'fr', timeZone: 'UTC' }),
  ]
})
afterEach(() => runtime.close())

function service(provider: SmsProviderName, policy: object = {}): string {
  const settings = sandboxServices[provider]
  const open = { testMode: false, ...policy }
  return runtime.services.create({ name: provider, provider, settings, policy: open }).id
}

/** The graph of the other tests, sending a template. */
function graph(serviceId: string, template: MessageTemplate, ports = ['sent']) {
  const recipients = people.map((id) => ({ kind: 'member' as const, id }))
  const made = smsGraph({ service: serviceId, recipients, ports })
  made.nodes[1]!.params = {
    recipients,
    service: serviceId,
    template: template.id,
    variables: {
      device: { kind: 'variable', path: 'who' },
      reason: { kind: 'fixed', value: 'pressure' },
    },
  }
  return made
}

async function run(graph: object, who: string = 'Pump 7') {
  return (await runtime.startRun({ graph, input: { who }, trigger: 'library' })).finished
}
const texts = () =>
  runtime
    .sandbox!.messages(100)
    .map(({ to, text }) => `${to.slice(-1)} ${text}`)
    .sort()

const [english, chinese] = sandboxTwilioAccount.contents
const byContent = (serviceId: string) => ({
  [serviceId]: {
    kind: 'twilio-content',
    byLocale: {
      en: { contentSid: english.sid, variables: { '1': 'device', '2': 'reason' } },
      'zh-CN': { contentSid: chinese.sid, variables: { '1': 'device', '2': 'reason' } },
    },
  },
})
const byCode = (serviceId: string) => ({ [serviceId]: sampleTemplate().bindings['ali']! })

describe('each person reads their language', () => {
  const plain = [
    '1 Pump 7 needs help: pressure',
    '2 设备Pump 7需要处理：pressure',
    '3 Pump 7 needs help: pressure',
  ]
  const signed = [
    '1 【短信沙箱】Pump 7 needs help: pressure',
    '2 【短信沙箱】设备Pump 7需要处理：pressure，请尽快查看。',
    '3 【短信沙箱】Pump 7 needs help: pressure',
  ]

  it.each([
    ['as text through SNS', 'aws-sns', () => ({}), plain],
    ['as text through Twilio', 'twilio', () => ({}), plain],
    ['as a content template through Twilio', 'twilio', byContent, plain],
    ['by its template code through Alibaba', 'alibaba', byCode, signed],
  ] as const)('%s', async (_, provider, bindings, expected) => {
    const id = service(provider)
    const template = runtime.templates.create(sampleTemplate({ bindings: bindings(id) }))
    const ended = await run(graph(id, template))
    expect(ended).toMatchObject({ status: 'done', output: 3, error: null })
    expect(texts()).toEqual(expected)
    expect(ended.steps[1]!.input).toMatchObject({ template: 'Shift alarm' })
  })
})

describe('a text that cannot be made', () => {
  const twoLanguages = {
    placeholders: [{ name: 'device' }, { name: 'reason' }],
    texts: { en: '${device}: ${reason}', 'zh-CN': `\${device}${'好'.repeat(1_590)}` },
    bindings: {},
  }

  it('is that person’s alone: the others get theirs, and the reason is told', async () => {
    const id = service('twilio')
    const template = runtime.templates.create(sampleTemplate(twoLanguages))
    const ended = await run(graph(id, template), 'Pump number 7')
    expect(ended.status).toBe('done')
    expect(texts()).toEqual(['1 Pump number 7: pressure', '3 Pump number 7: pressure'])
    const [, step] = ended.steps
    expect(step!.port).toBe('sent')
    expect(step!.messages).toMatchObject([
      { state: 'accepted' },
      {
        name: '李娜',
        state: 'suppressed',
        reason: 'no-text',
        attempts: 0,
        error: {
          code: 'TEMPLATE_UNUSABLE',
          message: expect.stringContaining('The text in zh-CN has 1603 characters'),
          params: { reason: 'template.textTooLong', locale: 'zh-CN', length: 1_603, limit: 1_600 },
        },
      },
      { state: 'accepted' },
    ])
    const stored = await runtime.getRun(ended.id)
    expect(stored!.steps[1]!.messages).toEqual(step!.messages)
  })

  it('fails the step where it concerns everybody, with the place and the remedy', async () => {
    const id = service('alibaba')
    const template = runtime.templates.create(sampleTemplate({ bindings: byCode(id) }))
    const ended = await run(graph(id, template), 'www.example.cn')
    expect(ended).toMatchObject({
      status: 'failed',
      error: {
        code: 'TEMPLATE_UNUSABLE',
        nodeId: 'sms',
        message: expect.stringContaining('"device" holds a link'),
        hint: expect.any(String),
        params: { reason: 'template.valueHasUrl', name: 'device', template: 'Shift alarm' },
      },
    })
    expect(texts()).toEqual([])
  })

  it('is known before a run where it can be: the graph is not ready', async () => {
    const id = service('alibaba')
    const template = runtime.templates.create(sampleTemplate({ bindings: {} }))
    await expect(run(graph(id, template))).rejects.toMatchObject({
      code: 'GRAPH_NOT_READY',
      fields: [expect.objectContaining({ path: 'nodes/sms/template', key: 'template.unbound' })],
    })
    runtime.templates.update(template.id, { ...sampleTemplate({ bindings: byCode(id) }), revision: 1 })
    expect(await run(graph(id, template))).toMatchObject({ status: 'done' })
    runtime.templates.delete(template.id)
    await expect(run(graph(id, template))).rejects.toMatchObject({
      fields: [expect.objectContaining({ key: 'messageTemplateMissing' })],
    })
  })
})

it('lets another provider take over, which sends its own form of the same message', async () => {
  const twilio = service('twilio')
  const alibaba = service('alibaba', { fallback: twilio, maxAttempts: 1 })
  const template = runtime.templates.create(sampleTemplate({ bindings: byCode(alibaba) }))
  runtime.sandbox!.setFault('alibaba', 'throttle', 1_000)
  const ended = await run(graph(alibaba, template))
  expect(ended.steps[1]!.messages!.map(({ state }) => state)).toEqual(['accepted', 'accepted', 'accepted'])
  expect(texts()).toEqual([
    '1 Pump 7 needs help: pressure',
    '2 设备Pump 7需要处理：pressure',
    '3 Pump 7 needs help: pressure',
  ])
})

it('sends login codes and security notices whatever quiet hours say', async () => {
  const clock = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16)
  const id = service('twilio', { quietFrom: clock(-2), quietUntil: clock(2), quietAction: 'skip' })
  const notice = runtime.templates.create(sampleTemplate({ bindings: {} }))
  const security = { name: 'Security', category: 'security', bindings: {} }
  const urgent = runtime.templates.create(sampleTemplate(security))
  const held = await run(graph(id, notice))
  expect(held.steps[1]!.messages!.map(({ reason }) => reason)).toEqual(Array(3).fill('quiet-hours'))
  expect(texts()).toEqual([])
  await run(graph(id, urgent))
  expect(texts()).toHaveLength(3)
})

it('keeps the text that was planned, whatever the template says later', async () => {
  const id = service('twilio')
  const template = runtime.templates.create(sampleTemplate({ bindings: {} }))
  const ended = await run(graph(id, template))
  runtime.templates.update(template.id, {
    ...sampleTemplate({ bindings: {}, texts: { en: 'Changed ${device} ${reason}' } }),
    revision: 1,
  })
  const bodies = runtime.store.database.prepare('SELECT body FROM message WHERE run_id = ?').all(ended.id)
  expect(bodies.map((row) => JSON.parse(String(row['body'])) as unknown)).toEqual([
    { text: 'Pump 7 needs help: pressure' },
    { text: '设备Pump 7需要处理：pressure' },
    { text: 'Pump 7 needs help: pressure' },
  ])
})

it('is shown by the X-ray, person by person, as it would be sent', async () => {
  const id = service('alibaba')
  const kind = 'alibaba-template'
  const variables = { device: 'device', text: 'reason' }
  const byLocale = {
    en: { templateCode: 'SMS_100001', variables, text: '${device} needs help: ${text}' },
    'zh-CN': { templateCode: 'SMS_100002', variables, text: '设备${device}需要处理：${text}' },
  }
  const template = runtime.templates.create(
    sampleTemplate({ category: 'security', bindings: { [id]: { kind, byLocale } } }),
  )
  const request = { graph: graph(id, template), nodeId: 'sms' }
  const shown = await runtime.xRay(xRayRequest.parse({ ...request, sample: { who: 'Pump 7' } }))
  expect(shown).toMatchObject({ selected: 3, texted: 3, differentTexts: 2, problems: [] })
  const textOf = (name: string) => shown.texts[shown.people.find((each) => each.name === name)!.text!]
  expect(textOf('李娜')).toMatchObject({
    text: '设备Pump 7需要处理：pressure',
    templateCode: 'SMS_100002',
    segments: 1,
  })
  expect(textOf('Ada')).toMatchObject({ text: 'Pump 7 needs help: pressure', templateCode: 'SMS_100001' })

  const refused = await runtime.xRay(xRayRequest.parse({ ...request, sample: { who: 'x'.repeat(21) } }))
  expect(refused).toMatchObject({ texted: 0, skipped: { 'no-text': 3 }, people: [{ error: {} }, {}, {}] })
  expect(refused.problems).toMatchObject([{ code: 'TEMPLATE_UNUSABLE' }])
  const unknown = await runtime.xRay(xRayRequest.parse(request))
  expect(unknown.texts.map(({ text }) => text)).toContain('‹device› needs help: pressure')
})

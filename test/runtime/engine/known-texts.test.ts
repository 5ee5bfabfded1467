import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { xRayRequest } from '../../../nodes/api/x-ray.ts'
import type { LocalRuntime } from '../../../runtime/index.ts'
import { sandboxServices, sandboxTwilioAccount } from '../../../runtime/sandbox/accounts.ts'
import { sampleTemplate } from '../../nodes/message-templates/sample-template.ts'
import { smsGraph } from '../../support/graphs.ts'
import { addMember, openRuntime, twilioService } from '../../support/open-runtime.ts'

const CODE = 'SMS_100002'
const [english] = sandboxTwilioAccount.contents
/** With the signature 71 characters of a text, one more than a single part takes; without it 65. */
const values = { device: 'x'.repeat(35), text: 'y'.repeat(16) }
const read = `设备${values.device}需要处理：${values.text}，请尽快查看。`

let runtime: LocalRuntime
let people: string[]
beforeEach(async () => {
  runtime = await openRuntime()
  people = ['+8613800000001', '+8613800000002'].map((phone) => addMember(runtime, phone, phone))
})
afterEach(() => runtime.close())

function alibabaService(policy: object = {}): string {
  const settings = sandboxServices.alibaba
  const open = { testMode: false, ...policy }
  return runtime.services.create({ name: 'Alibaba', provider: 'alibaba', settings, policy: open }).id
}

/** A step that has a template code and nothing more. */
function graph(service: string, more: object = {}) {
  const recipients = people.map((id) => ({ kind: 'member' as const, id }))
  const made = smsGraph({ service, recipients, ports: ['sent', 'partly', 'failed'] })
  const variables = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { kind: 'fixed', value }]),
  )
  made.nodes[1]!.params = { recipients, service, templateCode: CODE, variables, ...more }
  return made
}
async function run(graph: object, dryRun?: 'sent') {
  return (await runtime.startRun({ graph, input: { who: 'Ada' }, trigger: 'library', dryRun })).finished
}
const xRay = (service: string) =>
  runtime.xRay(xRayRequest.parse({ graph: graph(service), nodeId: 'sms', sample: { who: 'Ada' } }))

describe('of a template at Alibaba Cloud that nobody has read', () => {
  it('the text and its length are not known, and none is made up', async () => {
    const service = alibabaService()
    const unknown = { segments: null, texts: [{ text: null, segments: null, templateCode: CODE }] }
    expect(await xRay(service)).toMatchObject(unknown)
    expect((await run(graph(service), 'sent')).steps[1]!.xRay).toMatchObject(unknown)
    const [message] = (await run(graph(service))).steps[1]!.messages!
    expect(message).toMatchObject({ state: 'accepted' })
    expect(message).not.toHaveProperty('segments')
    expect(await runtime.messages.get(message!.id)).toMatchObject({ text: undefined, templateCode: CODE })
  })
})

describe('of a template at Alibaba Cloud that was read from there', () => {
  it('X-ray, dry run and history show the text and count it with the signature', async () => {
    const service = alibabaService()
    await runtime.describeTemplate(service, CODE)
    const known = { segments: 4, texts: [{ text: read, segments: 2, templateCode: CODE }] }
    expect(await xRay(service)).toMatchObject(known)
    expect((await run(graph(service), 'sent')).steps[1]!.xRay).toMatchObject(known)
    const [message] = (await run(graph(service))).steps[1]!.messages!
    expect(message).toMatchObject({ state: 'accepted', segments: 2 })
    expect(await runtime.messages.get(message!.id)).toMatchObject({ text: read, segments: 2 })
    expect(runtime.sandbox!.messages(1)[0]).toMatchObject({ text: `【短信沙箱】${read}`, segments: 2 })
  })

  it('the cap of a day counts all its parts', async () => {
    const service = alibabaService({ dailySegments: 3 })
    await runtime.describeTemplate(service, CODE)
    const [first, second] = (await run(graph(service))).steps[1]!.messages!
    expect([first!.state, second!.reason]).toEqual(['accepted', 'daily-cap'])
  })

  it('a service that takes over counts what it sends itself', async () => {
    const alibaba = alibabaService()
    await runtime.describeTemplate(alibaba, CODE)
    const twilio = twilioService(runtime, {}, { fallback: alibaba, maxAttempts: 1 })
    runtime.sandbox!.setFault('twilio', 'throttle', 1_000)
    const [message] = (await run(graph(twilio, { templateText: 'Short' }))).steps[1]!.messages!
    expect(message).toMatchObject({ state: 'accepted', segments: 2 })
    expect(await runtime.messages.get(message!.id)).toMatchObject({ text: read })
  })

  it('is not known any more where the service has another account', async () => {
    const service = alibabaService()
    await runtime.describeTemplate(service, CODE)
    const { revision, name, settings } = runtime.services.get(service)
    runtime.services.update(service, {
      revision,
      name,
      settings: { ...settings, accessKey: 'LTAIAnotherAccount' },
    })
    expect(await xRay(service)).toMatchObject({ segments: null })
    runtime.services.update(service, { revision: revision + 1, name, settings })
    expect(await xRay(service)).toMatchObject({ segments: 4 })
  })
})

describe('of a content template at Twilio', () => {
  const variables = { '1': 'device', '2': 'reason' }
  const fixed = (value: string) => ({ kind: 'fixed', value })
  const given = { device: fixed('Pump 7'), reason: fixed('x'.repeat(150)) }
  const text = `Pump 7 needs help: ${'x'.repeat(150)}`

  /** A step that sends a message template which is bound to a content template. */
  function bound(service: string, loaded: object) {
    const byLocale = { en: { contentSid: english.sid, variables, ...loaded } }
    const template = runtime.templates.create(
      sampleTemplate({ name: randomUUID(), bindings: { [service]: { kind: 'twilio-content', byLocale } } }),
    )
    const recipients = people.map((id) => ({ kind: 'member' as const, id }))
    const made = smsGraph({ service, recipients, ports: ['sent', 'partly', 'failed'] })
    made.nodes[1]!.params = { recipients, service, template: template.id, variables: given }
    return made
  }
  const shown = (graph: object) =>
    runtime.xRay(xRayRequest.parse({ graph, nodeId: 'sms', sample: { who: 'Ada' } }))

  it('the text is not known where nobody has read it, whatever the message template itself reads', async () => {
    const graph = bound(twilioService(runtime), {})
    const unknown = { segments: null, texts: [{ text: null, segments: null, contentSid: english.sid }] }
    expect(await shown(graph)).toMatchObject(unknown)
    expect((await run(graph, 'sent')).steps[1]!.xRay).toMatchObject(unknown)
    const [message] = (await run(graph)).steps[1]!.messages!
    expect(await runtime.messages.get(message!.id)).toMatchObject({
      text: undefined,
      contentSid: english.sid,
      contentVariables: { '1': 'Pump 7' },
    })
  })

  it('it is shown and counted where it was read', async () => {
    const service = twilioService(runtime, {}, { dailySegments: 3 })
    const { text: loaded } = (await runtime.describeTemplate(service, english.sid))!
    const graph = bound(service, { text: loaded })
    const known = { segments: 2, texts: [{ text, segments: 2, contentSid: english.sid }] }
    expect(await shown(graph)).toMatchObject(known)
    expect((await run(graph, 'sent')).steps[1]!.xRay).toMatchObject(known)
    const [first, second] = (await run(graph)).steps[1]!.messages!
    expect([first!.state, first!.segments, second!.reason]).toEqual(['accepted', 2, 'daily-cap'])
    expect(await runtime.messages.get(first!.id)).toMatchObject({ text })
    expect(runtime.sandbox!.messages(1)[0]).toMatchObject({ text, segments: 2 })
  })
})

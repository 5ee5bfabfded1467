import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OptOut } from '../../../nodes/api/opt-outs.ts'
import type { Run } from '../../../nodes/api/runs.ts'
import type { MessageReport } from '../../../nodes/messages.ts'
import { sandboxServices, sandboxTwilioAccount } from '../../../runtime/sandbox/accounts.ts'
import { signedForm } from '../../../runtime/sandbox/twilio/callbacks.ts'
import { smsGraph } from '../../support/graphs.ts'
import { addMember, twilioService } from '../../support/open-runtime.ts'
import { openServer } from '../server/open-server.ts'
import type { TestServer } from '../server/open-server.ts'

const PUBLIC = 'https://sms.example.com'
const { accountSid, authToken } = sandboxTwilioAccount

let test: TestServer
let twilio: string
let alibaba: string
beforeAll(async () => {
  // receipts of the sandbox itself come long after what these tests push
  test = await openServer({ runtime: { sandbox: { receiptDelayMs: 3_600_000 }, publicUrl: PUBLIC } })
  twilio = twilioService(test.runtime)
  const settings = sandboxServices.alibaba
  alibaba = test.runtime.services.create({ name: 'Alibaba', provider: 'alibaba', settings }).id
})
afterAll(() => test.close())

let people = 0
/** Texts somebody new. */
async function text(service = twilio): Promise<{ run: string; message: MessageReport; phone: string }> {
  const phone = service === alibaba ? `+86138${String(10_000_000 + ++people)}` : `+1202555${1_000 + ++people}`
  const member = { kind: 'member' as const, id: addMember(test.runtime, `Person ${people}`, phone) }
  return { ...(await textAgain(service, member)), phone }
}
async function textAgain(
  service: string,
  member: { kind: 'member'; id: string },
  ports = ['sent', 'failed'],
) {
  const graph = smsGraph({ service, recipients: [member], text: 'Pump 7', ports })
  if (service === alibaba) Object.assign(graph.nodes[1]!.params!, { templateCode: 'SMS_100005' })
  const request = { graph: { ...graph, inputs: [] }, input: {}, trigger: 'library' as const }
  const ended = await (await test.runtime.startRun(request)).finished
  return { run: ended.id, message: ended.steps.find(({ nodeId }) => nodeId === 'sms')!.messages![0]! }
}
async function messageNow(run: string): Promise<MessageReport> {
  const answer = await test.call('GET', `/api/runs/${run}`)
  return answer.json<Run>().steps.find(({ nodeId }) => nodeId === 'sms')!.messages![0]!
}

const fieldsOf = (message: MessageReport, phone: string, status: string, more: object = {}) => ({
  ...{ AccountSid: accountSid, ApiVersion: '2010-04-01', From: '+15005550006', To: phone },
  ...{ MessageSid: message.providerId ?? '', MessageStatus: status, SmsStatus: status },
  ...more,
})
interface Post {
  token?: string
  base?: string
  key?: string
  signature?: string | undefined
  host?: string
  body?: string
}
async function post(path: string, fields: Record<string, string>, change: Post = {}): Promise<number> {
  const target = `/callbacks/twilio/${path}${change.token === undefined ? '' : `?token=${change.token}`}`
  const form = signedForm(`${change.base ?? test.server.url}${target}`, fields, change.key ?? authToken)
  const answer = await test.plain('POST', target, {
    headers: {
      'content-type': form.contentType,
      'x-twilio-signature': 'signature' in change ? change.signature : form.headers['x-twilio-signature'],
      ...(change.host !== undefined && { host: change.host }),
    },
    body: change.body ?? form.body,
  })
  return answer.status
}

describe('receipts of Twilio', () => {
  it('move the message they are about', async () => {
    const { run, message, phone } = await text()
    expect(await post('status', fieldsOf(message, phone, 'sent'), { token: message.id })).toBe(204)
    expect(await messageNow(run)).toMatchObject({ state: 'accepted', delivery: 'sent' })
    const failed = fieldsOf(message, phone, 'undelivered', { ErrorCode: '30003', SomethingNew: 'x' })
    expect(await post('status', failed, { token: message.id })).toBe(204)
    expect(await messageNow(run)).toMatchObject({ delivery: 'undelivered', deliveryCode: '30003' })
  })

  it('come by the public address too, whose name nothing else answers to', async () => {
    const { run, message, phone } = await text()
    const sent = fieldsOf(message, phone, 'delivered')
    const host = new URL(PUBLIC).host
    expect(await post('status', sent, { token: message.id, base: PUBLIC, host })).toBe(204)
    expect(await messageNow(run)).toMatchObject({ delivery: 'delivered' })
    expect((await test.call('GET', '/api/functions', { headers: { host } })).status).toBe(403)
  })

  it('change nothing unsigned, wrongly signed, replayed for another message, or for nobody', async () => {
    const { run, message, phone } = await text()
    const other = await text()
    const fields = fieldsOf(message, phone, 'failed')
    const token = message.id
    expect(await post('status', fields, { token, signature: undefined })).toBe(403)
    expect(await post('status', fields, { token, signature: 'nonsense' })).toBe(403)
    expect(await post('status', fields, { token, key: 'another-token' })).toBe(403)
    expect(await post('status', fields, { token, base: 'https://elsewhere.example' })).toBe(403)
    expect(await post('status', { ...fields, AccountSid: `AC${'9'.repeat(32)}` }, { token })).toBe(403)
    const { body, headers } = signedForm(
      `${test.server.url}/callbacks/twilio/status?token=${other.message.id}`,
      fields,
      authToken,
    )
    const moved = { token, signature: headers['x-twilio-signature'], body }
    expect(await post('status', fields, moved)).toBe(403)
    expect(await post('status', fields, { token: 'nobody-7' })).toBe(404)
    expect(await post('status', fields, {})).toBe(404)
    const malformed: Record<string, string> = { ...fields, MessageStatus: 'DROP TABLE' }
    expect(await post('status', malformed, { token })).toBe(400)
    const wrongType = await test.plain('POST', `/callbacks/twilio/status?token=${token}`, { body: fields })
    expect(wrongType.status).toBe(415)
    expect(await messageNow(run)).toEqual(message)
    expect(await messageNow(other.run)).toEqual(other.message)
  })
})

describe('answers of phones', () => {
  const stopFields = (phone: string, body: string) => ({
    ...{ AccountSid: accountSid, ApiVersion: '2010-04-01', From: phone, To: '+15005550006', Body: body },
    ...{ MessageSid: `SM${String(++people).padStart(32, '0')}`, NumMedia: '0' },
  })
  const optOuts = async (phone: string) => {
    const all = (await test.call('GET', '/api/opt-outs')).json<OptOut[]>()
    return all.filter((each) => each.phone === phone && each.serviceId === twilio)
  }

  it('STOP holds back the next text, START lets it leave, and a replayed answer does nothing', async () => {
    const phone = '+12025559001'
    const member = { kind: 'member' as const, id: addMember(test.runtime, 'Stops', phone) }
    const stop = stopFields(phone, ' Stop. ')
    expect(await post('inbound', stop)).toBe(204)
    expect(await optOuts(phone)).toMatchObject([{ source: 'reply', reason: 'STOP', lifted: null }])
    const held = await textAgain(twilio, member)
    expect(held.message).toMatchObject({ state: 'suppressed', reason: 'opted-out', attempts: 0 })
    expect(await post('inbound', stopFields(phone, 'start'))).toBe(204)
    expect((await textAgain(twilio, member)).message).toMatchObject({ state: 'accepted' })
    expect(await post('inbound', stop)).toBe(204)
    expect((await textAgain(twilio, member)).message).toMatchObject({ state: 'accepted' })
  })

  it('START does not lift what somebody here has set', async () => {
    const phone = '+12025559002'
    const body = { serviceId: twilio, phone, reason: 'Asked by phone' }
    expect((await test.call('POST', '/api/opt-outs', { body })).status).toBe(201)
    expect((await test.call('POST', '/api/opt-outs', { body })).status).toBe(409)
    await post('inbound', stopFields(phone, 'UNSTOP'))
    const member = { kind: 'member' as const, id: addMember(test.runtime, 'Blocked', phone) }
    expect((await textAgain(twilio, member)).message).toMatchObject({ state: 'suppressed' })
    const lift = { serviceId: twilio, phone, reason: 'Asked again' }
    expect((await test.call('POST', '/api/opt-outs/lift', { body: lift })).status).toBe(204)
    expect((await test.call('POST', '/api/opt-outs/lift', { body: lift })).status).toBe(404)
    expect((await textAgain(twilio, member)).message).toMatchObject({ state: 'accepted' })
    expect(await optOuts(phone)).toMatchObject([{ source: 'person', liftedWhy: 'Asked again' }])
  })

  it('a refusal of the provider is a STOP that never came here', async () => {
    const phone = '+15005550004' // Twilio's own number for it
    const member = { kind: 'member' as const, id: addMember(test.runtime, 'Stopped earlier', phone) }
    expect((await textAgain(twilio, member)).message).toMatchObject({ state: 'rejected' })
    expect(await optOuts(phone)).toMatchObject([{ source: 'provider', reason: '21610' }])
    expect((await textAgain(twilio, member)).message).toMatchObject({
      state: 'suppressed',
      reason: 'opted-out',
    })
  })

  it('change nothing unsigned, and nothing where they are just an answer', async () => {
    const phone = '+12025559003'
    expect(await post('inbound', stopFields(phone, 'STOP'), { signature: undefined })).toBe(403)
    expect(await post('inbound', stopFields(phone, 'STOP'), { key: 'wrong' })).toBe(403)
    expect(await post('inbound', stopFields(phone, 'Please do not stop'))).toBe(204)
    expect(await optOuts(phone)).toEqual([])
  })
})

describe('Alibaba Cloud', () => {
  const secretPath = () => {
    const url = test.runtime.callbacks.addresses.of(alibaba).find(({ kind }) => kind === 'report')!.url
    return new URL(url).pathname.replace('/report', '')
  }
  const push = async (path: string, body: object) => (await test.plain('POST', path, { body })).status
  const reportOf = (message: MessageReport, phone: string, success: boolean) => ({
    ...{
      phone_number: phone.slice(3),
      success,
      err_code: success ? 'DELIVERED' : 'MOBILE_IN_BLACK',
      err_msg: '',
    },
    ...{ send_time: beijing(), report_time: beijing(), sms_size: '1', biz_id: 'x^0', out_id: message.id },
  })
  const beijing = () => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')

  it('reports by a secret path, several at once', async () => {
    const first = await text(alibaba)
    const second = await text(alibaba)
    const reports = [reportOf(first.message, first.phone, true), reportOf(second.message, second.phone, true)]
    const answer = await test.plain('POST', `${secretPath()}/report`, { body: reports })
    expect([answer.status, answer.json()]).toEqual([200, { code: 0, msg: 'ok' }])
    expect(await messageNow(first.run)).toMatchObject({ delivery: 'delivered' })
    expect(await messageNow(second.run)).toMatchObject({ delivery: 'delivered' })
  })

  it('is believed about a failure only where its own query confirms it', async () => {
    const fine = await text(alibaba)
    expect(await push(`${secretPath()}/report`, [reportOf(fine.message, fine.phone, false)])).toBe(200)
    expect(await messageNow(fine.run)).toEqual(fine.message)

    const phone = `+86138${20_000_000 + ++people}`
    test.runtime.sandbox!.setReceipts({ phone, delivery: 'undelivered', order: 'in-order', repeat: 1 })
    const member = { kind: 'member' as const, id: addMember(test.runtime, 'Out of service', phone) }
    const lost = await textAgain(alibaba, member)
    expect(await push(`${secretPath()}/report`, [reportOf(lost.message, phone, false)])).toBe(200)
    expect(await messageNow(lost.run)).toMatchObject({
      delivery: 'undelivered',
      deliveryCode: 'MOBILE_IN_BLACK',
    })
  })

  it('is asked to report again where a failure cannot be confirmed now', async () => {
    const { run, message, phone } = await text(alibaba)
    const other = reportOf(message, phone, false)
    const before = reportOf({ ...message, id: message.id }, phone, false)
    const elsewhere = { ...before, send_time: '2020-01-01 00:00:00' } // a day on which the query knows nothing
    expect(await push(`${secretPath()}/report`, [elsewhere])).toBe(503)
    expect(await messageNow(run)).toEqual(message)
    expect(await push(`${secretPath()}/report`, [other])).toBe(200)
  })

  it('changes nothing by a wrong path, for another number, or with nonsense', async () => {
    const { run, message, phone } = await text(alibaba)
    const report = reportOf(message, phone, true)
    expect(await push(`/callbacks/alibaba/${'x'.repeat(32)}/report`, [report])).toBe(404)
    expect(await push(`${secretPath()}/report`, [{ ...report, phone_number: '13900000000' }])).toBe(200)
    expect(await push(`${secretPath()}/report`, [{ ...report, out_id: 'nobody-1' }])).toBe(200)
    expect(await push(`${secretPath()}/report`, [{ ...report, success: 'yes' }])).toBe(400)
    expect(await push(`${secretPath()}/report`, report)).toBe(400)
    expect(await messageNow(run)).toEqual(message)
  })

  it('passes answers on: 退订 holds back the next text', async () => {
    const phone = `+86138${30_000_000 + ++people}`
    const member = { kind: 'member' as const, id: addMember(test.runtime, 'Answers', phone) }
    await textAgain(alibaba, member)
    const answer = {
      phone_number: phone.slice(3),
      content: '退订',
      send_time: beijing(),
      sign_name: '短信沙箱',
    }
    expect(await push(`${secretPath()}/up`, [{ ...answer, dest_code: '1069', sequence_id: '1' }])).toBe(200)
    expect((await textAgain(alibaba, member)).message).toMatchObject({ reason: 'opted-out' })
  })
})

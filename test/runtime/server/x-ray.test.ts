import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Run } from '../../../nodes/api/runs.ts'
import type { XRay } from '../../../nodes/api/x-ray.ts'
import { openServer } from './open-server.ts'
import type { TestServer } from './open-server.ts'

let test: TestServer
beforeAll(async () => {
  test = await openServer()
})
afterAll(() => test.close())

const xRay = '/api/sms-notifications/x-ray'
const testSend = '/api/sms-notifications/test-send'
const nodeId = () =>
  test.runtime.functions.get('night-shift-alarm').graph.nodes.find(({ type }) => type === 'sms-notification')!
    .id

describe('the X-ray of the example function', () => {
  it('lists its people, with masked numbers only', async () => {
    const body = { function: 'night-shift-alarm', nodeId: nodeId(), sample: { device: 'Pump 7' } }
    const answer = await test.call('POST', xRay, { body })
    expect(answer.status).toBe(200)
    const { selected, texted, people, texts } = answer.json<XRay>()
    expect(people).toHaveLength(selected)
    expect(people.filter(({ skipped }) => skipped === undefined)).toHaveLength(texted)
    expect(texts[0]!.text).toContain('Pump 7')
    expect(people.every(({ phone }) => phone === '' || phone.includes('****'))).toBe(true)
  })

  it('is for those alone who may call', async () => {
    const answer = await test.plain('POST', xRay, { body: { function: 'night-shift-alarm', nodeId: 'sms' } })
    expect(answer.status).toBe(401)
  })

  it('refuses a step or function that is not there, and fields that it does not know', async () => {
    const status = async (body: object) => (await test.call('POST', xRay, { body })).status
    expect(await status({ function: 'night-shift-alarm', nodeId: 'nowhere' })).toBe(404)
    expect(await status({ function: 'nothing', nodeId: nodeId() })).toBe(404)
    expect(await status({ nodeId: nodeId() })).toBe(400)
    expect(await status({ graph: { format: 1 }, nodeId: nodeId() })).toBe(400)
    expect(await status({ function: 'night-shift-alarm', nodeId: nodeId(), limit: 201 })).toBe(400)
    expect(await status({ function: 'night-shift-alarm', nodeId: nodeId(), send: true })).toBe(400)
  })
})

describe('a test send by HTTP', () => {
  it('sends one text, once for one key, and answers its run with a masked number', async () => {
    const body = {
      function: 'night-shift-alarm',
      nodeId: nodeId(),
      sample: { device: 'Pump 7' },
      phone: '+447700900999',
    }
    const call = { body, headers: { 'idempotency-key': 'test-1' } }
    const first = await test.call('POST', testSend, call)
    expect(first.json<Run>()).toMatchObject({
      status: 'done',
      trigger: 'test',
      input: { phone: '+44****0999' },
    })
    expect((await test.call('POST', testSend, call)).json<Run>().id).toBe(first.json<Run>().id)
    expect(test.runtime.sandbox!.messages(10).map(({ to }) => to)).toEqual(['+447700900999'])
  })

  it('refuses what is no number with its country code, and sends nothing', async () => {
    const before = test.runtime.sandbox!.requests().length
    const body = { function: 'night-shift-alarm', nodeId: nodeId(), phone: '07700 900999' }
    const answer = await test.call('POST', testSend, { body })
    expect(answer.status).toBe(400)
    expect(answer.json().fields).toMatchObject([{ path: 'phone', key: 'phone' }])
    expect((await test.plain('POST', testSend, { body })).status).toBe(401)
    expect(test.runtime.sandbox!.requests()).toHaveLength(before)
  })
})

describe('a dry run by HTTP', () => {
  it('answers what the run would do, and sends nothing', async () => {
    const before = test.runtime.sandbox!.requests().length
    const run = '/api/functions/night-shift-alarm/runs?dryRun=true'
    const answer = await test.call('POST', run, { body: { device: 'Pump 7' } })
    expect(answer.json<Run>()).toMatchObject({
      status: 'done',
      dryRun: 'sent',
      output: 'The night shift knows about Pump 7',
    })
    expect(test.runtime.sandbox!.requests()).toHaveLength(before)
    expect((await test.call('POST', `${run}&outcome=maybe`, { body: { device: 'Pump 7' } })).status).toBe(400)
    expect((await test.call('POST', `${run}x`, { body: { device: 'Pump 7' } })).status).toBe(400)
    expect(test.runtime.sandbox!.requests()).toHaveLength(before)
  })
})

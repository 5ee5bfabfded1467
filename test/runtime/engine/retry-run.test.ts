import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startServer } from '../../../runtime/server/start-server.ts'
import type { LocalRuntime } from '../../../runtime/index.ts'
import { assign, fixed, flow, formula, returns, sms } from '../../support/flow.ts'
import type { FlowNode } from '../../support/flow.ts'
import { addMember, openRuntime, twilioService } from '../../support/open-runtime.ts'
import { newFolder } from '../../support/product.ts'

const ADA = '+12025550101'
const BO = '+12025550102'
/** The sandbox refuses it. */
const REFUSED = '+15005550001'

let runtime: LocalRuntime
let data: string
let web: Server
let status: number
let requests: string[]
const open = async () => (runtime = await openRuntime({ data, egressAllow: ['127.0.0.1'], sandbox: true }))
beforeEach(async () => {
  data = newFolder()
  await open()
  status = 500
  requests = []
  web = createServer((request, answer) => {
    requests.push(request.url!)
    answer.writeHead(status).end('{}')
  })
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  await runtime.close()
  web.close()
})

const address = () => `http://127.0.0.1:${(web.address() as AddressInfo).port}`
const request = (path: string, next?: string): FlowNode => ({
  type: 'http-request',
  params: { method: 'POST', url: fixed(`${address()}${path}`) },
  ...(next !== undefined && { to: { done: next } }),
})
const run = async (nodes: Record<string, FlowNode>) =>
  (await runtime.startRun({ graph: flow(nodes), input: {}, trigger: 'library' })).finished
const retry = async (id: string) => (await runtime.retryRun(id, 'library')).finished
const textsTo = (phone: string) => runtime.sandbox!.messages(1_000).filter(({ to }) => to === phone).length
const paths = ({ steps }: { steps: { path: string }[] }) => steps.map(({ path }) => path)

describe('retry from the failed step', () => {
  it('goes on at the failed step with what the steps before it gave, and sends nothing of theirs again', async () => {
    const service = twilioService(runtime)
    const failed = await run({
      secret: assign('number', 'RANDOM()', 'text'),
      text: { ...sms(addMember(runtime, 'Ada', ADA), service), to: { sent: 'call' } },
      call: request('/log', 'end'),
      end: returns('CONCAT(number, " ", nodes.text.counts.accepted, " ", COUNT(nodes.text.messages))'),
    })
    expect(failed.status).toBe('failed')
    const number = failed.steps.find(({ path }) => path === 'secret')!.output as { number: number }
    status = 200
    const ended = await retry(failed.id)
    expect(ended).toMatchObject({
      status: 'done',
      output: `${number.number} 1 1`,
      source: { run: failed.id, kind: 'retry' },
    })
    expect(textsTo(ADA)).toBe(1)
    expect(requests).toEqual(['/log', '/log'])
    expect(ended.steps.find(({ path }) => path === 'text')!.messages).toMatchObject([
      { id: `${failed.id}-0`, state: 'accepted' },
    ])
    const old = (await runtime.getRun(failed.id))!
    expect(old.followers).toEqual([{ run: ended.id, kind: 'retry', status: 'done' }])
    await expect(runtime.retryRun(failed.id, 'library')).rejects.toMatchObject({
      code: 'CONFLICT',
      params: { run: ended.id },
    })
    await expect(runtime.retryFailed(failed.id, 'text')).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('texts only those whom the failed step has not texted, and counts the others as texted', async () => {
    const service = twilioService(runtime)
    const people = [ADA, BO, REFUSED].map((phone, at) => addMember(runtime, `P${at}`, phone))
    const failed = await run({
      text: {
        type: 'sms-notification',
        params: {
          recipients: people.map((id) => ({ kind: 'member', id })),
          ...{ service, templateText: 'Pump 7', variables: {}, success: { kind: 'all' } },
        },
        to: { sent: 'end' },
      },
      end: returns('nodes.text.counts.accepted'),
    })
    expect(failed.status).toBe('failed')
    runtime.directory.memberStore.update(people[2]!, {
      ...{ name: 'P2', phone: '+12025550103', status: 'in-service', departments: [] },
    })
    const ended = await retry(failed.id)
    expect(ended).toMatchObject({ status: 'done', output: 3 })
    expect([ADA, BO, '+12025550103'].map(textsTo)).toEqual([1, 1, 1])
  })

  it('goes on in the round of a loop that failed', async () => {
    const service = twilioService(runtime)
    const failed = await run({
      loop: {
        type: 'loop',
        params: { list: fixed(3), collect: formula('nodes.text.counts.accepted + item') },
        to: { each: 'text', done: 'end' },
      },
      text: { ...sms(addMember(runtime, 'Ada', ADA), service), to: { sent: 'check' } },
      check: {
        type: 'condition',
        params: { branches: [{ id: 'second', when: formula('item = 2') }] },
        to: { second: 'call' },
      },
      call: request('/second'),
      end: returns('JOIN(nodes.loop.results, " ")'),
    })
    expect(failed.status).toBe('failed')
    expect(textsTo(ADA)).toBe(2)
    status = 200
    const ended = await retry(failed.id)
    expect(ended).toMatchObject({ status: 'done', output: '2 3 4' })
    expect(textsTo(ADA)).toBe(3)
    expect(paths(ended).filter((path) => path.endsWith('/text'))).toEqual([
      'loop:1/text',
      'loop:2/text',
      'loop:3/text',
    ])
  })

  it('goes on in the called function that failed, rather than calling it anew', async () => {
    const service = twilioService(runtime)
    const inner = flow(
      {
        text: { ...sms(addMember(runtime, 'Ada', ADA), service), to: { sent: 'call' } },
        call: request('/inner', 'end'),
        end: returns('7'),
      },
      { name: 'inner' },
    )
    runtime.functions.create({ title: 'inner', name: 'inner', graph: inner })
    const failed = await run({
      inner: { type: 'call-function', params: { function: 'inner', inputs: {} }, to: { next: 'end' } },
      end: returns('nodes.inner.output'),
    })
    expect(failed.status).toBe('failed')
    status = 200
    expect(await retry(failed.id)).toMatchObject({ status: 'done', output: 7 })
    expect(textsTo(ADA)).toBe(1)
  })

  it('waits for the receipts of texts that the run before has sent', async () => {
    const server = await startServer(runtime, { host: '127.0.0.1', port: 0, appFolder: '/nowhere' })
    const service = twilioService(runtime)
    const failed = await run({
      text: { ...sms(addMember(runtime, 'Ada', ADA), service), to: { sent: 'call' } },
      call: request('/log', 'wait'),
      wait: {
        type: 'wait-for-delivery',
        params: { minutes: 1 },
        to: { delivered: 'end', failed: 'end', 'no-receipt': 'end' },
      },
      end: returns('nodes.wait.counts.delivered'),
    })
    status = 200
    expect(failed.error?.code).toMatch(/^HTTP/)
    const ended = await retry(failed.id)
    await server.close()
    expect(ended.output).toBe(1)
    expect(ended.status).toBe('done')
    expect(ended.steps.find(({ path }) => path === 'wait')!.port).toBe('delivered')
  })

  it('can be retried again, and after a restart still knows everything', async () => {
    const service = twilioService(runtime)
    const failed = await run({
      text: { ...sms(addMember(runtime, 'Ada', ADA), service), to: { sent: 'call' } },
      call: request('/log', 'end'),
      end: returns('nodes.text.counts.accepted'),
    })
    const second = await retry(failed.id)
    expect(second.status).toBe('failed')
    await runtime.close()
    await open()
    status = 200
    const third = await retry(second.id)
    expect(third).toMatchObject({ status: 'done', output: 1, source: { run: second.id, kind: 'retry' } })
    expect(textsTo(ADA)).toBe(1)
  })

  it('refuses what has nothing to go on with', async () => {
    const done = await run({ end: returns('1') })
    await expect(runtime.retryRun(done.id, 'library')).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(runtime.retryRun('none', 'library')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const dry = await (
      await runtime.startRun({
        graph: flow({ stop: { type: 'throw-error', params: { message: fixed('no') } } }),
        ...{ input: {}, trigger: 'library', dryRun: 'sent' },
      })
    ).finished
    expect(dry.status).toBe('failed')
    await expect(runtime.retryRun(dry.id, 'library')).rejects.toMatchObject({ code: 'CONFLICT' })
  })
})

describe('run again', () => {
  it('starts what is published now with the input of then, and names the run it was made from', async () => {
    const graph = flow({ end: returns('who') }, { name: 'again', inputs: [{ name: 'who', type: 'text' }] })
    runtime.functions.create({ title: 'again', name: 'again', graph })
    const first = await runtime.run('again', { who: 'Ada' })
    const draft = runtime.functions.draft('again')
    runtime.publish('again', { revision: draft.revision })
    const handle = await runtime.runAgain(first.id, { trigger: 'library' })
    expect(await handle.finished).toMatchObject({ output: 'Ada', source: { run: first.id, kind: 'again' } })
    expect((await runtime.getRun(handle.id))!.versionNumber).toBe(1)
    await (
      await runtime.runAgain(first.id, { trigger: 'library' })
    ).finished
    expect((await runtime.getRun(first.id))!.followers).toHaveLength(2)
  })
})

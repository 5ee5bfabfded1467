import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FunctionElement, FunctionVersion } from '../../../nodes/api/elements.ts'
import type { Run, RunSummary } from '../../../nodes/api/runs.ts'
import type { ProblemDocument } from '../../../nodes/api/routes.ts'
import { flow } from '../../support/flow.ts'
import { openServer } from './open-server.ts'
import type { TestServer } from './open-server.ts'

let test: TestServer
beforeAll(async () => {
  test = await openServer()
})
afterAll(() => test.close())

/** A function that returns a text. */
async function create(title: string, text: string) {
  const made = (await test.call('POST', '/api/functions', { body: { title } })).json<FunctionElement>()
  const path = `/api/functions/${made.name}`
  const save = async (returned: string, headers = {}) => {
    const { revision, graph } = (await test.call('GET', path)).json<FunctionElement>()
    const value = { kind: 'fixed', value: returned }
    const nodes = [
      graph.nodes[0]!,
      { id: 'return', type: 'return', position: { x: 300, y: 120 }, params: { value } },
    ]
    const connections = [
      { id: 'c', from: { node: 'start', port: 'next' }, to: { node: 'return', port: 'in' } },
    ]
    const body = { revision, graph: { ...graph, nodes, connections } }
    return test.call('PUT', path, { body, headers })
  }
  await save(text)
  return {
    path,
    save,
    publish: async (note = '') => {
      const { revision } = (await test.call('GET', path)).json<FunctionElement>()
      return test.call('POST', `${path}/versions`, { body: { revision, note } })
    },
    run: async (query = '') => (await test.call('POST', `${path}/runs${query}`, { body: {} })).json<Run>(),
  }
}

describe('what callers get', () => {
  it('is the draft before the first version, then the latest version, or what they ask for', async () => {
    const { save, publish, run } = await create('Greeting', 'one')
    expect((await run()).output).toBe('one')
    await publish()
    await save('two')
    await publish()
    await save('three')
    expect((await run()).output).toBe('two')
    expect((await run('?version=published')).output).toBe('two')
    expect((await run('?version=1')).output).toBe('one')
    expect((await run('?version=draft')).output).toBe('three')
    expect(await run('?version=9')).toMatchObject({ code: 'NOT_FOUND', status: 404 })
    expect(await run('?version=newest')).toMatchObject({ code: 'BODY_INVALID' })
  })

  it('is said with each run: the number of its version, and none for a draft', async () => {
    const { path, save, publish, run } = await create('Numbered', 'one')
    await publish()
    const published = await run()
    await save('two')
    const draft = await run('?version=draft')
    const list = (await test.call('GET', `/api/runs?function=${path.split('/').at(-1)}`)).json<RunSummary[]>()
    expect(list.map(({ id, versionNumber }) => [id, versionNumber])).toEqual([
      [draft.id, undefined],
      [published.id, 1],
    ])
    expect((await test.call('GET', `/api/runs/${published.id}`)).json()).toMatchObject({ versionNumber: 1 })
    const events = await test.call('GET', `/api/runs/${published.id}/events`)
    expect(events.text).toContain('"versionNumber":1')
  })

  it('is named by its content hash, which the version has too', async () => {
    const { path, publish, save, run } = await create('Hashed', 'one')
    await publish()
    const { version } = await run()
    await save('two')
    await publish()
    const first = (await test.call('GET', `${path}/versions/1`)).json<FunctionVersion>()
    expect(version).toBe(first.hash)
  })
})

describe('publishing', () => {
  it('is refused while the draft has errors, and names each', async () => {
    const { path, save, publish } = await create('Broken', 'one')
    await save('one')
    const { revision, graph } = (await test.call('GET', path)).json<FunctionElement>()
    const sms = {
      id: 'sms',
      type: 'sms-notification',
      position: { x: 0, y: 0 },
      params: { recipients: [], service: 'gone', variables: {} },
    }
    await test.call('PUT', path, {
      body: { revision, graph: { ...graph, nodes: [...graph.nodes, sms] } },
    })
    const answer = await publish()
    const { status, code, fields } = answer.json<ProblemDocument>()
    expect([status, code]).toEqual([409, 'GRAPH_NOT_READY'])
    expect(fields!.map((field) => field.path)).toContain('nodes/sms/recipients')
    expect((await test.call('GET', `${path}/versions`)).json()).toEqual([])
  })

  it('takes functions that need each other in one step, all or none, and leaves what is published', async () => {
    const calls = (called: string, text = 'one') => ({
      call: { type: 'call-function', params: { function: called }, to: { next: 'end' } },
      end: { type: 'return', params: { value: { kind: 'fixed', value: text } } },
    })
    const make = async (name: string, graph: ReturnType<typeof flow>) =>
      expect((await test.call('POST', '/api/functions', { body: { title: name, name, graph } })).status).toBe(
        201,
      )
    await make('ready', flow({ end: { type: 'return', params: { value: { kind: 'fixed', value: 1 } } } }))
    const publish = async (name: string, together: boolean) => {
      const { revision } = (await test.call('GET', `/api/functions/${name}`)).json<FunctionElement>()
      return test.call('POST', `/api/functions/${name}/versions`, { body: { revision, together } })
    }
    const versionsOf = async (name: string) =>
      (await test.call('GET', `/api/functions/${name}/versions`)).json<FunctionVersion[]>().length
    expect((await publish('ready', false)).status).toBe(200)
    await make('ping', flow(calls('pong'), { onErrorFunction: 'ready' }))
    await make('pong', flow(calls('far')))
    await make('far', flow({ ...calls('ping'), bad: { type: 'sms-notification' } }))

    expect((await publish('ping', false)).json()).toMatchObject({ code: 'GRAPH_NOT_READY' })
    // the error of a function far away keeps all of them
    const refused = (await publish('ping', true)).json<ProblemDocument>()
    expect([refused.code, refused.detail]).toEqual(['GRAPH_NOT_READY', expect.stringContaining('far cannot')])
    expect(await Promise.all(['ping', 'pong', 'far'].map(versionsOf))).toEqual([0, 0, 0])

    const { revision } = (await test.call('GET', '/api/functions/far')).json<FunctionElement>()
    await test.call('PUT', '/api/functions/far', { body: { revision, graph: flow(calls('ping')) } })
    expect((await publish('ping', true)).json()).toMatchObject({ number: 1 })
    expect(await Promise.all(['ping', 'pong', 'far', 'ready'].map(versionsOf))).toEqual([1, 1, 1, 1])
    // what is published already keeps its version, whatever its draft is like by now
    expect((await publish('pong', true)).json()).toMatchObject({ number: 1 })
  })

  it('lists who published what, newest first, and reads each back', async () => {
    const { path, save, publish } = await create('Listed', 'one')
    await publish('First')
    await save('two')
    await publish('Second')
    const list = (await test.call('GET', `${path}/versions`)).json<FunctionVersion[]>()
    expect(list).toMatchObject([
      { number: 2, note: 'Second', author: { kind: 'program' } },
      { number: 1, note: 'First' },
    ])
    expect((await test.call('GET', `${path}/versions/1`)).json()).toMatchObject({
      number: 1,
      graph: { nodes: [{ id: 'start' }, { params: { value: { value: 'one' } } }] },
    })
    expect((await test.call('GET', `${path}/versions/3`)).status).toBe(404)
    expect((await test.call('GET', '/api/functions/nothing/versions')).status).toBe(404)
  })

  it('is refused where somebody saved another draft meanwhile', async () => {
    const { path, save } = await create('Raced', 'one')
    const { revision } = (await test.call('GET', path)).json<FunctionElement>()
    await save('two')
    const answer = await test.call('POST', `${path}/versions`, { body: { revision } })
    expect([answer.status, answer.json().code]).toEqual([409, 'CONFLICT'])
  })
})

describe('who saved a draft', () => {
  const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0'

  it('is a browser by its session, or a program by what it calls itself', async () => {
    const { path, save } = await create('Signed', 'one')
    await save('two', { 'user-agent': 'curl/8.5.0' })
    expect((await test.call('GET', path)).json()).toMatchObject({
      author: { kind: 'program', device: 'curl' },
    })
    const headers: Record<string, string> = { ...(await test.signIn()), 'user-agent': firefox }
    const { session } = (await test.plain('GET', '/api/session', { headers })).json<{ session: string }>()
    const { revision, graph } = (await test.call('GET', path)).json<FunctionElement>()
    await test.plain('PUT', path, { headers, body: { revision, graph } })
    expect((await test.call('GET', path)).json()).toMatchObject({
      author: { kind: 'page', device: 'Firefox · Windows', session },
    })
    expect(headers['cookie']).not.toContain(session)
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FunctionElement } from '../../../nodes/api/elements.ts'
import type { ReadFunctionFile } from '../../../nodes/api/function-files.ts'
import type { FunctionFile } from '../../../nodes/graph/function-file.ts'
import type { ProblemDocument } from '../../../nodes/api/routes.ts'
import { openServer } from './open-server.ts'
import type { TestServer } from './open-server.ts'

const address = '/api/functions/night-shift-alarm'
let here: TestServer
let there: TestServer
beforeAll(async () => {
  here = await openServer()
  there = await openServer()
})
afterAll(() => Promise.all([here.close(), there.close()]))

const read = async (file: unknown, mapping = {}) =>
  there.call('POST', '/api/function-files', { body: { file, mapping } })

/** The example's file, with its SMS step changed before. */
async function exported(params: object = {}): Promise<FunctionFile> {
  const { revision, graph } = (await here.call('GET', address)).json<FunctionElement>()
  const nodes = graph.nodes.map((node) =>
    node.id === 'alarm' ? { ...node, params: { ...node.params, ...params } } : node,
  )
  await here.call('PUT', address, { body: { revision, graph: { ...graph, nodes } } })
  return (await here.call('GET', `${address}/export`)).json<FunctionFile>()
}

describe('a function file', () => {
  it('finds what it names in another data folder by name, and runs there', async () => {
    const file = await exported()
    expect(file.names.map(({ kind, name }) => [kind, name])).toEqual([
      ['department', 'Plant North / Maintenance / Night shift'],
      ['role', 'Alarm leader'],
      ['service', 'Sandbox (Twilio)'],
    ])
    const { graph, elements } = (await read(file)).json<ReadFunctionFile>()
    expect(elements.every(({ id, target }) => target !== null && target !== id)).toBe(true)
    const made = await there.call('POST', '/api/functions', { body: { title: 'Taken over', graph } })
    const { name } = made.json<FunctionElement>()
    const run = await there.call('POST', `/api/functions/${name}/runs`, {
      body: { device: 'Pump 7', severity: 5 },
    })
    expect(run.json()).toMatchObject({ status: 'done' })
  })

  it('names what is missing, and takes what is chosen for it', async () => {
    const file = await exported()
    file.names = file.names.map((each) =>
      each.kind === 'role' ? { ...each, name: 'Crew of the moon' } : each,
    )
    const { elements } = (await read(file)).json<ReadFunctionFile>()
    const missing = elements.filter(({ target }) => target === null)
    expect(missing).toMatchObject([{ kind: 'role', name: 'Crew of the moon' }])
    const [role] = there.runtime.directory.roleStore.all()
    const mapping = { [`role ${missing[0]!.id}`]: role!.id }
    const mapped = (await read(file, mapping)).json<ReadFunctionFile>()
    expect(JSON.stringify(mapped.graph)).toContain(role!.id)
    expect(JSON.stringify(mapped.graph)).not.toContain(missing[0]!.id)
  })

  it('names what it calls, has for errors and sends as a secret, and takes others for them', async () => {
    const step = (id: string, type: string, params: object) => ({
      id,
      type,
      position: { x: 0, y: 0 },
      params,
    })
    const secret = { kind: 'secret', secret: 'crm', prefix: 'Bearer ' }
    const graph = {
      ...{ format: 1, id: 'calls', name: 'calls', title: 'Calls', onErrorFunction: 'night-shift-alarm' },
      nodes: [
        step('start', 'start', {}),
        step('call', 'call-function', { function: 'my-first-function' }),
        step('http', 'http-request', {
          url: { kind: 'fixed', value: 'https://crm.example.com' },
          headers: [{ name: 'Authorization', value: secret }],
        }),
      ],
      connections: [],
    }
    await here.call('POST', '/api/functions', { body: { title: 'Calls', name: 'calls', graph } })
    const file = (await here.call('GET', '/api/functions/calls/export')).json<FunctionFile>()
    expect(file.names).toEqual([
      { kind: 'function', id: 'my-first-function', name: 'My first function' },
      { kind: 'secret', id: 'crm', name: '' },
      { kind: 'function', id: 'night-shift-alarm', name: 'Night shift alarm' },
    ])
    await there.call('POST', '/api/secrets', {
      body: { name: 'crm-there', hosts: ['crm.example.com'], value: 'a-long-secret-value' },
    })
    const { elements } = (await read(file)).json<ReadFunctionFile>()
    expect(elements.map(({ target }) => target)).toEqual(['my-first-function', null, 'night-shift-alarm'])
    const mapping = { 'secret crm': 'crm-there', 'function night-shift-alarm': 'my-first-function' }
    const { graph: taken } = (await read(file, mapping)).json<ReadFunctionFile>()
    expect(taken.onErrorFunction).toBe('my-first-function')
    expect(JSON.stringify(taken.nodes)).toContain('"secret":"crm-there"')
  })

  it('holds no secret and no phone number', async () => {
    const file = await exported({
      recipients: [
        { kind: 'value', value: { kind: 'fixed', value: '+44 7700 900123' } },
        { kind: 'department', id: here.runtime.directory.departmentStore.all()[0]!.id },
      ],
    })
    const text = JSON.stringify(file)
    expect(text).not.toMatch(/900123/)
    const [service] = here.runtime.services.list()
    expect(text).not.toContain(String(service!.settings['accountSid']))
    expect(text).not.toContain(String(service!.settings['fromNumber']))
  })
})

describe('a hostile file', () => {
  it.each([
    ['a broken graph', { graph: { format: 1 } }, 'GRAPH_INVALID', 'graph/id'],
    ['a newer graph', { graph: { format: 99 } }, 'GRAPH_TOO_NEW', 'graph/format'],
    ['names that are no list', { names: 'all' }, 'GRAPH_INVALID', 'names'],
    [
      'a name of an unknown kind',
      { names: [{ kind: 'planet', id: 'x', name: 'y' }] },
      'GRAPH_INVALID',
      'names/0/kind',
    ],
    ['no object', null, 'GRAPH_INVALID', ''],
  ])('with %s is refused with its place and a remedy', async (_, change, code, path) => {
    const file = change === null ? 'text' : { ...(await exported()), ...change }
    const answer = await read(file)
    const problem = answer.json<ProblemDocument>()
    expect([problem.code, problem.path]).toEqual([code, path])
    expect(answer.status).toBe(400)
    expect(problem.hint).toBeTruthy()
  })

  it('that nests without end is refused before anything is made of it', async () => {
    const deep = `{"file":${'['.repeat(5_000)}${']'.repeat(5_000)}}`
    const answer = await there.call('POST', '/api/function-files', { body: deep })
    expect(answer.status).toBe(400)
  })
})

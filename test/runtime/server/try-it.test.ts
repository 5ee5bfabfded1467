import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { debugEvent, replay, tryItData } from '../../../nodes/api/try-it.ts'
import type { DebugEvent } from '../../../nodes/api/try-it.ts'
import { run } from '../../../nodes/api/runs.ts'
import { openServer, TOKEN } from './open-server.ts'
import type { TestServer } from './open-server.ts'

let test: TestServer
beforeAll(async () => {
  test = await openServer()
})
afterAll(() => test.close())

const at = (path: string) => `/api/functions/night-shift-alarm/${path}`
const smsNode = () =>
  test.runtime.functions.get('night-shift-alarm').graph.nodes.find(({ type }) => type === 'sms-notification')!
    .id

async function* follow(id: string): AsyncGenerator<DebugEvent> {
  const response = await fetch(`${test.server.url}/api/debug-sessions/${id}/events`, {
    headers: { authorization: `Bearer ${TOKEN}` },
  })
  let text = ''
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const [, data] = /^event: .*\ndata: (.*)$/.exec(text.slice(0, end)) ?? []
      if (data !== undefined) yield debugEvent.parse(JSON.parse(data))
      text = text.slice(end + 2)
    }
  }
}

describe('trying a function by HTTP', () => {
  it('debugs: stops at a breakpoint, goes on when told, and ends with the stream', async () => {
    await test.call('PATCH', at('try-it'), { body: { breakpoints: { [smsNode()]: true } } })
    const started = await test.call('POST', at('debug'), { body: { input: { device: 'Pump 7' } } })
    expect(started.status).toBe(201)
    const { id } = started.json<{ id: string }>()
    const types: string[] = []
    for await (const event of follow(id)) {
      types.push(event.type)
      if (event.type !== 'paused') continue
      expect(event.pause).toMatchObject({ nodeId: smsNode(), variables: { device: 'Pump 7' } })
      const command = { body: { do: 'continue' } }
      expect((await test.call('POST', `/api/debug-sessions/${id}/commands`, command)).status).toBe(204)
    }
    expect(types[0]).toBe('snapshot')
    expect(types.at(-1)).toBe('finished')
    expect(types).toContain('resumed')
    const late = await test.call('POST', `/api/debug-sessions/${id}/commands`, { body: { do: 'stop' } })
    expect(late.status).toBe(404)
  })

  it('tries a node, replays, and reads what is kept', async () => {
    const body = { nodeId: smsNode(), input: { device: 'Pump 7' } }
    const tried = run.parse((await test.call('POST', at('try-node'), { body })).json())
    expect(tried.steps[0]!.xRay!.texts[0]!.text).toContain('Pump 7')
    expect(replay.parse((await test.call('POST', at('replay'), { body: {} })).json()).runs).toEqual([])
    expect(tryItData.parse((await test.call('GET', at('try-it'))).json()).breakpoints).toEqual([smsNode()])
  })

  it('takes pins in a dry run only where it is asked to', async () => {
    const pins = { [smsNode()]: { port: 'failed', output: {} } }
    await test.call('PATCH', at('try-it'), { body: { pins } })
    const ports = async (query: string) => {
      const answer = await test.call('POST', at(`runs?dryRun=true&${query}`), { body: { device: 'Pump 7' } })
      return run.parse(answer.json()).steps.find(({ nodeId }) => nodeId === smsNode())!.port
    }
    expect(await ports('version=draft&pins=true')).toBe('failed')
    expect(await ports('version=draft')).toBe('sent')
  })

  it('refuses what is not right, and those who may not call', async () => {
    const status = async (method: 'POST' | 'PATCH', path: string, body: object) =>
      (await test.call(method, at(path), { body })).status
    expect(await status('POST', 'debug', { input: {} })).toBe(400)
    expect(await status('POST', 'replay', { limit: 51 })).toBe(400)
    expect(await status('POST', 'try-node', { nodeId: 'nowhere' })).toBe(404)
    expect(await status('PATCH', 'try-it', { pins: { 'a b': null } })).toBe(400)
    expect(await status('PATCH', 'try-it', { other: 1 })).toBe(400)
    expect((await test.plain('POST', at('replay'), { body: {} })).status).toBe(401)
  })
})

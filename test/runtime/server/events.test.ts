import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runEvent } from '../../../nodes/api/runs.ts'
import type { Run, RunEvent } from '../../../nodes/api/runs.ts'
import { sandboxMessage } from '../../../nodes/api/sandbox.ts'
import { openServer, TOKEN } from './open-server.ts'
import type { TestServer } from './open-server.ts'

let test: TestServer
beforeAll(async () => {
  test = await openServer()
})
afterAll(() => test.close())

/** Reads a stream as a page does, one event after the other. */
async function* follow(server: TestServer, path: string): AsyncGenerator<{ event: string; data: unknown }> {
  const response = await fetch(server.server.url + path, { headers: { authorization: `Bearer ${TOKEN}` } })
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  expect(response.headers.get('cache-control')).toBe('no-store')
  let text = ''
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const [, event, data] = /^event: (.*)\ndata: (.*)$/.exec(text.slice(0, end)) ?? []
      if (event !== undefined) yield { event, data: JSON.parse(data!) }
      text = text.slice(end + 2)
    }
  }
}

describe('the events of a run', () => {
  it('begin with the run as it stands, bring each change, and end with it', async () => {
    test.runtime.sandbox!.setFault('twilio', 'delay', 1)
    const started = await test.call('POST', '/api/functions/night-shift-alarm/runs?wait=0', {
      body: { device: 'Pump 7' },
    })
    const events: RunEvent[] = []
    for await (const { event, data } of follow(test, `/api/runs/${started.json<Run>().id}/events`)) {
      const parsed = runEvent.parse(data)
      expect(parsed.type).toBe(event)
      events.push(parsed)
    }
    expect(events[0]!.type).toBe('snapshot')
    expect(events.some(({ type }) => type === 'message')).toBe(true)
    expect(events.at(-1)).toMatchObject({ type: 'finished', run: { status: 'done' } })
  })

  it('of a run that has ended are its end', async () => {
    const run = (
      await test.call('POST', '/api/functions/night-shift-alarm/runs', { body: { device: 'x', severity: 1 } })
    ).json<Run>()
    const events = []
    for await (const { event } of follow(test, `/api/runs/${run.id}/events`)) events.push(event)
    expect(events.at(-1)).toBe('finished')
  })
})

describe('the events of the sandbox', () => {
  it('bring each text, and end with the server', async () => {
    const other = await openServer()
    const stream = follow(other, '/api/sandbox/events')
    const first = stream.next()
    // the stream is open once its headers are here, so ask for something behind it
    await other.call('GET', '/healthz')
    await expect
      .poll(async () => {
        await other.call('POST', '/api/functions/night-shift-alarm/runs', { body: { device: 'Pump 7' } })
        return Promise.race([first, null])
      })
      .not.toBeNull()
    expect(sandboxMessage.parse((await first).value!.data).text).toContain('Pump 7')
    const start = performance.now()
    await other.close()
    for await (const { event } of stream) expect(event).toBe('message')
    expect(performance.now() - start).toBeLessThan(5_000)
  })
})

describe('the end of the server', () => {
  it('answers requests that wait with the run as it stands, and takes no new ones', async () => {
    const other = await openServer()
    other.runtime.sandbox!.setFault('twilio', 'silent', 1_000)
    const waiting = other.call('POST', '/api/functions/night-shift-alarm/runs?wait=25', {
      body: { device: 'Pump 7' },
    })
    await expect.poll(() => other.runtime.sandbox!.requests().length).toBeGreaterThan(0)
    const start = performance.now()
    await other.server.close()
    expect(performance.now() - start).toBeLessThan(1_000)
    expect((await waiting).status).toBe(202)
    await expect(other.plain('GET', '/healthz')).rejects.toThrow(/ECONNREFUSED|ECONNRESET/)
    await other.runtime.sandbox!.close() // hangs up, so that nobody waits for the silent provider
    await other.runtime.close()
  })
})

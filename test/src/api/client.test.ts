import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { ApiError } from '../../../src/api/api-error.ts'
import { createApi } from '../../../src/api/client.ts'
import type { SandboxMessage } from '../../../nodes/api/sandbox.ts'

const closers: (() => void)[] = []
afterEach(() => closers.splice(0).forEach((close) => close()))

type Answer = (request: IncomingMessage & { text: string }, response: ServerResponse) => void

/** A real HTTP server, and the client that talks to it. */
async function serve(answer: Answer) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    answer(Object.assign(request, { text: Buffer.concat(chunks).toString() }), response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = () => {
    server.closeAllConnections()
    server.close()
  }
  closers.push(stop)
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const signedOut: string[] = []
  const api = createApi({
    send: (path, { method, headers, body, signal }) =>
      fetch(origin + path, { method, headers, body: body ?? null, signal: signal ?? null }),
    signedOut: () => signedOut.push('out'),
  })
  return { api, signedOut, stop }
}

const json = (response: ServerResponse, status: number, body: unknown) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

const text: SandboxMessage = {
  id: 'SM1',
  provider: 'twilio',
  to: '+12025550123',
  from: '+15005550006',
  text: 'hello',
  at: '2026-08-01T08:00:00Z',
  segments: 1,
}

describe('call', () => {
  it('puts parameters into the path and the query, and the body as JSON', async () => {
    const seen: string[] = []
    const { api } = await serve((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers['content-type'] ?? '-'} ${request.text}`)
      if (request.method === 'GET') json(response, 200, { members: [], total: 0 })
      else response.writeHead(204).end()
    })
    await api.call('openSession', { body: { token: 'a b' } })
    await api.call('deleteMember', { params: { id: 'a/b ?' } })
    await api.call('listMembers', { query: { search: '张三&', limit: 5 } })
    expect(seen).toEqual([
      'POST /api/session application/json {"token":"a b"}',
      'DELETE /api/members/a%2Fb%20%3F - ',
      'GET /api/members?search=%E5%BC%A0%E4%B8%89%26&limit=5 - ',
    ])
  })

  it('turns a problem document into an error with its code and fields', async () => {
    const { api, signedOut } = await serve((_, response) =>
      json(response, 400, {
        type: 'about:blank',
        title: 'Bad request',
        status: 400,
        code: 'BODY_INVALID',
        detail: 'The body does not fit',
        fields: [{ path: 'settings/accountSid', message: 'wrong', key: 'twilioAccountSid' }],
      }),
    )
    const error = await api.call('listRoles').catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({
      code: 'BODY_INVALID',
      status: 400,
      fields: [{ path: 'settings/accountSid' }],
    })
    expect(signedOut).toEqual([])
  })

  it('tells the host when there is no session', async () => {
    const { api, signedOut } = await serve((_, response) => json(response, 401, {}))
    await expect(api.call('listRoles')).rejects.toMatchObject({ status: 401, code: 'ANSWER_UNREADABLE' })
    expect(signedOut).toEqual(['out'])
  })

  it('says that the server does not answer', async () => {
    const { api, stop } = await serve(() => undefined)
    stop()
    await expect(api.call('listRoles')).rejects.toMatchObject({ code: 'OFFLINE', status: 0 })
  })

  it('refuses an answer of another shape', async () => {
    const { api } = await serve((_, response) => json(response, 200, [{ nonsense: true }]))
    await expect(api.call('listRoles')).rejects.toMatchObject({ code: 'ANSWER_UNREADABLE', status: 200 })
  })
})

describe('events', () => {
  it('reads events across chunk borders, passes over heartbeats and joins again after a break', async () => {
    let connections = 0
    const { api } = await serve((_, response) => {
      connections += 1
      const line = `event: message\r\ndata: ${JSON.stringify({ ...text, id: `SM${connections}` })}\r\n\r\n`
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(': heartbeat\n\n')
      response.write(line.slice(0, 20), () =>
        setImmediate(() => response.write(line.slice(20), () => connections === 1 && response.end())),
      )
    })
    const ids = await new Promise<string[]>((resolve) => {
      const seen: string[] = []
      const close = api.events('sandboxEvents', {
        onEvent(message) {
          seen.push(message.id)
          if (seen.length < 2) return
          close()
          resolve(seen)
        },
      })
    })
    expect(ids).toEqual(['SM1', 'SM2'])
    expect(connections).toBe(2)
  })

  it('gives up where the server says that there is nothing to follow', async () => {
    let connections = 0
    const { api } = await serve((_, response) => {
      connections += 1
      json(response, 404, { type: 'a', title: 'b', status: 404, code: 'NOT_FOUND', detail: 'No such run' })
    })
    const errors: [string, boolean][] = []
    api.events('runEvents', {
      params: { id: 'r1' },
      onEvent: () => undefined,
      onError: (error, isFinal) => errors.push([error.code, isFinal]),
    })
    // longer than the first pause before joining again
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect([errors, connections]).toEqual([[['NOT_FOUND', true]], 1])
  })
})

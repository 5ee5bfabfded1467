import { request as httpRequest } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect } from 'vitest'
import type { Route } from '../../../nodes/api/route.ts'
import type { ProblemDocument } from '../../../nodes/api/routes.ts'
import type { LocalRuntime, RuntimeOptions } from '../../../runtime/index.ts'
import { startServer } from '../../../runtime/server/start-server.ts'
import type { RunningServer, ServerOptions } from '../../../runtime/server/start-server.ts'
import { openRuntime } from '../../support/open-runtime.ts'

export const TOKEN = 'token-of-the-server-tests'

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  text: string
  /** The body as JSON. */
  json: <T = ProblemDocument>() => T
}
export interface Call {
  /** Sent as they are; `undefined` leaves a header out that would be sent otherwise. */
  headers?: Record<string, string | undefined>
  body?: string | Buffer | object
}

export interface TestServer {
  runtime: LocalRuntime
  server: RunningServer
  /** What the server logged. */
  log: string[]
  /** Calls as a program with the access token, or below `/scim` as an identity provider with its own. */
  call(method: string, path: string, call?: Call): Promise<Answer>
  /** Calls with nothing but the headers that are given. */
  plain(method: string, path: string, call?: Call): Promise<Answer>
  /** Opens the start link; answers the headers that the page's own requests carry. */
  signIn(): Promise<Record<string, string>>
  close(): Promise<void>
}

/** A real server on a free port, with a real runtime on a new data folder. */
export async function openServer(
  options: { runtime?: Partial<RuntimeOptions>; server?: Partial<ServerOptions> } = {},
): Promise<TestServer> {
  const runtime = await openRuntime({ example: true, ...options.runtime })
  const log: string[] = []
  const server = await startServer(runtime, {
    host: '127.0.0.1',
    port: 0,
    appFolder: '/nowhere',
    accessToken: TOKEN,
    log: { stream: { write: (line) => log.push(line) } },
    ...options.server,
  })
  let scimToken: string | undefined
  const tokenFor = (path: string) =>
    path.startsWith('/scim/') ? (scimToken ??= runtime.scim.tokens.create('Tests').token) : TOKEN
  const plain: TestServer['plain'] = (method, path, call = {}) => send(server.url, method, path, call)
  return {
    runtime,
    server,
    log,
    plain,
    call: (method, path, call = {}) =>
      plain(method, path, {
        ...call,
        headers: { authorization: `Bearer ${tokenFor(path)}`, ...call.headers },
      }),
    async signIn() {
      const token = new URL(server.link).hash.slice('#token='.length)
      const answer = await plain('POST', '/api/session', { body: { token } })
      if (answer.status !== 204) throw new Error(`sign-in answered ${answer.status}`)
      const [cookie] = answer.headers['set-cookie']![0]!.split(';')
      return { cookie: cookie!, origin: server.url, 'sec-fetch-site': 'same-origin' }
    },
    async close() {
      await server.close()
      await runtime.close()
    },
  }
}

/** Unlike `fetch` this sends any `Host`, `Origin` and path as it is given. */
function send(url: string, method: string, path: string, { headers = {}, body }: Call): Promise<Answer> {
  const isRaw = typeof body === 'string' || Buffer.isBuffer(body) || body === undefined
  const bytes = isRaw ? body : JSON.stringify(body)
  const all = { ...(bytes !== undefined && { 'content-type': 'application/json' }), ...headers }
  const sent = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, method, path, headers: sent, agent: false }, (response) => {
      text(response).then((body) => {
        const { statusCode, headers } = response
        resolve({ status: statusCode!, headers, text: body, json: () => JSON.parse(body) as never })
      }, reject)
    })
    request.on('error', reject)
    request.end(bytes)
  })
}

/** Expects a refusal as the route's protocol writes it. */
export function expectRefusal(route: Route, answer: Answer, status: number, code: string): void {
  if (route.protocol === 'scim') {
    expect(answer.headers['content-type']).toBe('application/scim+json; charset=utf-8')
    expect([answer.status, answer.json()]).toMatchObject([status, { status: String(status) }])
  } else {
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect([answer.status, answer.json().code]).toEqual([status, code])
  }
}

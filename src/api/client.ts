import { inject, type InjectionKey } from 'vue'
import type { z } from 'zod'
import type { Route } from '../../nodes/api/route.ts'
import { routes, type RouteName, type Routes } from '../../nodes/api/routes.ts'
import { ApiError, ClientErrorCode, readProblem } from './api-error.ts'
import { readEventStream } from './event-stream.ts'
import type { Host, HostRequest } from './host.ts'

type Part<R, Name extends keyof Route> =
  R extends Record<Name, infer Schema extends z.ZodType>
    ? Record<Name extends 'params' | 'query' | 'body' ? Name : never, z.input<Schema>>
    : unknown
/** `query` as a whole may be left out: every parameter of it has a default or is optional. */
type RequestOf<N extends RouteName> = Part<Routes[N], 'params'> &
  Partial<Part<Routes[N], 'query'>> &
  Part<Routes[N], 'body'>
type CallOptions = { headers?: Record<string, string>; signal?: AbortSignal }
type Arguments<N extends RouteName, Options> =
  Record<never, never> extends RequestOf<N>
    ? [request?: RequestOf<N> & Options]
    : [request: RequestOf<N> & Options]

type StreamName = { [N in RouteName]: Routes[N] extends { stream: true } ? N : never }[RouteName]
type ResponseOf<N extends RouteName> = Routes[N]['response'] extends z.ZodType
  ? z.output<Routes[N]['response']>
  : undefined

export interface EventListener<Event> {
  onEvent(event: Event): void
  /** Each time the stream begins, also after a break: what was missed in between is not repeated. */
  onOpen?(): void
  /** The stream broke; the next attempt is under way unless the error is final (4xx). */
  onError?(error: ApiError, final: boolean): void
}

/** The server's routes as typed calls; see `nodes/api/routes.ts` for what there is. */
export interface Api {
  /** @throws ApiError for every answer that is not a success, and for none at all */
  call<N extends Exclude<RouteName, StreamName>>(
    name: N,
    ...request: Arguments<N, CallOptions>
  ): Promise<ResponseOf<N>>
  /** Follows a stream, and joins it again when it breaks, until the returned function is called. */
  events<N extends StreamName>(name: N, ...request: Arguments<N, EventListener<ResponseOf<N>>>): () => void
}

export const apiKey: InjectionKey<Api> = Symbol('sms-logic api')

/** The API of the editor this component belongs to. */
export function useApi(): Api {
  const api = inject(apiKey)
  if (!api) throw new Error('provide(apiKey, createApi(host)) is missing above this component')
  return api
}

/** Waits between attempts to join a stream again, in milliseconds; the last one stays. */
const RECONNECT_MS = [250, 1_000, 3_000, 10_000] as const

export function createApi(host: Host): Api {
  async function send(name: RouteName, input: AnyRequest): Promise<Response> {
    const { path, request } = wireRequest(routes[name], input)
    let response: Response
    try {
      response = await host.send(path, request)
    } catch (cause) {
      if (input.signal?.aborted) throw cause
      throw new ApiError(
        { code: ClientErrorCode.Offline, status: 0, detail: 'The server does not answer' },
        { cause },
      )
    }
    if (response.ok) return response
    if (response.status === 401) host.signedOut?.()
    throw await readProblem(response)
  }

  async function call(name: RouteName, input: AnyRequest = {}): Promise<unknown> {
    const response = await send(name, input)
    const schema: z.ZodType | null = routes[name].response
    if (schema === null) return undefined
    const { download, text } = routes[name] as Route
    const isText = download === true || text !== undefined
    const parsed = schema.safeParse(await (isText ? response.text() : response.json()).catch(() => undefined))
    if (parsed.success) return parsed.data
    throw new ApiError(
      {
        code: ClientErrorCode.AnswerUnreadable,
        status: response.status,
        detail: `Unexpected answer to ${name}`,
      },
      { cause: parsed.error },
    )
  }

  function events(name: StreamName, input: AnyRequest & EventListener<unknown>): () => void {
    const stop = new AbortController()
    void follow(name, input, stop.signal)
    return () => stop.abort()
  }

  async function follow(name: StreamName, input: AnyRequest & EventListener<unknown>, signal: AbortSignal) {
    const schema: z.ZodType = routes[name].response
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        const response = await send(name, { ...input, signal, headers: { accept: 'text/event-stream' } })
        attempt = 0
        input.onOpen?.()
        for await (const text of readEventStream(response.body!)) {
          if (signal.aborted) return
          const event = schema.safeParse(parseJson(text))
          if (event.success) input.onEvent(event.data)
        }
      } catch (error) {
        if (signal.aborted) return
        const problem = error instanceof ApiError ? error : offline(error)
        const final = problem.status >= 400 && problem.status < 500 && problem.status !== 429
        input.onError?.(problem, final)
        if (final) return
      }
      await pause(RECONNECT_MS[Math.min(attempt, RECONNECT_MS.length - 1)]!, signal)
    }
  }

  return { call, events } as unknown as Api
}

type AnyRequest = CallOptions & {
  params?: Record<string, string>
  query?: Record<string, unknown>
  body?: unknown
}

function wireRequest(route: Route, input: AnyRequest): { path: string; request: HostRequest } {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(input.params![name]!))
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(input.query ?? {})) {
    if (value !== undefined) query.set(name, String(value))
  }
  const headers: Record<string, string> = { accept: 'application/json', ...input.headers }
  let body: string | undefined
  if (route.body) {
    headers['content-type'] = route.bodyType === 'csv' ? 'text/csv' : 'application/json'
    body = route.bodyType === 'csv' ? (input.body as string) : JSON.stringify(input.body)
  }
  return {
    path: query.size > 0 ? `${path}?${query}` : path,
    request: { method: route.method, headers, body, signal: input.signal },
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function offline(cause: unknown): ApiError {
  return new ApiError({ code: ClientErrorCode.Offline, status: 0, detail: 'The stream broke' }, { cause })
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
  })
}

import type { Json } from '../json.ts'

/** Methods whose repetition leaves the server as one request does, says RFC 9110, 9.2.2. */
const idempotent = ['GET', 'HEAD', 'PUT', 'DELETE'] as const
export const httpMethods = [...idempotent, 'POST', 'PATCH'] as const
export type HttpMethod = (typeof httpMethods)[number]

export function isIdempotent(method: HttpMethod): boolean {
  return (idempotent as readonly HttpMethod[]).includes(method)
}
/** GET and HEAD carry no body: what a server makes of one is not defined. */
export function takesBody(method: HttpMethod): boolean {
  return method !== 'GET' && method !== 'HEAD'
}

/** A header with its text, or with the name of a stored secret and what stands before it (`Bearer `). */
export type HttpHeader = { name: string; value: string } | { name: string; secret: string; prefix: string }

/** One request as a step asks for it, its values evaluated. */
export interface HttpRequest {
  method: HttpMethod
  url: URL
  headers: readonly HttpHeader[]
  body: string | undefined
  /** Of each attempt, redirects included. */
  timeoutMs: number
  /** Attempts after the first; made where the request may be repeated only. */
  retries: number
  /** The author says that a second request does no harm, though the method does not. */
  mayRepeat: boolean
  isSuccess: (status: number) => boolean
}

/** An answer that counts as success. */
export interface HttpAnswer {
  status: number
  /** Names in lower case, without what belongs to the connection or is secret. */
  headers: Record<string, string>
  /** What JSON holds, otherwise the text. Where it repeats a secret of the request, `•••` stands in its place. */
  body: Json
  durationMs: number
}

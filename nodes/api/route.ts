import type { z } from 'zod'

/**
 * One HTTP route, declared once: the server checks requests with it, the OpenAPI document is generated from it,
 * and the editor's client takes its types from it.
 */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** `{name}` marks a path parameter. */
  path: string
  summary: string
  /** Heading in the OpenAPI document. */
  tag: string
  params?: z.ZodObject
  query?: z.ZodObject
  body?: z.ZodType
  /** `json` unless said otherwise. `raw`: JSON whose bytes the handler checks before it reads them. */
  bodyType?: 'json' | 'csv' | 'form' | 'scim' | 'raw'
  /** Largest body in bytes; 1 MiB unless said otherwise. */
  bodyLimit?: number
  /** `null`: 204 without a body. */
  response: z.ZodType | null
  /** The answer is a stream of server-sent events, each a `response`. */
  stream?: boolean
  /** The answer is text of this content type. */
  text?: string
  /** The answer is a CSV file, sent in parts. */
  download?: boolean
  status?: 200 | 201 | 202 | 204
  /** SCIM: a token of its own lets in, and refusals look as RFC 7644 asks. */
  protocol?: 'scim'
  /** Answers without a session or token. */
  open?: boolean
  /** Called by a provider, from outside, and by the server's public name too. The handler checks who it is. */
  fromProvider?: boolean
}

export function route<const R extends Route>(declaration: R): R {
  return declaration
}

import { hash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** A whole HTTP request as it came over the wire. */
export interface WireRequest {
  method: string
  path: string
  /** What stands after `?`, still encoded; empty without one. */
  query: string
  headers: IncomingHttpHeaders
  /** Name, value, name, value: nothing joined, nothing left out. */
  rawHeaders: readonly string[]
  body: Buffer
}

export interface Reply {
  status: number
  contentType: string
  body: string
  headers?: Record<string, string>
  /** True once a send has been taken. */
  accepted?: boolean
  /** The provider's error code, where it is one. */
  code?: string
}

/** What an emulator understood of a request; nothing has happened yet. */
export interface Call {
  action: string
  /** Only sends meet faults and enter the list of requests. */
  sends: boolean
  to: string | undefined
  /** The sender's own id of the message, where the protocol carries it. */
  token: string | undefined
  /** Verifies, validates and does it. */
  answer(): Reply
}

/** One provider's API. It answers everything, however malformed, as the provider would. */
export interface Emulator {
  read(request: WireRequest): Call
  throttled(): Reply
  failed(): Reply
  tooLarge(): Reply
}

/** Percent-encoding of RFC 3986: only letters, digits and `-._~` stay as they are. Throws for half a surrogate pair. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** Compares two secrets in a time that tells nothing about them. */
export function isSameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', expected, 'buffer'))
}

/** A query or form body with its first value for each name; `+` and `%20` are spaces, a broken `%` stays as it is. */
export function parseForm(text: string): Map<string, string> {
  const fields = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(text)) if (!fields.has(name)) fields.set(name, value)
  return fields
}

import { hash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Author } from '../../nodes/api/elements.ts'
import type { Access } from './access.ts'

/** Who sends a request, as others are told. */
export function authorOf(
  request: FastifyRequest,
  access: Pick<Access, 'sessionToken'>,
  nameOf: (member: string) => string | undefined,
): Author {
  const device = deviceOf(request.headers['user-agent'] ?? '')
  const named = device === undefined ? {} : { device }
  if (request.caller !== 'page') {
    return { kind: 'program', ...(request.token && { name: request.token.name }), ...named }
  }
  const { member } = request
  const name = member === null ? undefined : nameOf(member)
  return {
    ...{ kind: 'page', session: sessionName(access.sessionToken(request)!) },
    ...(name !== undefined && { name }),
    ...named,
  }
}

/** Six characters that tell two sessions apart and from which nobody gets the token back. */
export function sessionName(token: string): string {
  return hash('sha256', `name of ${token}`, 'hex').slice(0, 6)
}

/** In this order: each browser also claims to be some of those below it. */
const browsers = [
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Chrome|CriOS|HeadlessChrome)\//],
  ['Safari', /\bSafari\//],
] as const
const systems = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Linux', /\bLinux\b/],
] as const

/** `Firefox · Windows` of a browser; of a program what it calls itself, without its version: `curl`. */
export function deviceOf(userAgent: string): string | undefined {
  const browser = browsers.find(([, pattern]) => pattern.test(userAgent))?.[0]
  const system = systems.find(([, pattern]) => pattern.test(userAgent))?.[0]
  if (browser !== undefined) return system === undefined ? browser : `${browser} · ${system}`
  return /^[A-Za-z][\w.-]{0,39}/.exec(userAgent)?.[0]
}

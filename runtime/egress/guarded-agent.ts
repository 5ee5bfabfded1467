import { Agent } from 'undici'
import type { AddressRules } from './address-rules.ts'
import { guardedConnect } from './guarded-connect.ts'
import type { FindAddresses } from './guarded-connect.ts'

const MAX_HEAD_BYTES = 16 * 1024
/** Shorter than the idle limit of any server, as in `transport.ts`. */
const IDLE_SOCKET_MS = 4_000
const CONNECTIONS_PER_ORIGIN = 32

/** The connections by which graphs reach the web. */
export function guardedAgent(rules: () => AddressRules, findAddresses?: FindAddresses): Agent {
  return new Agent({
    connect: guardedConnect(rules, findAddresses),
    connections: CONNECTIONS_PER_ORIGIN,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: IDLE_SOCKET_MS,
    keepAliveMaxTimeout: IDLE_SOCKET_MS,
    maxHeaderSize: MAX_HEAD_BYTES,
    // each request has a deadline of its own
    headersTimeout: 0,
    bodyTimeout: 0,
  })
}

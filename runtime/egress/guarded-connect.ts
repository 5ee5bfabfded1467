import { lookup } from 'node:dns'
import type { LookupAddress } from 'node:dns'
import { isIP } from 'node:net'
import type { LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import { TransportError } from '../providers/sms/transport-error.ts'
import type { AddressRules } from './address-rules.ts'

/** Finds every address of a host name, as `dns.lookup` with `all: true` does. */
export type FindAddresses = (
  host: string,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

const CONNECT_MS = 10_000

const askSystem: FindAddresses = (host, callback) => lookup(host, { all: true }, callback)

/**
 * A connector for undici that refuses addresses at the moment of connecting. What is checked is the address itself,
 * never the text of a URL: a name that answers with another address each time (DNS rebinding) gains nothing, since the
 * address that was checked is the one that is connected to, and the open socket is looked at once more.
 */
export function guardedConnect(
  rules: () => AddressRules,
  findAddresses: FindAddresses = askSystem,
): buildConnector.connector {
  const refused = () => new TransportError('ADDRESS_REFUSED', { sent: false })

  const guardedLookup: LookupFunction = (host, options, callback) => {
    findAddresses(host, (error, found) => {
      if (error) return callback(error, [])
      const allowed = found.filter(({ address }) => rules().allows(address, host))
      const [first] = allowed
      if (!first) return callback(refused(), [])
      if (options.all) callback(null, allowed)
      else callback(null, first.address, first.family)
    })
  }

  const connect = buildConnector({
    // said, so that NODE_TLS_REJECT_UNAUTHORIZED in the environment cannot turn it off
    rejectUnauthorized: true,
    timeout: CONNECT_MS,
    lookup: guardedLookup,
  })

  return (options, callback) => {
    const { hostname } = options
    // an address is not looked up
    if (isIP(hostname) && !rules().allows(hostname, hostname)) return callback(refused(), null)
    connect(options, (...[error, socket]) => {
      if (error) return callback(error, null)
      if (rules().allows(socket.remoteAddress ?? '', hostname)) return callback(null, socket)
      socket.destroy()
      callback(refused(), null)
    })
  }
}

import { BlockList, isIP, isIPv6 } from 'node:net'
import { reachedAddress } from './ip-address.ts'

/**
 * IPv4 that is not the public internet: this machine, private and shared networks, link-local with the metadata
 * services of clouds, tests, documentation, multicast, reserved.
 * @see "IANA IPv4 Special-Purpose Address Registry"
 */
const notPublic4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10', // with the metadata service of Alibaba Cloud, 100.100.100.200
  '127.0.0.0/8',
  '168.63.129.16/32', // Azure's own services, as seen from a machine there
  '169.254.0.0/16', // with the metadata service of most clouds, 169.254.169.254
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]

/** Of IPv6 only this is the public internet, without what is carved out of it: IETF, documentation, 6to4. */
const public6 = listOf(['2000::/3'])
const notPublic6 = listOf(['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'])
const notPublic = listOf(notPublic4)

/** Says which addresses the server connects to when a graph asks it to: the public internet, and what is allowed besides. */
export class AddressRules {
  readonly #hosts = new Set<string>()
  readonly #allowed: BlockList

  /** @param allowed host names, addresses and CIDR blocks: `crm.internal`, `10.1.2.3`, `10.2.0.0/16`, `fd00::/8` */
  constructor(allowed: readonly string[]) {
    const blocks: string[] = []
    for (const entry of allowed) {
      if (isIP(entry.replace(/\/.*$/, ''))) blocks.push(entry)
      else this.#hosts.add(plainHost(entry))
    }
    this.#allowed = listOf(blocks)
  }

  /**
   * @param address an IP address that is about to be connected to, or was
   * @param host the name it was looked up for, or the address itself
   */
  allows(address: string, host: string): boolean {
    if (!isIP(address)) return false
    const reached = reachedAddress(address)
    return this.#hosts.has(plainHost(host)) || holds(this.#allowed, reached) || isPublic(reached)
  }
}

function isPublic(address: string): boolean {
  if (!isIPv6(address)) return !holds(notPublic, address)
  return holds(public6, address) && !holds(notPublic6, address)
}

function holds(list: BlockList, address: string): boolean {
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}

function listOf(blocks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const block of blocks) {
    const [address = '', bits] = block.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return list
}

/** Names mean the same with a dot at the end, and in capitals. */
function plainHost(host: string): string {
  return host.toLowerCase().replace(/\.$/, '')
}

import { isIPv4, isIPv6 } from 'node:net'

/** Where a request came from, as the rules against mass requests count it. */
export interface Origin {
  address: string | null
  /** The neighbourhood: the /24 of an IPv4 address, the /56 of an IPv6 address. */
  network: string | null
}

/** This machine itself, and requests without an address, are counted nowhere: the other rules hold. */
export function originOf(address: string | null): Origin {
  const plain = address?.replace(/^::ffff:(?=\d+\.)/i, '') ?? null
  if (plain === null || plain === '::1' || plain.startsWith('127.')) return { address: null, network: null }
  if (isIPv4(plain)) return { address: plain, network: plain.split('.').slice(0, 3).join('.') }
  if (!isIPv6(plain)) return { address: plain, network: plain }
  const network = prefix56(plain)
  // A household or a server has a whole /56: single addresses of it say nothing.
  return { address: network, network }
}

/** The first 56 bits, written in one way. */
function prefix56(address: string): string {
  const [head = '', tail] = address.split('%')[0]!.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const gap = tail === undefined ? 0 : 8 - left.length - right.length
  const groups = [...left, ...Array<string>(Math.max(gap, 0)).fill('0'), ...right]
  const [a, b, c, d] = groups.slice(0, 4).map((group) => Number.parseInt(group, 16) || 0)
  return [a, b, c, d! & 0xff00].map((group) => group!.toString(16)).join(':') + '/56'
}

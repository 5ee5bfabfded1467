import { isIPv6 } from 'node:net'

/** The eight groups of an IPv6 address, from any of its spellings. */
function groupsOf(address: string): number[] {
  const plain = address.replace(/%.*$/, '').replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) => {
    const pair = (high: string, low: string) => (Number(high) * 256 + Number(low)).toString(16)
    return `${pair(a as string, b as string)}:${pair(c as string, d as string)}`
  })
  const [head = '', tail] = plain.split('::')
  const read = (text: string) => (text === '' ? [] : text.split(':').map((group) => parseInt(group, 16)))
  const before = read(head)
  if (tail === undefined) return before
  const after = read(tail)
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after]
}

/**
 * The IPv4 address that a packet to this address reaches in the end: IPv4-mapped (`::ffff:127.0.0.1`) and that of a
 * NAT64 gateway (`64:ff9b::7f00:1`). Any other address comes back as it is, without its zone.
 */
export function reachedAddress(address: string): string {
  if (!isIPv6(address)) return address
  const groups = groupsOf(address)
  const start = groups.slice(0, 6).join()
  if (start !== '0,0,0,0,0,65535' && start !== '100,65435,0,0,0,0') return address.replace(/%.*$/, '')
  return groups
    .slice(6)
    .flatMap((group) => [group >> 8, group & 255])
    .join('.')
}

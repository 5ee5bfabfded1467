import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AddressRules } from '../../../runtime/egress/address-rules.ts'

const rules = new AddressRules([])
const allows = (address: string) => rules.allows(address, address)

describe('address rules', () => {
  it.each([
    ['this machine', ['127.0.0.1', '127.255.255.254', '0.0.0.0', '0.1.2.3', '::1', '::']],
    ['private networks', ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fdff::1']],
    ['link-local', ['169.254.1.1', 'fe80::1', 'fe80::1%eth0', 'febf::1']],
    [
      'metadata services of clouds',
      ['169.254.169.254', '169.254.170.2', '100.100.100.200', '168.63.129.16', 'fd00:ec2::254'],
    ],
    ['multicast and broadcast', ['224.0.0.1', '239.255.255.255', '255.255.255.255', 'ff02::1']],
    ['reserved and documentation', ['240.0.0.1', '192.0.2.1', '198.18.0.1', '203.0.113.9', '2001:db8::1']],
    ['shared address space', ['100.64.0.1', '100.127.255.255']],
    ['site-local and unassigned IPv6', ['fec0::1', '4000::1', '100::1']],
    [
      'IPv4 in IPv6 clothes',
      ['::ffff:127.0.0.1', '::ffff:7f00:1', '0:0:0:0:0:ffff:a00:1', '::127.0.0.1', '64:ff9b::7f00:1'],
    ],
    ['tunnels that name an IPv4 address', ['2002:7f00:1::1', '2001:0:7f00:1::1', '64:ff9b:1::7f00:1']],
  ])('refuses %s', (_, addresses) => {
    expect(addresses.filter(allows)).toEqual([])
  })

  it('allows the public internet', () => {
    const addresses = [
      '1.1.1.1',
      '9.255.255.255',
      '11.0.0.0',
      '100.63.255.255',
      '100.128.0.0',
      '172.15.255.255',
      '172.32.0.0',
      '223.255.255.255',
      '2606:4700:4700::1111',
      '::ffff:1.1.1.1',
      '64:ff9b::101:101',
    ]
    expect(addresses.filter((address) => !allows(address))).toEqual([])
  })

  it('refuses every IPv4 address in its mapped spelling that it refuses plain, and no other', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number)
        const hex = `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
        for (const spelling of [`::ffff:${address}`, `::ffff:${hex}`, `0:0:0:0:0:FFFF:${hex}`])
          expect(allows(spelling)).toBe(allows(address))
        expect(allows(`64:ff9b::${hex}`)).toBe(allows(address))
        expect(allows(`::${hex}`)).toBe(false)
      }),
    )
  })

  it('refuses every IPv6 address outside 2000::/3', () => {
    const isInside = (address: string) => /^[23][0-9a-f]{3}:/i.test(address)
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        if (!isInside(address) && !/^(::ffff:|64:ff9b:|0*:0*:0*:0*:0*:f)/i.test(address))
          expect(allows(address)).toBe(false)
      }),
    )
  })

  it('allows what the settings name: an address, a block, a host, in any of their spellings', () => {
    const allowing = (entry: string) => new AddressRules([entry])
    expect(allowing('127.0.0.1').allows('127.0.0.1', 'localhost')).toBe(true)
    expect(allowing('127.0.0.1').allows('::ffff:127.0.0.1', 'localhost')).toBe(true)
    expect(allowing('127.0.0.1').allows('127.0.0.2', 'localhost')).toBe(false)
    expect(allowing('10.1.0.0/16').allows('10.1.255.255', 'a.example')).toBe(true)
    expect(allowing('10.1.0.0/16').allows('10.2.0.0', 'a.example')).toBe(false)
    expect(allowing('fd00::/8').allows('fd12::1', 'a.example')).toBe(true)
    expect(allowing('Crm.Internal').allows('10.9.9.9', 'crm.internal.')).toBe(true)
    expect(allowing('crm.internal').allows('10.9.9.9', 'evil.crm.internal')).toBe(false)
    expect(allowing('crm.internal').allows('10.9.9.9', 'crm.internal.example.com')).toBe(false)
  })

  it('refuses what is no address', () => {
    for (const text of ['', 'localhost', '127.1', '2130706433', '0x7f.1', '999.1.1.1'])
      expect(allows(text)).toBe(false)
  })
})

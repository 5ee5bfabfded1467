import { once } from 'node:events'
import type { LookupAddress } from 'node:dns'
import { createServer } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AddressRules } from '../../../runtime/egress/address-rules.ts'
import { EgressClient } from '../../../runtime/egress/egress-client.ts'
import type { EgressRequest } from '../../../runtime/egress/egress-client.ts'
import { readUrl } from '../../../nodes/http-request/read-url.ts'
import type { FindAddresses } from '../../../runtime/egress/guarded-connect.ts'
import { closedPort, httpAnswer, startWireServer, type WireServer } from '../../contract/wire-server.ts'

let server: WireServer
let client: EgressClient
let allowed: string[]
let addresses: LookupAddress[][]
let lookedUp: string[]

/** A name server that answers each question with the next of `addresses`, and with the last one from then on. */
const findAddresses: FindAddresses = (host, callback) => {
  lookedUp.push(host)
  callback(null, addresses.length > 1 ? addresses.shift()! : addresses[0]!)
}
const v4 = (...list: string[]) => list.map((address) => ({ address, family: 4 }))

beforeEach(async () => {
  server = await startWireServer((socket) => socket.write(httpAnswer(200, 'taken')))
  allowed = ['127.0.0.1']
  addresses = [v4('127.0.0.1')]
  lookedUp = []
  client = new EgressClient({ rules: () => new AddressRules(allowed), findAddresses, maxBytes: 10_000 })
})
afterEach(async () => {
  await client.close()
  await server.close()
})

function request(url: string, more: Partial<EgressRequest> = {}) {
  const read = readUrl(url)
  if (typeof read === 'string') throw new Error(read)
  return client.request({ method: 'GET', url: read, headers: {}, timeoutMs: 2_000, ...more })
}
const refusal = (...call: Parameters<typeof request>) =>
  request(...call).then(
    () => 'answered',
    (error: { code: string }) => error.code,
  )

describe('addresses', () => {
  it('reaches what is allowed', async () => {
    const answer = await request(`http://api.example:${server.port}/a?b=c#d`)
    expect([answer.status, answer.body.toString()]).toEqual([200, 'taken'])
    expect(server.requests[0]!.head).toMatch(/^GET \/a\?b=c HTTP\/1\.1\r\nhost: api\.example:/)
  })

  it.each([
    ['127.0.0.1', ''],
    ['127.1', ''],
    ['2130706433', ''],
    ['0x7f000001', ''],
    ['0x7f.1', ''],
    ['017700000001', ''],
    ['0177.0.0.01', ''],
    ['127.0.0.1.', ''],
    ['１２７。０。０。１', 'full-width digits and dots'],
    ['%31%32%37.0.0.1', 'percent-encoded'],
    ['[::1]', ''],
    ['[::ffff:127.0.0.1]', ''],
    ['[::ffff:7f00:1]', ''],
    ['[0:0:0:0:0:ffff:7f00:0001]', ''],
    ['0.0.0.0', ''],
    ['0', ''],
    ['[::]', ''],
  ])('refuses this machine as %s %s', async (host) => {
    allowed = []
    expect(await refusal(`http://${host}:${server.port}/`)).toBe('ADDRESS_REFUSED')
    expect(server.connections).toBe(0)
    expect(lookedUp).toEqual([])
  })

  it.each(['localhost', 'LOCALHOST', 'localhost.', 'internal.example', 'a.b.internal.example.'])(
    'refuses %s where it leads to this machine',
    async (host) => {
      allowed = []
      expect(await refusal(`http://${host}:${server.port}/`)).toBe('ADDRESS_REFUSED')
      expect(server.connections).toBe(0)
    },
  )

  it('refuses a name whose IPv6 address is this machine mapped', async () => {
    allowed = []
    addresses = [[{ address: '::ffff:127.0.0.1', family: 6 }]]
    expect(await refusal(`http://api.example:${server.port}/`)).toBe('ADDRESS_REFUSED')
    expect(server.connections).toBe(0)
  })

  it('looks each connection up once and connects to what it checked: rebinding gains nothing', async () => {
    // an address to call when asked first, this machine ever after
    addresses = [v4('192.0.2.1'), v4('127.0.0.1')]
    allowed = ['192.0.2.0/24']
    expect(await refusal(`http://rebind.example:${server.port}/`, { timeoutMs: 300 })).not.toBe('answered')
    expect(lookedUp).toHaveLength(1)
    expect(await refusal(`http://rebind.example:${server.port}/`)).toBe('ADDRESS_REFUSED')
    expect(server.connections).toBe(0)
  })

  it('takes the allowed ones of several addresses only', async () => {
    addresses = [v4('10.0.0.1', '127.0.0.1', '169.254.169.254')]
    expect((await request(`http://api.example:${server.port}/`)).status).toBe(200)
    allowed = []
    client.rulesChanged()
    expect(await refusal(`http://api.example:${server.port}/`)).toBe('ADDRESS_REFUSED')
  })

  it('looks at the address that the socket is really connected to', async () => {
    // what a look-up says and what is connected to can differ where the system rewrites addresses
    let asked = 0
    const rules = { allows: () => asked++ === 0 }
    const suspicious = new EgressClient({ rules: () => rules as unknown as AddressRules, findAddresses })
    const url = new URL(`http://api.example:${server.port}/`)
    const outcome = suspicious.request({ method: 'GET', url, headers: {}, timeoutMs: 2_000 })
    await expect(outcome).rejects.toMatchObject({ code: 'ADDRESS_REFUSED', sent: false })
    expect(server.requests).toEqual([])
    await suspicious.close()
  })

  it('forgets open connections once the rules change', async () => {
    const url = `http://127.0.0.1:${server.port}/`
    await request(url)
    await setImmediate() // until undici counts the connection as idle
    await request(url)
    expect(server.connections).toBe(1)
    await setImmediate()
    allowed = []
    client.rulesChanged()
    expect(await refusal(url)).toBe('ADDRESS_REFUSED')
  })

  it('uses no proxy of the environment', async () => {
    const before = { ...process.env }
    Object.assign(process.env, { HTTP_PROXY: 'http://127.0.0.1:1', http_proxy: 'http://127.0.0.1:1' })
    try {
      expect((await request(`http://api.example:${server.port}/`)).status).toBe(200)
    } finally {
      process.env = before
    }
  })

  it('never connects to this machine, however its name is spelt', async () => {
    allowed = []
    addresses = [v4('127.0.0.1')]
    const part = fc.constantFrom(
      '127',
      '0',
      '1',
      '0x7f',
      '0177',
      '2130706433',
      'localhost',
      '[::1]',
      '::',
      '.',
      '@',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 5 }), async (parts) => {
        const text = `http://${parts.join('')}:${server.port}/`
        const url = readUrl(text)
        if (typeof url === 'string' || new AddressRules([]).allows(url.hostname, '')) return
        expect(await refusal(text)).toBe('ADDRESS_REFUSED')
      }),
      { numRuns: 300 },
    )
    expect(server.connections).toBe(0)
  })
})

describe('URLs', () => {
  it.each([
    ['ftp://api.example/', 'urlScheme'],
    ['file:///etc/passwd', 'urlScheme'],
    ['javascript:alert(1)', 'urlScheme'],
    ['data:text/plain,x', 'urlScheme'],
    ['http://user@api.example/', 'urlCredentials'],
    ['http://user:password@api.example/', 'urlCredentials'],
    ['http://:password@api.example/', 'urlCredentials'],
    ['api.example/path', 'urlUnreadable'],
    ['//api.example/', 'urlUnreadable'],
    ['http://', 'urlUnreadable'],
    ['http://[::1', 'urlUnreadable'],
    ['http://127.0.0.1.5/', 'urlUnreadable'],
  ])('refuses %s', (text, fault) => {
    expect(readUrl(text)).toBe(fault)
  })

  it('refuses one that is too long', () => {
    expect(readUrl(`http://api.example/${'a'.repeat(9_000)}`)).toBe('urlTooLong')
  })
})

describe('redirects', () => {
  const redirect = (status: number, location: string) =>
    server.behave((socket, { head }) => {
      const isFirst = head.includes(' /first')
      socket.write(isFirst ? httpAnswer(status, '', { location }) : httpAnswer(200, 'there'))
    })
  const first = () => `http://api.example:${server.port}/first`
  const lines = () => server.requests.map(({ head }) => head.slice(0, head.indexOf(' HTTP')))

  it.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [303, 'HEAD', 'HEAD'],
    [301, 'PUT', 'PUT'],
    [302, 'DELETE', 'DELETE'],
    [307, 'POST', 'POST'],
    [308, 'PATCH', 'PATCH'],
  ] as const)('follows %i of a %s by a %s', async (status, method, then) => {
    redirect(status, '/second')
    const body = method === 'HEAD' ? undefined : 'text'
    await request(first(), { method, body, headers: { 'content-type': 'text/plain', 'x-key': 'kept' } })
    expect(lines()).toEqual([`${method} /first`, `${then} /second`])
    const second = server.requests[1]!
    expect(second.head).toContain('x-key: kept')
    expect(second.body).toBe(then === method && body ? 'text' : '')
    expect(second.head.includes('content-type')).toBe(then === method)
  })

  it.each([
    'http://other.example:PORT/',
    '//other.example:PORT/second',
    'http://api.example.:PORT/',
    'https://api.example:1/',
    'http://user:password@api.example:PORT/',
    'file:///etc/passwd',
    'http://127.0.0.1:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://',
  ])('does not follow to %s', async (location) => {
    redirect(302, location.replace('PORT', String(server.port)))
    expect(await refusal(first())).toBe('REDIRECT_REFUSED')
    expect(server.requests).toHaveLength(1)
  })

  it('does not follow to another port of the same host', async () => {
    const other = await startWireServer()
    redirect(302, `http://api.example:${other.port}/`)
    expect(await refusal(first())).toBe('REDIRECT_REFUSED')
    expect(other.connections).toBe(0)
    await other.close()
  })

  it('gives up after five', async () => {
    server.behave((socket) => socket.write(httpAnswer(302, '', { location: '/first' })))
    expect(await refusal(first())).toBe('TOO_MANY_REDIRECTS')
    expect(server.requests).toHaveLength(6)
  })

  it('checks the address of each', async () => {
    server.behave((socket) => {
      addresses = [v4('10.0.0.1')]
      socket.end(httpAnswer(302, '', { location: '/second', connection: 'close' }))
    })
    expect(await refusal(first())).toBe('ADDRESS_REFUSED')
  })
})

describe('limits', () => {
  const url = () => `http://127.0.0.1:${server.port}/`

  it('refuses a body that is too large, whether it says so or not', async () => {
    server.behave((socket) => socket.write(httpAnswer(200, 'x'.repeat(10_001))))
    expect(await refusal(url())).toBe('ANSWER_TOO_LARGE')
    server.behave((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n')
      for (let chunk = 0; chunk < 11; chunk++) socket.write(`3e8\r\n${'x'.repeat(1_000)}\r\n`)
    })
    expect(await refusal(url())).toBe('ANSWER_TOO_LARGE')
  })

  it('reads the size of a large file by HEAD', async () => {
    server.behave((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n'))
    const { headers } = await request(url(), { method: 'HEAD' })
    expect(headers['content-length']).toBe('99999999')
  })

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('unpacks %s, and stops where too much comes out', async (encoding, pack) => {
    const answer = (body: Buffer) =>
      server.behave((socket) => {
        const head = { 'content-encoding': encoding, 'content-length': String(body.length) }
        socket.write(httpAnswer(200, '', head))
        socket.write(body)
      })
    answer(pack(Buffer.from('small')))
    expect((await request(url())).body.toString()).toBe('small')
    const bomb = pack(Buffer.alloc(5_000_000))
    expect(bomb.length).toBeLessThan(10_000)
    answer(bomb)
    expect(await refusal(url())).toBe('ANSWER_TOO_LARGE')
  })

  it.each(['gzip, gzip', 'gzip', 'compress', '__proto__', 'zstd'])(
    'says so where it cannot unpack %s',
    async (encoding) => {
      server.behave((socket) =>
        socket.write(httpAnswer(200, 'no such bytes', { 'content-encoding': encoding })),
      )
      expect(await refusal(url())).toBe('ANSWER_UNREADABLE')
    },
  )

  it('refuses a head that is too large', async () => {
    server.behave((socket) => socket.write(httpAnswer(200, '', { 'x-long': 'x'.repeat(20_000) })))
    expect(await refusal(url())).toBe('ANSWER_TOO_LARGE')
  })

  it('gives up at its deadline, though bytes keep dripping in', async () => {
    server.behave((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9000\r\n\r\n')
      const drip = setInterval(() => socket.write('x'), 20)
      socket.on('close', () => clearInterval(drip))
    })
    await expect(request(url(), { timeoutMs: 200 })).rejects.toMatchObject({ code: 'TIMEOUT', sent: true })
  })

  it('counts redirects into the deadline', async () => {
    server.behave((socket) => setTimeout(() => socket.write(httpAnswer(302, '', { location: '/' })), 80))
    await expect(request(url(), { timeoutMs: 200 })).rejects.toMatchObject({ code: 'TIMEOUT', sent: true })
  })
})

describe('whether a byte has left', () => {
  it('is told of a closed port, a silent server, a cut connection and a call that was given up', async () => {
    const port = await closedPort()
    await expect(request(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({
      code: 'ECONNREFUSED',
      sent: false,
    })
    server.behave((socket) => socket.destroy())
    const url = `http://127.0.0.1:${server.port}/`
    await expect(request(url)).rejects.toMatchObject({ code: 'CONNECTION_CLOSED', sent: true })
    server.behave(() => {})
    await expect(request(url, { timeoutMs: 150 })).rejects.toMatchObject({ code: 'TIMEOUT', sent: true })

    const controller = new AbortController()
    const given = client.request(
      { method: 'POST', url: new URL(url), headers: {}, timeoutMs: 2_000 },
      controller.signal,
    )
    controller.abort()
    await expect(given).rejects.toMatchObject({ code: 'ABORTED', sent: false })
  })

  it('is told of a server that speaks no TLS', async () => {
    const plain = createServer((socket) => socket.end('no TLS\r\n')).listen(0, '127.0.0.1')
    await once(plain, 'listening')
    const { port } = plain.address() as { port: number }
    await expect(request(`https://127.0.0.1:${port}/`)).rejects.toMatchObject({ sent: false })
    plain.close()
  })
})

import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTransport, type Transport } from '../../../runtime/providers/sms/transport.ts'
import { httpAnswer, startWireServer, type WireServer } from '../../contract/wire-server.ts'

const request = { method: 'POST', path: '/', headers: {}, body: 'text' } as const

describe('transport', () => {
  let server: WireServer
  let transport: Transport
  beforeEach(async () => {
    server = await startWireServer((socket) => socket.write(httpAnswer(200, 'taken')))
    transport = openTransport({
      origin: server.origin,
      connections: 10,
      timeouts: { connectMs: 300, totalMs: 600 },
    })
  })
  afterEach(async () => {
    await transport.close()
    await server.close()
  })

  it('writes nothing once it has said that nothing was sent, though the process stood still meanwhile', async () => {
    const outcome = transport.request(request).catch((error: unknown) => error)
    standStill(400) // the connection is made by the kernel meanwhile
    expect(await outcome).toMatchObject({ code: 'CONNECT_TIMEOUT', sent: false })
    await roundTrip(server)
    expect(server.requests).toHaveLength(0)
    expect(await transport.request(request)).toMatchObject({ status: 200, body: 'taken' })
  })

  it('writes nothing late on a connection that was already open either', async () => {
    await transport.request(request)
    const outcome = transport.request(request).catch((error: unknown) => error)
    standStill(400)
    expect(await outcome).toMatchObject({ code: 'CONNECT_TIMEOUT', sent: false })
    await roundTrip(server)
    expect(server.requests).toHaveLength(1)
  })

  it('writes nothing for a call that was given up while it was still connecting', async () => {
    const controller = new AbortController()
    const outcome = transport.request(request, controller.signal).catch((error: unknown) => error)
    controller.abort()
    expect(await outcome).toMatchObject({ code: 'ABORTED', sent: false })
    await roundTrip(server)
    expect(server.requests).toHaveLength(0)
  })

  it('uses connections again', async () => {
    for (let index = 0; index < 20; index++) await transport.request(request)
    expect(server.connections).toBeLessThanOrEqual(2)
  })

  it('closes an idle connection before any server does, lest both sides meet', async () => {
    const closed = new Promise<number>((resolve) => {
      server.behave((socket) => {
        socket.write(httpAnswer(200, 'taken', { 'keep-alive': 'timeout=600' }))
        const since = performance.now()
        socket.on('end', () => resolve(performance.now() - since))
      })
    })
    await transport.request(request)
    const idleMs = await closed
    expect(idleMs).toBeGreaterThan(3_000)
    expect(idleMs).toBeLessThan(4_900)
  })

  it('leaves listeners on a signal that outlives the call alone', async () => {
    const { signal } = new AbortController()
    let listening = 0
    const { addEventListener, removeEventListener } = signal
    signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      listening++
      addEventListener.apply(signal, args)
    }
    signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      listening--
      removeEventListener.apply(signal, args)
    }
    for (let index = 0; index < 3; index++) await transport.request(request, signal)
    expect(listening).toBe(0)
  })
})

function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

/** Answers when the server has handled a request sent after everything that is on its way now. */
async function roundTrip(server: WireServer): Promise<void> {
  const before = server.requests.length
  const socket = connect(server.port, '127.0.0.1')
  socket.write('GET /marker HTTP/1.1\r\n\r\n')
  await once(socket, 'data')
  socket.destroy()
  const marker = server.requests.findIndex(({ head }) => head.includes('/marker'))
  expect(marker).toBe(before)
  server.requests.splice(marker, 1)
}

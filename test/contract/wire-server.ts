import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** A request as it arrived, byte for byte. */
export interface WireRequest {
  head: string
  body: string
}

/** What the server does once a whole request has arrived; the socket is its own to answer, cut or keep. */
export type WireBehaviour = (socket: Socket, request: WireRequest) => void

export interface WireServer {
  readonly port: number
  readonly origin: string
  /** Every request that arrived whole, in order. */
  readonly requests: WireRequest[]
  /** TCP connections accepted so far. */
  readonly connections: number
  behave(behaviour: WireBehaviour): void
  close(): Promise<void>
}

/** A server that is free to break HTTP in every way that a real HTTP library would not allow. */
export async function startWireServer(behaviour: WireBehaviour = () => {}): Promise<WireServer> {
  const sockets = new Set<Socket>()
  const requests: WireRequest[] = []
  let connections = 0
  let current = behaviour
  const server = createServer((socket) => {
    connections++
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    let received = ''
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
      for (let request = takeRequest(received); request; request = takeRequest(received)) {
        received = received.slice(request.length)
        requests.push(request)
        current(socket, request)
      }
    })
  })
  await listen(server)
  const { port } = server.address() as AddressInfo
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    requests,
    get connections() {
      return connections
    },
    behave(next) {
      current = next
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

/** A port that nobody listens on: it was free a moment ago. */
export async function closedPort(): Promise<number> {
  const server = await startWireServer()
  await server.close()
  return server.port
}

/** An HTTP answer as bytes on the wire. */
export function httpAnswer(status: number, body: string, headers: Record<string, string> = {}): string {
  const lines = Object.entries({ 'content-length': String(Buffer.byteLength(body)), ...headers })
  return `HTTP/1.1 ${status} Any\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`
}

function takeRequest(received: string): (WireRequest & { length: number }) | undefined {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = received.slice(0, end)
  const length = end + 4 + Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0)
  if (received.length < length) return undefined
  return { head, body: received.slice(end + 4, length), length }
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
}

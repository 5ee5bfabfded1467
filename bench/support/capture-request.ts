import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface CapturedRequest {
  method: 'POST'
  path: string
  headers: Record<string, string>
  body: string
}

/** Records the one request that `send` makes to the origin it is given, so that a bare client can repeat it. */
export async function captureRequest(send: (origin: string) => Promise<unknown>): Promise<CapturedRequest> {
  let captured: CapturedRequest | undefined
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (part: string) => (body += part))
    request.on('end', () => {
      const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers
      captured = { method: 'POST', path: request.url!, headers: headers as Record<string, string>, body }
      response.writeHead(400).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  await send(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  server.closeAllConnections()
  server.close()
  return captured!
}

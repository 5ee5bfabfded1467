import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A genuine request of a vendor's SDK, byte for byte. */
export interface RecordedRequest {
  method: string
  target: string
  rawHeaders: string[]
  body: Buffer
}

/** Lets an SDK send to a listener that only writes down what came. */
export async function recordRequest(send: (url: string) => Promise<unknown>): Promise<RecordedRequest> {
  let recorded: RecordedRequest | undefined
  let refusal: unknown
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      recorded = {
        method: incoming.method!,
        target: incoming.url!,
        rawHeaders: incoming.rawHeaders,
        body: Buffer.concat(chunks),
      }
      response.writeHead(400).end()
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  try {
    await send(`http://127.0.0.1:${(server.address() as AddressInfo).port}`).catch(
      (error: unknown) => (refusal = error),
    )
  } finally {
    server.closeAllConnections()
    server.close()
  }
  if (!recorded) throw new Error('The SDK sent nothing', { cause: refusal })
  return recorded
}

/** Sends a recorded request, the signed host included, to the sandbox. */
export async function replay(
  url: string,
  recorded: RecordedRequest,
): Promise<{ status: number; body: string }> {
  const { method, target, rawHeaders, body } = recorded
  const outgoing = request(new URL(url), { method, path: target, headers: rawHeaders, agent: false })
  outgoing.end(body)
  const [response] = await once(outgoing, 'response')
  const chunks: Buffer[] = await response.toArray()
  return { status: response.statusCode, body: Buffer.concat(chunks).toString() }
}

/** The same request with another value in one header. */
export function withHeader(recorded: RecordedRequest, name: string, value: string): RecordedRequest {
  const rawHeaders = [...recorded.rawHeaders]
  const index = rawHeaders.findIndex((each, at) => at % 2 === 0 && each.toLowerCase() === name)
  rawHeaders.splice(index < 0 ? rawHeaders.length : index, 2, name, value)
  return { ...recorded, rawHeaders }
}

export function headerOf(recorded: RecordedRequest, name: string): string {
  const index = recorded.rawHeaders.findIndex((each, at) => at % 2 === 0 && each.toLowerCase() === name)
  return recorded.rawHeaders[index + 1]!
}

/** The same request with its signature's first digit changed. */
export function withForgedSignature(recorded: RecordedRequest): RecordedRequest {
  const forged = headerOf(recorded, 'authorization').replace(
    /Signature=(.)/,
    (_, digit) => `Signature=${digit === '0' ? '1' : '0'}`,
  )
  return withHeader(recorded, 'authorization', forged)
}

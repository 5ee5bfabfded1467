/** A bare Node http server that makes the 200 assignments of the chain by hand. Prints its origin. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CHAIN } from './assign-chain.ts'

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  let text = ''
  request.on('data', (chunk: Buffer) => (text += chunk.toString()))
  request.on('end', () => {
    const names = JSON.parse(text) as Record<string, number>
    let last = 'start'
    for (let at = 1; at <= CHAIN; at++) {
      const name = `v${at}`
      names[name] = names[last]! + 1
      last = name
    }
    const json = JSON.stringify({ status: 'done', output: names[last] })
    response
      .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) })
      .end(json)
  })
})

server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.on('SIGTERM', () => process.exit(0))

/** A bare Node http server that makes the POST of one SMS for each request and records nothing. Prints its origin. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Pool } from 'undici'
import { twilioForm, twilioHeaders, twilioPath } from './sms-function.ts'

const pool = new Pool(process.argv[2]!, { connections: 64 })
const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  let text = ''
  request.on('data', (chunk: Buffer) => (text += chunk.toString()))
  request.on('end', () => void answer(text, response))
})

async function answer(text: string, response: import('node:http').ServerResponse) {
  JSON.parse(text)
  const { body } = await pool.request({
    path: twilioPath,
    method: 'POST',
    headers: twilioHeaders,
    body: twilioForm,
  })
  const { sid } = (await body.json()) as { sid: string }
  const json = JSON.stringify({ status: 'done', sid })
  response
    .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) })
    .end(json)
}

server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.on('SIGTERM', () => process.exit(0))

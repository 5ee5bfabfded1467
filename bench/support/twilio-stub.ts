/** The cheapest server that takes a Twilio message: no checks, no latency. Prints its origin. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const answer = JSON.stringify({
  sid: 'SM00000000000000000000000000000001',
  account_sid: 'AC00000000000000000000000000000001',
  api_version: '2010-04-01',
  body: '',
  date_created: 'Mon, 03 Aug 2026 09:00:00 +0000',
  date_sent: null,
  date_updated: 'Mon, 03 Aug 2026 09:00:00 +0000',
  direction: 'outbound-api',
  error_code: null,
  error_message: null,
  from: '+15005550006',
  to: '+12025550101',
  messaging_service_sid: null,
  num_media: '0',
  num_segments: '1',
  price: null,
  price_unit: 'USD',
  status: 'queued',
  subresource_uris: {},
  uri: '',
})
const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) }

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.resume()
  request.on('end', () => response.writeHead(201, headers).end(answer))
})
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.on('SIGTERM', () => process.exit(0))

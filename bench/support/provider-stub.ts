/** The cheapest server that takes every provider's message: no checks, no latency. Prints its origin. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const answers = {
  twilio: {
    status: 201,
    type: 'application/json',
    body: JSON.stringify({
      sid: 'SM00000000000000000000000000000001',
      account_sid: 'AC00000000000000000000000000000001',
      date_created: 'Mon, 03 Aug 2026 09:00:00 +0000',
      date_updated: 'Mon, 03 Aug 2026 09:00:00 +0000',
      date_sent: null,
      error_code: null,
      error_message: null,
      num_segments: '1',
      status: 'queued',
    }),
  },
  'aws-sns': {
    status: 200,
    type: 'text/xml',
    body:
      '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult>' +
      '<MessageId>567910cd-659e-55d4-8ccb-5aaf14679dc0</MessageId></PublishResult><ResponseMetadata>' +
      '<RequestId>d74b8436-ae13-5ab4-a9ff-ce54dfea72a0</RequestId></ResponseMetadata></PublishResponse>',
  },
  alibaba: {
    status: 200,
    type: 'application/json',
    body: JSON.stringify({
      Code: 'OK',
      Message: 'OK',
      BizId: '900619746936498440^0',
      RequestId: 'AB0F4F1C-4A6B-4D2E-8F00-7B1E6F9B9C11',
    }),
  },
}

const { status, type, body } = answers[process.argv[2] as keyof typeof answers]
const headers = { 'content-type': type, 'content-length': Buffer.byteLength(body) }

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.resume()
  request.on('end', () => response.writeHead(status, headers).end(body))
})
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.on('SIGTERM', () => process.exit(0))

import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SandboxFault } from '../../nodes/api/sandbox.ts'
import type { SmsProviderName } from '../../nodes/services/sms/settings.ts'
import { sandboxAlibabaAccount, sandboxAwsAccount, sandboxTwilioAccount } from './accounts.ts'
import type { SandboxAccounts } from './accounts.ts'
import { alibabaEmulator } from './alibaba/alibaba.ts'
import { awsSnsEmulator } from './aws-sns/aws-sns.ts'
import { PendingFaults, answerUnder, respond, respondUnder } from './faults.ts'
import { SandboxFile } from './sandbox-file.ts'
import type { Sandbox } from './sandbox.ts'
import { SmsNetwork, toSandboxMessage } from './sms-network.ts'
import { twilioEmulator } from './twilio/twilio.ts'
import type { Call, Emulator, WireRequest } from './wire.ts'

export interface SandboxOptions {
  /** Loopback only: whoever reaches the sandbox can read what was texted. */
  host?: '127.0.0.1' | '::1'
  /** 0, or left out, takes any free port. */
  port?: number
  /** SQLite file that keeps phones and requests; without one they end with the sandbox. */
  file?: string
  now?: () => Date
  /** Accounts besides the known ones of `accounts.ts`. */
  accounts?: Partial<SandboxAccounts>
  /** Numbers (E.164) besides `sandboxOptedOutNumber` whose holders answered STOP. */
  optedOut?: readonly string[]
  /** Chooses the fault of one send; `undefined` leaves it to `setFault`. */
  decide?: (send: {
    provider: SmsProviderName
    action: string
    to: string | undefined
    token: string | undefined
  }) => SandboxFault | undefined
  /** How late the answer under the fault `delay` comes; 2,000 ms unless said otherwise. */
  delayMs?: number
}

/** Longest request body: a SendBatchSms of 100 long texts stays far below. */
const MAX_BODY_BYTES = 1 << 20
/** A SendSms to 1,000 numbers has them all in its URL, which counts as header. */
const MAX_HEADER_BYTES = 64 * 1024

/** Starts the local SMS network: one loopback listener that speaks as Twilio, Amazon SNS and Alibaba Cloud do. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { host = '127.0.0.1', port = 0, now = () => new Date(), accounts, decide, delayMs = 2_000 } = options
  const file = new SandboxFile(options.file)
  const network = new SmsNetwork(file, now)
  for (const number of options.optedOut ?? []) network.optedOut.add(number)
  const faults = new PendingFaults()
  const emulators: Record<SmsProviderName, Emulator> = {
    twilio: twilioEmulator([sandboxTwilioAccount, ...(accounts?.twilio ?? [])], network),
    'aws-sns': awsSnsEmulator([sandboxAwsAccount, ...(accounts?.['aws-sns'] ?? [])], network),
    alibaba: alibabaEmulator([sandboxAlibabaAccount, ...(accounts?.alibaba ?? [])], network),
  }

  const server = createServer(
    { maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: 60_000 },
    (request, response) => {
      readBody(request, (body) => {
        const wire = toWireRequest(request, body ?? Buffer.alloc(0))
        const provider = providerOf(wire)
        const emulator = emulators[provider]
        if (!body) respond(response, { ...emulator.tooLarge(), headers: { connection: 'close' } })
        else serve(provider, emulator, wire, response)
      })
    },
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  }).catch((error: unknown) => {
    file.close()
    throw error
  })
  const address = server.address() as AddressInfo

  return {
    url: `http://${host === '::1' ? '[::1]' : host}:${address.port}`,
    messages: (limit) => file.delivered(limit).map(toSandboxMessage),
    clear: () => file.clearMessages(),
    onMessage: (listener) => network.onMessage(listener),
    requests: () => file.requests(),
    setFault: (provider, fault, count) => faults.set(provider, fault, count),
    faults: () => faults.all(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          file.close()
          resolve()
        })
        server.closeAllConnections()
      }),
  }

  function serve(
    provider: SmsProviderName,
    emulator: Emulator,
    wire: WireRequest,
    response: ServerResponse,
  ): void {
    const call = emulator.read(wire)
    const fault = call.sends ? faultFor(provider, call) : 'none'
    const reply = answerUnder(fault, emulator, call)
    if (call.sends) {
      file.addRequest({
        at: now().getTime(),
        provider,
        action: call.action,
        to: call.to,
        token: call.token,
        accepted: reply?.accepted ?? false,
        fault,
        code: reply?.code,
      })
    }
    respondUnder(fault, response, reply, delayMs)
  }

  function faultFor(provider: SmsProviderName, call: Call): SandboxFault {
    const { action, to, token } = call
    return decide?.({ provider, action, to, token }) ?? faults.take(provider)
  }
}

/** Calls back once with the whole body, or with `undefined` for one that is too large. Never for a broken upload. */
function readBody(request: IncomingMessage, done: (body: Buffer | undefined) => void): void {
  const chunks: Buffer[] = []
  let size = 0
  request.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size <= MAX_BODY_BYTES) chunks.push(chunk)
    else {
      request.removeAllListeners('data').removeAllListeners('end')
      request.resume()
      done(undefined)
    }
  })
  request.on('end', () => done(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)))
  request.on('error', () => request.destroy())
}

function toWireRequest(request: IncomingMessage, body: Buffer): WireRequest {
  const target = request.url ?? '/'
  const mark = target.indexOf('?')
  return {
    method: request.method ?? 'GET',
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? '' : target.slice(mark + 1),
    headers: request.headers,
    rawHeaders: request.rawHeaders,
    body,
  }
}

/** Twilio has a path of its own, Alibaba headers of its own; everything else is spoken to as SNS. */
function providerOf(request: WireRequest): SmsProviderName {
  if (request.path.startsWith('/2010-04-01')) return 'twilio'
  const { authorization, ...headers } = request.headers
  if (headers['x-acs-action'] !== undefined || authorization?.startsWith('ACS3-')) return 'alibaba'
  return 'aws-sns'
}

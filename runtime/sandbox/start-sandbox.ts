import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SandboxFault } from '../../nodes/api/sandbox.ts'
import type { SmsProviderName } from '../../nodes/services/sms/settings.ts'
import { createServer } from '../node-http.ts'
import { sandboxAlibabaAccount, sandboxAwsAccount, sandboxTwilioAccount } from './accounts.ts'
import type { SandboxAccounts } from './accounts.ts'
import { alibabaEmulator } from './alibaba/alibaba.ts'
import { awsSnsEmulator } from './aws-sns/aws-sns.ts'
import { PendingFaults, answerUnder, respond, respondUnder } from './faults.ts'
import { answerFromPhone } from './phone-answers.ts'
import { SandboxFile } from './sandbox-file.ts'
import { readRequest } from './read-request.ts'
import type { Sandbox } from './sandbox.ts'
import { SmsNetwork, toSandboxMessage } from './sms-network.ts'
import { twilioEmulator } from './twilio/twilio.ts'
import type { Call, Emulator, Reply, WireRequest } from './wire.ts'

export interface SandboxOptions {
  /** Loopback only: whoever reaches the sandbox can read what was texted. */
  host?: '127.0.0.1' | '::1'
  /** 0, or left out, takes any free port. */
  port?: number
  /** SQLite file that keeps phones and requests; without one they end with the sandbox, texts after 10,000 more. */
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
  /** Time between the receipts of a text, and before the first; 400 ms unless said otherwise. */
  receiptDelayMs?: number
  /** How late the answer under the fault `delay` comes; 2,000 ms unless said otherwise. */
  delayMs?: number
}

/** A SendSms to 1,000 numbers has them all in its URL, which counts as header. */
const MAX_HEADER_BYTES = 64 * 1024

/** Starts the local SMS network: one loopback listener that speaks as Twilio, Amazon SNS and Alibaba Cloud do. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { host = '127.0.0.1', port = 0, now = () => new Date(), accounts, decide, delayMs = 2_000 } = options
  const file = new SandboxFile(options.file)
  const network = new SmsNetwork(file, now, options.receiptDelayMs ?? 400)
  for (const number of options.optedOut ?? []) network.optedOut.add(number)
  const faults = new PendingFaults()
  const known: SandboxAccounts = {
    twilio: [sandboxTwilioAccount, ...(accounts?.twilio ?? [])],
    'aws-sns': [sandboxAwsAccount, ...(accounts?.['aws-sns'] ?? [])],
    alibaba: [sandboxAlibabaAccount, ...(accounts?.alibaba ?? [])],
  }
  const emulators: Record<SmsProviderName, Emulator> = {
    twilio: twilioEmulator(known.twilio, network),
    'aws-sns': awsSnsEmulator(known['aws-sns'], network),
    alibaba: alibabaEmulator(known.alibaba, network),
  }

  const server = createServer(
    { maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: 60_000 },
    (request, response) => {
      readRequest(request, (wire, tooLarge) => {
        const provider = providerOf(wire)
        if (tooLarge) {
          respond(response, { ...emulators[provider].tooLarge(), headers: { connection: 'close' } })
        } else {
          serve(provider, emulators[provider], wire, response)
        }
      })
    },
  )
  try {
    await once(server.listen(port, host), 'listening')
  } catch (error) {
    file.close()
    throw error
  }
  const address = server.address() as AddressInfo

  return {
    url: `http://${host === '::1' ? '[::1]' : host}:${address.port}`,
    messages: (limit) => file.delivered(limit).map(toSandboxMessage),
    clear: () => file.clearMessages(),
    onMessage: (listener) => network.onMessage(listener),
    requests: () => file.requests(),
    setFault: (provider, fault, count) => faults.set(provider, fault, count),
    faults: () => faults.all(),
    setReceipts: (plan) => network.receipts.set(plan),
    receipts: () => network.receipts.all(),
    reportTo(callbacksOf) {
      network.callbacksOf = callbacksOf
    },
    answer: (phone, text) => answerFromPhone(phone, text, known, network),
    pushes: () => file.pushes(),
    close: () =>
      new Promise((resolve) => {
        network.courier.close()
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
    const reply = answerOrFail(fault, emulator, call)
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

/** A file that cannot be read or written is this side's fault: the client learns of it as from a provider. */
function answerOrFail(fault: SandboxFault, emulator: Emulator, call: Call): Reply | undefined {
  try {
    return answerUnder(fault, emulator, call)
  } catch (error) {
    process.emitWarning(`The SMS sandbox failed: ${(error as Error).message}`)
    return emulator.failed()
  }
}

/** Twilio has paths of its own, Alibaba headers of its own; everything else is spoken to as SNS. */
function providerOf(request: WireRequest): SmsProviderName {
  if (request.path.startsWith('/2010-04-01') || request.path.startsWith('/v1/Content/')) return 'twilio'
  const isAlibaba =
    request.headers['x-acs-action'] !== undefined || request.headers.authorization?.startsWith('ACS3-')
  if (isAlibaba) return 'alibaba'
  return 'aws-sns'
}

import type { ServerResponse } from 'node:http'
import type { SandboxFault } from '../../nodes/api/sandbox.ts'
import { smsProviderNames } from '../../nodes/services/sms/settings.ts'
import type { SmsProviderName } from '../../nodes/services/sms/settings.ts'
import type { Call, Emulator, Reply } from './wire.ts'

export type FaultState = Record<SmsProviderName, { fault: SandboxFault; remaining: number }>

/** The faults that wait for the next sends, provider by provider. */
export class PendingFaults {
  readonly #pending = Object.fromEntries(
    smsProviderNames.map((name) => [name, { fault: 'none', remaining: 0 }]),
  ) as FaultState

  set(provider: SmsProviderName, fault: SandboxFault, count: number): void {
    this.#pending[provider] =
      fault === 'none' || count < 1 ? { fault: 'none', remaining: 0 } : { fault, remaining: count }
  }

  /** The fault for one more send. */
  take(provider: SmsProviderName): SandboxFault {
    const pending = this.#pending[provider]
    if (pending.remaining === 0) return 'none'
    const { fault } = pending
    this.set(provider, fault, pending.remaining - 1)
    return fault
  }

  all(): FaultState {
    return structuredClone(this.#pending)
  }
}

/** What the provider makes of a call under a fault; `undefined` where it never gets to see it. */
export function answerUnder(fault: SandboxFault, emulator: Emulator, call: Call): Reply | undefined {
  switch (fault) {
    case 'throttle':
      return emulator.throttled()
    case 'server-error':
      return emulator.failed()
    case 'reset-before':
      return undefined
    case 'none':
    case 'delay':
    case 'reset-after':
    case 'half-answer':
    case 'garbage':
    case 'silent':
      return call.answer()
  }
}

/** What the client gets to see of the reply. */
export function respondUnder(
  fault: SandboxFault,
  response: ServerResponse,
  reply: Reply | undefined,
  delayMs: number,
): void {
  if (!reply || fault === 'reset-after') {
    response.socket?.resetAndDestroy()
    return
  }
  switch (fault) {
    case 'none':
    case 'throttle':
    case 'server-error':
    case 'reset-before':
      respond(response, reply)
      return
    case 'delay': {
      const timer = setTimeout(() => respond(response, reply), delayMs).unref()
      response.once('close', () => clearTimeout(timer))
      return
    }
    case 'half-answer': {
      const body = Buffer.from(reply.body)
      response.writeHead(reply.status, { 'content-type': reply.contentType, 'content-length': body.length })
      response.write(body.subarray(0, body.length >> 1), () => response.socket?.destroy())
      return
    }
    case 'garbage':
      respond(response, { ...reply, body: '<html><body>\u0000 502 {"code":' })
      return
    case 'silent':
      return
  }
}

export function respond(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, {
    'content-type': reply.contentType,
    'content-length': Buffer.byteLength(reply.body),
    ...reply.headers,
  })
  response.end(reply.body)
}

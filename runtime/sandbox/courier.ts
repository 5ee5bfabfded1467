import type { SmsProviderName } from '../../nodes/services/sms/settings.ts'
import { Agent, request } from '../node-http.ts'
import type { SandboxFile } from './sandbox-file.ts'

/** A request that an emulator makes by itself. */
export interface Push {
  provider: SmsProviderName
  kind: 'status' | 'report' | 'inbound'
  /** The phone that it is about. */
  phone: string
  /** The provider's id of the text. */
  messageId: string
  /** What it says: a state, or the meaning of an answer. */
  status: string
  url: string
  contentType: string
  headers?: Record<string, string>
  body: string
}

const SOCKETS = 16
const ANSWER_MS = 15_000

/**
 * Carries what the emulators report to whoever asked for it, on this machine only: an address elsewhere would make the
 * sandbox a way to call it. Each push and its answer goes into the sandbox's file.
 */
export class Courier {
  readonly #file: SandboxFile
  readonly #now: () => Date
  readonly #agent = new Agent({ keepAlive: true, maxSockets: SOCKETS })
  readonly #timers = new Set<NodeJS.Timeout>()
  #closed = false
  /** Time between the receipts of a text, and before the first. */
  readonly delayMs: number

  constructor(file: SandboxFile, now: () => Date, delayMs: number) {
    this.#file = file
    this.#now = now
    this.delayMs = delayMs
  }

  pushLater(push: Push, delayMs: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      void this.push(push)
    }, delayMs).unref()
    this.#timers.add(timer)
  }

  /** @returns the status of the answer; 0 where none came */
  async push(push: Push): Promise<number> {
    const at = this.#now().getTime()
    const answer = isLocal(push.url) ? await this.#post(push) : 0
    // A push that the closing cut off comes back when the file is closed too.
    if (this.#closed) return answer
    const { provider, kind, phone, messageId, status } = push
    this.#file.addPush({ at, provider, kind, phone, messageId, status, answer })
    return answer
  }

  /** Cuts off what is on its way; nothing is written to the file any more. */
  close(): void {
    this.#closed = true
    for (const timer of this.#timers) clearTimeout(timer)
    this.#agent.destroy()
  }

  #post({ url, contentType, headers, body }: Push): Promise<number> {
    return new Promise((resolve) => {
      const outgoing = request(url, {
        method: 'POST',
        agent: this.#agent,
        timeout: ANSWER_MS,
        headers: {
          ...headers,
          'content-type': contentType,
          'content-length': Buffer.byteLength(body),
        },
      })
      outgoing.on('response', (response) => {
        response.resume()
        response.on('close', () => resolve(response.statusCode ?? 0))
      })
      outgoing.on('timeout', () => outgoing.destroy())
      outgoing.on('error', () => resolve(0))
      outgoing.end(body)
    })
  }
}

function isLocal(url: string): boolean {
  const hostname = URL.parse(url)?.hostname
  return hostname === '127.0.0.1' || hostname === 'localhost' || hostname === '[::1]'
}

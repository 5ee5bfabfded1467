import type { Agent } from 'undici'
import type { HttpMethod } from '../../nodes/http-request/request.ts'
import { readUrl } from '../../nodes/http-request/read-url.ts'
import { TransportError } from '../providers/sms/transport-error.ts'
import type { AddressRules } from './address-rules.ts'
import { ACCEPT_ENCODING, decodeBody } from './decode-body.ts'
import { exchange } from './exchange.ts'
import type { RawAnswer } from './exchange.ts'
import { followRedirect } from './follow-redirect.ts'
import type { FindAddresses } from './guarded-connect.ts'

export interface EgressRequest {
  method: HttpMethod
  /** As `readUrl` of `nodes/http-request` gives it. */
  url: URL
  headers: Record<string, string>
  body?: string | undefined
  /** Until the last byte of the answer, redirects included. */
  timeoutMs: number
}

export interface EgressOptions {
  rules: () => AddressRules
  /** The system's own look-up unless said otherwise. */
  findAddresses?: FindAddresses
  /** See `MAX_ANSWER_BYTES`. */
  maxBytes?: number
}

/** Of an answer's body, before and after it is unpacked, unless said otherwise: 1 MiB. */
export const MAX_ANSWER_BYTES = 1024 * 1024
const MAX_REDIRECTS = 5

/**
 * The only way by which a graph reaches an address of its own choice. Connects to the public internet and to what the
 * settings allow, follows redirects within one host, and bounds time, head and body of the answer. Neither cookies nor
 * a proxy of the environment are used.
 */
export class EgressClient {
  readonly #options: EgressOptions
  readonly #maxBytes: number
  /** Made with the first request: a start does not load what few runs need. */
  #agent: Agent | undefined
  #isClosed = false

  constructor(options: EgressOptions) {
    this.#options = options
    this.#maxBytes = options.maxBytes ?? MAX_ANSWER_BYTES
  }

  /** @throws TransportError whose `sent` tells whether a byte may have left; nothing else is thrown */
  async request(request: EgressRequest, signal?: AbortSignal): Promise<RawAnswer> {
    const endBy = performance.now() + request.timeoutMs
    const options = { endBy, signal, maxBytes: this.#maxBytes }
    if (typeof readUrl(request.url.href) === 'string')
      throw new TransportError('URL_REFUSED', { sent: false })
    let next = request
    for (let redirects = 0; ; redirects++) {
      const answer = await this.#exchange(next, options).catch((error: TransportError) => {
        throw redirects === 0 ? error : new TransportError(error.code, { sent: true })
      })
      const further = followRedirect(next, answer)
      if (!further) return answer
      if (redirects === MAX_REDIRECTS) throw new TransportError('TOO_MANY_REDIRECTS', { sent: true })
      next = further
    }
  }

  /** Closes what is idle, so that what is no longer allowed is not reached over an open connection either. */
  rulesChanged(): void {
    const before = this.#agent
    this.#agent = undefined
    void before?.close()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#agent?.destroy()
  }

  async #exchange(
    { method, url, headers, body }: EgressRequest,
    options: { endBy: number; maxBytes: number; signal: AbortSignal | undefined },
  ): Promise<RawAnswer> {
    const { guardedAgent } = await import('./guarded-agent.ts')
    if (this.#isClosed) throw new TransportError('ABORTED', { sent: false })
    this.#agent ??= guardedAgent(this.#options.rules, this.#options.findAddresses)
    const answer = await exchange(
      this.#agent,
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method,
        headers: { 'accept-encoding': ACCEPT_ENCODING, ...headers },
        body: body ?? null,
      },
      options,
    )
    return {
      ...answer,
      body: await decodeBody(answer.body, answer.headers['content-encoding'], options.maxBytes),
    }
  }
}

import { Pool, type Dispatcher } from 'undici'
import { Deadlines } from './deadlines.ts'
import type { Deadline } from './deadlines.ts'
import { TransportError, transportError } from './transport-error.ts'

export interface Timeouts {
  /** Until the first byte of the request is handed to a connected socket. 5,000 unless said otherwise. */
  connectMs?: number
  /** Until the last byte of the answer, counted from the call. 30,000 unless said otherwise. */
  totalMs?: number
}

export interface WireRequest {
  method: 'GET' | 'POST'
  /** Path and query, for example `/?Action=Publish`. */
  path: string
  headers: Record<string, string>
  body?: string | Uint8Array | undefined
}

export interface WireAnswer {
  status: number
  /** Names in lower case; a repeated header is joined by `, `. */
  headers: Record<string, string>
  body: string
}

/** Makes single HTTP requests to one origin and knows of each whether a byte of it left. */
export interface Transport {
  /**
   * Exactly one wire request: never repeated, no redirect followed, no proxy of the environment used.
   * @throws TransportError whose `sent` tells whether bytes may have left; nothing else is thrown
   */
  request(request: WireRequest, signal?: AbortSignal): Promise<WireAnswer>
  close(): Promise<void>
}

export interface TransportOptions {
  /** For example `https://api.twilio.com`. */
  origin: string
  /** Sockets at most; more calls than that wait for a free one until `connectMs` is over. */
  connections: number
  timeouts?: Timeouts | undefined
}

const MAX_ANSWER_BYTES = 1024 * 1024

/**
 * Shorter than the idle limit of any server we talk to (Node's default, 5 s, is the shortest): a socket that the
 * server closes while we write leaves an outcome that nobody can know.
 */
const IDLE_SOCKET_MS = 4_000

/** Opens a transport. Nothing connects before the first request. */
export function openTransport({ origin, connections, timeouts = {} }: TransportOptions): Transport {
  const { connectMs = 5_000, totalMs = 30_000 } = timeouts
  const pool = new Pool(origin, {
    connections,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: IDLE_SOCKET_MS,
    keepAliveMaxTimeout: IDLE_SOCKET_MS,
    // said, so that NODE_TLS_REJECT_UNAUTHORIZED in the environment cannot turn it off
    connect: { timeout: connectMs, rejectUnauthorized: true },
    // undici's own timers tick twice a second at best; each call keeps its own exact deadline instead
    headersTimeout: 0,
    bodyTimeout: 0,
  })

  const startMs = Math.min(connectMs, totalMs)
  const limits = { startMs, totalMs, starts: new Deadlines(), ends: new Deadlines() }

  return {
    request: (request, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(new TransportError('ABORTED', { sent: false }))
        const call = new Call(resolve, reject, limits, signal)
        pool.dispatch({ ...request, body: request.body ?? null }, call)
      }),
    async close() {
      await pool.destroy()
      limits.starts.stop()
      limits.ends.stop()
    },
  }
}

/** What all calls of a transport have in common: they begin within `startMs` and end within `totalMs`. */
interface Limits {
  startMs: number
  totalMs: number
  starts: Deadlines
  ends: Deadlines
}

/** One request under way: listens to undici and to its deadlines, and settles once. */
class Call implements Dispatcher.DispatchHandler {
  /** The deadline that counts now: until the request begins, then until the answer is whole. */
  due: number
  watchedBy: Deadlines | undefined = undefined
  before: Deadline | undefined = undefined
  after: Deadline | undefined = undefined
  private readonly endBy: number
  private controller: Dispatcher.DispatchController | undefined
  private settled = false
  private status = 0
  private headers: Record<string, string> = {}
  private readonly chunks: Buffer[] = []
  private bytes = 0
  private readonly resolve: (answer: WireAnswer) => void
  private readonly reject: (error: TransportError) => void
  private readonly limits: Limits
  private readonly signal: AbortSignal | undefined

  constructor(
    resolve: (answer: WireAnswer) => void,
    reject: (error: TransportError) => void,
    limits: Limits,
    signal: AbortSignal | undefined,
  ) {
    const now = performance.now()
    this.resolve = resolve
    this.reject = reject
    this.limits = limits
    this.signal = signal
    this.due = now + limits.startMs
    this.endBy = now + limits.totalMs
    limits.starts.add(this)
    this.signal?.addEventListener('abort', this.onAbort)
  }

  /** undici is about to write the head of the request: from here on nobody can say that nothing was sent. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    // A second start would be a second wire request; one that comes too late was already reported as not sent.
    if (this.settled || this.controller) {
      return controller.abort(new TransportError('ABORTED', { sent: this.controller !== undefined }))
    }
    if (performance.now() > this.due) {
      this.fail(new TransportError('CONNECT_TIMEOUT', { sent: false }))
      return controller.abort(new TransportError('CONNECT_TIMEOUT', { sent: false }))
    }
    this.controller = controller
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[]>,
  ) {
    if (status < 200) return
    this.status = status
    for (const [name, value] of Object.entries(headers)) {
      this.headers[name] = Array.isArray(value) ? value.join(', ') : value
    }
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.bytes += chunk.length
    if (this.bytes > MAX_ANSWER_BYTES)
      return this.fail(new TransportError('ANSWER_TOO_LARGE', { sent: true }))
    this.chunks.push(chunk)
  }

  onResponseEnd(): void {
    if (!this.settle()) return
    const body = this.chunks.length === 1 ? this.chunks[0]! : Buffer.concat(this.chunks)
    this.resolve({ status: this.status, headers: this.headers, body: body.toString('utf8') })
  }

  onResponseError(_: unknown, error: Error): void {
    this.fail(transportError(error, { sent: this.controller !== undefined }))
  }

  /** Most calls are over before the first deadline, and never pay for the second. */
  onDue(): void {
    const sent = this.controller !== undefined
    if (sent && this.due < this.endBy) {
      this.due = this.endBy
      this.limits.ends.add(this)
    } else {
      this.fail(new TransportError(sent ? 'TIMEOUT' : 'CONNECT_TIMEOUT', { sent }))
    }
  }

  private readonly onAbort = (): void => {
    this.fail(new TransportError('ABORTED', { sent: this.controller !== undefined }))
  }

  private fail(error: TransportError): void {
    if (!this.settle()) return
    this.reject(error)
    this.controller?.abort(error)
  }

  private settle(): boolean {
    if (this.settled) return false
    this.settled = true
    this.watchedBy?.remove(this)
    this.signal?.removeEventListener('abort', this.onAbort)
    return true
  }
}

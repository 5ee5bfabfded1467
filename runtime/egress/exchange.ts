import type { Dispatcher } from 'undici'
import { TransportError, transportError } from '../providers/sms/transport-error.ts'

/** What came over the wire, not decoded. */
export interface RawAnswer {
  status: number
  /** Names in lower case; a repeated header is joined by `, `. */
  headers: Record<string, string>
  body: Buffer
}

export interface ExchangeOptions {
  /** The moment by `performance.now()` when the answer has to be whole. */
  endBy: number
  /** Of the body as it comes over the wire. */
  maxBytes: number
  signal?: AbortSignal | undefined
}

/**
 * Exactly one wire request and its answer.
 * @throws TransportError whose `sent` tells whether a byte may have left
 */
export function exchange(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  options: ExchangeOptions,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    if (options.signal?.aborted) return reject(new TransportError('ABORTED', { sent: false }))
    const call = new Exchange(resolve, reject, options)
    try {
      dispatcher.dispatch(request, call)
    } catch (error) {
      call.fail(transportError(error as Error, { sent: false }))
    }
  })
}

/** Listens to undici and to the deadline, and settles once. */
class Exchange implements Dispatcher.DispatchHandler {
  private readonly resolve: (answer: RawAnswer) => void
  private readonly reject: (error: TransportError) => void
  private readonly maxBytes: number
  private readonly signal: AbortSignal | undefined
  private readonly timer: NodeJS.Timeout
  private controller: Dispatcher.DispatchController | undefined
  private isSettled = false
  private status = 0
  private headers: Record<string, string> = {}
  private readonly chunks: Buffer[] = []
  private bytes = 0

  constructor(
    resolve: (answer: RawAnswer) => void,
    reject: (error: TransportError) => void,
    { endBy, maxBytes, signal }: ExchangeOptions,
  ) {
    this.resolve = resolve
    this.reject = reject
    this.maxBytes = maxBytes
    this.signal = signal
    this.timer = setTimeout(() => this.end('TIMEOUT'), Math.max(0, endBy - performance.now()))
    signal?.addEventListener('abort', this.onAbort)
  }

  /** undici is about to write the head of the request: from here on nobody can say that nothing was sent. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    // a second start would be a second wire request; one that comes too late was already reported as not sent
    if (this.isSettled || this.controller) {
      return controller.abort(new TransportError('ABORTED', { sent: this.controller !== undefined }))
    }
    this.controller = controller
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[]>,
  ): void {
    if (status < 200) return
    this.status = status
    for (const [name, value] of Object.entries(headers)) {
      this.headers[name] = Array.isArray(value) ? value.join(', ') : value
    }
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.bytes += chunk.length
    if (this.bytes > this.maxBytes) return this.end('ANSWER_TOO_LARGE')
    this.chunks.push(chunk)
  }

  onResponseEnd(): void {
    if (!this.settle()) return
    this.resolve({ status: this.status, headers: this.headers, body: Buffer.concat(this.chunks) })
  }

  onResponseError(_: unknown, error: Error): void {
    this.fail(transportError(error, { sent: this.controller !== undefined }))
  }

  fail(error: TransportError): void {
    if (!this.settle()) return
    this.reject(error)
    this.controller?.abort(error)
  }

  private readonly onAbort = (): void => this.end('ABORTED')

  private end(code: string): void {
    this.fail(new TransportError(code, { sent: this.controller !== undefined }))
  }

  private settle(): boolean {
    if (this.isSettled) return false
    this.isSettled = true
    clearTimeout(this.timer)
    this.signal?.removeEventListener('abort', this.onAbort)
    return true
  }
}

import { createHash } from 'node:crypto'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import { isIdempotent } from '../../nodes/http-request/request.ts'
import type { HttpAnswer, HttpRequest } from '../../nodes/http-request/request.ts'
import { fillText } from '../../nodes/locales/fill-text.ts'
import en from '../../nodes/locales/en.json' with { type: 'json' }
import type { SecretStore } from '../elements/secrets.ts'
import { MAX_ANSWER_BYTES } from '../egress/egress-client.ts'
import type { EgressClient, EgressRequest } from '../egress/egress-client.ts'
import type { RawAnswer } from '../egress/exchange.ts'
import { quoteAnswer, readBody, safeHeaders } from '../egress/read-answer.ts'
import { scrubber } from '../egress/scrub.ts'
import type { Scrub } from '../egress/scrub.ts'
import type { Ledger, StepRecord } from '../ledger/ledger.ts'
import { retryAfterMs } from '../providers/sms/failure.ts'
import { TransportError } from '../providers/sms/transport-error.ts'
import type { DurableWriter } from './durable-writer.ts'
import type { LiveRun } from './live-run.ts'
import type { Timers } from './timers.ts'

const FIRST_DELAY_MS = 1_000
const MAX_DELAY_MS = 30_000
/** A server that wants more patience than this gets none: the step ends with what it said. */
const MAX_WAIT_MS = 60_000
/** "Not now": the only refusals that a further attempt can change. */
const NOT_NOW = new Set([429, 502, 503, 504])

export interface HttpRequestsOptions {
  ledger: Ledger
  writer: DurableWriter
  timers: Timers
  egress: EgressClient
  secrets: SecretStore
  random: () => number
}

/** What came of one attempt. */
type Outcome = { answer: RawAnswer; ms: number } | { error: TransportError }

/**
 * The HTTP requests of steps. That one begins is on disk before its first byte leaves; its answer goes to disk with the
 * next effect of the run, or with its end. What a crash catches in between is made again where that does no harm, and
 * otherwise fails as unknown.
 */
export class HttpRequests {
  readonly #on: HttpRequestsOptions
  #held = 0
  #isStopped = false

  constructor(options: HttpRequestsOptions) {
    this.#on = options
  }

  /** Requests on the wire. */
  get held(): number {
    return this.#held
  }

  /** Begins no further attempt: whoever waits for one goes on at the next start. */
  stop(): void {
    this.#isStopped = true
  }

  /** @throws FlowError */
  async make(run: LiveRun, step: StepRecord, request: HttpRequest): Promise<HttpAnswer> {
    if (run.row.dryRun) {
      throw new FlowError(ErrorCode.DryRunRefused, 'A dry run makes no HTTP request')
    }
    const { host } = request.url
    const secrets = this.#openSecrets(request)
    const scrub = scrubber([...secrets.values()])
    const wire = wireRequest(request, secrets, idempotencyKey(run.row.id, step.path))
    const mayRepeat = isIdempotent(request.method) || request.mayRepeat
    await this.#begin(run, step, () => {
      if (!mayRepeat) throw failure(ErrorCode.HttpOutcomeUnknown, { host, reason: 'RESTART' })
    })
    const how = { host, mayRepeat, scrub }
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#attempt(wire)
      if ('answer' in outcome && request.isSuccess(outcome.answer.status)) {
        const answer = describe(outcome, scrub)
        if (answer instanceof TransportError) throw failureOf({ error: answer }, how)
        return answer
      }
      const delay = mayRepeat && attempt <= request.retries ? this.#delayMs(outcome, attempt) : undefined
      if (delay !== undefined && !run.isStopped(step.path)) await this.#wait(run, step.path, delay)
      if (delay === undefined || run.isStopped(step.path)) throw failureOf(outcome, how)
    }
  }

  /** @param begunBefore called where an earlier process began the same request */
  async #begin(run: LiveRun, step: StepRecord, begunBefore: () => void): Promise<void> {
    const { ledger, writer, timers } = this.#on
    const steps = run.takeUnrecorded()
    if (this.#isStopped) {
      // an earlier request of the run may be among them
      await writer.durably(run, () => ledger.planMessages([], steps))
      return forever()
    }
    const isFirst = await writer.durably(run, () => ledger.beginRequest(step.path, timers.now(), steps))
    if (!isFirst) begunBefore()
  }

  async #attempt(request: EgressRequest): Promise<Outcome> {
    if (this.#isStopped) return forever()
    const began = performance.now()
    this.#held++
    try {
      return { answer: await this.#on.egress.request(request), ms: performance.now() - began }
    } catch (error) {
      // cut off by the end of this process: the next one knows what to do
      if (this.#isStopped && error instanceof TransportError && error.code === 'ABORTED') return forever()
      if (error instanceof TransportError) return { error }
      throw error
    } finally {
      this.#held--
    }
  }

  #delayMs(outcome: Outcome, attempt: number): number | undefined {
    const { random, timers } = this.#on
    const jittered = Math.ceil(random() * Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1)))
    if ('error' in outcome) return isPassing(outcome.error) ? jittered : undefined
    const { status, headers } = outcome.answer
    if (!NOT_NOW.has(status)) return undefined
    const delay = Math.max(jittered, retryAfterMs(headers, timers.now()) ?? 0)
    return delay > MAX_WAIT_MS ? undefined : delay
  }

  async #wait(run: LiveRun, path: string, milliseconds: number): Promise<void> {
    const { promise: stopped, resolve: stop } = Promise.withResolvers<undefined>()
    const stopListening = run.onStop(path, () => stop(undefined))
    await Promise.race([this.#on.timers.sleep(milliseconds), stopped])
    stopListening()
  }

  #openSecrets({ headers, url }: HttpRequest): Map<string, string> {
    const names = headers.flatMap((header) => ('secret' in header ? [header.secret] : []))
    return new Map(names.map((name) => [name, this.#on.secrets.open(name, url.hostname.replace(/\.$/, ''))]))
  }
}

function wireRequest(
  { method, url, headers, body, timeoutMs }: HttpRequest,
  secrets: ReadonlyMap<string, string>,
  key: string,
): EgressRequest {
  const own: Record<string, string> = {}
  for (const header of headers) {
    const name = header.name.toLowerCase()
    const value = 'secret' in header ? header.prefix + secrets.get(header.secret)! : header.value
    own[name] = Object.hasOwn(own, name) ? `${own[name]}, ${value}` : value
  }
  return {
    method,
    url,
    headers: { 'user-agent': 'sms-logic', accept: '*/*', 'idempotency-key': key, ...own },
    body,
    timeoutMs,
  }
}

/** The same for every attempt of a step, and for no other step: a server that knows it acts once. */
function idempotencyKey(runId: string, path: string): string {
  return createHash('sha256').update(`${runId}\n${path}`).digest('hex').slice(0, 32)
}

function describe(
  { answer, ms }: Extract<Outcome, { answer: unknown }>,
  scrub: Scrub,
): HttpAnswer | TransportError {
  const body = readBody(answer, scrub)
  if (body instanceof TransportError) return body
  const headers = Object.entries(safeHeaders(answer.headers))
  return {
    status: answer.status,
    headers: Object.fromEntries(headers.map(([name, value]) => [name, scrub(value)])),
    body,
    durationMs: Math.round(ms),
  }
}

/** Faults of the network that may be gone a moment later; none that an answer proved. */
function isPassing({ code, sent }: TransportError): boolean {
  if (sent)
    return code === 'TIMEOUT' || code === 'CONNECTION_CLOSED' || code === 'ECONNRESET' || code === 'EPIPE'
  return /^(E[A-Z]+|CONNECT_TIMEOUT|TIMEOUT|CONNECTION_CLOSED)$/.test(code)
}

function failureOf(
  outcome: Outcome,
  { host, mayRepeat, scrub }: { host: string; mayRepeat: boolean; scrub: Scrub },
): FlowError {
  if ('answer' in outcome) {
    const { status } = outcome.answer
    const excerpt = quoteAnswer(outcome.answer, scrub) || '–'
    return failure(ErrorCode.HttpStatus, { host, status, excerpt })
  }
  const { code: reason, sent } = outcome.error
  switch (reason) {
    case 'ADDRESS_REFUSED':
      return failure(ErrorCode.HttpAddressRefused, { host })
    case 'REDIRECT_REFUSED':
    case 'TOO_MANY_REDIRECTS':
      return failure(ErrorCode.HttpRedirectRefused, { host })
    case 'ANSWER_TOO_LARGE':
      return failure(ErrorCode.HttpAnswerTooLarge, { host, limit: MAX_ANSWER_BYTES })
    case 'ANSWER_UNREADABLE':
      return failure(ErrorCode.HttpAnswerUnreadable, { host })
  }
  if (!sent) return failure(ErrorCode.HttpUnreachable, { host, reason })
  return failure(mayRepeat ? ErrorCode.HttpNoAnswer : ErrorCode.HttpOutcomeUnknown, { host, reason })
}

type HttpErrorCode = Extract<ErrorCode, `HTTP_${string}`>

function failure(code: HttpErrorCode, params: Record<string, string | number>): FlowError {
  const { title, hint } = en.errors[code]
  return new FlowError(code, fillText(title, params), { hint: fillText(hint, params), params })
}

function forever(): Promise<never> {
  return new Promise(() => undefined)
}

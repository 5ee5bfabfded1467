import { AsyncLocalStorage } from 'node:async_hooks'
import type { Transport, WireAnswer, WireRequest } from './transport.ts'
import { TransportError } from './transport-error.ts'

/** What one SDK call came to: what the SDK made of it, and what really happened on the wire. */
export interface WireCall<Result> {
  /** The whole answer, whatever the SDK thought of it. */
  answer: WireAnswer | undefined
  /** Set where the request ended without a whole answer. */
  failure: TransportError | undefined
  /** What the SDK returned; undefined where it threw. */
  result: Result | undefined
  /** What the SDK threw. With neither `answer` nor `failure` it refused the call itself and nothing was sent. */
  thrown: unknown
}

interface OpenCall extends WireCall<unknown> {
  signal: AbortSignal | undefined
  started: boolean
}

const calls = new AsyncLocalStorage<OpenCall>()

/**
 * Runs one SDK call and keeps what happened on the wire beside the SDK's own view of it. SDKs rename errors, drop
 * headers and call half answers a success, and none lets a caller pass an abort signal without a price.
 */
export async function observeCall<Result>(
  sdkCall: () => Promise<Result>,
  signal?: AbortSignal,
): Promise<WireCall<Result>> {
  const call: OpenCall = {
    answer: undefined,
    failure: undefined,
    result: undefined,
    thrown: undefined,
    signal,
    started: false,
  }
  try {
    call.result = await calls.run(call, sdkCall)
  } catch (error) {
    call.thrown = error
  }
  return call as WireCall<Result>
}

/** The wire end of `observeCall`: what an SDK's replaced HTTP client calls. A second request of one call is refused. */
export async function requestInCall(transport: Transport, request: WireRequest): Promise<WireAnswer> {
  const call = calls.getStore()
  if (!call || call.started) throw new TransportError('SECOND_REQUEST', { sent: call !== undefined })
  call.started = true
  try {
    call.answer = await transport.request(request, call.signal)
    return call.answer
  } catch (error) {
    if (error instanceof TransportError) call.failure = error
    throw error
  }
}

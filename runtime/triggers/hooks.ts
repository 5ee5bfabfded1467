import { hash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { TriggerOf, TriggerStore } from './trigger-store.ts'

/** How old, or how far ahead, the time of a signed request may be. */
export const SIGNATURE_WINDOW_MS = 5 * 60_000

export const KEY_HEADER = 'x-trigger-key'
export const TIMESTAMP_HEADER = 'x-timestamp'
export const SIGNATURE_HEADER = 'x-signature'

/** A call of an HTTP trigger before anybody has looked at it. */
export interface HookCall {
  headers: IncomingHttpHeaders
  body: Buffer
  idempotencyKey?: string | undefined
}

/** Says who may call an HTTP trigger. */
export class HookProof {
  readonly #store: TriggerStore
  readonly #now: () => number

  constructor(store: TriggerStore, now: () => number) {
    this.#store = store
    this.#now = now
  }

  /**
   * True where the caller shows the key of the trigger, or has signed the request with its secret within the last
   * minutes. Signed is `<seconds>.<body>`, or `<seconds>.<Idempotency-Key>.<body>` where there is such a key.
   */
  accepts(trigger: TriggerOf<'hook'>, call: HookCall): boolean {
    if (trigger.settings.proof === 'key') {
      const key = call.headers[KEY_HEADER]
      return typeof key === 'string' && this.#store.acceptsKey(trigger, key)
    }
    const timestamp = call.headers[TIMESTAMP_HEADER]
    const signature = /^sha256=([0-9a-f]{64})$/i.exec(String(call.headers[SIGNATURE_HEADER]))?.[1]
    if (typeof timestamp !== 'string' || !/^\d{1,12}$/.test(timestamp) || signature === undefined)
      return false
    if (Math.abs(this.#now() - Number(timestamp) * 1_000) > SIGNATURE_WINDOW_MS) return false
    const { idempotencyKey, body } = call
    const head = idempotencyKey === undefined ? `${timestamp}.` : `${timestamp}.${idempotencyKey}.`
    return this.#store.acceptsSignature(
      trigger,
      Buffer.concat([Buffer.from(head), body]),
      Buffer.from(signature, 'hex'),
    )
  }

  /**
   * What makes two calls the same: the caller's key, or the signature. So who repeats what somebody else signed starts
   * nothing.
   */
  keyOf({ settings }: TriggerOf<'hook'>, { headers, idempotencyKey }: HookCall): string | null {
    if (idempotencyKey !== undefined) return `key ${idempotencyKey}`
    if (settings.proof === 'key') return null
    return `signature ${String(headers[TIMESTAMP_HEADER])} ${String(headers[SIGNATURE_HEADER]).toLowerCase()}`
  }
}

/** Of the bytes that came with a key. */
export function bodyHash(body: Buffer): string {
  return hash('sha256', body)
}

/** @throws FlowError `IDEMPOTENCY_MISMATCH` */
export function refuseOtherBody(known: string | null, given: string): void {
  if (known === null || known === given) return
  throw new FlowError(ErrorCode.IdempotencyMismatch, 'The same Idempotency-Key was used with another body', {
    hint: 'Use a new key for another body.',
  })
}

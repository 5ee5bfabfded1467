import { randomBytes } from 'node:crypto'
import type { SandboxMessage } from '../../nodes/api/sandbox.ts'
import { countSegments } from '../../nodes/services/sms/segments.ts'
import { sandboxOptedOutNumber } from './accounts.ts'
import { Courier } from './courier.ts'
import { ReceiptPlans } from './receipt-plans.ts'
import type { CallbacksOf } from './sandbox.ts'
import type { SandboxFile, TakenMessage } from './sandbox-file.ts'

/** What the three emulators share: the phones, who has opted out, the clock, and ids that never repeat. */
export class SmsNetwork {
  readonly file: SandboxFile
  readonly now: () => Date
  readonly courier: Courier
  readonly receipts = new ReceiptPlans()
  /** Where an account wants its reports and answers; set by whoever runs the sandbox. */
  callbacksOf: CallbacksOf = () => undefined
  /** E.164 numbers whose holders answered STOP to everybody, or `sender number` for one sender. */
  readonly optedOut = new Set([sandboxOptedOutNumber])
  readonly #listeners = new Set<(message: SandboxMessage) => void>()
  readonly #idPrefix = randomBytes(8).toString('hex')
  #ids = 0

  constructor(file: SandboxFile, now: () => Date, receiptDelayMs: number) {
    this.file = file
    this.now = now
    this.courier = new Courier(file, now, receiptDelayMs)
  }

  /** 32 hexadecimal digits: half random for this start of the sandbox, half counted. */
  nextId(): string {
    return this.#idPrefix + (++this.#ids).toString(16).padStart(16, '0')
  }

  /** Takes a text and, unless it failed on the way, shows it on the phone. */
  take(message: Omit<TakenMessage, 'at' | 'segments'>): TakenMessage {
    const taken = { ...message, at: this.now().getTime(), segments: countSegments(message.text).segments }
    this.file.addMessage(taken)
    if (taken.failure === null && this.#listeners.size > 0) {
      const shown = toSandboxMessage(taken)
      for (const listener of this.#listeners) listener(shown)
    }
    return taken
  }

  onMessage(listener: (message: SandboxMessage) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

export function toSandboxMessage(taken: TakenMessage): SandboxMessage {
  return {
    id: taken.id,
    provider: taken.provider,
    to: taken.to,
    from: taken.from,
    text: taken.text,
    at: new Date(taken.at).toISOString(),
    segments: taken.segments,
  }
}

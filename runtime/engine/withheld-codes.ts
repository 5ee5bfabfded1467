import { CODE_MASK } from '../../nodes/login/mobile-login.ts'
import type { MessageForm } from '../../nodes/messages.ts'
import type { OutgoingSms } from '../../nodes/services/sms/provider.ts'
import type { MessageRow } from '../ledger/ledger.ts'
import { outgoing, presentForm } from './outgoing.ts'

/**
 * Codes on their way to phones. They are in this memory alone: ledger, history and log hold the text with a mask in
 * their place. A process that dies takes them along, and whoever waits for a code asks for another one.
 */
export class WithheldCodes {
  readonly #clock: () => number
  readonly #codes = new Map<string, { code: string; until: number }>()

  /** @param clock milliseconds since 1970 */
  constructor(clock: () => number) {
    this.#clock = clock
  }

  /** @param until milliseconds since 1970; a code that is older is not sent any more */
  keep(id: string, code: string, until: number): void {
    const now = this.#clock()
    for (const [old, each] of this.#codes) if (each.until <= now) this.#codes.delete(old)
    this.#codes.set(id, { code, until })
  }

  forget(id: string): void {
    this.#codes.delete(id)
  }

  /** A message with its code in it, for the wire alone; undefined where the code is used, too old or gone. */
  outgoing(message: MessageRow): OutgoingSms | undefined {
    const known = this.#codes.get(message.body.withheld!)
    if (!known || known.until <= this.#clock()) return undefined
    return { ...outgoing(message, message.attempts), ...withCode(presentForm(message), known.code) }
  }
}

function withCode({ text, templateVariables, contentVariables }: MessageForm, code: string): MessageForm {
  const filled = (values: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, value.replaceAll(CODE_MASK, code)]),
    )
  return {
    ...(text !== undefined && { text: text.replaceAll(CODE_MASK, code) }),
    ...(templateVariables && { templateVariables: filled(templateVariables) }),
    ...(contentVariables && { contentVariables: filled(contentVariables) }),
  }
}

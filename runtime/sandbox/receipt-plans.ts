import type { SandboxReceipts } from '../../nodes/api/sandbox.ts'

const usual: Omit<SandboxReceipts, 'phone'> = { delivery: 'delivered', order: 'in-order', repeat: 1 }

/** What becomes of texts to each number, and how their receipts come. */
export class ReceiptPlans {
  readonly #plans = new Map<string, SandboxReceipts>()

  of(phone: string): SandboxReceipts {
    return this.#plans.get(phone) ?? { phone, ...usual }
  }

  set(plan: SandboxReceipts): void {
    const { delivery, order, repeat } = plan
    const isUsual = delivery === usual.delivery && order === usual.order && repeat === usual.repeat
    if (isUsual) this.#plans.delete(plan.phone)
    else this.#plans.set(plan.phone, plan)
  }

  /** Numbers with which it is not as usual. */
  all(): SandboxReceipts[] {
    return [...this.#plans.values()]
  }
}

/** States in the order in which a plan wants them reported. */
export function arrange<T>(states: readonly T[], { order, repeat }: SandboxReceipts): T[] {
  const ordered = order === 'reversed' ? states.toReversed() : states
  return ordered.flatMap((state) => Array.from({ length: repeat }, () => state))
}

import type { Suppression } from '../../nodes/execution.ts'
import type { OptOutRow, OptOuts, PhoneAnswer } from '../ledger/opt-outs.ts'

/**
 * Who wants no texts from a service, in memory for the moment before each send. The ledger holds the same; it is
 * written first.
 */
export class OptOutList {
  readonly #store: OptOuts
  /** Service and number of everybody who is held back. */
  readonly #active = new Set<string>()

  /** Milliseconds since 1970. */
  readonly now: () => number

  constructor(store: OptOuts, now: () => number) {
    this.#store = store
    this.now = now
  }

  async load(): Promise<void> {
    for (const row of await this.#store.all()) if (row.lifted === undefined) this.#add(row)
  }

  /** True where nothing but login codes and security notices may go to this number through this service. */
  blocks(serviceId: string, phone: string): boolean {
    if (this.#active.size === 0) return false
    return this.#active.has(keyOf(serviceId, phone)) || this.#active.has(keyOf('', phone))
  }

  /** The same for many messages of one step; nothing where nobody has opted out of anything. */
  suppression(serviceId: string): Suppression | undefined {
    if (this.#active.size === 0) return undefined
    return ({ phone, essential }) => (!essential && this.blocks(serviceId, phone) ? 'opted-out' : undefined)
  }

  all(): Promise<OptOutRow[]> {
    return this.#store.all()
  }

  /** In force when it answers. @returns false where it was in force already */
  async add(row: Omit<OptOutRow, 'lifted' | 'liftedWhy'>): Promise<boolean> {
    const isNew = await this.#store.keep(row)
    if (isNew) this.#add(row)
    return isNew
  }

  /** Lifts what these sources have set. @returns false where nothing of theirs was in force */
  async lift(change: Parameters<OptOuts['lift']>[0]): Promise<boolean> {
    const isLifted = await this.#store.lift(change)
    if (isLifted) await this.#read(change.serviceId, change.phone)
    return isLifted
  }

  /** In force when it answers. @returns false where this very answer was taken before */
  async takeAnswer(answer: PhoneAnswer): Promise<boolean> {
    const isNew = await this.#store.takeAnswer(answer)
    if (isNew) for (const { serviceId } of answer.to) await this.#read(serviceId, answer.phone)
    return isNew
  }

  async #read(serviceId: string, phone: string): Promise<void> {
    const key = keyOf(serviceId, phone)
    const isHeld = (await this.#store.all()).some(
      (row) => row.lifted === undefined && keyOf(row.serviceId, row.phone) === key,
    )
    if (isHeld) this.#active.add(key)
    else this.#active.delete(key)
  }

  #add({ serviceId, phone }: Pick<OptOutRow, 'serviceId' | 'phone'>): void {
    this.#active.add(keyOf(serviceId, phone))
  }
}

function keyOf(serviceId: string, phone: string): string {
  return `${serviceId} ${phone}`
}

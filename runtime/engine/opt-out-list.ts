import type { Suppression } from '../../nodes/execution.ts'
import type { OptOutRow, OptOuts } from '../ledger/opt-outs.ts'

/**
 * Who wants no texts from a service, in memory for the moment before each send. The ledger holds the same; it is
 * written first.
 */
export class OptOutList {
  readonly #store: OptOuts
  /** Service and number of everybody who is held back. */
  readonly #active = new Set<string>()

  constructor(store: OptOuts) {
    this.#store = store
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
    const key = keyOf(change.serviceId, change.phone)
    if (isLifted) {
      const others = await this.#store.all()
      const isHeld = others.some((row) => row.lifted === undefined && keyOf(row.serviceId, row.phone) === key)
      if (!isHeld) this.#active.delete(key)
    }
    return isLifted
  }

  #add({ serviceId, phone }: Pick<OptOutRow, 'serviceId' | 'phone'>): void {
    this.#active.add(keyOf(serviceId, phone))
  }
}

function keyOf(serviceId: string, phone: string): string {
  return `${serviceId} ${phone}`
}

import type { Scope } from 'rete'
import type { SocketData } from 'rete-connection-plugin'

/** What Rete's connection plugin listens to. */
type SocketSignal = { type: 'render'; data: SocketData } | { type: 'unmount'; data: { element: HTMLElement } }

/**
 * Tells Rete's connection plugin which elements are ports. Cards are recycled, so an element that is known already
 * only learns its new node; the plugin holds the same object.
 */
export class SocketElements {
  readonly #emit: (signal: SocketSignal) => void
  readonly #known = new Map<Element, SocketData>()
  readonly #ofCard = new WeakMap<HTMLElement, Set<Element>>()

  constructor(area: Scope<never, never>) {
    this.#emit = (signal) => void area.signal.emit(signal as never)
  }

  /** Reads the ports of a card that was mounted or filled anew. */
  read(nodeId: string, card: HTMLElement): void {
    const before = this.#ofCard.get(card)
    const now = new Set<Element>()
    for (const element of card.querySelectorAll<HTMLElement>('[data-port]')) {
      now.add(element)
      this.#learn(element, nodeId)
    }
    for (const element of before ?? []) if (!now.has(element)) this.#forget(element)
    this.#ofCard.set(card, now)
  }

  #learn(element: HTMLElement, nodeId: string): void {
    const key = element.dataset['port']!
    const side = element.dataset['side'] === 'input' ? 'input' : 'output'
    const known = this.#known.get(element)
    if (known) {
      Object.assign(known, { nodeId, key, side })
      return
    }
    const socket: SocketData = { element, type: 'socket', nodeId, side, key }
    this.#known.set(element, socket)
    this.#emit({ type: 'render', data: socket })
  }

  #forget(element: Element): void {
    this.#known.delete(element)
    this.#emit({ type: 'unmount', data: { element: element as HTMLElement } })
  }
}

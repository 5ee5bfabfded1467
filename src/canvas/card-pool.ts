import { h, render, type AppContext, type Component } from 'vue'
import type { CardProps } from './card-props.ts'
import NodeCard from './NodeCard.vue'
import NodeNote from './NodeNote.vue'

type CardKind = CardProps['shape']['kind']

/** An element on the canvas with a mounted card inside. */
export interface NodeCardSlot {
  readonly kind: CardKind
  readonly element: HTMLElement
}

const components: Record<CardKind, Component> = { card: NodeCard, note: NodeNote }
/** Cards that left the screen and wait to be used again. */
const MAX_WAITING = 120

/**
 * Mounts cards without one Vue application each: every card is a vnode rendered into its own element, in the
 * context of the application around the canvas. Cards that leave the screen are kept and filled anew.
 * `render` works at once, so what a card shows is in the page when `show` returns.
 */
export class CardPool {
  readonly #holder: HTMLElement
  readonly #appContext: AppContext
  readonly #waiting: Record<CardKind, NodeCardSlot[]> = { card: [], note: [] }
  readonly #slots = new Set<NodeCardSlot>()

  constructor(holder: HTMLElement, appContext: AppContext) {
    this.#holder = holder
    this.#appContext = appContext
  }

  /** Puts a card on the canvas. */
  take(props: CardProps): NodeCardSlot {
    const kind = props.shape.kind
    const slot = this.#waiting[kind].pop() ?? this.#newSlot(kind)
    this.fill(slot, props)
    this.#holder.append(slot.element)
    return slot
  }

  /** Shows something else on a card. */
  fill({ kind, element }: NodeCardSlot, props: CardProps): void {
    const vnode = h(components[kind], { ...props })
    vnode.appContext = this.#appContext
    render(vnode, element)
  }

  /** Takes a card off the canvas. */
  giveBack(slot: NodeCardSlot): void {
    slot.element.remove()
    const waiting = this.#waiting[slot.kind]
    if (waiting.length < MAX_WAITING) waiting.push(slot)
    else this.#drop(slot)
  }

  destroy(): void {
    for (const slot of this.#slots) this.#drop(slot)
  }

  #drop(slot: NodeCardSlot): void {
    this.#slots.delete(slot)
    render(null, slot.element)
    slot.element.remove()
  }

  #newSlot(kind: CardKind): NodeCardSlot {
    const element = document.createElement('div')
    element.className = 'flow-canvas-slot'
    const slot = { kind, element }
    this.#slots.add(slot)
    return slot
  }
}

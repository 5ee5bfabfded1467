import { Scope, type Root } from 'rete'
import type { Area2D } from 'rete-area-plugin'
import { readTheme, type CanvasTheme } from './canvas-theme.ts'
import type { CardPool } from './card-pool.ts'
import type { CardProps } from './card-props.ts'
import type { FlowArea } from './flow-area.ts'
import { grow } from './geometry.ts'
import type { FlowSchemes } from './graph-editor.ts'
import type { NodeBox } from './node-box.ts'
import { paintGrid } from './paint-grid.ts'
import { paintNodes } from './paint-nodes.ts'
import { paintWires, type WireMarks } from './paint-wires.ts'

/** Below this zoom nodes are painted instead of mounted. */
const CARDS_FROM = 0.45
/** Cards are mounted this many screen pixels before they come into sight, and taken away at twice the distance. */
const OVERSCAN = 240
/** Time for mounting cards in one frame; the rest waits as painted boxes. */
const MOUNT_BUDGET_MS = 4
/** How long after the last movement text is drawn sharply again. */
const SETTLE_MS = 160

export interface RendererOptions {
  canvas: HTMLCanvasElement
  pool: CardPool
  cardOf(box: NodeBox): CardProps
  wireMarks(): WireMarks
  /** After a card was mounted, changed or taken away. */
  cardsChanged(box: NodeBox, element: HTMLElement | null): void
}

/**
 * Draws the part of the graph that is on screen, once per frame and only when something changed: wires, grid and
 * far-away nodes on one `<canvas>`, near nodes as Vue cards above it. Cost depends on the screen, not on the graph.
 */
export class FlowRenderer extends Scope<never, [Area2D<FlowSchemes>, Root<FlowSchemes>]> {
  readonly #area: FlowArea
  readonly #options: RendererOptions
  readonly #context: CanvasRenderingContext2D
  readonly #mounted = new Set<NodeBox>()
  readonly #stale = new Set<NodeBox>()
  #theme: CanvasTheme
  #frame = 0
  #settle = 0
  #isHolderHidden = false

  constructor(area: FlowArea, options: RendererOptions) {
    super('flow-renderer')
    this.#area = area
    this.#options = options
    this.#context = options.canvas.getContext('2d')!
    this.#theme = readTheme(area.container)
    this.addPipe((signal) => {
      if (signal && typeof signal === 'object' && 'type' in signal) this.#hear(signal.type)
      return signal
    })
  }

  /** Asks for a frame. */
  invalidate(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0
      this.#draw()
    })
  }

  /** Shows a node anew: its contents, its place or its marks changed. */
  refresh(box: NodeBox): void {
    if (box.card) this.#stale.add(box)
    this.invalidate()
  }

  refreshAll(): void {
    for (const box of this.#mounted) this.#stale.add(box)
    this.invalidate()
  }

  /** Moves a mounted card without drawing its contents again. */
  place(box: NodeBox): void {
    if (box.card) moveTo(box.card.element, box)
    this.invalidate()
  }

  /** Takes the card of a removed node away. */
  forget(box: NodeBox): void {
    this.#unmount(box)
    this.invalidate()
  }

  forgetAll(): void {
    for (const box of [...this.#mounted]) this.#unmount(box)
    this.invalidate()
  }

  /** Colours changed: light, dark. */
  readColours(): void {
    this.#theme = readTheme(this.#area.container)
    this.invalidate()
  }

  get areCardsShown(): boolean {
    return this.#area.scale >= CARDS_FROM
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame)
    clearTimeout(this.#settle)
    for (const box of [...this.#mounted]) this.#unmount(box)
  }

  #hear(type: string): void {
    if (type === 'translated' || type === 'zoomed') this.#moving()
    else if (type === 'resized') this.invalidate()
  }

  /** While moving, the compositor moves a picture of the cards; at rest they are drawn sharply. */
  #moving(): void {
    const { style } = this.#area.area.content.holder
    if (!this.#settle) style.willChange = 'transform'
    clearTimeout(this.#settle)
    this.#settle = window.setTimeout(() => {
      this.#settle = 0
      style.willChange = ''
    }, SETTLE_MS)
    this.invalidate()
  }

  #draw(): void {
    const isComplete = this.#updateCards()
    this.#paint()
    if (!isComplete) this.invalidate()
  }

  /** @returns false where cards are still to be mounted */
  #updateCards(): boolean {
    this.#hideHolder(!this.areCardsShown)
    if (!this.areCardsShown) return true
    const scale = this.#area.scale
    const visible = this.#area.visible()
    const keep = this.#area.grid.within(grow(visible, (2 * OVERSCAN) / scale))
    for (const box of [...this.#mounted]) if (!keep.has(box)) this.#unmount(box)
    for (const box of this.#stale) this.#fill(box)
    this.#stale.clear()
    const deadline = performance.now() + MOUNT_BUDGET_MS
    for (const rect of [visible, grow(visible, OVERSCAN / scale)]) {
      for (const box of this.#area.grid.within(rect)) {
        if (box.card) continue
        if (performance.now() > deadline) return false
        this.#mount(box)
      }
    }
    return true
  }

  #hideHolder(isHidden: boolean): void {
    if (isHidden === this.#isHolderHidden) return
    this.#isHolderHidden = isHidden
    this.#area.area.content.holder.style.display = isHidden ? 'none' : ''
  }

  #mount(box: NodeBox): void {
    box.card = this.#options.pool.take(this.#options.cardOf(box))
    this.#mounted.add(box)
    this.#settled(box)
  }

  #fill(box: NodeBox): void {
    if (!box.card) return
    if (box.card.kind !== box.shape.kind) return this.#unmount(box)
    this.#options.pool.fill(box.card, this.#options.cardOf(box))
    this.#settled(box)
  }

  #settled(box: NodeBox): void {
    const { element } = box.card!
    moveTo(element, box)
    element.style.zIndex = this.#options.cardOf(box).isSelected ? '1' : ''
    this.#options.cardsChanged(box, element)
  }

  #unmount(box: NodeBox): void {
    this.#stale.delete(box)
    this.#mounted.delete(box)
    if (!box.card) return
    this.#options.cardsChanged(box, null)
    this.#options.pool.giveBack(box.card)
    box.card = null
  }

  #paint(): void {
    const { canvas, cardOf, wireMarks } = this.#options
    const context = this.#context
    const { frame, scale } = this.#area
    const { x, y } = this.#area.area.transform
    const density = Math.min(2, window.devicePixelRatio || 1)
    const [width, height] = [Math.round(frame.width * density), Math.round(frame.height * density)]
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width
      canvas.height = height
    }
    const visible = this.#area.visible()
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.clearRect(0, 0, width, height)
    context.setTransform(density * scale, 0, 0, density * scale, density * x, density * y)
    paintGrid(context, visible, scale, this.#theme.grid)
    paintWires(context, this.#area.wires.values(), visible, scale, this.#theme, wireMarks())
    const plain = [...this.#area.grid.within(visible)].filter((box) => !box.card || !this.areCardsShown)
    paintNodes(context, plain, cardOf, scale, this.#theme)
  }
}

function moveTo(element: HTMLElement, { x, y }: NodeBox): void {
  element.style.transform = `translate(${x}px, ${y}px)`
}

import { ZOOM_RANGE, type FlowArea } from './flow-area.ts'
import { boundsOf, type Point, type Rect } from './geometry.ts'

const MARGIN = 32
const ANIMATION_MS = 180
/** A graph that would be shown smaller than this opens where it begins. */
const READABLE = 0.4
const OPENING_SCALE = 0.8

/** Moves the visible part: fit, zoom, centre. Animated, unless the reader asked for less motion. */
export class Viewport {
  readonly #area: FlowArea
  #animation = 0
  /** The frame that the first view was made for, until the canvas is seen. */
  #openedFor: DOMRectReadOnly | null = null

  constructor(area: FlowArea) {
    this.#area = area
    area.addPipe((signal) => {
      if (signal && typeof signal === 'object' && 'type' in signal && signal.type === 'resized') this.#seen()
      return signal
    })
  }

  /** Shows the whole graph, or these nodes; never larger than 100 %. */
  fit(nodeIds?: Iterable<string>, isAnimated = true): void {
    const boxes = nodeIds
      ? [...nodeIds].flatMap((id) => this.#area.boxes.get(id) ?? [])
      : this.#area.boxes.values()
    const bounds = boundsOf(boxes)
    if (!bounds) return this.#go(1, { x: 0, y: 0 }, isAnimated)
    this.#centre(bounds, this.#scaleFor(bounds), isAnimated)
  }

  /**
   * The first view of a graph: all of it, or where it begins if the whole would be too small to read. A node alone is
   * where drawing begins.
   */
  open(): void {
    this.#openedFor = this.#area.frame
    const bounds = boundsOf(this.#area.boxes.values())
    const [first] = [...this.#area.boxes.values()].sort((a, b) => a.x - b.x || a.y - b.y)
    if (!bounds || !first) return this.fit(undefined, false)
    if (this.#area.boxes.size === 1) return this.#beginAt(first, 1)
    if (this.#scaleFor(bounds) >= READABLE) return this.fit(undefined, false)
    this.#beginAt(first, OPENING_SCALE)
  }

  /** On the left, in the middle. */
  #beginAt({ x, y, height }: Rect, scale: number): void {
    const middle = this.#area.frame.height / 2
    this.#go(scale, { x: MARGIN - x * scale, y: middle - (y + height / 2) * scale }, false)
  }

  /** A canvas that was opened where nobody saw it had no size then, or another one. */
  #seen(): void {
    const { width, height } = this.#area.frame
    const opened = this.#openedFor
    if (!opened || width === 0 || height === 0) return
    if (width !== opened.width || height !== opened.height) this.open()
    this.#openedFor = null
  }

  /** @param scale  1 is 100 %; what is in the middle stays there */
  zoomTo(scale: number): void {
    this.#centre(this.#area.visible(), scale, true)
  }

  /** Brings a node to the middle; zooms in where its card would not be shown. */
  centerOn(nodeId: string): void {
    const box = this.#area.boxes.get(nodeId)
    if (box) this.#centre(box, Math.max(0.6, this.#area.scale), true)
  }

  /** Moves just far enough that a node is in sight. */
  reveal(nodeId: string): void {
    const box = this.#area.boxes.get(nodeId)
    if (!box) return
    const { x, y, width, height } = this.#area.visible()
    const margin = 24 / this.#area.scale
    const dx = Math.min(0, box.x - margin - x) + Math.max(0, box.x + box.width + margin - x - width)
    const dy = Math.min(0, box.y - margin - y) + Math.max(0, box.y + box.height + margin - y - height)
    if (dx === 0 && dy === 0) return
    const { x: left, y: top, k } = this.#area.area.transform
    this.#go(k, { x: left - dx * k, y: top - dy * k }, true)
  }

  stop(): void {
    cancelAnimationFrame(this.#animation)
    this.#animation = 0
  }

  #scaleFor(bounds: Rect): number {
    const { width, height } = this.#area.frame
    return Math.min(1, (width - 2 * MARGIN) / bounds.width, (height - 2 * MARGIN) / bounds.height)
  }

  #centre(rect: Rect, wanted: number, isAnimated: boolean): void {
    const scale = Math.max(ZOOM_RANGE.min, Math.min(ZOOM_RANGE.max, wanted))
    const { width, height } = this.#area.frame
    const to = {
      x: width / 2 - (rect.x + rect.width / 2) * scale,
      y: height / 2 - (rect.y + rect.height / 2) * scale,
    }
    this.#go(scale, to, isAnimated)
  }

  #go(scale: number, to: Point, isAnimated: boolean): void {
    this.stop()
    const from = { ...this.#area.area.transform }
    if (!isAnimated || matchMedia('(prefers-reduced-motion: reduce)').matches) return this.#set(scale, to)
    const start = performance.now()
    const step = (now: number) => {
      const t = Math.min(1, Math.max(0, (now - start) / ANIMATION_MS))
      const eased = 1 - (1 - t) ** 3
      const mix = (a: number, b: number) => a + (b - a) * eased
      this.#set(mix(from.k, scale), { x: mix(from.x, to.x), y: mix(from.y, to.y) })
      this.#animation = t < 1 ? requestAnimationFrame(step) : 0
    }
    this.#animation = requestAnimationFrame(step)
  }

  #set(scale: number, { x, y }: Point): void {
    const { area } = this.#area
    void area.zoom(scale).then(() => area.translate(x, y))
  }
}

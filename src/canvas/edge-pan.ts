import type { FlowArea } from './flow-area.ts'

/** Screen pixels from the edge at which the canvas begins to move, and its greatest speed per frame. */
const EDGE = 36
const SPEED = 14

/** Moves the canvas while something is dragged close to its edge. */
export class EdgePan {
  readonly #area: FlowArea
  readonly #panned: () => void
  #frame = 0
  #pointer = { clientX: 0, clientY: 0 }

  /** @param panned  called after each movement, so that what is dragged can follow */
  constructor(area: FlowArea, panned: () => void) {
    this.#area = area
    this.#panned = panned
  }

  /** Call with every pointer move of the drag. */
  follow({ clientX, clientY }: PointerEvent): void {
    this.#pointer = { clientX, clientY }
    this.#frame ||= requestAnimationFrame(() => this.#step())
  }

  stop(): void {
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
  }

  #step(): void {
    this.#frame = 0
    const { left, right, top, bottom } = this.#area.frame
    const dx = speed(this.#pointer.clientX, left, right)
    const dy = speed(this.#pointer.clientY, top, bottom)
    if (dx === 0 && dy === 0) return
    this.#area.panBy(dx, dy)
    // The transform follows in a microtask.
    queueMicrotask(() => queueMicrotask(this.#panned))
    this.#frame = requestAnimationFrame(() => this.#step())
  }
}

function speed(at: number, from: number, to: number): number {
  const before = from + EDGE - at
  const after = at - (to - EDGE)
  if (before > 0) return Math.min(1, before / EDGE) * SPEED
  return after > 0 ? -Math.min(1, after / EDGE) * SPEED : 0
}

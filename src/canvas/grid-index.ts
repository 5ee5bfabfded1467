import { overlaps, type Rect } from './geometry.ts'

const CELL = 512
/** Far outside of every sensible drawing; keeps a file with absurd positions from filling endless cells. */
const EDGE = 1e7

interface Cells {
  left: number
  top: number
  right: number
  bottom: number
}

/** Finds what lies in a rectangle without looking at everything: each box is filed under the squares it touches. */
export class GridIndex<Box extends Rect> {
  #squares = new Map<string, Set<Box>>()
  #filed = new Map<Box, Cells>()

  /** Files a box, or files it again after it moved or grew. */
  put(box: Box): void {
    const cells = cellsOf(box)
    const filed = this.#filed.get(box)
    if (filed && sameCells(filed, cells)) return
    if (filed) this.remove(box)
    this.#filed.set(box, cells)
    for (const key of keysOf(cells)) {
      const square = this.#squares.get(key)
      if (square) square.add(box)
      else this.#squares.set(key, new Set([box]))
    }
  }

  remove(box: Box): void {
    const cells = this.#filed.get(box)
    if (!cells) return
    this.#filed.delete(box)
    for (const key of keysOf(cells)) {
      const square = this.#squares.get(key)!
      square.delete(box)
      if (square.size === 0) this.#squares.delete(key)
    }
  }

  clear(): void {
    this.#squares.clear()
    this.#filed.clear()
  }

  /** Every box that overlaps the rectangle. */
  within(rect: Rect): Set<Box> {
    const found = new Set<Box>()
    const cells = cellsOf(rect)
    const squareCount = (cells.right - cells.left + 1) * (cells.bottom - cells.top + 1)
    const candidates = squareCount > this.#filed.size ? [this.#filed.keys()] : this.#squaresIn(cells)
    for (const boxes of candidates) for (const box of boxes) if (overlaps(box, rect)) found.add(box)
    return found
  }

  *#squaresIn(cells: Cells): Generator<Set<Box>> {
    for (const key of keysOf(cells)) {
      const square = this.#squares.get(key)
      if (square) yield square
    }
  }
}

function cellsOf({ x, y, width, height }: Rect): Cells {
  return { left: cell(x), top: cell(y), right: cell(x + width), bottom: cell(y + height) }
}

function cell(coordinate: number): number {
  return Math.floor(Math.max(-EDGE, Math.min(EDGE, coordinate)) / CELL)
}

function sameCells(a: Cells, b: Cells): boolean {
  return a.left === b.left && a.top === b.top && a.right === b.right && a.bottom === b.bottom
}

function* keysOf({ left, top, right, bottom }: Cells): Generator<string> {
  for (let column = left; column <= right; column++) {
    for (let row = top; row <= bottom; row++) yield `${column}/${row}`
  }
}

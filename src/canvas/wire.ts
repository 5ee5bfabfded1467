import type { Point, Rect } from './geometry.ts'

/** A connection as it is drawn: from an output (leaving to the right) to an input (arriving from the left). */
export interface Wire {
  x1: number
  y1: number
  x2: number
  y2: number
}

/** How finely a curve is followed when the pointer looks for it. */
const SEGMENTS = 24

/** Horizontal distance of the two control points of the Bézier curve from its ends. */
export function reachOf({ x1, y1, x2, y2 }: Wire): number {
  const ahead = x2 - x1
  if (ahead >= 0) return Math.max(Math.min(ahead, 48), ahead / 2)
  return Math.min(200, 64 - ahead / 4 + Math.abs(y2 - y1) / 6)
}

/** The curve as an SVG path. */
export function wirePath(wire: Wire): string {
  const { x1, y1, x2, y2 } = wire
  const reach = reachOf(wire)
  return `M ${x1} ${y1} C ${x1 + reach} ${y1} ${x2 - reach} ${y2} ${x2} ${y2}`
}

/** A rectangle that surely holds the whole curve. */
export function wireBounds(wire: Wire): Rect {
  const reach = reachOf(wire)
  const left = Math.min(wire.x1, wire.x2 - reach)
  const right = Math.max(wire.x2, wire.x1 + reach)
  const top = Math.min(wire.y1, wire.y2)
  return { x: left, y: top, width: right - left, height: Math.abs(wire.y2 - wire.y1) }
}

/** @param t  0 at the output, 1 at the input */
export function pointOnWire(wire: Wire, t: number): Point {
  const reach = reachOf(wire)
  const s = 1 - t
  const [a, b, c, d] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t]
  return {
    x: a * wire.x1 + b * (wire.x1 + reach) + c * (wire.x2 - reach) + d * wire.x2,
    y: (a + b) * wire.y1 + (c + d) * wire.y2,
  }
}

/** How far a place is from the curve. */
export function distanceToWire(wire: Wire, place: Point): number {
  let nearest = Infinity
  let from: Point = { x: wire.x1, y: wire.y1 }
  for (let step = 1; step <= SEGMENTS; step++) {
    const to = pointOnWire(wire, step / SEGMENTS)
    nearest = Math.min(nearest, distanceToLine(from, to, place))
    from = to
  }
  return nearest
}

function distanceToLine(from: Point, to: Point, place: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const squared = dx * dx + dy * dy
  const along = squared === 0 ? 0 : ((place.x - from.x) * dx + (place.y - from.y) * dy) / squared
  const t = Math.max(0, Math.min(1, along))
  return Math.hypot(place.x - (from.x + t * dx), place.y - (from.y + t * dy))
}

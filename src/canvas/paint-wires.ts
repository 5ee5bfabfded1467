import type { ChangeMark } from '../stores/graph-store.ts'
import type { CanvasTheme } from './canvas-theme.ts'
import { grow, overlaps, type Rect } from './geometry.ts'
import { wireOf, type WireView } from './node-box.ts'
import { reachOf, wireBounds, type Wire } from './wire.ts'

/** Below this zoom a curve cannot be told from a line, and a line is much cheaper. */
const STRAIGHT_BELOW = 0.25
const WIDTH = 2

export interface WireMarks {
  selected: ReadonlySet<string>
  hovered: string | null
  /** The wire that is being replaced or moved: not drawn. */
  lifted: string | null
  /** What a comparison with another version says of them. */
  changes: ReadonlyMap<string, ChangeMark>
  /** The run that is shown went along them. */
  taken: ReadonlySet<string>
}

/** Draws all wires that touch the visible part: one path, and so one stroke, per colour. */
export function paintWires(
  context: CanvasRenderingContext2D,
  wires: Iterable<WireView>,
  visible: Rect,
  scale: number,
  theme: CanvasTheme,
  { selected, hovered, lifted, changes, taken }: WireMarks,
): void {
  const area = grow(visible, WIDTH)
  const marked: { wire: Wire; colour: string }[] = []
  const colourOf = (id: string) => {
    if (selected.has(id)) return theme.accent
    const change = changes.get(id)
    if (change) return change === 'removed' ? theme.danger : theme.success
    if (taken.has(id)) return theme.success
    return id === hovered ? theme.text : null
  }
  context.lineCap = 'round'
  context.lineWidth = Math.max(WIDTH, 1 / scale)
  context.strokeStyle = theme.border
  context.beginPath()
  for (const view of wires) {
    if (view.id === lifted) continue
    const wire = wireOf(view)
    if (!overlaps(wireBounds(wire), area)) continue
    const colour = colourOf(view.id)
    if (colour !== null) marked.push({ wire, colour })
    else trace(context, wire, scale)
  }
  context.stroke()
  for (const { wire, colour } of marked) {
    context.lineWidth = Math.max(WIDTH * 1.5, 1.5 / scale)
    context.strokeStyle = colour
    context.beginPath()
    trace(context, wire, scale)
    context.stroke()
  }
}

function trace(context: CanvasRenderingContext2D, wire: Wire, scale: number): void {
  const { x1, y1, x2, y2 } = wire
  context.moveTo(x1, y1)
  if (scale < STRAIGHT_BELOW) {
    context.lineTo(x2, y2)
    return
  }
  const reach = reachOf(wire)
  context.bezierCurveTo(x1 + reach, y1, x2 - reach, y2, x2, y2)
}

import type { Rect } from './geometry.ts'

const SPACING = 24

/** Draws the dots of the background; fewer when zoomed out, none from afar. */
export function paintGrid(
  context: CanvasRenderingContext2D,
  visible: Rect,
  scale: number,
  colour: string,
): void {
  if (scale < 0.3) return
  const spacing = scale < 0.7 ? SPACING * 2 : SPACING
  const size = 1.5 / Math.min(1, scale)
  const startX = Math.floor(visible.x / spacing) * spacing
  const startY = Math.floor(visible.y / spacing) * spacing
  context.fillStyle = colour
  for (let x = startX; x <= visible.x + visible.width; x += spacing) {
    for (let y = startY; y <= visible.y + visible.height; y += spacing) context.fillRect(x, y, size, size)
  }
}

import { moveNodes } from '../commands/move-nodes.ts'
import { EdgePan } from './edge-pan.ts'
import type { FlowScene } from './flow-scene.ts'
import { snap, type Point } from './geometry.ts'
import type { NodeBox } from './node-box.ts'
import type { PointerGesture } from './pointer-gesture.ts'

/** Screen pixels: a shorter way of the pointer is a click. */
const CLICK_DISTANCE = 4

/**
 * Drags nodes. They follow the pointer at once; the document learns of it when they are let go, as one step.
 * The grabbed node sticks to the grid, the others keep their distance to it. Alt lets it go between.
 * @param clicked  called instead where the pointer did not move
 */
export function dragNodes(
  scene: FlowScene,
  grabbed: NodeBox,
  boxes: readonly NodeBox[],
  press: PointerEvent,
  clicked: () => void,
): PointerGesture {
  const { area, renderer, store } = scene
  const starts = new Map<NodeBox, Point>(boxes.map((box) => [box, { x: box.x, y: box.y }]))
  const grip = starts.get(grabbed)!
  const pressedAt = area.toCanvas(press.clientX, press.clientY)
  let isDragging = false
  let last = press

  function place(dx: number, dy: number) {
    for (const [box, start] of starts) {
      area.place(box, { x: start.x + dx, y: start.y + dy })
      renderer.place(box)
    }
  }
  function follow() {
    const { x, y } = area.toCanvas(last.clientX, last.clientY)
    const to = { x: grip.x + x - pressedAt.x, y: grip.y + y - pressedAt.y }
    if (!last.altKey) Object.assign(to, { x: snap(to.x), y: snap(to.y) })
    place(to.x - grip.x, to.y - grip.y)
  }
  const edgePan = new EdgePan(area, follow)

  return {
    move(event) {
      last = event
      const way = Math.hypot(event.clientX - press.clientX, event.clientY - press.clientY)
      if (!isDragging && way < CLICK_DISTANCE) return
      isDragging = true
      edgePan.follow(event)
      follow()
    },
    end() {
      edgePan.stop()
      if (!isDragging) return clicked()
      const positions = new Map(boxes.map((box) => [box.id, { x: box.x, y: box.y }]))
      place(0, 0)
      store.apply(moveNodes(positions))
    },
    cancel() {
      edgePan.stop()
      place(0, 0)
    },
  }
}

import { EdgePan } from './edge-pan.ts'
import type { FlowScene } from './flow-scene.ts'
import { between, type Rect } from './geometry.ts'
import type { PointerGesture } from './pointer-gesture.ts'

/** Screen pixels: a smaller box is a click on the background. */
const CLICK_DISTANCE = 4

/**
 * Draws a box over the background and selects what it touches; with Shift in addition to what was selected.
 * @param show  draws the box, in canvas units; `null` takes it away
 */
export function boxSelect(
  scene: FlowScene,
  press: PointerEvent,
  show: (box: Rect | null) => void,
): PointerGesture {
  const { area, store } = scene
  const before = press.shiftKey ? store.selectedNodes : new Set<string>()
  const start = area.toCanvas(press.clientX, press.clientY)
  let isDragging = false
  let last = press

  function select() {
    const rect = between(start, area.toCanvas(last.clientX, last.clientY))
    show(rect)
    store.select([...before, ...[...area.grid.within(rect)].map((box) => box.id)])
  }
  const edgePan = new EdgePan(area, select)

  return {
    move(event) {
      last = event
      const way = Math.hypot(event.clientX - press.clientX, event.clientY - press.clientY)
      if (!isDragging && way < CLICK_DISTANCE) return
      isDragging = true
      edgePan.follow(event)
      select()
    },
    end() {
      edgePan.stop()
      show(null)
      if (!isDragging && !press.shiftKey) store.clearSelection()
    },
    cancel() {
      edgePan.stop()
      show(null)
      store.select(before)
    },
  }
}

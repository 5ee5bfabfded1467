import { Zoom } from 'rete-area-plugin'

export interface ZoomTarget {
  panBy(dx: number, dy: number): void
  /** @param factor  2 doubles the size of everything; the place under the pointer stays where it is */
  zoomBy(factor: number, clientX: number, clientY: number): void
}

const LINE_HEIGHT = 16

/**
 * Wheel and pinch. Two fingers on a trackpad pan; a mouse wheel, Ctrl or ⌘ with any wheel, and a pinch zoom;
 * Shift with the wheel pans sideways. Rete's own handler zooms on every wheel event.
 */
export class FlowZoom extends Zoom {
  readonly #target: ZoomTarget

  constructor(target: ZoomTarget) {
    super(0.1)
    this.#target = target
  }

  protected override wheel = (event: WheelEvent) => {
    event.preventDefault()
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_HEIGHT : 1
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit]
    if (event.ctrlKey || event.metaKey || (isMouseWheel(event) && !event.shiftKey)) {
      // A pinch on a trackpad arrives as small deltas with Ctrl, a notch of a wheel as about a hundred.
      const step = Math.max(-60, Math.min(60, dy))
      this.#target.zoomBy(Math.exp(-step * (Math.abs(dy) < 20 ? 0.01 : 0.003)), event.clientX, event.clientY)
    } else if (event.shiftKey && dx === 0) {
      this.#target.panBy(-dy, 0)
    } else {
      this.#target.panBy(-dx, -dy)
    }
  }

  /** A double click on the background means something else here. */
  protected override dblclick = () => {}
}

/**
 * Browsers do not say which device it was. Notched wheels report lines (Firefox) or whole notches of 120 in the
 * otherwise unused `wheelDeltaY`; trackpads report pixels there, three times the delta (Chromium, Safari).
 */
function isMouseWheel(event: WheelEvent): boolean {
  if (event.deltaMode !== WheelEvent.DOM_DELTA_PIXEL) return true
  const { wheelDeltaY } = event as WheelEvent & { wheelDeltaY?: number }
  if (event.deltaX !== 0 || !wheelDeltaY) return false
  return wheelDeltaY % 120 === 0 && wheelDeltaY !== -3 * event.deltaY
}

import { ref, shallowRef } from 'vue'
import { boxSelect } from './box-select.ts'
import type { CanvasContext, ContextMenuRequest, QuickAddRequest } from './canvas-context.ts'
import { dragNodes } from './drag-nodes.ts'
import type { FlowScene } from './flow-scene.ts'
import type { Point, Rect } from './geometry.ts'
import { followPointer } from './pointer-gesture.ts'

/** Screen pixels beside a wire that still count as on it. */
const WIRE_REACH = 7

export interface CanvasPointerOptions {
  edit(nodeId: string): void
  quickAdd(request: QuickAddRequest): void
  openMenu(request: ContextMenuRequest): void
}

/** What the pointer does on the canvas: select, move, box-select; panning and wires are Rete's part. */
export function useCanvasPointer(context: CanvasContext, options: CanvasPointerOptions) {
  const { props, pointer } = context
  const selectionBox = shallowRef<Rect | null>(null)
  /** While the space bar is held, dragging pans. */
  const isSpaceHeld = ref(false)
  let lastButton = 0

  function mayPan(event: PointerEvent): boolean {
    if (event.button === 1 || (event.button === 0 && isSpaceHeld.value)) return true
    const area = context.scene()?.area
    return event.pointerType === 'touch' && !area?.nodeAt(area.toCanvas(event.clientX, event.clientY))
  }

  /** Hears every press first, also those on ports, which go no further than to the connection plugin. */
  function notePress(event: PointerEvent) {
    lastButton = event.button
    const area = context.scene()?.area
    area?.measure()
    area?.area.setPointerFrom(event) // a finger arrives without moving there first
  }

  function press(event: PointerEvent) {
    const scene = context.scene()
    if (!scene) return
    scene.viewport.stop()
    if (event.button === 1) event.preventDefault() // the browser would scroll by itself
    if (event.button !== 0 || mayPan(event)) return
    const place = scene.area.toCanvas(event.clientX, event.clientY)
    const box = scene.area.nodeAt(place)
    if (box) return pressNode(scene, box.id, event)
    const wire = wireAt(scene, place)
    if (wire) return props.store.selectConnection(wire, event.shiftKey)
    const showBox = (rect: Rect | null) => (selectionBox.value = rect)
    followPointer(event, boxSelect(scene, event, showBox))
  }

  function pressNode(scene: FlowScene, nodeId: string, event: PointerEvent) {
    const { store } = props
    context.focusNode(nodeId, false)
    if (event.shiftKey || event.ctrlKey || event.metaKey) return store.toggle(nodeId)
    if (!store.selectedNodes.has(nodeId)) store.select([nodeId])
    if (props.readonly) return
    const boxes = [...store.selectedNodes].flatMap((id) => scene.area.boxes.get(id) ?? [])
    const grabbed = scene.area.boxes.get(nodeId)!
    const selectOnlyThis = () => store.select([nodeId])
    followPointer(event, dragNodes(scene, grabbed, boxes, event, selectOnlyThis))
  }

  function move(event: PointerEvent) {
    const scene = context.scene()
    Object.assign(pointer, { clientX: event.clientX, clientY: event.clientY, isInside: true })
    if (!scene || event.buttons !== 0) return
    const isOverCard = event.target instanceof Element && event.target.closest('[data-node-id]') !== null
    const place = scene.area.toCanvas(event.clientX, event.clientY)
    scene.hoverWire(isOverCard ? null : wireAt(scene, place))
  }

  function leave() {
    pointer.isInside = false
    context.scene()?.hoverWire(null)
  }

  function doubleClick(event: MouseEvent) {
    const area = context.scene()?.area
    if (!area) return
    const place = area.toCanvas(event.clientX, event.clientY)
    const box = area.nodeAt(place)
    if (box) options.edit(box.id)
    else if (!props.readonly) options.quickAdd({ ...place, clientX: event.clientX, clientY: event.clientY })
  }

  function contextMenu(event: MouseEvent) {
    event.preventDefault()
    const area = context.scene()?.area
    if (area) openMenuAt(area.toCanvas(event.clientX, event.clientY))
  }

  function openMenuAt(place: Point) {
    const scene = context.scene()!
    const node = scene.area.nodeAt(place)?.id
    const connection = node === undefined ? wireAt(scene, place) : null
    if (node !== undefined && !props.store.selectedNodes.has(node)) props.store.select([node])
    if (connection !== null) props.store.selectConnection(connection)
    const client = scene.area.toClient(place)
    options.openMenu({
      ...place,
      clientX: client.x,
      clientY: client.y,
      ...(node !== undefined && { nodeId: node }),
      ...(connection !== null && { connectionId: connection }),
    })
  }

  return {
    selectionBox,
    isSpaceHeld,
    mayPan,
    /** Only the main button draws wires. */
    mayDraw: () => !props.readonly && lastButton === 0,
    openMenuAt,
    on: { notePress, press, move, leave, doubleClick, contextMenu },
  }
}

function wireAt({ area }: FlowScene, place: Point): string | null {
  return area.wireAt(place, WIRE_REACH / area.scale)?.id ?? null
}

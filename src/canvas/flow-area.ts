import { AreaPlugin, Drag, type Area2D } from 'rete-area-plugin'
import type { NodeDefinition } from '../../nodes/define.ts'
import type { GraphConnection, GraphNode } from '../../nodes/graph/schema.ts'
import type { GraphDocument, Patch } from '../stores/graph-document.ts'
import { FlowZoom } from './flow-zoom.ts'
import { contains, grow, type Point, type Rect } from './geometry.ts'
import type { FlowSchemes } from './graph-editor.ts'
import { GridIndex } from './grid-index.ts'
import { wireOf, wireViewOf, type NodeBox, type WireView } from './node-box.ts'
import { shapeOf } from './node-shape.ts'
import { distanceToWire, wireBounds } from './wire.ts'

export const ZOOM_RANGE = { min: 0.05, max: 2 } as const

/**
 * Rete's area without an element per node and connection: views are plain boxes and wires, filed in a grid.
 * Knows what is where; drawing is the renderer's part.
 */
export class FlowArea extends AreaPlugin<FlowSchemes, Area2D<FlowSchemes>> {
  readonly boxes = new Map<string, NodeBox>()
  readonly wires = new Map<string, WireView>()
  readonly grid = new GridIndex<NodeBox>()
  /** The container's place in the window; kept so that pointer moves force no layout. */
  frame: DOMRectReadOnly
  readonly #definitions: ReadonlyMap<string, NodeDefinition>
  readonly #resizes: ResizeObserver

  /** @param mayPan  says whether pressing the pointer here begins a pan */
  constructor(
    container: HTMLElement,
    definitions: readonly NodeDefinition[],
    mayPan: (event: PointerEvent) => boolean,
  ) {
    super(container)
    this.#definitions = new Map(definitions.map((definition) => [definition.type, definition]))
    this.frame = container.getBoundingClientRect()
    this.area.setDragHandler(new Drag({ down: mayPan, move: () => true }))
    this.area.setZoomHandler(new FlowZoom(this))
    this.area.setPointerFrom = (event) => {
      this.area.pointer = this.toCanvas(event.clientX, event.clientY)
    }
    this.#resizes = new ResizeObserver(() => {
      this.measure()
      void this.emit({ type: 'resized', data: { event: new Event('resize') } })
    })
    this.#resizes.observe(container)
    this.addPipe((signal) => {
      if (signal && typeof signal === 'object' && 'type' in signal && signal.type === 'zoom') {
        const zoom = Math.max(ZOOM_RANGE.min, Math.min(ZOOM_RANGE.max, signal.data.zoom))
        return { ...signal, data: { ...signal.data, zoom } }
      }
      return signal
    })
  }

  /** Looks up again where the container is in the window: it may have moved without a change of size. */
  measure(): void {
    this.frame = this.container.getBoundingClientRect()
  }

  get scale(): number {
    return this.area.transform.k
  }

  toCanvas(clientX: number, clientY: number): Point {
    const { x, y, k } = this.area.transform
    return { x: (clientX - this.frame.left - x) / k, y: (clientY - this.frame.top - y) / k }
  }

  toClient({ x, y }: Point): Point {
    const { x: left, y: top, k } = this.area.transform
    return { x: this.frame.left + left + x * k, y: this.frame.top + top + y * k }
  }

  /** The part of the canvas that is on screen. */
  visible(): Rect {
    const { x, y, k } = this.area.transform
    return { x: -x / k, y: -y / k, width: this.frame.width / k, height: this.frame.height / k }
  }

  panBy(dx: number, dy: number): void {
    const { x, y } = this.area.transform
    void this.area.translate(x + dx, y + dy)
  }

  zoomBy(factor: number, clientX: number, clientY: number): void {
    const { x, y, k } = this.area.transform
    const [toPointerX, toPointerY] = [clientX - this.frame.left - x, clientY - this.frame.top - y]
    void this.area.zoom(k * factor, toPointerX * (1 - factor), toPointerY * (1 - factor), 'wheel')
  }

  /** Builds all views at once. */
  load(document: GraphDocument): void {
    this.boxes.clear()
    this.wires.clear()
    this.grid.clear()
    for (const node of document.nodes.values()) this.#putBox(node)
    for (const connection of document.connections.values()) this.#putWire(connection)
  }

  /** Follows one change of the document. @returns the boxes of changed and removed nodes */
  follow(document: GraphDocument, patch: Patch): { changed: NodeBox[]; removed: NodeBox[] } {
    const changed: NodeBox[] = []
    const removed: NodeBox[] = []
    for (const { id, after } of patch.nodes) {
      const box = this.boxes.get(id)
      if (after) changed.push(this.#putBox(after))
      else if (box) {
        this.boxes.delete(id)
        this.grid.remove(box)
        removed.push(box)
      }
    }
    for (const { id, after } of patch.connections) {
      if (after) this.#putWire(after)
      else this.wires.delete(id)
    }
    // Ports may have moved inside of changed nodes.
    if (changed.length > 0) {
      const touched = new Set(changed.map((box) => box.id))
      for (const connection of document.connections.values()) {
        if (touched.has(connection.from.node)) this.#putWire(connection)
      }
    }
    return { changed, removed }
  }

  /** Puts a box somewhere without touching the document: while it is dragged, and back again. */
  place(box: NodeBox, { x, y }: Point): void {
    box.x = x
    box.y = y
    this.grid.put(box)
  }

  /** The topmost node at a place. Cards reach a little over their edge, where the ports are. */
  nodeAt(place: Point, reach = 0): NodeBox | undefined {
    let found: NodeBox | undefined
    for (const box of this.grid.within(grow({ ...place, width: 0, height: 0 }, reach))) {
      if (!contains(grow(box, reach), place)) continue
      if (!found || box.shape.kind === 'card' || found.shape.kind === 'note') found = box
    }
    return found
  }

  /** The connection nearest to a place, if it is near enough. */
  wireAt(place: Point, reach: number): WireView | undefined {
    let found: WireView | undefined
    let nearest = reach
    for (const view of this.wires.values()) {
      const wire = wireOf(view)
      if (!contains(grow(wireBounds(wire), reach), place)) continue
      const distance = distanceToWire(wire, place)
      if (distance > nearest) continue
      nearest = distance
      found = view
    }
    return found
  }

  override destroy(): void {
    this.#resizes.disconnect()
    super.destroy()
  }

  #putBox(node: GraphNode): NodeBox {
    const shape = shapeOf(node, this.#definitions.get(node.type))
    const { width, height } = shape
    const box = this.boxes.get(node.id) ?? {
      id: node.id,
      node,
      shape,
      ...node.position,
      width,
      height,
      card: null,
    }
    Object.assign(box, { node, shape, width, height, ...node.position })
    this.boxes.set(node.id, box)
    this.grid.put(box)
    return box
  }

  #putWire({ id, from, to }: GraphConnection): void {
    const source = this.boxes.get(from.node)
    const target = this.boxes.get(to.node)
    if (source && target) this.wires.set(id, wireViewOf(id, source, from.port, target))
  }
}

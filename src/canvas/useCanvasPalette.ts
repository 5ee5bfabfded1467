import type { GraphNode } from '../../nodes/graph/schema.ts'
import { addNode, refuseNode } from '../commands/add-node.ts'
import type { CanvasContext } from './canvas-context.ts'
import { snap, type Point } from './geometry.ts'
import { shapeOf } from './node-shape.ts'

/** Type of drag data that carries a node type from the palette. */
const DRAG_TYPE = 'application/x-sms-logic-node'
/** Screen pixels beside a wire at which a dropped node is put into it. */
const INSERT_REACH = 24
/** Room that a node added without a place needs, and the step in which it is looked for. */
const ROOM = { width: 256, height: 176, step: 48, tries: 20 }

/** Adds nodes: dragged from the palette, or chosen there by keyboard. */
export function useCanvasPalette(context: CanvasContext) {
  const { props } = context

  function dragOver(event: DragEvent) {
    const scene = context.scene()
    if (!scene || props.readonly || !event.dataTransfer?.types.includes(DRAG_TYPE)) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'copy'
    scene.hoverWire(wireAt(scene.area.toCanvas(event.clientX, event.clientY)) ?? null)
  }

  function dragLeave() {
    context.scene()?.hoverWire(null)
  }

  function drop(event: DragEvent) {
    const type = event.dataTransfer?.getData(DRAG_TYPE)
    const scene = context.scene()
    if (!type || !scene || props.readonly) return
    event.preventDefault()
    Object.assign(context.pointer, { clientX: event.clientX, clientY: event.clientY })
    scene.hoverWire(null)
    const place = scene.area.toCanvas(event.clientX, event.clientY)
    addAt(type, place, wireAt(place))
  }

  function wireAt(place: Point): string | undefined {
    const { area } = context.scene()!
    return area.wireAt(place, INSERT_REACH / area.scale)?.id
  }

  /** Adds a node with its middle at a place. @returns its id; `null` where the graph does not take it */
  function addAt(type: string, middle: Point, into?: string): string | null {
    const definition = props.definitions.find((each) => each.type === type)
    if (!definition) return null
    const refusal = refuseNode(props.store.document, definition)
    if (refusal) {
      context.showNotice(`canvas.refusals.${refusal}`)
      return null
    }
    const params = definition.defaults() as GraphNode['params']
    const { width, height } = shapeOf(
      { id: 'new', type, typeVersion: 1, position: middle, params },
      definition,
    )
    const position = { x: snap(middle.x - width / 2), y: snap(middle.y - height / 2) }
    const id = props.store.apply(addNode(definition, { position, into }))!.nodes[0]!.id
    props.store.select([id])
    context.focusNode(id, false)
    context.announce('canvas.announce.added', { title: context.titleOf(id) })
    return id
  }

  /** Adds a node in the middle of what is visible, or below where that is taken. */
  function addAtCenter(type: string): string | null {
    const { area, viewport } = context.scene()!
    const { x, y, width, height } = area.visible()
    const place = { x: x + width / 2, y: y + height / 2 }
    const isTaken = () =>
      area.grid.within({
        x: place.x - ROOM.width / 2,
        y: place.y - ROOM.height / 2,
        width: ROOM.width,
        height: ROOM.height,
      }).size > 0
    for (let tries = 0; tries < ROOM.tries && isTaken(); tries++) place.y += ROOM.step
    const id = addAt(type, place)
    if (id !== null) viewport.reveal(id)
    return id
  }

  return { addAtCenter, on: { dragOver, dragLeave, drop } }
}

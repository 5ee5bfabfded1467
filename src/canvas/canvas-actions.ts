import { deleteNodes } from '../commands/delete-nodes.ts'
import { duplicate } from '../commands/duplicate.ts'
import { moveNodes } from '../commands/move-nodes.ts'
import type { CanvasContext } from './canvas-context.ts'
import type { CanvasAction } from './canvas-keys.ts'
import type { Point } from './geometry.ts'
import { walk } from './walk.ts'

/** Actions that open something on the page around the canvas. */
export interface CanvasActionsOptions {
  edit(nodeId: string): void
  connect(nodeId: string): void
  openMenu(place: Point): void
  quickAdd(place: Point): void
}

const ZOOM_STEP = 1.25

/** Carries out what a key, a menu entry or a toolbar button asks for. @returns false where there was nothing to do */
export function canvasActions(
  context: CanvasContext,
  options: CanvasActionsOptions,
): (action: CanvasAction) => boolean {
  const { props, announce, focusNode } = context
  const scene = () => context.scene()!

  /** The focused node, else the only selected one. */
  function current(): string | null {
    const [selected, ...others] = props.store.selectedNodes
    return scene().focusedId ?? (others.length === 0 ? (selected ?? null) : null)
  }

  function goTo(nodeId: string, keepsSelection: boolean) {
    const { viewport, area, contents } = scene()
    props.store.select(keepsSelection ? [...props.store.selectedNodes, nodeId] : [nodeId])
    focusNode(nodeId, true)
    viewport.reveal(nodeId)
    announce('canvas.announce.node', { label: contents.of(area.boxes.get(nodeId)!).label })
  }

  function nudge(dx: number, dy: number): boolean {
    const focused = current()
    const ids =
      props.store.selectedNodes.size > 0
        ? props.store.selectedNodes
        : new Set(focused === null ? [] : [focused])
    const positions = new Map<string, Point>()
    for (const id of ids) {
      const position = props.store.document.nodes.get(id)?.position
      if (position) positions.set(id, { x: position.x + dx, y: position.y + dy })
    }
    return props.store.apply(moveNodes(positions)) !== null
  }

  function remove(): boolean {
    const { selectedNodes, selectedConnections } = props.store
    const patch = props.store.apply(deleteNodes(selectedNodes, selectedConnections))
    if (patch) announce('canvas.announce.deleted', { count: patch.nodes.length + patch.connections.length })
    return patch !== null
  }

  function duplicateSelected(): boolean {
    const patch = props.store.apply(duplicate(props.store.selectedNodes, props.definitions))
    if (patch) {
      props.store.select(patch.nodes.map(({ id }) => id))
      announce('canvas.announce.pasted', { count: patch.nodes.length })
    }
    return patch !== null
  }

  function step(direction: 'undo' | 'redo'): boolean {
    const name = props.store[direction]()
    if (name !== null) announce(`canvas.announce.${direction}`, { name: scene().contents.commandName(name) })
    return name !== null
  }

  function withCurrent(act: (nodeId: string) => void): boolean {
    const nodeId = current()
    if (nodeId !== null) act(nodeId)
    return nodeId !== null
  }

  function beside(nodeId: string): Point {
    const { x, y, width } = scene().area.boxes.get(nodeId)!
    return { x: x + width / 2, y: y + 20 }
  }

  return (action) => {
    const { viewport, area } = scene()
    switch (action.do) {
      case 'walk': {
        const to = walk(area, current(), action.to)
        if (to !== null) goTo(to, action.keepsSelection)
        return true
      }
      case 'edit':
        return withCurrent(options.edit)
      case 'menu':
        return withCurrent((nodeId) => options.openMenu(beside(nodeId)))
      case 'undo':
      case 'redo':
        return !props.readonly && step(action.do)
      case 'delete':
        return !props.readonly && remove()
      case 'duplicate':
        return (props.readonly || duplicateSelected(), true)
      case 'nudge':
        return !props.readonly && nudge(action.dx, action.dy)
      case 'connect':
        return !props.readonly && withCurrent(options.connect)
      case 'quick-add': {
        const { x, y, width, height } = area.visible()
        if (!props.readonly) options.quickAdd({ x: x + width / 2, y: y + height / 2 })
        return true
      }
      case 'select-all':
        props.store.select(area.boxes.keys())
        return true
      case 'escape':
        props.store.clearSelection()
        focusNode(null, false)
        return true
      case 'fit':
        viewport.fit()
        return true
      case 'fit-selection':
        viewport.fit(props.store.selectedNodes)
        return true
      case 'actual-size':
        viewport.zoomTo(1)
        return true
      case 'zoom-in':
        viewport.zoomTo(area.scale * ZOOM_STEP)
        return true
      case 'zoom-out':
        viewport.zoomTo(area.scale / ZOOM_STEP)
        return true
    }
  }
}

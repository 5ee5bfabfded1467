import { deleteNodes } from '../commands/delete-nodes.ts'
import { copyFragment, parseFragment } from '../commands/graph-fragment.ts'
import { paste as pasteCommand } from '../commands/paste.ts'
import type { CanvasContext } from './canvas-context.ts'
import { boundsOf, snap, type Point } from './geometry.ts'

/** Size by which nodes count when the middle of a fragment is looked for. */
const NODE_SIZE = { width: 224, height: 72 }

/** Copy, cut and paste of nodes as text, so that they travel between tabs and installations. */
export function canvasClipboard({ props, scene, pointer, announce }: CanvasContext) {
  function selectedText(): string | null {
    const fragment = copyFragment(props.store.document, props.store.selectedNodes)
    return fragment && JSON.stringify(fragment, null, 2)
  }

  function removeSelected() {
    if (!props.readonly) props.store.apply(deleteNodes(props.store.selectedNodes))
  }

  /** At the pointer where it is over the canvas, else in the middle of what is visible. */
  function pasteAt(): Point {
    const { area } = scene()!
    if (pointer.isInside) return area.toCanvas(pointer.clientX, pointer.clientY)
    const { x, y, width, height } = area.visible()
    return { x: x + width / 2, y: y + height / 2 }
  }

  function pasteText(text: string) {
    const fragment = props.readonly ? null : parseFragment(text)
    const bounds = fragment && boundsOf(fragment.nodes.map(({ position }) => ({ ...position, ...NODE_SIZE })))
    if (!fragment || !bounds) return
    const middle = pasteAt()
    const offset = {
      x: snap(middle.x - bounds.x - bounds.width / 2),
      y: snap(middle.y - bounds.y - bounds.height / 2),
    }
    const patch = props.store.apply(pasteCommand(fragment, offset, props.definitions))
    if (!patch) return announce('canvas.refusals.nothingPasted')
    props.store.select(patch.nodes.map(({ id }) => id))
    announce('canvas.announce.pasted', { count: patch.nodes.length })
  }

  function onEvent(event: ClipboardEvent): boolean {
    const text = selectedText()
    if (text === null || !event.clipboardData) return false
    event.clipboardData.setData('text/plain', text)
    event.preventDefault()
    return true
  }

  return {
    on: {
      copy: (event: ClipboardEvent) => void onEvent(event),
      cut: (event: ClipboardEvent) => {
        if (onEvent(event)) removeSelected()
      },
      paste: (event: ClipboardEvent) => pasteText(event.clipboardData?.getData('text/plain') ?? ''),
    },
    /** For menus: these ask the browser for the clipboard, which may refuse. */
    copy: async () => navigator.clipboard.writeText(selectedText() ?? ''),
    cut: async () => {
      await navigator.clipboard.writeText(selectedText() ?? '')
      removeSelected()
    },
    paste: async () => pasteText(await navigator.clipboard.readText()),
  }
}

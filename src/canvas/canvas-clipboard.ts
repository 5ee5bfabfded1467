import type { NodeDefinition } from '../../nodes/define.ts'
import { deleteNodes } from '../commands/delete-nodes.ts'
import { copyFragment, parseFragment } from '../commands/graph-fragment.ts'
import { paste as pasteCommand } from '../commands/paste.ts'
import type { GraphStore } from '../stores/graph-store.ts'
import { boundsOf, snap, type Point } from './geometry.ts'

export interface CanvasClipboardOptions {
  store(): GraphStore
  definitions(): readonly NodeDefinition[]
  isReadonly(): boolean
  /** Where the middle of pasted nodes goes. */
  pasteAt(): Point
  announce(key: `canvas.${string}`, params?: Record<string, number>): void
}

/** Size by which nodes count when the middle of a fragment is looked for. */
const NODE_SIZE = { width: 224, height: 72 }

/** Copy, cut and paste of nodes as text, so that they travel between tabs and installations. */
export function canvasClipboard({
  store,
  definitions,
  isReadonly,
  pasteAt,
  announce,
}: CanvasClipboardOptions) {
  function selectedText(): string | null {
    const fragment = copyFragment(store().document, store().selectedNodes)
    return fragment && JSON.stringify(fragment, null, 2)
  }

  function removeSelected() {
    if (!isReadonly()) store().apply(deleteNodes(store().selectedNodes))
  }

  function pasteText(text: string) {
    const fragment = isReadonly() ? null : parseFragment(text)
    const bounds = fragment && boundsOf(fragment.nodes.map(({ position }) => ({ ...position, ...NODE_SIZE })))
    if (!fragment || !bounds) return
    const middle = pasteAt()
    const offset = {
      x: snap(middle.x - bounds.x - bounds.width / 2),
      y: snap(middle.y - bounds.y - bounds.height / 2),
    }
    const patch = store().apply(pasteCommand(fragment, offset, definitions()))
    if (!patch) return announce('canvas.refusals.nothingPasted')
    store().select(patch.nodes.map(({ id }) => id))
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
    copied: (event: ClipboardEvent) => void onEvent(event),
    wasCut: (event: ClipboardEvent) => {
      if (onEvent(event)) removeSelected()
    },
    pasted: (event: ClipboardEvent) => pasteText(event.clipboardData?.getData('text/plain') ?? ''),
    /** For menus: these ask the browser for the clipboard, which may refuse. */
    copy: async () => navigator.clipboard.writeText(selectedText() ?? ''),
    cut: async () => {
      await navigator.clipboard.writeText(selectedText() ?? '')
      removeSelected()
    },
    paste: async () => pasteText(await navigator.clipboard.readText()),
  }
}

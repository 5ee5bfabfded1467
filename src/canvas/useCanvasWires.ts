import { shallowRef } from 'vue'
import { connect } from '../commands/connect.ts'
import { disconnect } from '../commands/disconnect.ts'
import type { PortRef } from '../stores/graph-document.ts'
import type { CanvasContext, QuickAddRequest } from './canvas-context.ts'
import type { Drop } from './connection-flow.ts'
import { wirePath } from './wire.ts'

/** How far right of its node a list opens when an output is clicked. */
const BESIDE = { x: 64, y: 20 }

/** What happens while a wire hangs on the pointer, and when it is let go. */
export function useCanvasWires(context: CanvasContext, quickAdd: (request: QuickAddRequest) => void) {
  const pendingWire = shallowRef<{ path: string; transform: string; isRefused: boolean } | null>(null)

  /** Draws the wire above the cards, and says why it may not end where it is. */
  function wireMoved() {
    const { area, flow } = context.scene()!
    const pending = flow.pending()
    // Back where it came from: nothing would change, and nothing needs to be said.
    const refusal = pending?.refusal === 'exists' ? null : pending?.refusal
    const { x, y, k } = area.area.transform
    pendingWire.value = pending && {
      path: wirePath(pending.wire),
      transform: `translate(${x} ${y}) scale(${k})`,
      isRefused: Boolean(refusal),
    }
    if (refusal) context.showNotice(`canvas.refusals.${refusal}`, false)
    else context.hideNotice()
  }

  function dropped(drop: Drop) {
    const { store } = context.props
    if (drop.kind === 'connect') {
      if (!store.apply(connect(drop.from, drop.to, drop.lifted ?? undefined))) return
      const titles = { from: context.titleOf(drop.from.node), to: context.titleOf(drop.to.node) }
      context.announce('canvas.announce.connected', titles)
    } else if (drop.kind === 'nothing' && drop.lifted) {
      store.apply(disconnect([drop.lifted]))
    } else if (drop.from) {
      offerNodes(drop.from, drop.kind === 'click')
    }
  }

  function offerNodes(from: PortRef, isBesideNode: boolean) {
    const { area } = context.scene()!
    const box = area.boxes.get(from.node)!
    const beside = { x: box.x + box.width + BESIDE.x, y: box.y + BESIDE.y }
    const place = isBesideNode ? beside : { ...area.area.pointer }
    const client = area.toClient(place)
    quickAdd({ ...place, clientX: client.x, clientY: client.y, from })
  }

  return { pendingWire, wireMoved, dropped }
}

import { ConnectionPlugin } from 'rete-connection-plugin'
import { watch, type AppContext } from 'vue'
import type { NodeDefinition } from '../../nodes/define.ts'
import { refuseConnection } from '../commands/connection-rules.ts'
import type { Patch, PortRef } from '../stores/graph-document.ts'
import type { GraphStore } from '../stores/graph-store.ts'
import { onThemeChange } from './canvas-theme.ts'
import { CardContents, type CardContentsOptions } from './card-contents.ts'
import { CardPool } from './card-pool.ts'
import { ConnectionFlow, type Drop } from './connection-flow.ts'
import { EdgePan } from './edge-pan.ts'
import { FlowArea } from './flow-area.ts'
import { FlowRenderer } from './flow-renderer.ts'
import { GraphEditor } from './graph-editor.ts'
import { SocketElements } from './socket-elements.ts'
import { Viewport } from './viewport.ts'

export interface FlowSceneOptions extends Omit<CardContentsOptions, 'focusedId'> {
  store: GraphStore
  definitions: readonly NodeDefinition[]
  container: HTMLElement
  canvas: HTMLCanvasElement
  appContext: AppContext
  mayPan(event: PointerEvent): boolean
  mayDraw(): boolean
  dropped(drop: Drop): void
  /** A wire hangs on the pointer, moved, or was let go: `flow.pending()` knows. */
  wireMoved(): void
  /** @param scale  1 is 100 % */
  zoomed(scale: number): void
}

/**
 * Everything behind one canvas on the page, put together: Rete's editor, area and connections over the graph store,
 * and the renderer. Follows the store until `destroy`.
 */
export class FlowScene {
  readonly store: GraphStore
  readonly area: FlowArea
  readonly renderer: FlowRenderer
  readonly contents: CardContents
  readonly viewport: Viewport
  readonly flow: ConnectionFlow
  readonly #pool: CardPool
  readonly #drawing: ConnectionPlugin<never>
  readonly #wireMoved: () => void
  readonly #endings: (() => void)[]
  #focusedId: string | null = null
  #isFocusShown = false
  #hoveredWire: string | null = null
  #edgePan!: EdgePan

  constructor(options: FlowSceneOptions) {
    const { store, definitions, container, canvas, appContext } = options
    this.store = store
    this.#wireMoved = options.wireMoved
    const editor = new GraphEditor(store)
    this.area = new FlowArea(container, definitions, options.mayPan)
    this.contents = new CardContents({
      ...options,
      focusedId: () => (this.#isFocusShown ? this.#focusedId : null),
    })
    this.#pool = new CardPool(this.area.area.content.holder, appContext)
    const sockets = new SocketElements(this.area as never)
    this.flow = new ConnectionFlow({
      area: this.area,
      mayDraw: options.mayDraw,
      liftedFrom: (input) => this.#liftedFrom(input),
      refusal: (from, to, lifted) => refuseConnection(store.document, from, to, lifted ?? undefined),
      dropped: options.dropped,
    })
    this.renderer = new FlowRenderer(this.area, {
      canvas,
      pool: this.#pool,
      cardOf: (box) => this.contents.of(box),
      wireMarks: () => ({
        selected: store.selectedConnections,
        hovered: this.#hoveredWire,
        lifted: this.flow.lifted,
        changes: store.changeMarks.connections,
        taken: store.runPath,
      }),
      cardsChanged: (box, element) => element && sockets.read(box.id, element),
    })
    this.#drawing = new ConnectionPlugin<never>()
    this.#drawing.addPreset(() => this.flow as never)
    editor.use(this.area)
    this.area.use(this.renderer as never)
    this.area.use(this.#drawing as never)
    this.viewport = new Viewport(this.area)
    this.area.load(store.document)
    this.#endings = [
      store.onChange((patch) => this.#follow(patch)),
      this.#followMarks(),
      onThemeChange(container, () => this.renderer.readColours()),
      this.#followWire(),
    ]
    this.area.addPipe((signal) => {
      if (signal && typeof signal === 'object' && 'type' in signal && signal.type === 'zoomed') {
        options.zoomed(this.area.scale)
      }
      return signal
    })
    this.renderer.invalidate()
  }

  /** The node that keys act on, and whether to show a ring round it. */
  get focusedId(): string | null {
    return this.#focusedId !== null && this.area.boxes.has(this.#focusedId) ? this.#focusedId : null
  }

  focus(nodeId: string | null, isShown: boolean): void {
    const before = this.#focusedId
    this.#focusedId = nodeId
    this.#isFocusShown = isShown
    this.refresh([before, nodeId].filter((id) => id !== null))
  }

  hoverWire(id: string | null): void {
    if (id === this.#hoveredWire) return
    this.#hoveredWire = id
    this.renderer.invalidate()
  }

  /** Shows these nodes anew; nodes that are gone are passed over. */
  refresh(nodeIds: Iterable<string>): void {
    for (const id of nodeIds) {
      this.contents.forget(id)
      const box = this.area.boxes.get(id)
      if (box) this.renderer.refresh(box)
    }
    this.renderer.invalidate()
  }

  /** Shows all nodes anew: the language or the summaries changed. */
  refreshAll(): void {
    this.contents.forgetAll()
    this.renderer.refreshAll()
  }

  /** Lets go of a wire on the pointer. */
  cancelWire(): void {
    this.flow.cancel()
    this.#drawing.drop()
    this.#edgePan.stop()
    this.#wireMoved()
    this.renderer.invalidate()
  }

  destroy(): void {
    for (const end of this.#endings) end()
    this.viewport.stop()
    this.renderer.destroy()
    this.#pool.destroy()
    this.area.destroy()
  }

  #follow(patch: Patch | null): void {
    if (!patch) {
      const isFirstGraph = this.area.boxes.size === 0
      this.renderer.forgetAll()
      this.contents.forgetAll()
      this.area.load(this.store.document)
      if (isFirstGraph) this.viewport.open()
      return
    }
    const { changed, removed } = this.area.follow(this.store.document, patch)
    for (const box of removed) {
      this.contents.forget(box.id)
      this.renderer.forget(box)
    }
    this.refresh(changed.map((box) => box.id))
  }

  /** Selection, problems and run states: only the nodes for which they changed are shown anew. */
  #followMarks(): () => void {
    const { store } = this
    const options = { flush: 'sync' } as const
    const ends = [
      watch(
        () => store.selectedNodes,
        (now, before) => this.refresh([...now, ...before].filter((id) => now.has(id) !== before.has(id))),
        options,
      ),
      watch(
        () => store.selectedConnections,
        () => this.renderer.invalidate(),
        options,
      ),
      watch(
        () => store.problems,
        (now, before) => this.refresh(changedKeys(now, before)),
        options,
      ),
      watch(
        () => store.runPath,
        () => this.renderer.invalidate(),
        options,
      ),
      watch(
        () => store.runStates,
        (now, before) => this.refresh(changedKeys(now, before)),
        options,
      ),
      watch(
        () => store.tryMarks,
        (now, before) => this.refresh(changedKeys(now, before)),
        options,
      ),
    ]
    return () => ends.forEach((end) => end())
  }

  /** Dragging away from an input takes its wire along: the selected one, or the only one. */
  #liftedFrom(input: PortRef): { id: string; from: PortRef } | null {
    const arriving = [...this.store.document.connections.values()].filter(({ to }) => to.node === input.node)
    return (
      arriving.find(({ id }) => this.store.selectedConnections.has(id)) ??
      (arriving.length === 1 ? arriving[0]! : null)
    )
  }

  #followWire(): () => void {
    const ended = new AbortController()
    const { signal } = ended
    const moved = ({ clientX, clientY }: { clientX: number; clientY: number }) => {
      this.area.area.pointer = this.area.toCanvas(clientX, clientY)
      this.#wireMoved()
      this.renderer.invalidate()
    }
    let last = { clientX: 0, clientY: 0 }
    this.#edgePan = new EdgePan(this.area, () => moved(last))
    const follow = (event: PointerEvent) => {
      if (!this.flow.getPickedSocket()) return
      last = event
      this.#edgePan.follow(event)
      moved(event)
    }
    const released = () => {
      this.#edgePan.stop()
      // The plugin ends the wire a few microtasks after the signal of the area.
      setTimeout(() => {
        this.#wireMoved()
        this.renderer.invalidate()
      })
    }
    addEventListener('pointermove', follow, { signal })
    addEventListener('pointerup', released, { signal })
    addEventListener('pointercancel', () => this.cancelWire(), { signal })
    return () => {
      this.#edgePan.stop()
      ended.abort()
    }
  }
}

function changedKeys(now: ReadonlyMap<string, unknown>, before: ReadonlyMap<string, unknown>): string[] {
  return [...new Set([...now.keys(), ...before.keys()])].filter((key) => now.get(key) !== before.get(key))
}

import type { NodeDefinition } from '../../nodes/define.ts'
import type { GraphNode } from '../../nodes/graph/schema.ts'
import type { Translate } from '../i18n/index.ts'
import type { PortRef } from '../stores/graph-document.ts'
import type { GraphStore } from '../stores/graph-store.ts'
import type { FlowScene } from './flow-scene.ts'
import type { Point } from './geometry.ts'

/** What `FlowCanvas` is given. */
export interface FlowCanvasProps {
  store: GraphStore
  definitions: readonly NodeDefinition[]
  translate: Translate
  /** Changing it redraws all texts. */
  locale: string
  /** One line about a node's parameters; pass another function when what it looks up has changed. */
  summary?: (node: GraphNode) => string
  readonly?: boolean
}

/** Where to offer a list of nodes to add. `x` and `y` are canvas units, the client ones are for placing the list. */
export interface QuickAddRequest extends Point {
  clientX: number
  clientY: number
  /** The output the wire was dragged from: the new node is to follow it. */
  from?: PortRef
}

/** What was right-clicked, and where. */
export interface ContextMenuRequest extends Point {
  clientX: number
  clientY: number
  nodeId?: string
  connectionId?: string
}

/** What the parts of `FlowCanvas` share: its props, the scene once it is mounted, and ways to speak to people. */
export interface CanvasContext {
  props: Readonly<FlowCanvasProps>
  scene(): FlowScene | null
  /** Where the pointer was last, in the window. */
  pointer: { clientX: number; clientY: number; isInside: boolean }
  /** Puts the keyboard on a node. */
  focusNode(nodeId: string | null, isShown: boolean): void
  /** Tells people who listen. */
  announce(key: `canvas.${string}`, params?: Record<string, string | number>): void
  /** Tells everybody, next to the pointer; a notice that does not stay goes with the next call of `hideNotice`. */
  showNotice(key: `canvas.${string}`, stays?: boolean): void
  hideNotice(): void
  titleOf(nodeId: string): string
}

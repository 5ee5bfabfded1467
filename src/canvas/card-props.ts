import type { Component } from 'vue'
import type { ChangeMark, NodeRunState, TryMark } from '../stores/graph-store.ts'
import type { NodeShape } from './node-shape.ts'

/** What a card shows. Cards are recycled, so they keep nothing of their own: all of it is here. */
export interface CardProps {
  nodeId: string
  /** Id of the element, for `aria-activedescendant`. */
  elementId: string
  /** What a screen reader says when the node gets the focus. */
  label: string
  shape: NodeShape
  tone: 'start' | 'basic' | 'flow' | 'service' | 'unknown'
  icon: Component
  title: string
  /** One line about the parameters; the text of a note. */
  summary: string
  ports: readonly { port: string; label: string; y: number }[]
  problems: { severity: 'error' | 'warning'; count: number; label: string } | null
  run: { state: NodeRunState; label: string } | null
  /** What a comparison with another version says of the node. */
  change: { mark: ChangeMark; label: string } | null
  /** A breakpoint, a pinned output, the place of a debug run. */
  tries: readonly { mark: TryMark; label: string }[]
  isSelected: boolean
  isFocused: boolean
  isReadonly: boolean
}

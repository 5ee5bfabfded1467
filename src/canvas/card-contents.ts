import type { NodeDefinition } from '../../nodes/define.ts'
import type { GraphNode } from '../../nodes/graph/schema.ts'
import type { Translate } from '../i18n/index.ts'
import { portLabel } from '../node-types/port-label.ts'
import type { NodeTypes } from '../node-types/useNodeTypes.ts'
import type { GraphStore } from '../stores/graph-store.ts'
import type { CardProps } from './card-props.ts'
import type { NodeBox } from './node-box.ts'

export interface CardContentsOptions {
  store: GraphStore
  definitions: readonly NodeDefinition[]
  iconOf: NodeTypes['iconOf']
  /** Prefix of element ids: two canvases may show the same node. */
  idPrefix: string
  translate(): Translate
  summary(): (node: GraphNode) => string
  isReadonly(): boolean
  focusedId(): string | null
}

/** Works out what each card shows, and keeps the answer until something it depends on changes. */
export class CardContents {
  readonly #options: CardContentsOptions
  readonly #definitions: ReadonlyMap<string, NodeDefinition>
  readonly #known = new Map<string, CardProps>()

  constructor(options: CardContentsOptions) {
    this.#options = options
    this.#definitions = new Map(options.definitions.map((definition) => [definition.type, definition]))
  }

  of(box: NodeBox): CardProps {
    let props = this.#known.get(box.id)
    if (!props) {
      props = this.#workOut(box)
      this.#known.set(box.id, props)
    }
    return props
  }

  /** Something about this node changed. */
  forget(nodeId: string): void {
    this.#known.delete(nodeId)
  }

  /** Something about all nodes changed: the language, the summaries. */
  forgetAll(): void {
    this.#known.clear()
  }

  titleOf(node: GraphNode): string {
    const translate = this.#options.translate()
    if (node.title) return node.title
    return this.#definitions.has(node.type) ? translate(`nodes.${node.type}.title`) : node.type
  }

  /** How an undoable step is called in "Undo …". */
  commandName(command: string): string {
    return this.#options.translate()(`canvas.commands.${command}`)
  }

  portLabel(node: GraphNode, port: string): string {
    return portLabel(node, port, this.#options.translate())
  }

  #workOut(box: NodeBox): CardProps {
    const { store, iconOf, idPrefix, translate, isReadonly, focusedId } = this.#options
    const { node, shape } = box
    const definition = this.#definitions.get(node.type)
    const isFocused = focusedId() === node.id
    const labelled = shape.outputs.length > 1 ? shape.outputs : []
    const props = {
      nodeId: node.id,
      elementId: `${idPrefix}-${node.id}`,
      shape,
      tone: toneOf(definition),
      icon: iconOf(definition),
      title: this.titleOf(node),
      summary: this.#summaryOf(node, definition),
      ports: labelled.map(({ port, y }) => ({ port, y, label: this.portLabel(node, port) })),
      problems: this.#problemsOf(node.id),
      run: this.#runOf(node.id),
      change: this.#changeOf(node.id),
      tries: this.#triesOf(node.id),
      isSelected: store.selectedNodes.has(node.id),
      isFocused,
      isReadonly: isReadonly(),
    }
    const parts = [props.title, props.summary, props.run?.label, props.change?.label, props.problems?.label]
    parts.push(...props.tries.map(({ label }) => label))
    if (props.isSelected) parts.push(translate()('canvas.selected'))
    return { ...props, label: parts.filter(Boolean).join(', ') }
  }

  #summaryOf(node: GraphNode, definition: NodeDefinition | undefined): string {
    if (node.type === 'comment') return typeof node.params['text'] === 'string' ? node.params['text'] : ''
    return definition ? this.#options.summary()(node) : this.#options.translate()('canvas.unknownType')
  }

  #problemsOf(nodeId: string): CardProps['problems'] {
    const problems = this.#options.store.problems.get(nodeId)
    if (!problems || problems.length === 0) return null
    const count = problems.length
    const severity = problems.some((problem) => problem.severity === 'error') ? 'error' : 'warning'
    return { severity, count, label: this.#options.translate()('canvas.problems', { count }) }
  }

  #changeOf(nodeId: string): CardProps['change'] {
    const mark = this.#options.store.changeMarks.nodes.get(nodeId)
    return mark ? { mark, label: this.#options.translate()(`versions.changes.marks.${mark}`) } : null
  }

  #triesOf(nodeId: string): CardProps['tries'] {
    const marks = this.#options.store.tryMarks.get(nodeId) ?? []
    return marks.map((mark) => ({ mark, label: this.#options.translate()(`tryIt.marks.${mark}`) }))
  }

  #runOf(nodeId: string): CardProps['run'] {
    const state = this.#options.store.runStates.get(nodeId)
    return state ? { state, label: this.#options.translate()(`canvas.runStates.${state}`) } : null
  }
}

function toneOf(definition: NodeDefinition | undefined): CardProps['tone'] {
  if (!definition) return 'unknown'
  if (definition.type === 'start') return 'start'
  if (definition.menu[0] === 'service') return 'service'
  return definition.menu[0] === 'flow' ? 'flow' : 'basic'
}

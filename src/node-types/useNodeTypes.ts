import { inject, type Component, type InjectionKey } from 'vue'
import type { NodeDefinition } from '../../nodes/define.ts'
import { nodeDefinitions } from '../../nodes/index.ts'
import { nodeIcon, type NodeIcons } from './node-icons.ts'

/** What a host application adds to the nodes of the product. */
export interface HostNodes {
  /** Shown in the palette behind the built-in ones, whose types they cannot take. */
  nodes?: readonly NodeDefinition[] | undefined
  /**
   * Own field components by the name that a schema gives with `.meta({ control })`. They get `modelValue`, `field` and
   * `path`, and emit `update:modelValue`.
   */
  controls?: Readonly<Record<string, Component>> | undefined
  /** Icons by the `icon` of a definition. A name found nowhere shows a plain box. */
  icons?: NodeIcons | undefined
}

/** The node types of one editor. */
export interface NodeTypes {
  readonly definitions: readonly NodeDefinition[]
  readonly controls: Readonly<Record<string, Component>>
  iconOf(definition: NodeDefinition | undefined): Component
}

export const nodeTypesKey: InjectionKey<NodeTypes> = Symbol('sms-logic node types')

export function createNodeTypes({ nodes = [], controls = {}, icons = {} }: HostNodes = {}): NodeTypes {
  const known = new Set(nodeDefinitions.map(({ type }) => type))
  return {
    definitions: [...nodeDefinitions, ...nodes.filter(({ type }) => !known.has(type))],
    controls,
    iconOf: (definition) => nodeIcon(definition?.icon, icons),
  }
}

/** The node types of the editor this component belongs to; those of the product where no host added any. */
export function useNodeTypes(): NodeTypes {
  return inject(nodeTypesKey, () => createNodeTypes(), true)
}

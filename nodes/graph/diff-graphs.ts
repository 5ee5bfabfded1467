import type { Json } from '../json.ts'
import { isJsonObject } from '../json.ts'
import { canonicalJson } from './canonical.ts'
import type { Graph, GraphConnection, GraphInput, GraphNode } from './schema.ts'

/** One entry of a node's parameters that differs. `undefined`: it is not there. */
export interface ParamChange {
  /** Parameter, then the key of its part: `['variables', 'device']`, `['branches', 'branch-1']`. */
  path: readonly string[]
  before: Json | undefined
  after: Json | undefined
  /** Only the order of a list differs; `before` and `after` are the whole lists. */
  isOrder?: true
}

export type NodeChange =
  | { kind: 'added'; node: GraphNode }
  | { kind: 'removed'; node: GraphNode }
  | { kind: 'changed'; before: GraphNode; node: GraphNode; isRenamed: boolean; params: ParamChange[] }

/** Where the flow goes on from one port; null: nothing is connected. */
export interface FlowChange {
  from: GraphConnection['from']
  before: string | null
  after: string | null
}

export type InputChange =
  | { kind: 'added'; input: GraphInput }
  | { kind: 'removed'; input: GraphInput }
  | { kind: 'changed'; before: GraphInput; input: GraphInput }

/** What leads from one graph to another. */
export interface GraphDifference {
  nodes: NodeChange[]
  /** Nodes that are only somewhere else on the canvas. */
  moved: string[]
  flow: FlowChange[]
  inputs: InputChange[]
  isInputOrder: boolean
  isRenamed: boolean
  isDescribed: boolean
  /** Another part of the history is kept. */
  isHistory: boolean
  /** Another function, or none, is started after a failure. */
  isOnError: boolean
  /** Settings of an approval process. */
  process: ParamChange[]
}

/** Compares by ids: a node with another id is another node, whatever it is called. */
export function diffGraphs(before: Graph, after: Graph): GraphDifference {
  const former = new Map(before.nodes.map((node) => [node.id, node]))
  const ids = new Set(after.nodes.map(({ id }) => id))
  const nodes: NodeChange[] = []
  const moved: string[] = []
  for (const node of after.nodes) {
    const was = former.get(node.id)
    if (!was) nodes.push({ kind: 'added', node })
    else if (was.type !== node.type) nodes.push({ kind: 'removed', node: was }, { kind: 'added', node })
    else {
      const params = diffParams(was.params, node.params)
      const isRenamed = (was.title ?? '') !== (node.title ?? '')
      if (isRenamed || params.length > 0)
        nodes.push({ kind: 'changed', before: was, node, isRenamed, params })
      if (!isSame(was.position, node.position)) moved.push(node.id)
    }
  }
  for (const node of before.nodes) if (!ids.has(node.id)) nodes.push({ kind: 'removed', node })
  const inputs = diffInputs(before.inputs, after.inputs)
  return {
    nodes,
    moved,
    flow: diffFlow(before.connections, after.connections),
    inputs,
    isInputOrder: inputs.length === 0 && !isSame(before.inputs, after.inputs),
    isRenamed: before.title !== after.title,
    isDescribed: before.description !== after.description,
    isHistory: before.history !== after.history,
    isOnError: before.onErrorFunction !== after.onErrorFunction,
    process: diffParams(before.process ?? {}, after.process ?? {}),
  }
}

/** True where nothing differs but places on the canvas. */
export function isOnlyMoved(difference: GraphDifference): boolean {
  const { nodes, flow, inputs, isInputOrder, isRenamed, isDescribed, isHistory, isOnError, process } =
    difference
  const isOther = isInputOrder || isRenamed || isDescribed || isHistory || isOnError
  return nodes.length + flow.length + inputs.length + process.length === 0 && !isOther
}

function diffFlow(before: readonly GraphConnection[], after: readonly GraphConnection[]): FlowChange[] {
  const ports = new Map<string, FlowChange>()
  const at = ({ from }: GraphConnection) => {
    const key = `${from.node}:${from.port}`
    const known = ports.get(key) ?? { from, before: null, after: null }
    ports.set(key, known)
    return known
  }
  for (const each of before) at(each).before = each.to.node
  for (const each of after) at(each).after = each.to.node
  return [...ports.values()].filter((each) => each.before !== each.after)
}

function diffInputs(before: readonly GraphInput[], after: readonly GraphInput[]): InputChange[] {
  const former = new Map(before.map((input) => [input.name, input]))
  const names = new Set(after.map(({ name }) => name))
  return [
    ...after.flatMap((input): InputChange[] => {
      const was = former.get(input.name)
      if (!was) return [{ kind: 'added', input }]
      return isSame(was, input) ? [] : [{ kind: 'changed', before: was, input }]
    }),
    ...before.filter(({ name }) => !names.has(name)).map((input) => ({ kind: 'removed' as const, input })),
  ]
}

function diffParams(before: object, after: object): ParamChange[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...keys].flatMap((key) =>
    diffPart([key], own(before as Record<string, Json>, key), own(after as Record<string, Json>, key)),
  )
}

/** Records are compared key by key, lists item by item; values (`kind`) and everything else as a whole. */
function diffPart(path: readonly string[], before: Json | undefined, after: Json | undefined): ParamChange[] {
  if (isSame(before, after)) return []
  if (isRecord(before ?? {}) && isRecord(after ?? {})) {
    const [was, is] = [before ?? {}, after ?? {}] as Record<string, Json>[]
    const keys = new Set([...Object.keys(was!), ...Object.keys(is!)])
    return [...keys].flatMap((key) => diffPart([...path, key], own(was!, key), own(is!, key)))
  }
  if (Array.isArray(before ?? []) && Array.isArray(after ?? [])) {
    return diffList(path, (before ?? []) as Json[], (after ?? []) as Json[])
  }
  return [{ path, before, after }]
}

function diffList(path: readonly string[], before: readonly Json[], after: readonly Json[]): ParamChange[] {
  const was = new Map(before.map((item) => [identityOf(item), item]))
  const is = new Map(after.map((item) => [identityOf(item), item]))
  const changes = [...new Set([...was.keys(), ...is.keys()])].flatMap((id): ParamChange[] =>
    isSame(was.get(id), is.get(id)) ? [] : [{ path: [...path, id], before: was.get(id), after: is.get(id) }],
  )
  return changes.length > 0 ? changes : [{ path, before: [...before], after: [...after], isOrder: true }]
}

/** What makes an item of a list the same one after a change: its id, and of what names something its kind. */
function identityOf(item: Json): string {
  if (isJsonObject(item) && typeof item['id'] === 'string') {
    return typeof item['kind'] === 'string' ? `${item['kind']} ${item['id']}` : item['id']
  }
  return canonicalJson(item)
}

/** A record of named parts, such as the variables of a template; not one value with a `kind`. */
function isRecord(value: Json): boolean {
  return isJsonObject(value) && !('kind' in value)
}

function own(record: Record<string, Json>, key: string): Json | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || (a !== undefined && b !== undefined && canonicalJson(a) === canonicalJson(b))
}

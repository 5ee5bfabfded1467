import { createHash } from 'node:crypto'
import { outputPorts } from '../../nodes/define.ts'
import { nodeExecutors } from '../../nodes/executors.ts'
import type { Execute, NodeExecutor } from '../../nodes/execution.ts'
import { canonicalJson } from '../../nodes/graph/canonical.ts'
import type { Graph, GraphNode } from '../../nodes/graph/schema.ts'
import { directoryInputs } from './name-entries.ts'
import type { DirectoryInput } from './name-entries.ts'

/** A node ready to run: its executor found, its parameters parsed, its connections resolved. */
export interface CompiledNode {
  id: string
  type: string
  params: unknown
  execute: Execute<unknown>
  /** A dry run executes it too; otherwise it is passed by through `firstPort`. */
  inDryRun: boolean
  /** It works on values only. */
  pure: boolean
  firstPort: string | null
  /** Next node by output port. */
  next: ReadonlyMap<string, CompiledNode>
}

export interface CompiledGraph {
  graph: Graph
  /** SHA-256 of the canonical JSON: runs are pinned to it. */
  hash: string
  start: CompiledNode | undefined
  /** Ids of nodes that work on values only. */
  pureNodes: ReadonlySet<string>
  /** Those for which the directory is asked before a run is accepted. */
  directoryInputs: readonly DirectoryInput[]
}

/** Node types by name; a host's own executors join the built-in ones. */
export function executorsByType(extra: readonly NodeExecutor[] = []): ReadonlyMap<string, NodeExecutor> {
  return new Map([...nodeExecutors, ...extra].map((executor) => [executor.definition.type, executor]))
}

/**
 * Prepares a graph for the interpreter. Expects a graph without problems of severity `error`
 * (`validateGraph`); nodes without an executor (comments) are left out.
 */
export function compileGraph(graph: Graph, executors: ReadonlyMap<string, NodeExecutor>): CompiledGraph {
  const nodes = new Map<string, CompiledNode & { next: Map<string, CompiledNode> }>()
  for (const node of graph.nodes) {
    const executor = executors.get(node.type)
    if (executor) nodes.set(node.id, { ...compileNode(node, executor), next: new Map() })
  }
  for (const { from, to } of graph.connections) {
    const target = nodes.get(to.node)
    if (target) nodes.get(from.node)?.next.set(from.port, target)
  }
  const start = graph.nodes.find((node) => node.type === 'start')
  return {
    graph,
    hash: graphHash(graph),
    start: start && nodes.get(start.id),
    pureNodes: new Set([...nodes.values()].filter(({ pure }) => pure).map(({ id }) => id)),
    directoryInputs: directoryInputs(graph.inputs),
  }
}

function compileNode(node: GraphNode, executor: NodeExecutor) {
  const { definition, execute, inDryRun = false, pure = false } = executor
  return {
    id: node.id,
    type: node.type,
    params: definition.params.parse(node.params),
    execute: execute as Execute<unknown>,
    inDryRun,
    pure,
    firstPort: outputPorts(definition, node)[0] ?? null,
  }
}

/** The same content gives the same hash, whatever the order of keys in the file. */
export function graphHash(graph: Graph): string {
  return createHash('sha256').update(canonicalJson(graph)).digest('hex')
}

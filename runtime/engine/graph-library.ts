import { nodeDefinitions } from '../../nodes/index.ts'
import { ErrorCode, FieldsError } from '../../nodes/errors.ts'
import type { NodeDefinition } from '../../nodes/define.ts'
import type { NodeExecutor } from '../../nodes/execution.ts'
import { keepsFromPublishing } from '../../nodes/graph/problems.ts'
import type { KnownFunction, Problem } from '../../nodes/graph/problems.ts'
import type { Graph } from '../../nodes/graph/schema.ts'
import { validateGraph } from '../../nodes/graph/validate-graph.ts'
import { translate } from '../../nodes/locales/index.ts'
import type { MessageTemplateStore } from '../elements/message-templates.ts'
import type { SecretStore } from '../elements/secrets.ts'
import type { SmsServiceStore } from '../elements/sms-services.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { compileGraph } from './compile-graph.ts'
import type { CompiledGraph } from './compile-graph.ts'

/** Checks and compiles each graph once. The stores hand out the same object until the graph changes. */
export class GraphLibrary {
  readonly #executors: ReadonlyMap<string, NodeExecutor>
  readonly #definitions: readonly NodeDefinition[]
  readonly #services: SmsServiceStore
  readonly #templates: MessageTemplateStore
  readonly #secrets: SecretStore
  readonly #compiled = new WeakMap<Graph, CompiledGraph>()
  #kept = new WeakSet<CompiledGraph>()
  #checked = new WeakMap<Graph, Problem[]>()

  constructor(
    executors: ReadonlyMap<string, NodeExecutor>,
    services: SmsServiceStore,
    templates: MessageTemplateStore,
    secrets: SecretStore,
  ) {
    this.#executors = executors
    const known = new Set(nodeDefinitions.map(({ type }) => type))
    this.#definitions = [
      ...nodeDefinitions,
      ...[...executors.values()].map(({ definition }) => definition).filter(({ type }) => !known.has(type)),
    ]
    this.#services = services
    this.#templates = templates
    this.#secrets = secrets
    services.onChange(() => (this.#checked = new WeakMap()))
    templates.onChange(() => (this.#checked = new WeakMap()))
    secrets.onChange(() => (this.#checked = new WeakMap()))
  }

  /** @throws FieldsError `GRAPH_NOT_READY` naming every problem that keeps the graph from running */
  ready(graph: Graph): CompiledGraph {
    const errors = this.#errors(graph)
    if (errors.length > 0) throw notReady(graph, errors)
    return this.compile(graph)
  }

  /**
   * What a version promises to its callers goes beyond a draft: the functions that it names are there too.
   * @param together functions that are published in the same step
   * @throws FieldsError `GRAPH_NOT_READY` naming every problem that keeps the graph from being published
   */
  expectPublishable(
    graph: Graph,
    functions: readonly KnownFunction[],
    together: ReadonlySet<string> = new Set(),
  ): void {
    const problems = validateGraph(graph, this.#definitions, { ...this.#surroundings(), functions })
    const keeping = problems.filter((problem) => keepsFromPublishing(problem, together))
    if (keeping.length > 0) throw notReady(graph, keeping)
  }

  /**
   * Compiles some nodes of a graph, whatever the others are like.
   * @throws FieldsError `GRAPH_NOT_READY` naming what is wrong with these nodes
   */
  part(part: Graph, whole: Graph): CompiledGraph {
    const nodes = new Set(part.nodes.map(({ id }) => id))
    const errors = this.#errors(whole).filter(({ node }) => node !== undefined && nodes.has(node))
    if (errors.length > 0) throw notReady(whole, errors)
    return compileGraph(part, this.#executors)
  }

  /** Node types by name. */
  get definitions(): ReadonlyMap<string, NodeDefinition> {
    return new Map(this.#definitions.map((definition) => [definition.type, definition]))
  }

  compile(graph: Graph): CompiledGraph {
    let compiled = this.#compiled.get(graph)
    if (!compiled) {
      compiled = compileGraph(graph, this.#executors)
      this.#compiled.set(graph, compiled)
    }
    return compiled
  }

  isKept(compiled: CompiledGraph): boolean {
    return this.#kept.has(compiled)
  }

  /** Puts the graph's content into the ledger before its first run. */
  async keep(compiled: CompiledGraph, ledger: Ledger, now: number): Promise<void> {
    await ledger.keepGraph(compiled.hash, JSON.stringify(compiled.graph), now)
    this.#kept.add(compiled)
  }

  /** Each graph is kept again before its next run. */
  forgetKept(): void {
    this.#kept = new WeakSet()
  }

  #errors(graph: Graph): Problem[] {
    let errors = this.#checked.get(graph)
    if (!errors) {
      errors = validateGraph(graph, this.#definitions, this.#surroundings(), { values: false }).filter(
        ({ severity }) => severity === 'error',
      )
      this.#checked.set(graph, errors)
    }
    return errors
  }

  #surroundings() {
    return {
      services: this.#services.summaries(),
      templates: this.#templates.list(),
      secrets: new Set(this.#secrets.list().map(({ name }) => name)),
    }
  }
}

function notReady(graph: Graph, errors: readonly Problem[]): FieldsError {
  const fields = errors.map((problem) => ({
    path: [problem.node && `nodes/${problem.node}`, problem.field].filter(Boolean).join('/'),
    message: translate('en', `problems.${problem.key}`, problem.params),
    key: problem.key,
  }))
  const [first] = fields
  const titleOf = (id: string | undefined) => graph.nodes.find((node) => node.id === id)?.title ?? id
  return new FieldsError(
    ErrorCode.GraphNotReady,
    `${graph.title} cannot run yet: ${first!.message}` +
      (errors[0]!.node ? ` (node ${titleOf(errors[0]!.node)})` : '') +
      (errors.length > 1 ? ` and ${errors.length - 1} more` : ''),
    fields,
    { hint: 'Open the function in the editor and work through its list of problems.' },
  )
}

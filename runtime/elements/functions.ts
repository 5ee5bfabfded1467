import type { FunctionElement, FunctionSummary } from '../../nodes/api/elements.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import { canonicalJson } from '../../nodes/graph/canonical.ts'
import { loadGraph } from '../../nodes/graph/load-graph.ts'
import { GRAPH_FORMAT } from '../../nodes/graph/schema.ts'
import type { Graph } from '../../nodes/graph/schema.ts'
import type { Database } from '../store/database.ts'
import type { Surroundings } from '../surroundings.ts'
import { functionNameFor } from './function-name.ts'

/** One parsed version of a function. Never changed in place: the same object until the next save. */
export interface FunctionVersion {
  readonly graph: Graph
  readonly revision: number
}

/** The functions of a data folder: what was saved, and what is unsaved on somebody's canvas. */
export class FunctionStore {
  readonly #database: Database
  readonly #surroundings: Surroundings
  readonly #statements: ReturnType<typeof prepare>
  /** Parsed graphs, so that starting a run reads no JSON. The data folder has one process at a time. */
  readonly #saved = new Map<string, FunctionVersion>()
  readonly #drafts = new Map<string, FunctionVersion>()

  constructor(database: Database, surroundings: Surroundings) {
    this.#database = database
    this.#surroundings = surroundings
    this.#statements = prepare(database)
  }

  list(): FunctionSummary[] {
    return (this.#statements.list.all() as unknown as SummaryRow[]).map(toSummary)
  }

  /** @throws FlowError `NOT_FOUND` */
  get(name: string): FunctionElement {
    const summary = this.#summary(name)
    return {
      ...summary,
      graph: this.current(name, 'saved').graph,
      draft: summary.hasDraft ? this.current(name, 'draft').graph : null,
    }
  }

  /**
   * The graph that a run works with. `draft` answers the saved graph where nothing is unsaved.
   * @throws FlowError `NOT_FOUND`
   */
  current(name: string, which: 'saved' | 'draft' = 'saved'): FunctionVersion {
    const cache = which === 'saved' ? this.#saved : this.#drafts
    const known = cache.get(name)
    if (known) return known
    const row = this.#row(name)
    if (which === 'draft' && row.draft === null) return this.current(name, 'saved')
    const text = which === 'saved' ? row.graph : row.draft!
    const version = { graph: loadGraph(JSON.parse(text)), revision: row.revision }
    cache.set(name, version)
    return version
  }

  /** Every saved graph and every draft, parsed one after the other. */
  *graphs(): Generator<{ name: string; title: string; graph: Graph }> {
    for (const { name, title } of this.list()) {
      const { graph, draft } = this.#row(name)
      yield { name, title, graph: loadGraph(JSON.parse(graph)) }
      if (draft !== null) yield { name, title, graph: loadGraph(JSON.parse(draft)) }
    }
  }

  /**
   * @param request.graph a graph to start from; without it the function has only its Start node
   * @throws FlowError `CONFLICT` where the name is taken, `GraphError` where the graph cannot be read
   */
  create(request: {
    title: string
    name?: string | undefined
    graph?: unknown
    description?: string
  }): FunctionElement {
    const { title } = request
    const start = request.graph === undefined ? this.#emptyGraph(title) : loadGraph(request.graph)
    return this.#database.transaction(() => {
      const isTaken = (name: string) => this.#statements.read.get(name) !== undefined
      const name = request.name ?? functionNameFor(title, isTaken)
      if (isTaken(name)) {
        throw new FlowError(ErrorCode.Conflict, `There is already a function with the name "${name}"`, {
          hint: 'Choose another name.',
          params: { name },
        })
      }
      const graph: Graph = { ...start, id: this.#surroundings.newId(), name, title }
      const updated = this.#surroundings.now().toISOString()
      this.#statements.insert.run(name, title, graph.description, JSON.stringify(graph), updated)
      return this.get(name)
    })
  }

  /**
   * Makes `graph` the saved version and drops the draft.
   * @param request.revision the revision the graph was loaded with
   * @throws FlowError `NOT_FOUND`, `CONFLICT` where somebody saved in between; `GraphError` where it cannot be read
   */
  save(name: string, request: { revision: number; graph: unknown }): FunctionElement {
    const graph: Graph = { ...loadGraph(request.graph), name }
    this.#database.transaction(() => {
      this.#expectRevision(name, request.revision)
      const updated = this.#surroundings.now().toISOString()
      this.#statements.save.run(graph.title, graph.description, JSON.stringify(graph), updated, name)
    })
    this.#forget(name)
    return this.get(name)
  }

  /**
   * Keeps a graph that is not saved yet. One that equals the saved graph is no draft.
   * @throws like `save`
   */
  saveDraft(name: string, request: { revision: number; graph: unknown }): FunctionSummary {
    const graph: Graph = { ...loadGraph(request.graph), name }
    this.#database.transaction(() => {
      this.#expectRevision(name, request.revision)
      const isSaved = sameGraph(graph, this.current(name, 'saved').graph)
      const updated = this.#surroundings.now().toISOString()
      this.#statements.saveDraft.run(isSaved ? null : JSON.stringify(graph), updated, name)
    })
    this.#drafts.delete(name)
    return this.#summary(name)
  }

  /** @throws FlowError `NOT_FOUND` */
  dropDraft(name: string): void {
    this.#row(name)
    this.#statements.saveDraft.run(null, this.#surroundings.now().toISOString(), name)
    this.#drafts.delete(name)
  }

  /** @throws FlowError `NOT_FOUND` */
  delete(name: string): void {
    if (this.#statements.delete.run(name).changes === 0) throw notFound(name)
    this.#forget(name)
  }

  #summary(name: string): FunctionSummary {
    return toSummary(this.#row(name))
  }

  #row(name: string): FunctionRow {
    const row = this.#statements.read.get(name) as unknown as FunctionRow | undefined
    if (!row) throw notFound(name)
    return row
  }

  #expectRevision(name: string, revision: number): void {
    const { revision: current } = this.#row(name)
    if (revision === current) return
    throw new FlowError(ErrorCode.Conflict, `The function "${name}" was saved by somebody else in between`, {
      hint: 'Load the function again and repeat the change, or save it as a new function.',
      params: { name, revision: current },
    })
  }

  #forget(name: string): void {
    this.#saved.delete(name)
    this.#drafts.delete(name)
  }

  #emptyGraph(title: string): Graph {
    return {
      format: GRAPH_FORMAT,
      id: this.#surroundings.newId(),
      name: 'function',
      title,
      description: '',
      inputs: [],
      nodes: [
        {
          id: 'start',
          type: 'start',
          typeVersion: 1,
          position: { x: 80, y: 120 },
          params: {},
        },
      ],
      connections: [],
    }
  }
}

interface SummaryRow {
  name: string
  title: string
  description: string
  revision: number
  updated: string
  has_draft: number
}
interface FunctionRow extends SummaryRow {
  graph: string
  draft: string | null
}

function prepare(database: Database) {
  const summary = 'name, title, description, revision, updated, draft IS NOT NULL AS has_draft'
  return {
    list: database.prepare(`SELECT ${summary} FROM functions ORDER BY title COLLATE NOCASE, name`),
    read: database.prepare(`SELECT ${summary}, graph, draft FROM functions WHERE name = ?`),
    insert: database.prepare(
      'INSERT INTO functions (name, title, description, revision, graph, updated) VALUES (?, ?, ?, 1, ?, ?)',
    ),
    save: database.prepare(`
      UPDATE functions
      SET title = ?, description = ?, graph = ?, draft = NULL, revision = revision + 1, updated = ?
      WHERE name = ?`),
    saveDraft: database.prepare('UPDATE functions SET draft = ?, updated = ? WHERE name = ?'),
    delete: database.prepare('DELETE FROM functions WHERE name = ?'),
  }
}

function toSummary(row: SummaryRow): FunctionSummary {
  const { name, title, description, revision, updated } = row
  return { name, title, description, revision, hasDraft: row.has_draft === 1, updated }
}

function notFound(name: string): FlowError {
  return new FlowError(ErrorCode.NotFound, `There is no function with the name "${name}"`, {
    params: { name },
  })
}

function sameGraph(a: Graph, b: Graph): boolean {
  return canonicalJson(a) === canonicalJson(b)
}

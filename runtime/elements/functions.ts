import type {
  Author,
  FunctionElement,
  FunctionSummary,
  FunctionVersion,
  RunVersion,
} from '../../nodes/api/elements.ts'
import { callFunction } from '../../nodes/call-function/definition.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import { canonicalJson } from '../../nodes/graph/canonical.ts'
import { loadGraph } from '../../nodes/graph/load-graph.ts'
import { GRAPH_FORMAT } from '../../nodes/graph/schema.ts'
import type { Graph } from '../../nodes/graph/schema.ts'
import type { Database } from '../store/database.ts'
import type { Surroundings } from '../surroundings.ts'
import { functionNameFor } from './function-name.ts'
import { FunctionVersions } from './function-versions.ts'

/** A parsed draft. Never changed in place: the same object until the next save. */
interface Draft {
  readonly graph: Graph
  readonly revision: number
}

const library: Author = { kind: 'library' }

/** The functions of a data folder: what is on somebody's canvas, and what was published. */
export class FunctionStore {
  readonly versions: FunctionVersions
  readonly #database: Database
  readonly #surroundings: Surroundings
  readonly #statements: ReturnType<typeof prepare>
  /** Parsed drafts, so that starting a run reads no JSON. The data folder has one process at a time. */
  readonly #drafts = new Map<string, Draft>()
  readonly #deleteListeners: ((name: string) => void)[] = []

  constructor(database: Database, surroundings: Surroundings) {
    this.#database = database
    this.#surroundings = surroundings
    this.versions = new FunctionVersions(database)
    this.#statements = prepare(database)
  }

  list(): FunctionSummary[] {
    return (this.#statements.list.all() as unknown as SummaryRow[]).map((row) => this.#summarize(row))
  }

  /** @throws FlowError `NOT_FOUND` */
  get(name: string): FunctionElement {
    return { ...this.#summary(name), graph: this.draft(name).graph }
  }

  /** @throws FlowError `NOT_FOUND` */
  draft(name: string): Draft {
    let draft = this.#drafts.get(name)
    if (!draft) {
      const row = this.#row(name)
      draft = { graph: loadGraph(JSON.parse(row.graph)), revision: row.revision }
      this.#drafts.set(name, draft)
    }
    return draft
  }

  /**
   * The graph that a run works with, the same object until it changes.
   * @param version the latest version unless said otherwise, or the draft where the function was never published
   * @throws FlowError `NOT_FOUND`
   */
  graph(name: string, version?: RunVersion): Graph {
    if (typeof version === 'number') return this.versions.graph(name, version)
    if (version === 'draft') return this.draft(name).graph
    const latest = this.versions.latest(name)
    if (latest) return latest
    const { graph } = this.draft(name)
    if (version === undefined) return graph
    throw new FlowError(ErrorCode.NotFound, `The function "${name}" was never published`, {
      hint: 'Publish it in the editor, or run its draft.',
      params: { name },
    })
  }

  /** Each draft, and the version that callers get where it is another one, parsed one after the other. */
  *graphs(): Generator<{ name: string; title: string; graph: Graph }> {
    for (const { name, title, published, isChanged } of this.list()) {
      yield { name, title, graph: loadGraph(JSON.parse(this.#row(name).graph)) }
      if (published && isChanged) yield { name, title, graph: this.versions.graph(name, published.number) }
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
    author?: Author
  }): FunctionElement {
    const { title, author = library } = request
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
      const { description } = graph
      this.#statements.insert.run(
        name,
        title,
        description,
        JSON.stringify(graph),
        updated,
        JSON.stringify(author),
      )
      return this.get(name)
    })
  }

  /**
   * Makes `graph` the draft.
   * @param request.revision the revision that the graph builds on
   * @throws FlowError `NOT_FOUND`, `CONFLICT` where somebody saved in between; `GraphError` where it cannot be read
   */
  save(name: string, request: { revision: number; graph: unknown; author?: Author }): FunctionSummary {
    const graph: Graph = { ...loadGraph(request.graph), name }
    const { title, description } = graph
    this.#database.transaction(() => {
      this.#expectRevision(name, request.revision)
      const latest = this.versions.latest(name)
      const isChanged = !latest || !hasSameContent(graph, latest)
      const updated = this.#surroundings.now().toISOString()
      const author = JSON.stringify(request.author ?? library)
      const text = JSON.stringify(graph)
      this.#statements.save.run(title, description, text, isChanged ? 1 : 0, updated, author, name)
    })
    this.#drafts.delete(name)
    return this.#summary(name)
  }

  /**
   * Makes the draft a version, which callers get from now on. Where nothing but the title changed since the latest
   * version, answers that one: publishing twice is publishing once.
   * @param request.revision of the draft that is meant
   * @param request.together publishes with it what it needs that was never published: the functions that it and they
   *   call or have for errors, all or none
   * @param request.check throws where the graph cannot run
   * @throws FlowError `NOT_FOUND`, `CONFLICT` where somebody saved another draft in between
   */
  publish(
    name: string,
    request: {
      revision: number
      note?: string
      author?: Author
      together?: boolean
      check: (graph: Graph, together: ReadonlySet<string>) => void
    },
  ): FunctionVersion {
    const { revision, note = '', author = library, check } = request
    return this.#database.transaction(() => {
      this.#expectRevision(name, revision)
      const [latest] = this.versions.list(name)
      if (latest && !this.#summary(name).isChanged) return latest
      const names = request.together ? this.#unpublishedFrom(name) : new Set([name])
      for (const each of names) check(this.draft(each).graph, names)
      const created = this.#surroundings.now().toISOString()
      for (const each of names) {
        this.versions.add(each, { graph: this.draft(each).graph, note, author, created })
        this.#statements.published.run(each)
      }
      return this.versions.list(name)[0]!
    })
  }

  /** This function, and the never published ones that it needs, near or far. */
  #unpublishedFrom(name: string): ReadonlySet<string> {
    const found = new Set([name])
    // a set goes on to what is added on the way
    for (const each of found) {
      for (const needed of functionsNamedIn(this.draft(each).graph)) {
        const isThere = this.#statements.read.get(needed) !== undefined
        if (isThere && this.versions.list(needed).length === 0) found.add(needed)
      }
    }
    return found
  }

  /** @throws FlowError `NOT_FOUND` */
  delete(name: string): void {
    if (this.#statements.delete.run(name).changes === 0) throw notFound(name)
    this.#drafts.delete(name)
    this.versions.forget(name)
    for (const listener of this.#deleteListeners) listener(name)
  }

  /** Calls back with the name of each function that was deleted. */
  onDelete(listener: (name: string) => void): void {
    this.#deleteListeners.push(listener)
  }

  #summary(name: string): FunctionSummary {
    return this.#summarize(this.#row(name))
  }

  #summarize(row: SummaryRow): FunctionSummary {
    return { ...toSummary(row), inputs: this.graph(row.name).inputs }
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
      hint: 'Read the function again and save on top of its revision, or save your graph as a new function.',
      params: { name, revision: current },
    })
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
  author: string | null
  is_changed: number
  is_process: number
  number: number | null
  note: string | null
  created: string | null
}
interface FunctionRow extends SummaryRow {
  graph: string
}

function prepare(database: Database) {
  const summary = `name, title, description, revision, updated, functions.author, is_changed, number, note, created,
    json_extract(functions.graph, '$.process') IS NOT NULL AS is_process`
  const latest = `
    LEFT JOIN function_version ON function = name
      AND number = (SELECT max(number) FROM function_version WHERE function = name)`
  return {
    list: database.prepare(`SELECT ${summary} FROM functions ${latest} ORDER BY title COLLATE NOCASE, name`),
    read: database.prepare(`SELECT ${summary}, functions.graph FROM functions ${latest} WHERE name = ?`),
    insert: database.prepare(`
      INSERT INTO functions (name, title, description, revision, graph, updated, author)
      VALUES (?, ?, ?, 1, ?, ?, ?)`),
    save: database.prepare(`
      UPDATE functions
      SET title = ?, description = ?, graph = ?, is_changed = ?, updated = ?, author = ?, revision = revision + 1
      WHERE name = ?`),
    published: database.prepare('UPDATE functions SET is_changed = 0 WHERE name = ?'),
    delete: database.prepare('DELETE FROM functions WHERE name = ?'),
  }
}

function toSummary(row: SummaryRow): Omit<FunctionSummary, 'inputs'> {
  const { name, title, description, revision, updated, author, number, note, created } = row
  return {
    name,
    title,
    description,
    revision,
    updated,
    ...(author !== null && { author: JSON.parse(author) as Author }),
    published: number === null ? null : { number, note: note!, created: created! },
    isChanged: row.is_changed === 1,
    isProcess: row.is_process === 1,
  }
}

/** Those that its steps call, and the one for errors. */
function functionsNamedIn({ nodes, onErrorFunction }: Graph): string[] {
  const called = nodes.flatMap(({ type, params }) =>
    type === callFunction.type && typeof params['function'] === 'string' ? [params['function']] : [],
  )
  return onErrorFunction === undefined ? called : [...called, onErrorFunction]
}

function notFound(name: string): FlowError {
  return new FlowError(ErrorCode.NotFound, `There is no function with the name "${name}"`, {
    params: { name },
  })
}

/** The title belongs to the function: renaming it changes nothing that a version does. */
function hasSameContent(a: Graph, b: Graph): boolean {
  const contentOf = ({ id: _, name: __, title: ___, ...content }: Graph) => canonicalJson(content)
  return contentOf(a) === contentOf(b)
}

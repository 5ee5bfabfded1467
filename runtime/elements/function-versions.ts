import type { Author, FunctionVersion, FunctionVersionGraph } from '../../nodes/api/elements.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import { loadGraph } from '../../nodes/graph/load-graph.ts'
import type { Graph } from '../../nodes/graph/schema.ts'
import { graphHash } from '../engine/compile-graph.ts'
import type { Database } from '../store/database.ts'

/** The published versions of the functions of a data folder. A version never changes. */
export class FunctionVersions {
  readonly #statements: ReturnType<typeof prepare>
  /** By function, newest first. The data folder has one process at a time. */
  readonly #lists = new Map<string, readonly FunctionVersion[]>()
  /** Parsed graphs by function and number, so that starting a run reads no JSON. */
  readonly #graphs = new Map<string, Map<number, Graph>>()
  /** What callers get, by function; null: it was never published. */
  readonly #latest = new Map<string, Graph | null>()

  constructor(database: Database) {
    this.#statements = prepare(database)
    this.#hashMigrated()
  }

  /** Newest first; empty where the function was never published. */
  list(name: string): readonly FunctionVersion[] {
    let list = this.#lists.get(name)
    if (!list) {
      list = (this.#statements.list.all(name) as unknown as VersionRow[]).map(toVersion)
      this.#lists.set(name, list)
    }
    return list
  }

  /** @throws FlowError `NOT_FOUND` */
  get(name: string, number: number): FunctionVersionGraph {
    const found = this.list(name).find((each) => each.number === number)
    if (!found) throw noVersion(name, number)
    return { ...found, graph: this.graph(name, number) }
  }

  /** The same object each time. @throws FlowError `NOT_FOUND` */
  graph(name: string, number: number): Graph {
    let graphs = this.#graphs.get(name)
    if (!graphs) this.#graphs.set(name, (graphs = new Map()))
    let graph = graphs.get(number)
    if (!graph) {
      const row = this.#statements.graph.get(name, number) as unknown as { graph: string } | undefined
      if (!row) throw noVersion(name, number)
      graph = loadGraph(JSON.parse(row.graph))
      graphs.set(number, graph)
    }
    return graph
  }

  /** The graph of the latest version, the same object until the next one is published. */
  latest(name: string): Graph | null {
    let latest = this.#latest.get(name)
    if (latest === undefined) {
      const [newest] = this.list(name)
      latest = newest ? this.graph(name, newest.number) : null
      this.#latest.set(name, latest)
    }
    return latest
  }

  /** Adds a version, in the caller's transaction. */
  add(
    name: string,
    version: { graph: Graph; note: string; author: Author; created: string },
  ): FunctionVersion {
    const { graph, note, author, created } = version
    const number = (this.list(name)[0]?.number ?? 0) + 1
    const hash = graphHash(graph)
    this.#statements.insert.run(
      name,
      number,
      hash,
      JSON.stringify(graph),
      note,
      JSON.stringify(author),
      created,
    )
    this.forget(name)
    return { number, note, created, author, hash }
  }

  /**
   * The number of the version that a run took.
   * @param hash of the run's graph
   * @param created of the run: a version that was published later was not the one
   */
  numberOf(name: string, hash: string, created: string): number | undefined {
    return this.list(name).find((each) => each.hash === hash && each.created <= created)?.number
  }

  /** Drops what is known of a function, after it was deleted or a version was added. */
  forget(name: string): void {
    this.#lists.delete(name)
    this.#graphs.delete(name)
    this.#latest.delete(name)
  }

  /** Versions that a step of the store made have no hash yet. */
  #hashMigrated(): void {
    for (const row of this.#statements.withoutHash.all() as unknown as MigratedRow[]) {
      this.#statements.setHash.run(graphHash(loadGraph(JSON.parse(row.graph))), row.function, row.number)
    }
  }
}

interface VersionRow {
  number: number
  hash: string
  note: string
  author: string | null
  created: string
}
interface MigratedRow {
  function: string
  number: number
  graph: string
}

function prepare(database: Database) {
  return {
    list: database.prepare(`
      SELECT number, hash, note, author, created FROM function_version WHERE function = ? ORDER BY number DESC`),
    graph: database.prepare('SELECT graph FROM function_version WHERE function = ? AND number = ?'),
    insert: database.prepare(`
      INSERT INTO function_version (function, number, hash, graph, note, author, created)
      VALUES (?, ?, ?, ?, ?, ?, ?)`),
    withoutHash: database.prepare("SELECT function, number, graph FROM function_version WHERE hash = ''"),
    setHash: database.prepare('UPDATE function_version SET hash = ? WHERE function = ? AND number = ?'),
  }
}

function toVersion({ author, ...version }: VersionRow): FunctionVersion {
  return { ...version, ...(author !== null && { author: JSON.parse(author) as Author }) }
}

function noVersion(name: string, number: number): FlowError {
  return new FlowError(ErrorCode.NotFound, `The function "${name}" has no version ${number}`, {
    hint: 'List its versions, or leave the version out to get the latest one.',
    params: { name, number },
  })
}

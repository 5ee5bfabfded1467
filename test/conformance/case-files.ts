import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { runVersion } from '../../nodes/api/elements.ts'
import type { JsonObject } from '../../nodes/json.ts'

const folder = path.join(import.meta.dirname, 'graphs')

/** What is expected of one run; see docs/conformance.md. */
const conformanceCase = z.strictObject({
  name: z.string().default(''),
  input: z.record(z.string(), z.json()).default({}),
  version: runVersion.optional(),
  /** The run is not accepted: the error's code, the places it names, and a part of its text. */
  refused: z.strictObject({ code: z.string(), places: z.array(z.string()), says: z.string() }).optional(),
  /** Each step by its path, with the port it left by; `!` where it failed for good. */
  path: z.array(z.string()).default([]),
  output: z.json().optional(),
  /** Where the run fails: the code, and the node that failed. */
  error: z.strictObject({ code: z.string(), node: z.string() }).optional(),
  /** What the emulators took for each number, in order. */
  messages: z.record(z.string(), z.array(z.string())).default({}),
  /** What the run says became of each person's text where that is not `accepted`: a state, or why it was not sent. */
  states: z.record(z.string(), z.string()).default({}),
  /** What the HTTP target was asked for, in order. */
  requests: z.array(z.string()).default([]),
})
export type ConformanceCase = z.infer<typeof conformanceCase>

const expectation = z.strictObject({
  about: z.string(),
  /** Graphs that are published under the same name before the graph becomes the draft, oldest first. */
  versions: z.array(z.string()).default([]),
  /** Receipts reach a server only: these cases need one. */
  receipts: z.boolean().default(false),
  cases: z.array(conformanceCase).min(1),
})

/** One graph of the suite, as saved, with what is expected of it. */
export interface ConformanceGraph extends z.infer<typeof expectation> {
  /** Name of the file without its ending, and of the function. */
  name: string
  file: string
  /** As the file has it: it may be one that is refused. */
  document: JsonObject
  /** The contents of `versions`. */
  published: JsonObject[]
}

const read = (file: string) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as JsonObject

/** All graphs, in the order of their names. */
export const conformanceGraphs: readonly ConformanceGraph[] = globSync('*.expect.json', { cwd: folder })
  .toSorted()
  .map((file) => {
    const name = file.replace('.expect.json', '')
    const parsed = expectation.parse(read(file))
    return {
      ...parsed,
      name,
      file: path.join(folder, `${name}.json`),
      document: read(`${name}.json`),
      published: parsed.versions.map((version) => read(`${version}.json`)),
    }
  })

/** Each case of each graph, for `it.each`: a title, the graph, the case. */
export function conformanceCases(graphs = conformanceGraphs): [string, ConformanceGraph, ConformanceCase][] {
  return graphs.flatMap((graph) =>
    graph.cases.map((each): [string, ConformanceGraph, ConformanceCase] => [
      each.name === '' ? `${graph.name}: ${graph.about}` : `${graph.name}: ${graph.about} (${each.name})`,
      graph,
      each,
    ]),
  )
}

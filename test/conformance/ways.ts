import type { Run } from '../../nodes/api/runs.ts'
import type { FunctionElement, FunctionSummary } from '../../nodes/api/elements.ts'
import type { ProblemDocument } from '../../nodes/api/routes.ts'
import { FieldsError, FlowError, GraphError } from '../../nodes/errors.ts'
import type { Json } from '../../nodes/json.ts'
import type { LocalRuntime } from '../../runtime/index.ts'
import { runCli } from '../support/product.ts'
import type { ApiAnswer, Product } from '../support/product.ts'
import { conformanceGraphs } from './case-files.ts'
import type { ConformanceCase, ConformanceGraph } from './case-files.ts'
import type { Outcome, Refusal } from './observe.ts'

/** One way to start a graph: everything else is the same. */
export type Way = (
  graph: ConformanceGraph,
  each: ConformanceCase,
  input: Record<string, Json>,
) => Promise<Outcome>

/** Saves every graph that can be saved, with its versions, as a program does by the library. */
export function storeByLibrary(runtime: LocalRuntime): void {
  const { functions } = runtime
  for (const { name, published, document } of conformanceGraphs) {
    try {
      const [first = document, ...more] = [...published, document]
      const title = first['title'] as string
      let { revision } = functions.create({ title, name, graph: first })
      for (const graph of more) {
        runtime.publish(name, { revision })
        revision = functions.save(name, { revision, graph }).revision
      }
    } catch (error) {
      // a file that is refused has no function; its own case says so
      if (!(error instanceof GraphError)) throw error
    }
  }
}

/** Runs the file as it is, or where it has versions the function. */
export function byLibrary(runtime: LocalRuntime): Way {
  return async ({ name, document, published }, { version }, input) => {
    const what = published.length > 0 ? { functionName: name, version } : { graph: document }
    try {
      return { run: await (await runtime.startRun({ ...what, input, trigger: 'library' })).finished }
    } catch (error) {
      return { refusal: refusalOf(error) }
    }
  }
}

/** @returns what the server refused, by the name of the graph */
export async function storeByHttp(product: Product): Promise<Map<string, Refusal>> {
  const refused = new Map<string, Refusal>()
  for (const { name, published, document } of conformanceGraphs) {
    const [first = document, ...more] = [...published, document]
    const { title } = first
    const made = await product.api<FunctionElement>('POST', '/api/functions', { title, name, graph: first })
    if (made.status !== 201) {
      refused.set(name, refusalIn(made))
      continue
    }
    const address = `/api/functions/${name}`
    let { revision } = made.body
    for (const graph of more) {
      await product.api('POST', `${address}/versions`, { revision })
      revision = (await product.api<FunctionSummary>('PUT', address, { revision, graph })).body.revision
    }
  }
  return refused
}

/** @param refused what could not be saved, as `storeByHttp` answers it */
export function byHttp(product: Product, refused: ReadonlyMap<string, Refusal>): Way {
  return async ({ name }, { version }, input) => {
    const refusal = refused.get(name)
    if (refusal) return { refusal }
    const query = version === undefined ? '' : `?version=${version}`
    const answer = await product.api<Run>('POST', `/api/functions/${name}/runs${query}`, input)
    return answer.status === 200 ? { run: answer.body } : { refusal: refusalIn(answer) }
  }
}

/**
 * Runs the file in a process of its own, or where it has versions the function.
 * @param besideServer a server has the data folder, and runs the function for the command
 */
export function byCommandLine(
  data: string,
  environment: Record<string, string>,
  { besideServer = false } = {},
): Way {
  return async ({ name, file, published }, { version }, input) => {
    const what = besideServer || published.length > 0 ? name : file
    const chosen = version === undefined ? [] : ['--version', String(version)]
    const args = ['run', what, '--data', data, '--input', JSON.stringify(input), '--no-sandbox', ...chosen]
    const { code, stdout, stderr } = await runCli(args, environment)
    if (stdout === '') return { refusal: { text: stderr } }
    const run = JSON.parse(stdout) as Run
    if ((code === 0) !== (run.status === 'done')) throw new Error(`Exit code ${code} for a run ${run.status}`)
    return { run }
  }
}

function refusalOf(error: unknown): Refusal {
  if (!(error instanceof FlowError)) throw error
  return { code: error.code, places: placesOf(error), text: error.message }
}

function placesOf(error: FlowError): string[] {
  if (error instanceof FieldsError) return error.fields.map(({ path }) => path)
  return error instanceof GraphError ? [error.path] : []
}

function refusalIn({ body }: ApiAnswer<unknown>): Refusal {
  const { code, detail, path, fields } = body as ProblemDocument
  return {
    code,
    places: fields?.map((field) => field.path) ?? (path === undefined ? [] : [path]),
    text: detail,
  }
}

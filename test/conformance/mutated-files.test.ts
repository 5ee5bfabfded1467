import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { problemDocument } from '../../nodes/api/routes.ts'
import { FlowError, GraphError } from '../../nodes/errors.ts'
import { loadGraph, parseGraphText } from '../../nodes/graph/load-graph.ts'
import { MOST_PROBLEMS, validateGraph } from '../../nodes/graph/validate-graph.ts'
import { nodeDefinitions } from '../../nodes/index.ts'
import { translate } from '../../nodes/locales/index.ts'
import { compileGraph, executorsByType } from '../../runtime/engine/compile-graph.ts'
import { report, size } from '../crash/size.ts'
import { openRuntime } from '../support/open-runtime.ts'
import { startProduct, TEST_TOKEN } from '../support/product.ts'
import { mutatedFile } from './mutations.ts'

const patience = size(300_000, 3_600_000)
const surroundings = { services: [], templates: [], secrets: new Set<string>(), functions: [] }
const executors = executorsByType()

/** A refusal names a place and what to do, and is no larger than a person can read. */
function expectHelpful({ message, hint, path }: GraphError): void {
  expect(message.length).toBeGreaterThan(5)
  expect(message.length).toBeLessThan(1_000)
  expect(hint).toBeTruthy()
  expect(path).toBeTypeOf('string')
}

it(
  'takes a mutated file with its problems listed, or refuses it with place and remedy',
  () => {
    const before = Object.getOwnPropertyNames(Object.prototype).join()
    const outcomes = { refused: 0, problems: 0, ready: 0 }
    const property = fc.property(mutatedFile, (text) => {
      let graph
      try {
        graph = parseGraphText(text)
      } catch (error) {
        if (!(error instanceof GraphError)) throw error
        expectHelpful(error)
        outcomes.refused++
        return
      }
      expect(loadGraph(JSON.parse(JSON.stringify(graph)))).toEqual(graph)
      const ids = new Set(graph.nodes.map(({ id }) => id))
      const problems = validateGraph(graph, nodeDefinitions, surroundings)
      expect(problems.length).toBeLessThanOrEqual(2 * MOST_PROBLEMS)
      for (const { key, params, node } of problems) {
        expect(node === undefined || ids.has(node)).toBe(true)
        for (const locale of ['en', 'zh-CN'] as const) {
          expect(translate(locale, `problems.${key}`, params), key).not.toMatch(/^problems\./)
        }
      }
      if (problems.some(({ severity }) => severity === 'error')) outcomes.problems++
      else {
        compileGraph(graph, executors)
        outcomes.ready++
      }
    })
    fc.assert(property, { numRuns: size(10_000, 1_000_000) })
    expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(before)
    report('mutated files', outcomes)
    expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(500)
  },
  patience,
)

it(
  'runs what is left without problems to an end that somebody foresaw',
  async () => {
    const unforeseen: unknown[] = []
    const runtime = await openRuntime({ sandbox: false, unforeseen: (error) => unforeseen.push(error) })
    const outcomes: Record<string, number> = {}
    const property = fc.asyncProperty(mutatedFile, async (text) => {
      const request = {
        graph: JSON.parse(text) as unknown,
        input: {},
        trigger: 'library',
        dryRun: 'sent',
      } as const
      const outcome = await runtime.startRun(request).then(
        async ({ finished }) => (await finished).status,
        (error: unknown) => {
          if (!(error instanceof FlowError)) throw error
          return error.code
        },
      )
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
      expect(unforeseen).toEqual([])
    })
    await fc.assert(property, { numRuns: size(1_500, 50_000) })
    await runtime.close()
    report('runs of mutated files', outcomes)
    expect(outcomes['done']).toBeGreaterThan(20)
  },
  patience,
)

it(
  'answers each mutated file that is saved or imported, and stays as it was',
  async () => {
    const product = await startProduct({ args: ['--no-sandbox'] })
    const headers = { authorization: `Bearer ${TEST_TOKEN}`, 'content-type': 'application/json' }
    const send = async (method: string, path: string, body: string) => {
      const answer = await fetch(`${product.url}${path}`, { method, headers, body })
      const document: unknown = await answer.json()
      if (answer.status >= 400) expect(problemDocument.parse(document).hint, path).toBeTruthy()
      expect(answer.status, path).toBeLessThan(500)
      return { status: answer.status, document }
    }
    const made = await send('POST', '/api/functions', '{"title":"Mutated"}')
    let { revision } = made.document as { revision: number }
    const statuses: Record<string, number> = {}
    const property = fc.asyncProperty(mutatedFile, async (text) => {
      const imported = await send('POST', '/api/function-files', `{"file":${text}}`)
      const saved = await send('PUT', '/api/functions/mutated', `{"revision":${revision},"graph":${text}}`)
      if (saved.status === 200) {
        revision++
        await send('POST', '/api/functions/mutated/runs?dryRun=true', '{}')
      }
      const both = `${imported.status} ${saved.status}`
      statuses[both] = (statuses[both] ?? 0) + 1
    })
    const numRuns = size(400, 20_000)
    await fc.assert(property, { numRuns })
    const warm = residentBytes(product.process.pid!)
    await fc.assert(property, { numRuns })
    const grown = residentBytes(product.process.pid!) - warm
    report('mutated files by HTTP', { statuses, grownMiB: Math.round(grown / 2 ** 20) })
    expect(grown).toBeLessThan(50 * 2 ** 20)
    expect((await product.api('GET', '/healthz')).body).toEqual({ status: 'ok' })
    expect(await product.stop()).toBe(0)
  },
  patience,
)

/** Memory of a process, where the system says it. */
function residentBytes(id: number): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1]
  return Number(kibibytes) * 1_024
}

import { cpSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Run } from '../../nodes/api/runs.ts'
import { createRuntime } from '../../runtime/index.ts'
import { runProgram } from '../crash/boundary-program.ts'
import type { BoundaryProgram } from '../crash/boundary-program.ts'
import { report, size } from '../crash/size.ts'
import { messagesOf } from '../crash/truth.ts'
import { newFolder } from '../support/product.ts'
import { conformanceCases, conformanceGraphs } from './case-files.ts'
import type { ConformanceCase } from './case-files.ts'
import { expectationOf, inputOf, observe } from './observe.ts'
import { storeByLibrary } from './ways.ts'
import { makeWorld } from './world.ts'
import type { World } from './world.ts'

/** Graphs with many moments at which something reaches the disk. */
const chosen = [
  ...['call-in-loop', 'call-sends', 'factorial', 'http-post-form', 'http-retry', 'loop-send'],
  ...['loop-send-at-once', 'parallel-first', 'parallel-send', 'sms-fail-over', 'sms-partly', 'sms-retry'],
  ...['try-loop-throws', 'wait-in-branch', ...size([], ['wait-parks', 'wait-parks-in-branches'])],
]
const graphs = conformanceGraphs
  .filter(({ name }) => chosen.includes(name))
  .map((graph) => ({ ...graph, cases: graph.cases.slice(0, 1) }))

let world: World
beforeAll(async () => {
  world = await makeWorld()
  const runtime = await createRuntime({ data: world.data, environment: world.environment })
  storeByLibrary(runtime)
  await runtime.close()
})
afterAll(() => world.close())

/** Goes on with what the program left; answers with its run, and with all that others started. */
async function goOn({ data, environment, functionName, input }: BoundaryProgram) {
  const runtime = await createRuntime({ data, environment })
  const request = { functionName, input, trigger: 'library', idempotencyKey: 'the one alarm' } as const
  const run = await (await runtime.startRun(request)).finished
  const runs = await runtime.listRuns({ limit: 1_000 })
  const all = await Promise.all(runs.map(async ({ id }) => (await runtime.getRun(id))!))
  await runtime.close()
  return { run, all }
}

/** Requests that do no harm may be made twice where a crash cut off the answer. */
const withoutRepetition = (requests: readonly string[]) =>
  requests.filter((each, at) => each !== requests[at - 1])

function expectPromise(
  run: Run,
  all: readonly Run[],
  each: ConformanceCase,
  place: string,
): 'same' | 'unknown' {
  const seen = observe({ run }, world, each) as { requests: string[]; messages: Record<string, string[]> }
  const expected = expectationOf(each) as typeof seen
  const unknown = all.flatMap(messagesOf).filter(({ state }) => state === 'unknown')
  if (unknown.length === 0) {
    const [requests, wanted] = [seen, expected].map((every) => withoutRepetition(every.requests))
    expect({ ...seen, requests }, place).toEqual({ ...expected, requests: wanted })
    return 'same'
  }
  // Nobody knows of as many texts as were on the wire: each was taken once or not at all, and all others as planned.
  const taken = Object.values(seen.messages).flat()
  const missing = Object.values(expected.messages).flat()
  for (const text of taken) {
    expect(missing, `${place}: a text that was taken`).toContain(text)
    missing.splice(missing.indexOf(text), 1)
  }
  const accepted = all.flatMap(messagesOf).filter(({ state }) => state === 'accepted').length
  expect(taken.length, `${place}: accepted and taken`).toBeGreaterThanOrEqual(accepted)
  expect(taken.length, `${place}: or truthfully unknown`).toBeLessThanOrEqual(accepted + unknown.length)
  return 'unknown'
}

/** The data folder as `world` made it, for one life and what follows. */
function programOf(functionName: string, each: ConformanceCase): BoundaryProgram {
  const data = newFolder()
  cpSync(world.data, data, { recursive: true })
  world.clear()
  return { data, functionName, input: inputOf(each, world), environment: world.environment }
}

it.each(conformanceCases(graphs))(
  'goes on after a death at every boundary: %s',
  { timeout: size(300_000, 1_200_000) },
  async (_, graph, each) => {
    const ends = { same: 0, unknown: 0 }
    // within `npm test` every third death, just before and just after in turn
    const first = graph.name.length % 3
    for (let death = first, lived = 0; lived < 2; death += size(3, 1)) {
      const at = (death >> 1) + 1
      const when = death % 2 === 0 ? 'before' : 'after'
      const program = programOf(graph.name, each)
      const told = await runProgram(program, { at, when })
      const { run, all } = await goOn(program)
      const place = `${when} boundary ${at}`
      if (told.accepted !== undefined) expect(run.id, place).toBe(told.accepted)
      ends[expectPromise(run, all, each, place)]++
      if (told.signal === null) lived++ // there is no such boundary
    }
    report(graph.name, ends)
    expect(ends.same).toBeGreaterThan(1)
  },
)

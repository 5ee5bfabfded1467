import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createRuntime } from '../../runtime/index.ts'
import { size } from '../crash/size.ts'
import { conformanceCases, conformanceGraphs } from './case-files.ts'
import { expectationOf, inputOf, observe } from './observe.ts'
import { byCommandLine, storeByLibrary } from './ways.ts'
import type { Way } from './ways.ts'
import { makeWorld } from './world.ts'
import type { World } from './world.ts'

let world: World
let way: Way
beforeAll(async () => {
  world = await makeWorld()
  const { data, environment } = world
  const runtime = await createRuntime({ data, environment })
  storeByLibrary(runtime)
  await runtime.close()
  way = byCommandLine(data, environment)
})
beforeEach(() => world.clear())
afterAll(() => world.close())

describe('from the command line', () => {
  // each case starts a process: within `npm test` one case of every second graph does
  const graphs = conformanceGraphs
    .filter(({ receipts }) => !receipts)
    .filter((_, index) => index % size(2, 1) === 0)
    .map((graph) => ({ ...graph, cases: graph.cases.slice(0, size(1, Infinity)) }))
  it.each(conformanceCases(graphs))('%s', { timeout: 60_000 }, async (_, graph, each) => {
    const outcome = await way(graph, each, inputOf(each, world))
    expect(observe(outcome, world, each)).toEqual(expectationOf(each))
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createRuntime } from '../../runtime/index.ts'
import type { LocalRuntime } from '../../runtime/index.ts'
import { startServer } from '../../runtime/server/start-server.ts'
import type { RunningServer } from '../../runtime/server/start-server.ts'
import { conformanceCases } from './case-files.ts'
import { expectationOf, inputOf, observe } from './observe.ts'
import { byLibrary, storeByLibrary } from './ways.ts'
import type { Way } from './ways.ts'
import { makeWorld } from './world.ts'
import type { World } from './world.ts'

let world: World
let runtime: LocalRuntime
let server: RunningServer
let way: Way
beforeAll(async () => {
  world = await makeWorld()
  runtime = await createRuntime({ data: world.data, environment: world.environment })
  // receipts come by HTTP
  server = await startServer(runtime, { host: '127.0.0.1', port: 0, appFolder: '/nowhere' })
  storeByLibrary(runtime)
  way = byLibrary(runtime)
})
beforeEach(() => world.clear())
afterAll(async () => {
  await server.close()
  await runtime.close()
  await world.close()
})

describe('by the library', () => {
  it.each(conformanceCases())('%s', async (_, graph, each) => {
    const outcome = await way(graph, each, inputOf(each, world))
    expect(observe(outcome, world, each)).toEqual(expectationOf(each))
    if (!('run' in outcome)) return
    const kept = { run: (await runtime.getRun(outcome.run.id))! }
    expect(observe(kept, world, each), 'as the ledger keeps it').toEqual(expectationOf(each))
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startProduct } from '../support/product.ts'
import type { Product } from '../support/product.ts'
import { conformanceCases, conformanceGraphs } from './case-files.ts'
import { expectationOf, inputOf, observe } from './observe.ts'
import { byCommandLine, byHttp, storeByHttp } from './ways.ts'
import type { Way } from './ways.ts'
import { makeWorld } from './world.ts'
import type { World } from './world.ts'

let world: World
let product: Product
let http: Way
beforeAll(async () => {
  world = await makeWorld()
  const { data, environment } = world
  product = await startProduct({ data, args: ['--no-sandbox'], environment })
  http = byHttp(product, await storeByHttp(product))
})
beforeEach(() => world.clear())
afterAll(async () => {
  await product.stop()
  await world.close()
})

describe('by HTTP', () => {
  it.each(conformanceCases())('%s', async (_, graph, each) => {
    const outcome = await http(graph, each, inputOf(each, world))
    expect(observe(outcome, world, each)).toEqual(expectationOf(each))
  })
})

describe('from the command line beside a server', () => {
  const graphs = conformanceGraphs.filter(({ receipts, published }) => receipts || published.length > 0)
  it.each(conformanceCases(graphs))('%s', { timeout: 60_000 }, async (_, graph, each) => {
    const way = byCommandLine(world.data, world.environment, { besideServer: true })
    const outcome = await way(graph, each, inputOf(each, world))
    expect(observe(outcome, world, each)).toEqual(expectationOf(each))
  })
})

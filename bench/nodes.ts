import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createRuntime } from '../runtime/index.ts'
import { startProduct, TEST_TOKEN } from '../test/support/product.ts'
import { assignChain, CHAIN } from './support/assign-chain.ts'
import type { BenchCase } from './case.ts'
import { median } from './case.ts'
import { caller } from './support/caller.ts'
import { startChild } from './support/child.ts'
import { load } from './support/load.ts'

const ROUNDS = 5
const CONCURRENCY = 64

/** A chain of 200 Assign Variable nodes: what one node costs, with and without durability and history. */
export async function benchNodes(): Promise<BenchCase[]> {
  return [await library(), await http()]
}

async function library(): Promise<BenchCase> {
  const COUNT = 20_000
  const runtime = await createRuntime({
    data: mkdtempSync(path.join(tmpdir(), 'sms-logic-bench-')),
    environment: { SMS_LOGIC_KEY: Buffer.alloc(32, 7).toString('base64') },
  })
  const graph = assignChain('failures')
  runtime.functions.create({ title: graph.title, name: graph.name, graph })
  const run = async () => {
    const ended = await runtime.run(graph.name, { start: 7 })
    if (ended.output !== 207) throw new Error(JSON.stringify(ended).slice(0, 500))
  }
  await load(COUNT, CONCURRENCY, run)
  const rates = []
  for (let round = 0; round < ROUNDS; round++) {
    rates.push((await load(COUNT, CONCURRENCY, run)).perSecond * CHAIN)
  }
  await runtime.close()
  return {
    name: `library: ${CHAIN} Assign Variable in a row, history of failures`,
    value: median(rates),
    unit: 'nodes/s',
    goal: 'value >= 1000000',
  }
}

async function http(): Promise<BenchCase> {
  const COUNT = 5_000
  const bare = await startChild('bare-assign.ts')
  const product = await startProduct({ args: ['--no-sandbox'] })
  const graph = assignChain('all')
  const body = { title: graph.title, name: graph.name, graph }
  const { status } = await product.api('POST', '/api/functions', body)
  if (status !== 201) throw new Error(`The function was not made: ${status}`)
  const input = JSON.stringify({ start: 7 })
  const callBare = caller(bare.line, '/', { 'content-type': 'application/json' }, input)
  const callProduct = caller(
    product.url,
    `/api/functions/${graph.name}/runs?steps=false`,
    { 'content-type': 'application/json', authorization: `Bearer ${TEST_TOKEN}` },
    input,
  )
  await load(COUNT, CONCURRENCY, callBare.call)
  await load(COUNT, CONCURRENCY, callProduct.call)
  const rounds = []
  for (let round = 0; round < ROUNDS; round++) {
    const byHand = await load(COUNT, CONCURRENCY, callBare.call)
    const runs = await load(COUNT, CONCURRENCY, callProduct.call)
    rounds.push({ runs: runs.perSecond, ratio: runs.perSecond / byHand.perSecond })
  }
  await callBare.close()
  await callProduct.close()
  await product.stop()
  await bare.stop()
  return {
    name: `HTTP: ${CHAIN} Assign Variable in a row, durable, whole history`,
    value: median(rounds.map(({ runs }) => runs)),
    unit: 'runs/s',
    ratio: median(rounds.map(({ ratio }) => ratio)),
    relativeTo: 'bare Node http server',
    goal: 'ratio >= 0.35',
  }
}

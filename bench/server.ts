import { readFileSync } from 'node:fs'
import { startProduct, TEST_TOKEN } from '../test/support/product.ts'
import type { Product } from '../test/support/product.ts'
import type { BenchCase } from './case.ts'
import { median } from './case.ts'
import { caller } from './support/caller.ts'
import { startChild } from './support/child.ts'
import { load, percentile } from './support/load.ts'
import { benchMember, benchService, smsFunction } from './support/sms-function.ts'

const ROUNDS = 5
const COUNT = 10_000
const CONCURRENCY = 64

/** Durable runs through the HTTP API, against a bare Node http server that makes the same POST and records nothing. */
export async function benchServer(): Promise<BenchCase[]> {
  const stub = await startChild('twilio-stub.ts')
  const bare = await startChild('bare-server.ts', [stub.line])
  const first = await startProduct({ args: ['--no-sandbox'] })
  await prepare(first, stub.line)
  await first.stop()

  const starting = performance.now()
  const product = await startProduct({ data: first.data, args: ['--no-sandbox'] })
  const ready = performance.now() - starting
  const idle = residentMegabytes(product)

  const input = JSON.stringify({ device: 'Pump 7' })
  const callBare = caller(bare.line, '/', { 'content-type': 'application/json' }, input)
  const callProduct = caller(
    product.url,
    '/api/functions/bench/runs',
    { 'content-type': 'application/json', authorization: `Bearer ${TEST_TOKEN}` },
    input,
  )
  await load(COUNT, CONCURRENCY, callBare.call)
  await load(COUNT, CONCURRENCY, callProduct.call)
  const rounds = []
  for (let round = 0; round < ROUNDS; round++) {
    const loop = await load(COUNT, CONCURRENCY, callBare.call)
    const runs = await load(COUNT, CONCURRENCY, callProduct.call)
    rounds.push({ runs: runs.perSecond, ratio: runs.perSecond / loop.perSecond })
  }
  const alone = await load(1_000, 1, callProduct.call)
  await callBare.close()
  await callProduct.close()
  await product.stop()
  await bare.stop()
  await stub.stop()
  return [
    {
      name: `HTTP: durable runs with one SMS, ${CONCURRENCY} at once`,
      value: median(rounds.map(({ runs }) => runs)),
      unit: 'runs/s',
      ratio: median(rounds.map(({ ratio }) => ratio)),
      relativeTo: 'bare Node http server',
      goal: 'ratio >= 0.4',
    },
    {
      name: 'HTTP: one run at a time, p50',
      value: percentile(alone.latencies, 0.5),
      unit: 'ms',
      goal: 'value < 3',
    },
    { name: 'server ready on an existing data folder', value: ready, unit: 'ms', goal: 'value < 1000' },
    { name: 'server resident when idle', value: idle, unit: 'MB', goal: 'value < 120' },
  ]
}

async function prepare(product: Product, endpoint: string): Promise<void> {
  const service = await product.api<{ id: string }>('POST', '/api/sms-services', benchService(endpoint))
  const member = await product.api<{ id: string }>('POST', '/api/members', benchMember)
  const graph = smsFunction(service.body.id, member.body.id)
  const { status } = await product.api('POST', '/api/functions', { title: 'Bench', name: 'bench', graph })
  if (status !== 201) throw new Error(`The function was not made: ${status}`)
}

function residentMegabytes({ process: { pid } }: Product): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) / 1024
}

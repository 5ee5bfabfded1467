import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Graph } from '../nodes/graph/schema.ts'
import { createRuntime } from '../runtime/index.ts'
import { startProduct } from '../test/support/product.ts'
import type { BenchCase } from './case.ts'
import { load } from './support/load.ts'

const PARKED = 100_000
/** Of these the moment of waking is measured, while the others wait. */
const WOKEN = 500
const CONCURRENCY = 256

/** Many runs that wait for days: what they cost, and whether each wakes in time. */
export async function benchParked(): Promise<BenchCase[]> {
  const empty = await startAndMeasure(mkdtempSync(path.join(tmpdir(), 'sms-logic-bench-')))
  const data = mkdtempSync(path.join(tmpdir(), 'sms-logic-bench-'))
  const lateness = await park(data)
  const full = await startAndMeasure(data)
  return [
    {
      name: `server ready with ${PARKED.toLocaleString('en')} waiting runs`,
      value: full.ready,
      unit: 'ms',
      goal: 'value < 3000',
    },
    { name: 'memory that they take', value: full.resident - empty.resident, unit: 'MB', goal: 'value < 20' },
    {
      name: `latest of ${WOKEN} runs that wake among them`,
      value: Math.max(...lateness),
      unit: 'ms late',
      goal: 'value < 1000',
    },
  ]
}

/** @returns milliseconds between the moment for which each short wait was meant, and its end */
async function park(data: string): Promise<number[]> {
  const runtime = await createRuntime({
    data,
    environment: { SMS_LOGIC_KEY: Buffer.alloc(32, 7).toString('base64') },
  })
  const graph = waiting()
  runtime.functions.create({ title: graph.title, name: graph.name, graph })
  await load(PARKED, CONCURRENCY, () =>
    runtime.startRun({ functionName: graph.name, input: { seconds: 3 * 86_400 }, trigger: 'library' }),
  )
  const lateness: number[] = []
  await Promise.all(
    Array.from({ length: WOKEN }, async (_, at) => {
      const seconds = 3 + (at % 50) / 10
      const handle = await runtime.startRun({
        functionName: graph.name,
        input: { seconds },
        trigger: 'library',
      })
      const step = (await handle.finished).steps.find(({ nodeId }) => nodeId === 'wait')!
      lateness.push(Date.parse(step.finished!) - Date.parse(step.started) - seconds * 1_000)
    }),
  )
  await runtime.close()
  return lateness
}

async function startAndMeasure(data: string): Promise<{ ready: number; resident: number }> {
  const first = await startProduct({ data, args: ['--no-sandbox'] })
  await first.stop()
  const starting = performance.now()
  const product = await startProduct({ data, args: ['--no-sandbox'] })
  const ready = performance.now() - starting
  const status = readFileSync(`/proc/${product.process.pid}/status`, 'utf8')
  await product.stop()
  return { ready, resident: Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) / 1_024 }
}

function waiting(): Graph {
  const place = (x: number) => ({ typeVersion: 1, position: { x, y: 0 } })
  return {
    format: 1,
    id: 'waiting',
    name: 'waiting',
    title: 'Waiting',
    description: '',
    inputs: [{ name: 'seconds', title: '', type: 'number', required: true }],
    nodes: [
      { id: 'start', type: 'start', params: {}, ...place(0) },
      {
        id: 'wait',
        type: 'wait',
        params: { mode: 'for', amount: { kind: 'variable', path: 'seconds' }, unit: 'seconds' },
        ...place(300),
      },
      { id: 'return', type: 'return', params: {}, ...place(600) },
    ],
    connections: [
      { id: 'c1', from: { node: 'start', port: 'next' }, to: { node: 'wait', port: 'in' } },
      { id: 'c2', from: { node: 'wait', port: 'next' }, to: { node: 'return', port: 'in' } },
    ],
  }
}

import { expect, test } from 'vitest'
import type { Run } from '../../../nodes/api/runs.ts'
import { loadGraph } from '../../../nodes/graph/load-graph.ts'
import { nodeDefinitions } from '../../../nodes/index.ts'
import type { Json } from '../../../nodes/json.ts'
import { sampleNames } from '../../../src/fields/sample-names.ts'
import { sampleResult, shownValue } from '../../../src/fields/sample-result.ts'
import { assign, fixed, flow, returns } from '../../support/flow.ts'

const inputs: Json[] = [
  { name: 'device', type: 'text', default: 'Press' },
  { name: 'severity', type: 'number' },
]
const graph = loadGraph(
  flow(
    {
      ask: { type: 'http-request', params: { url: fixed('https://example.com') }, to: { done: 'label' } },
      label: assign('label', 'UPPER(device)', 'end'),
      end: returns('label'),
    },
    { inputs },
  ),
)
const step = (nodeId: string, output: Json, status: 'done' | 'failed' = 'done') =>
  ({ nodeId, status, output }) as Run['steps'][number]
const of = (more: Partial<Parameters<typeof sampleNames>[2]>) =>
  Object.fromEntries(sampleNames(graph, nodeDefinitions, { run: null, pins: {}, typed: {}, ...more }))

test('samples are typed inputs, else pinned outputs, else the run, else defaults', () => {
  expect(of({})).toEqual({ device: 'Press' })
  const run = {
    input: { device: 'Pump', severity: null },
    steps: [step('ask', { status: 200 }), step('label', { label: 'PUMP' }), step('end', { end: 'PUMP' })],
  }
  expect(of({ run })).toEqual({ device: 'Pump', 'nodes.ask': { status: 200 }, label: 'PUMP' })
  const pins = { ask: { port: 'done', output: { status: 404 } }, gone: { port: 'next', output: 1 } }
  expect(of({ run, pins, typed: { device: 'Fan' } })).toEqual({
    device: 'Fan',
    'nodes.ask': { status: 404 },
    label: 'PUMP',
  })
})

test('a step that failed lends nothing', () => {
  expect(of({ run: { input: {}, steps: [step('label', { label: 'PUMP' }, 'failed')] } })).toEqual({
    device: 'Press',
  })
})

test('a value gives what it would give with the samples, fails by them, or names what has none', () => {
  const samples = new Map<string, Json>([
    ['device', 'Pump'],
    ['nodes.ask', { status: 200 }],
  ])
  const result = (source: string) => sampleResult({ kind: 'formula', source }, samples)
  expect(result('UPPER(device) & nodes.ask.status')).toEqual({ kind: 'value', value: 'PUMP200' })
  expect(result('device * 2')).toMatchObject({ kind: 'failed', error: { position: 0, length: 6 } })
  expect(result('severity + label')).toEqual({ kind: 'unknown', names: ['severity', 'label'] })
  expect(result('device &')).toBeUndefined()
  expect(sampleResult({ kind: 'variable', path: 'nodes.ask.status' }, samples)).toEqual({
    kind: 'value',
    value: 200,
  })
})

test('dates are those of the zone', () => {
  const at = (timeZone: string) =>
    sampleResult(
      { kind: 'formula', source: 'HOUR(NOW())' },
      new Map(),
      { timeZone },
      () => new Date('2026-03-01T08:00:00Z'),
    )
  expect(at('Asia/Shanghai')).toEqual({ kind: 'value', value: 16 })
})

test('a long value is cut, and a number of a phone is masked', () => {
  expect(shownValue({ to: '+12025550123' })).not.toContain('5550')
  expect(shownValue('a')).toBe('"a"')
  expect(shownValue('a'.repeat(500))).toHaveLength(161)
})

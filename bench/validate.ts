import { loadGraph } from '../nodes/graph/load-graph.ts'
import type { Graph } from '../nodes/graph/schema.ts'
import { validateGraph } from '../nodes/graph/validate-graph.ts'
import { nodeDefinitions } from '../nodes/index.ts'
import { inferNames } from '../nodes/values/types/infer-graph.ts'
import { checkValueShape } from '../nodes/values/types/infer-value.ts'
import type { BenchCase } from './case.ts'
import { median } from './case.ts'

const NODES = 1_000
const ROUNDS = 9
const KEYSTROKES = 400

/** What an editor does before a person can go on: reading and checking a large function, and a formula under typing. */
export function benchValidate(): BenchCase[] {
  const texts = Array.from({ length: ROUNDS }, (_, round) => JSON.stringify(bigGraph(round)))
  const opened = texts.map((text) => {
    const started = performance.now()
    validateGraph(loadGraph(JSON.parse(text)), nodeDefinitions)
    return performance.now() - started
  })
  const graph = bigGraph(ROUNDS)
  const names = inferNames(graph, nodeDefinitions).at(`n${NODES - 1}`)!
  const typed = Array.from({ length: KEYSTROKES }, (_, index) => {
    const source = `IF(total > ${index}, ROUND(total * 1.19, 2) & " EUR", UPPER(device) & v${index})`
    const started = performance.now()
    checkValueShape({ kind: 'formula', source }, names, undefined)
    return performance.now() - started
  })
  return [
    {
      name: 'open and check a function of 1,000 nodes',
      value: median(opened),
      unit: 'ms',
      goal: 'value < 1000',
    },
    {
      name: 'check a formula in it at a keystroke (95th percentile)',
      value: typed.toSorted((a, b) => a - b)[Math.floor(typed.length * 0.95)]!,
      unit: 'ms',
      goal: 'value < 16',
    },
  ]
}

/** Assignments with formulas of their own; each tenth node is a condition whose ways meet again. */
function bigGraph(seed: number): Graph {
  const nodes: object[] = [{ id: 's', type: 'start', position: { x: 0, y: 0 }, params: {} }]
  const connections: object[] = []
  const connect = (from: string, port: string, to: string) =>
    connections.push({
      id: `c${connections.length}`,
      from: { node: from, port },
      to: { node: to, port: 'in' },
    })
  let before = 's'
  for (let index = 0; index < NODES; index++) {
    const id = `n${index}`
    const isCondition = index % 10 === 5
    const formula = (source: string) => ({ kind: 'formula', source })
    nodes.push({
      id,
      type: isCondition ? 'condition' : 'assign-variable',
      position: { x: 0, y: index * 100 },
      params: isCondition
        ? { branches: [{ id: 'yes', when: formula(`total > ${index}`) }] }
        : { name: index % 3 === 0 ? 'total' : `v${index}`, value: formula(`${seed} + count * ${index}`) },
    })
    if (before === 's') connect('s', 'next', id)
    else connect(before, (index - 1) % 10 === 5 ? 'otherwise' : 'next', id)
    if (index % 10 === 7) connect(`n${index - 2}`, 'yes', id)
    before = id
  }
  const inputs = [
    { name: 'count', type: 'number', required: true },
    { name: 'device', type: 'text' },
  ]
  return loadGraph({ format: 1, id: 'big', name: 'big', title: 'Big', inputs, nodes, connections })
}

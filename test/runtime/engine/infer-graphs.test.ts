import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadGraph } from '../../../nodes/graph/load-graph.ts'
import { validateGraph } from '../../../nodes/graph/validate-graph.ts'
import { nodeDefinitions } from '../../../nodes/index.ts'
import type { LocalRuntime } from '../../../runtime/index.ts'
import { fixed, flow, formula } from '../../support/flow.ts'
import type { FlowNode } from '../../support/flow.ts'
import { openRuntime } from '../../support/open-runtime.ts'

const NODES = 6
const RUNS = 300

const anySource = fc.constantFrom(
  ...[
    't',
    'n',
    'b',
    'l',
    'maybe',
    'item',
    'x',
    'y',
    't * 2',
    'n + 1',
    'x + 1',
    'x & y',
    'not x',
    'LEN(x)',
    'COUNT(y)',
  ],
  ...[
    'UPPER(x)',
    'IF(b, x, y)',
    'COALESCE(maybe, x)',
    'l[1] + 1',
    'item + 1',
    'LIST(x, y)',
    'maybe & "!"',
    'MAX(l)',
  ],
  ...[
    'nodes.n1.count + 1',
    'nodes.n2.results',
    'n > 1',
    'x > y',
    'x = y',
    'b and x',
    '"text"',
    '3',
    'null',
    'true',
  ],
)
/** Mostly what fits, so that runs get further than their first node. */
const source = (...fit: string[]) => fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...fit) }, anySource)
const value = source(
  't',
  'n',
  'l',
  'maybe',
  't & n',
  'n + 1',
  'LIST(n, 1)',
  'IF(b, x, n)',
  'COALESCE(maybe, 1)',
)
const condition = source('b', 'n > 1', 'x = n', 'ISEMPTY(maybe)', 'maybe != null', 'not b', 'x = "text"')
const list = source('l', 'n', '3', 'LIST(t, n)', 'SPLIT(t, "x")', 'IF(b, l, n)')

/** Nodes in a row by number; each leads to the next, and conditions may skip one. */
const madeNode = (at: number): fc.Arbitrary<FlowNode> => {
  const [next, skip] = [`n${at + 1}`, `n${at + 2}`]
  const hasSkip = at + 2 < NODES
  const to = (port: string) => (at + 1 < NODES ? { [port]: next } : {})
  return fc.oneof(
    fc.record({ name: fc.constantFrom('x', 'y'), value }).map(({ name, value }) => ({
      type: 'assign-variable',
      params: { name, value: formula(value) },
      to: to('next'),
    })),
    condition.map((when) => ({
      type: 'condition',
      params: { branches: [{ id: 'yes', when: formula(when) }] },
      to: { ...to('yes'), ...(hasSkip && { otherwise: skip }) },
    })),
    fc.tuple(list, value).map(([items, collect]) => ({
      type: 'loop',
      params: { list: formula(items), collect: formula(collect) },
      to: { each: `body${at}`, ...(hasSkip ? { done: skip } : to('done')) },
    })),
    fc.record({ name: fc.constantFrom('x', 'y', 'y', 'y'), value }).map(({ name, value }) => ({
      type: 'set-item',
      params: { name, action: 'append', value: formula(value) },
      to: to('next'),
    })),
  )
}
/** What a loop repeats, where the node of the same number is one. */
const madeBody = fc.record({ name: fc.constantFrom('x', 'y'), value: source('item', 't', 'n', 'l', 'x') })
const nodes = fc
  .tuple(
    fc.tuple(...Array.from({ length: NODES }, (_, at) => madeNode(at))),
    fc.array(madeBody, { minLength: NODES }),
  )
  .map(([made, bodies]) =>
    Object.fromEntries(
      made.flatMap((each, at): [string, FlowNode][] => {
        const { name, value } = bodies[at]!
        const body = { type: 'assign-variable', params: { name, value: formula(value) } }
        return [
          [`n${at}`, each],
          ...(each.type === 'loop' ? [[`body${at}`, body] as [string, FlowNode]] : []),
        ]
      }),
    ),
  )

test(
  'no step that ends well was said to fail for certain, whatever the graph',
  { timeout: 180_000 },
  async () => {
    const runtime: LocalRuntime = await openRuntime()
    const counts = { done: 0, foretold: 0 }
    try {
      await fc.assert(
        fc.asyncProperty(nodes, fc.constantFrom(null, 'remark'), async (made, maybe) => {
          const inputs = [
            ...Object.entries({ t: 'text', n: 'number', b: 'boolean', l: 'list' }).map(([name, type]) => ({
              name,
              type,
              required: true,
            })),
            { name: 'maybe', type: 'text' },
          ]
          const seeds = { seedX: seed('x', 1, 'seedY'), seedY: seed('y', ['a'], 'n0') }
          const graph = flow({ ...seeds, ...made }, { inputs })
          const problems = validateGraph(loadGraph(graph), nodeDefinitions)
          const isRefused = problems.some(
            ({ severity, key }) => severity === 'error' && !key.startsWith('value.'),
          )
          fc.pre(!isRefused)
          const certain = new Set(
            problems
              .filter(({ severity, key }) => severity === 'error' && key.startsWith('value.'))
              .map(({ node }) => node),
          )
          const input = { t: 'text', n: 2, b: true, l: [1, 2], maybe }
          const ended = await (await runtime.startRun({ graph, input, trigger: 'library' })).finished
          const well = ended.steps.filter(({ status, nodeId }) => status === 'done' && certain.has(nodeId))
          expect(well.map(({ nodeId }) => [nodeId, made[nodeId]])).toEqual([])
          if (ended.status === 'done') counts.done++
          else if (certain.has(ended.error?.nodeId)) counts.foretold++
        }),
        { numRuns: RUNS },
      )
    } finally {
      await runtime.close()
    }
    expect(counts.done).toBeGreaterThan(10)
    expect(counts.foretold).toBeGreaterThan(20)
  },
)

function seed(name: string, value: number | string[], next: string): FlowNode {
  return { type: 'assign-variable', params: { name, value: fixed(value) }, to: { next } }
}

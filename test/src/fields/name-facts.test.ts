import { expect, test } from 'vitest'
import { loadGraph } from '../../../nodes/graph/load-graph.ts'
import { nodeDefinitions } from '../../../nodes/index.ts'
import type { Json } from '../../../nodes/json.ts'
import { inferNames } from '../../../nodes/values/types/infer-graph.ts'
import { wanted } from '../../../nodes/values/types/wanted.ts'
import { nameFacts, withVariableAt } from '../../../src/fields/name-facts.ts'
import { assign, flow, returns } from '../../support/flow.ts'

const inputs: Json[] = [
  { name: 'when', type: 'datetime', required: true },
  { name: 'count', type: 'number' },
]
const graph = loadGraph(
  flow({ label: assign('label', 'UPPER("a")', 'end'), end: returns('label') }, { inputs }),
)
const names = inferNames(graph, nodeDefinitions).at('end')

test('a name has the type of its input or of what it was set to, and fits or says why not', () => {
  expect(nameFacts('when', names, wanted.datetime)).toEqual({ type: 'datetime' })
  expect(nameFacts('label', names, undefined)).toEqual({ type: 'text' })
  // it may be missing, which is no reason to refuse it
  expect(nameFacts('count', names, wanted.number)).toEqual({ type: 'number' })
  expect(nameFacts('label', names, wanted.number)).toMatchObject({
    type: 'text',
    unfit: { key: 'value.wrong.number', params: { name: 'label' } },
  })
  expect(nameFacts('label', undefined, wanted.number)).toEqual({})
})

test('a variable stands in for a value that is not chosen yet, wherever it is', () => {
  const variable = { kind: 'variable', path: 'any' }
  expect(withVariableAt({ a: 1, amount: { kind: 'variable', path: '' } }, ['amount'])).toEqual({
    a: 1,
    amount: variable,
  })
  expect(withVariableAt({ branches: [{ id: 'x' }, { id: 'y' }] }, ['branches', '1', 'when'])).toEqual({
    branches: [{ id: 'x' }, { id: 'y', when: variable }],
  })
})

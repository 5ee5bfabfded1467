import { expect, it } from 'vitest'
import { loadGraph } from '../../../nodes/graph/load-graph.ts'
import { evaluateValue } from '../../../nodes/values/evaluate-value.ts'
import { newProcess } from '../../../src/tree/new-process.ts'

it('begins a process that can be read, whose requests are called by its title and who asks', () => {
  const title = 'Leave "request" \\ holiday'
  const { process, inputs } = loadGraph(newProcess(title, 'Initiator'))
  expect(inputs).toEqual([{ name: 'initiator', title: 'Initiator', type: 'member', required: true }])
  const names = { initiator: { kind: 'member', id: 'm1', name: 'Amara' } }
  expect(evaluateValue(process!.title, { names, now: () => new Date(0) })).toBe(`${title} · Amara`)
})

import { expect, it } from 'vitest'
import { graph } from '../../../nodes/graph/schema.ts'
import { replaceGraph } from '../../../src/commands/replace-graph.ts'
import { applyPatch, invertPatch, openDocument, saveDocument } from '../../../src/stores/graph-document.ts'

const node = (id: string, type = 'comment') => ({ id, type, position: { x: 0, y: 0 } })
const wire = (id: string, from: string, to: string) => ({
  id,
  from: { node: from, port: 'next' },
  to: { node: to, port: 'in' },
})
const open = graph.parse({
  format: 1,
  id: 'open',
  name: 'open',
  title: 'Open',
  inputs: [{ name: 'device' }],
  nodes: [node('a', 'start'), node('b'), node('c')],
  connections: [wire('w1', 'a', 'b'), wire('w2', 'b', 'c')],
})
const file = graph.parse({
  format: 1,
  id: 'file',
  name: 'file',
  title: 'File',
  nodes: [node('c', 'start'), node('d')],
  connections: [wire('w2', 'c', 'd')],
})

it('takes nodes, connections and inputs of the file, keeps the name, and undo brings everything back', () => {
  const document = openDocument(open)
  const patch = replaceGraph(file)(document)!
  applyPatch(document, patch)
  expect(saveDocument(document)).toEqual({
    ...open,
    inputs: [],
    nodes: file.nodes,
    connections: file.connections,
  })
  applyPatch(document, invertPatch(patch))
  expect(saveDocument(document)).toEqual(open)
})

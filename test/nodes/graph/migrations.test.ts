import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { GraphError } from '../../../nodes/errors.ts'
import { loadGraph, parseGraphText } from '../../../nodes/graph/load-graph.ts'
import { migrations } from '../../../nodes/graph/migrations.ts'
import { GRAPH_FORMAT } from '../../../nodes/graph/schema.ts'

const file = (format: number, when: 'before' | 'after') =>
  new URL(`../../fixtures/graphs/format-${format}.${when}.json`, import.meta.url)
const formats = Array.from({ length: GRAPH_FORMAT }, (_, format) => format)

test('has one step for each older format, each with its files', () => {
  expect(migrations).toHaveLength(GRAPH_FORMAT)
  const missing = formats
    .flatMap((format) => [file(format, 'before'), file(format, 'after')])
    .filter((each) => !existsSync(each))
  expect(missing).toEqual([])
})

test.each(formats)('brings a file of format %i up to date', (format) => {
  const after = JSON.parse(readFileSync(file(format, 'after'), 'utf8')) as unknown
  expect(parseGraphText(readFileSync(file(format, 'before'), 'utf8'))).toEqual(after)
  expect(loadGraph(after)).toEqual(after)
})

test('refuses a wire of format 0 that names no port', () => {
  const document = { format: 0, name: 'a', title: 'A', nodes: [], edges: [{ from: 'start', to: 'sms:in' }] }
  expect(() => loadGraph(document)).toThrow(GraphError)
  expect(() => loadGraph(document)).toThrow(/"start" is not written as "node:port"/)
})

import { z } from 'zod'
import type { Json, JsonObject } from '../../json.ts'
import { invalidGraph } from '../graph-error.ts'
import { defineMigration } from './define-migration.ts'

/** Format 0: wires as `"node:port"` texts in `edges`, values as plain texts, `x` and `y` on the node itself. */
const format0 = z.looseObject({
  name: z.string(),
  nodes: z.array(
    z.looseObject({
      type: z.string(),
      x: z.number(),
      y: z.number(),
      params: z.record(z.string(), z.json()).default({}),
    }),
  ),
  edges: z.array(z.strictObject({ from: z.string(), to: z.string() })),
})

export const fromFormat0 = defineMigration({
  before: format0,
  migrate: ({ edges, nodes, ...rest }) => ({
    ...rest,
    format: 1,
    id: rest.name,
    nodes: nodes.map(({ x, y, params, ...node }) => ({
      ...node,
      typeVersion: 1,
      position: { x, y },
      params: Object.hasOwn(newParams, node.type) ? newParams[node.type]!(params) : params,
    })),
    connections: edges.map(({ from, to }, index) => ({
      id: `c${index + 1}`,
      from: port(from, ['edges', index, 'from']),
      to: port(to, ['edges', index, 'to']),
    })),
  }),
})

function port(text: string, path: PropertyKey[]) {
  const [node, name, ...more] = text.split(':')
  if (!node || !name || more.length > 0) throw invalidGraph('oldConnection', path, { text })
  return { node, port: name }
}

/** Where format 0 kept values, by node type. Other types keep their parameters. */
const newParams: Record<string, (params: JsonObject) => JsonObject> = {
  'assign-variable': (params) => ({ ...params, value: value(params.value ?? '') }),
  return: (params) => (params.value === undefined ? params : { ...params, value: value(params.value) }),
  condition: (params) => ({
    ...params,
    branches: list(params.branches).map((branch) => ({ ...branch, when: value(branch.when ?? '') })),
  }),
  'sms-notification': (params) => ({
    ...params,
    variables: Object.fromEntries(
      Object.entries(record(params.variables)).map(([name, text]) => [name, value(text)]),
    ),
  }),
}

/** `"=a > 3"` was a formula, `"{device}"` a variable, anything else a fixed value. */
function value(old: Json): JsonObject {
  if (typeof old === 'string') {
    if (old.startsWith('=')) return { kind: 'formula', source: old.slice(1) }
    if (old.startsWith('{') && old.endsWith('}')) return { kind: 'variable', path: old.slice(1, -1) }
  }
  return { kind: 'fixed', value: old }
}

function record(old: Json | undefined): JsonObject {
  return typeof old === 'object' && old !== null && !Array.isArray(old) ? old : {}
}

function list(old: Json | undefined): JsonObject[] {
  return Array.isArray(old) ? old.map(record) : []
}

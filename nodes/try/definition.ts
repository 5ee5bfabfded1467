import { z } from 'zod'
import { defineNode, ERROR_PORT } from '../define.ts'
import type { Problem } from '../graph/problems.ts'

/** Walks its body; where a step in there fails, the run goes on at the error port instead of ending. */
export const tryNode = defineNode({
  type: 'try',
  version: 1,
  menu: ['flow'],
  icon: 'shield',
  input: 'in',
  outputs: ['body', 'done', ERROR_PORT],
  bodies: ['body'],
  params: z.strictObject({}),
  defaults: () => ({}),
  result: z.object({
    error: z.object({ code: z.string(), message: z.string(), nodeId: z.string().optional() }).optional(),
  }),
  check: (_, { graph, node }): Problem[] => {
    const handles = graph.connections.some(({ from }) => from.node === node.id && from.port === ERROR_PORT)
    return handles ? [] : [{ severity: 'warning', key: 'errorPortOpen' }]
  },
})

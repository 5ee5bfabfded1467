import { defineExecutor } from '../execution.ts'
import type { Json } from '../json.ts'
import { parallel } from './definition.ts'

export const parallelExecutor = defineExecutor(
  parallel,
  async ({ branches, join }, context) => {
    let first = ''
    const bodies = branches.map(({ id }) => ({ port: id, at: id, after: () => void (first ||= id) }))
    await context.walkTogether(bodies, { atOnce: bodies.length, race: join === 'first', keep: true })
    const result: Json = join === 'first' ? { first } : {}
    return { port: 'done', result }
  },
  { inDryRun: true },
)

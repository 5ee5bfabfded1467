import { defineExecutor } from '../execution.ts'
import { tryNode } from './definition.ts'

/** What fails in the body fails this step; the interpreter takes the error port then, as for every node. */
export const tryExecutor = defineExecutor(
  tryNode,
  async (_, context) => {
    await context.walk({ port: 'body', at: 'body' })
    return { port: 'done', result: {} }
  },
  { inDryRun: true },
)

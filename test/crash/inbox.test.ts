import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { connection } from '../support/graphs.ts'
import { notifyGraph } from '../support/inbox.ts'
import { addMember, openRuntime } from '../support/open-runtime.ts'
import { newFolder } from '../support/product.ts'
import { runProgram } from './boundary-program.ts'
import { dieAtEachBoundary } from './each-boundary.ts'
import { report } from './size.ts'

const environment = { SMS_LOGIC_KEY: randomBytes(32).toString('base64') }

/** Start → two Message Notifications in a row → Return. */
function graphOf(ids: readonly string[]) {
  const recipients = ids.map((id) => ({ kind: 'member' as const, id }))
  const graph = notifyGraph(recipients, {}, 'boundary')
  const first = graph.nodes[1]!
  return {
    ...graph,
    nodes: [...graph.nodes, { ...first, id: 'again', position: { x: 480, y: 0 } }],
    connections: [
      connection('start', 'next', 'notify'),
      connection('notify', 'next', 'again'),
      connection('again', 'next', 'return'),
    ],
  }
}

it(
  'puts one entry into each inbox for each step, whenever the server dies',
  { timeout: 240_000 },
  async () => {
    const prepared = newFolder()
    const runtime = await openRuntime({ data: prepared, sandbox: false, environment })
    const ids = ['Ada', 'Bob', 'Zoe'].map((name) => addMember(runtime, name, ''))
    const graph = graphOf(ids)
    runtime.functions.create({ title: graph.title, name: graph.name, graph })
    await runtime.close()

    const deaths = await dieAtEachBoundary(
      prepared,
      (data, kill) => runProgram({ data, functionName: 'boundary', input: {}, environment }, kill),
      async ({ place, data, finished }) => {
        expect(finished, place).toMatchObject({ status: 'done', output: { counts: { notified: 3 } } })
        const opened = await openRuntime({ data, sandbox: false, environment })
        for (const id of ids) {
          const { entries, unread } = opened.inbox.list(id)
          expect([entries.length, unread], place).toEqual([2, 2])
          expect(new Set(entries.map(({ runId }) => runId)), place).toEqual(new Set([finished.id]))
        }
        await opened.close()
      },
    )
    report('notifications and death at every boundary', { deaths })
    expect(deaths).toBeGreaterThanOrEqual(4)
  },
)

import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { fixed, flow, returns } from '../support/flow.ts'
import { openRuntime } from '../support/open-runtime.ts'
import { newFolder } from '../support/product.ts'
import { runProgram } from './boundary-program.ts'
import { dieAtEachBoundary } from './each-boundary.ts'
import { report } from './size.ts'

const environment = { SMS_LOGIC_KEY: randomBytes(32).toString('base64') }

it(
  'starts the on-error function once for a failed run, whenever the server dies',
  { timeout: 240_000 },
  async () => {
    const prepared = newFolder()
    const runtime = await openRuntime({ data: prepared, sandbox: false, environment })
    const tell = flow(
      { end: returns('failedRun') },
      { name: 'tell', inputs: [{ name: 'failedRun', type: 'text' }] },
    )
    const fails = { type: 'throw-error', params: { message: fixed('Pump 7 is dry') } }
    const alarm = flow({ check: fails }, { name: 'alarm', onErrorFunction: 'tell' })
    for (const graph of [tell, alarm]) {
      runtime.functions.create({ title: graph.title, name: graph.name, graph })
      runtime.publish(graph.name)
    }
    await runtime.close()

    const deaths = await dieAtEachBoundary(
      prepared,
      (data, kill) => runProgram({ data, functionName: 'alarm', input: {}, environment }, kill),
      async ({ place, data, finished }) => {
        expect(finished, place).toMatchObject({ status: 'failed', error: { code: 'ERROR_THROWN' } })
        const opened = await openRuntime({ data, sandbox: false, environment })
        const started = await opened.listRuns({ function: 'tell', limit: 10 })
        expect(started, place).toMatchObject([{ source: { run: finished.id, kind: 'on-error' } }])
        await expect.poll(async () => (await opened.getRun(started[0]!.id))!.output).toBe(finished.id)
        await opened.close()
      },
    )
    report('the on-error function and death at every boundary', { deaths })
    expect(deaths).toBeGreaterThanOrEqual(4)
  },
)

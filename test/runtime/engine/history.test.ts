import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LocalRuntime } from '../../../runtime/index.ts'
import { assign, flow, returns, sms } from '../../support/flow.ts'
import type { FlowNode } from '../../support/flow.ts'
import { addMember, openRuntime, twilioService } from '../../support/open-runtime.ts'
import { newFolder } from '../../support/product.ts'

const ADA = '+12025550101'

let runtime: LocalRuntime
let data: string
beforeEach(async () => {
  data = newFolder()
  runtime = await openRuntime({ data })
})
afterEach(() => runtime.close())

/** The run as it was answered, and as it is found after a restart. */
async function run(nodes: Record<string, FlowNode>, history?: 'failures') {
  const graph = { ...flow(nodes), ...(history && { history }) }
  const answered = await (await runtime.startRun({ graph, input: {}, trigger: 'library' })).finished
  await runtime.close()
  runtime = await openRuntime({ data })
  expect(await runtime.getRun(answered.id)).toEqual(answered)
  return answered
}
const paths = ({ steps }: { steps: { path: string }[] }) => steps.map(({ path }) => path)

describe('the history of a run', () => {
  const twoSteps = { a: assign('x', '1', 'b'), b: assign('y', 'x + 1', 'end'), end: returns('y') }

  it('holds every step with what it set, also of a run that ended at once', async () => {
    const ended = await run(twoSteps)
    expect(ended).toMatchObject({ status: 'done', output: 2 })
    expect(ended.steps.map(({ path, output }) => [path, output])).toEqual([
      ['start', undefined],
      ['a', { x: 1 }],
      ['b', { y: 2 }],
      ['end', 2],
    ])
  })

  it('holds of a run that ended well only what had an effect, where the function wants no more', async () => {
    expect(await run(twoSteps, 'failures')).toMatchObject({ status: 'done', output: 2, steps: [] })
    const service = twilioService(runtime)
    const ada = addMember(runtime, 'Ada', ADA)
    const texted = {
      a: assign('x', '1', 'text'),
      text: { ...sms(ada, service), to: { sent: 'end' } },
      end: returns('x'),
    }
    const ended = await run(texted, 'failures')
    expect(ended.status).toBe('done')
    expect(paths(ended)).toContain('text')
    expect(paths(ended)).not.toContain('end')
  })

  it('holds every step of a run that failed, whatever the function wants', async () => {
    const ended = await run({ a: assign('x', '1', 'bad'), bad: assign('y', '"a" * 2') }, 'failures')
    expect(ended.status).toBe('failed')
    expect(paths(ended)).toEqual(['start', 'a', 'bad'])
  })

  it('is left out of the answer where only the outcome is asked for', async () => {
    const handle = await runtime.startRun({ graph: flow(twoSteps), input: {}, trigger: 'library' })
    expect(await handle.outcome).toMatchObject({ id: handle.id, status: 'done', output: 2 })
    expect(await handle.outcome).not.toHaveProperty('steps')
    expect((await handle.finished).steps).toHaveLength(4)
  })
})

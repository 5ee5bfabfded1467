import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { triggerSettings } from '../../../nodes/triggers/settings.ts'
import type { LocalRuntime } from '../../../runtime/index.ts'
import { fixed, flow, returns } from '../../support/flow.ts'
import type { FlowNode } from '../../support/flow.ts'
import { openRuntime } from '../../support/open-runtime.ts'
import { newFolder } from '../../support/product.ts'

let runtime: LocalRuntime
let data: string
beforeEach(async () => {
  data = newFolder()
  runtime = await openRuntime({ data, sandbox: false })
})
afterEach(() => runtime.close())

const fails: FlowNode = { type: 'throw-error', params: { message: fixed('Pump 7 is dry') } }
const text = (name: string) => ({ name, type: 'text' })

/** Stores a function, and publishes it. */
function publish(name: string, nodes: Record<string, FlowNode>, more: Parameters<typeof flow>[1] = {}) {
  runtime.functions.create({ name, title: name, graph: flow(nodes, { name, ...more }) })
  runtime.publish(name)
}
function tell(more: Parameters<typeof flow>[1] = {}) {
  publish('tell', { end: returns('1') }, more)
}
const run = async (functionName: string, input = {}) =>
  (await runtime.startRun({ functionName, input, trigger: 'library' })).finished
const runsOf = (name: string) => runtime.listRuns({ function: name, limit: 100 })
/** What a failed run has started, once that is settled. */
async function startedBy(id: string) {
  await expect
    .poll(
      async () => {
        const { followers, onErrorRefused } = (await runtime.getRun(id))!
        return followers !== undefined || onErrorRefused !== undefined
      },
      { timeout: 10_000 },
    )
    .toBe(true)
  return (await runtime.getRun(id))!
}
/** Waits until nothing is under way, then says how many runs of a function there are. */
async function countOf(name: string) {
  await runtime.close()
  runtime = await openRuntime({ data, sandbox: false })
  return (await runsOf(name)).length
}

describe('the on-error function', () => {
  it('is started with what it declares of the failure, and both runs are linked', async () => {
    const names = ['failedFunction', 'failedRun', 'failedStep', 'errorCode', 'errorMessage', 'runLink']
    publish(
      'tell',
      { end: returns(`JOIN(LIST(${names.join(', ')}, failedAt, failedInput.device), "|")`) },
      {
        inputs: [
          ...names.map(text),
          { name: 'failedAt', type: 'datetime' },
          { name: 'failedInput', type: 'object' },
        ],
      },
    )
    publish('alarm', { check: fails }, { inputs: [text('device')], onErrorFunction: 'tell' })
    const failed = await run('alarm', { device: 'Pump 7' })
    expect(failed.status).toBe('failed')
    const { followers } = await startedBy(failed.id)
    expect(followers).toMatchObject([{ kind: 'on-error' }])
    const [started] = await runsOf('tell')
    expect(started).toMatchObject({
      ...{ id: followers![0]!.run, trigger: 'on-error', versionNumber: 1 },
      source: { run: failed.id, kind: 'on-error' },
    })
    await expect.poll(async () => (await runtime.getRun(started!.id))!.status).toBe('done')
    expect((await runtime.getRun(started!.id))!.output).toBe(
      [
        'alarm',
        failed.id,
        'check',
        'ERROR_THROWN',
        'Pump 7 is dry',
        `/#/run/${failed.id}`,
        failed.finished,
        'Pump 7',
      ].join('|'),
    )
    const { runs } = await runtime.searchRuns({ trigger: 'on-error' })
    expect(runs.map(({ id }) => id)).toEqual([started!.id])
  })

  it('is left alone by runs that end well, are cancelled, only try or debug', async () => {
    tell()
    publish('good', { end: returns('1') }, { onErrorFunction: 'tell' })
    publish(
      'slow',
      { wait: { type: 'wait', params: { amount: fixed(1), unit: 'hours' } } },
      { onErrorFunction: 'tell' },
    )
    publish('bad', { check: fails }, { onErrorFunction: 'tell' })
    expect((await run('good')).status).toBe('done')
    const slow = await runtime.startRun({ functionName: 'slow', input: {}, trigger: 'library' })
    await runtime.cancelRun(slow.id)
    expect((await slow.finished).status).toBe('cancelled')
    expect((await runtime.dryRun('bad')).status).toBe('failed')
    expect(await countOf('tell')).toBe(0)
  })

  it('starts nothing where it fails itself, or what it calls does, or somebody retries it', async () => {
    publish('inner', { check: fails })
    publish('tell', { call: { type: 'call-function', params: { function: 'inner', inputs: {} } } })
    for (const name of ['inner', 'tell']) {
      const { graph, revision } = runtime.functions.get(name)
      runtime.functions.save(name, { revision, graph: { ...graph, onErrorFunction: 'last' } })
    }
    publish('last', { end: returns('1') })
    runtime.publish('inner')
    runtime.publish('tell')
    publish('alarm', { check: fails }, { onErrorFunction: 'tell' })
    const { followers } = await startedBy((await run('alarm')).id)
    const handling = followers![0]!.run
    await expect.poll(async () => (await runtime.getRun(handling))!.status).toBe('failed')
    const again = await (await runtime.retryRun(handling, 'library')).finished
    expect(again.status).toBe('failed')
    expect(await countOf('inner')).toBe(2)
    expect(await countOf('tell')).toBe(2)
    expect(await countOf('last')).toBe(0)
  })

  it('is started by each retry that fails again, and by none that ends well', async () => {
    tell()
    publish('later', { end: returns('1') })
    publish(
      'alarm',
      { call: { type: 'call-function', params: { function: 'later', inputs: {} } } },
      { onErrorFunction: 'tell' },
    )
    const draft = runtime.functions.get('later')
    runtime.functions.delete('later')
    const first = await run('alarm')
    await startedBy(first.id)
    const second = await (await runtime.retryRun(first.id, 'library')).finished
    expect(second.status).toBe('failed')
    await startedBy(second.id)
    runtime.functions.create({ name: 'later', title: 'later', graph: draft.graph })
    const third = await (await runtime.retryRun(second.id, 'library')).finished
    expect(third.status).toBe('done')
    expect(await countOf('tell')).toBe(2)
    const sources = (await runsOf('tell')).map(({ source }) => source!.run)
    expect(sources.sort()).toEqual([first.id, second.id])
  })

  it('is said to be missing, or to want what a failure does not give, on the failed run', async () => {
    tell()
    publish('alarm', { check: fails }, { onErrorFunction: 'tell' })
    runtime.functions.delete('tell')
    const missing = await startedBy((await run('alarm')).id)
    expect(missing.onErrorRefused).toMatchObject({ code: 'FUNCTION_MISSING', params: { name: 'tell' } })
    tell({ inputs: [{ name: 'who', type: 'text', required: true }] })
    const wanting = await startedBy((await run('alarm')).id)
    expect(wanting.onErrorRefused).toMatchObject({ code: 'INPUT_INVALID', params: { fields: 'who' } })
    expect(await countOf('tell')).toBe(0)
  })

  it('waits where the server takes no run at the moment', async () => {
    tell()
    publish('alarm', { check: fails }, { onErrorFunction: 'tell' })
    await runtime.close()
    runtime = await openRuntime({ data, sandbox: false, maxOpenRuns: 1 })
    publish('slow', { wait: { type: 'wait', params: { amount: fixed(1), unit: 'seconds' } } })
    publish('caller', {
      call: {
        type: 'call-function',
        params: { function: 'alarm', inputs: {} },
        onError: 'branch',
        to: { error: 'slow' },
      },
      slow: { type: 'call-function', params: { function: 'slow', inputs: {} } },
    })
    await run('caller')
    const [failed] = await runsOf('alarm')
    const { followers } = await startedBy(failed!.id)
    expect(followers).toHaveLength(1)
  })

  it('does not go round in a circle with functions that follow it', async () => {
    tell()
    publish('alarm', { check: fails }, { onErrorFunction: 'tell' })
    const { trigger } = runtime.triggers.create(
      'alarm',
      triggerSettings.parse({
        kind: 'after-function',
        name: 'Once more',
        after: 'tell',
        end: 'done',
        inputs: {},
      }),
    )
    await runtime.triggers.switch(trigger.id, true)
    await run('alarm')
    const log = () => runtime.triggers.log(trigger.id, 100)
    await expect
      .poll(() => log().some(({ reason }) => reason?.code === 'TRIGGER_TOO_DEEP'), { timeout: 20_000 })
      .toBe(true)
    expect(log()).toHaveLength(17)
  })
})

describe('problems with the on-error function', () => {
  const refused = (onErrorFunction: string) => {
    const { graph, revision } = runtime.functions.get('alarm')
    runtime.functions.save('alarm', { revision, graph: { ...graph, onErrorFunction } })
    return expect(() => runtime.publish('alarm'))
  }
  const problem = (key: string) =>
    expect.objectContaining({
      code: 'GRAPH_NOT_READY',
      fields: [expect.objectContaining({ path: 'onErrorFunction', key })],
    })

  it('keep a function from being published', () => {
    publish('alarm', { check: fails })
    refused('nowhere').toThrow(problem('onErrorMissing'))
    refused('alarm').toThrow(problem('onErrorItself'))
    runtime.functions.create({
      name: 'tell',
      title: 'tell',
      graph: flow({ end: returns('1') }, { name: 'tell' }),
    })
    refused('tell').toThrow(problem('onErrorNotPublished'))
    runtime.publish('tell')
    refused('tell').not.toThrow()
    publish('asks', { end: returns('who') }, { inputs: [{ ...text('who'), required: true }] })
    refused('asks').toThrow(problem('onErrorInput'))
    publish('reads', { end: returns('failedInput') }, { inputs: [text('failedInput')] })
    refused('reads').toThrow(problem('onErrorInputType'))
  })
})

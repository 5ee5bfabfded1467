import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Firing } from '../../../nodes/api/triggers.ts'
import { triggerSettings } from '../../../nodes/triggers/settings.ts'
import type { LocalRuntime } from '../../../runtime/index.ts'
import { fixed, flow, formula, returns } from '../../support/flow.ts'
import type { FlowNode } from '../../support/flow.ts'
import { movingClock } from '../../support/moving-clock.ts'
import { openRuntime } from '../../support/open-runtime.ts'
import { newFolder } from '../../support/product.ts'

const NOON = '2026-06-01T12:00:00Z'
let clock: ReturnType<typeof movingClock>
let runtime: LocalRuntime
let data: string

const open = async (options: { maxOpenRuns?: number } = {}) => {
  runtime = await openRuntime({ data, sandbox: false, surroundings: clock, ...options })
}
beforeEach(async () => {
  clock = movingClock(NOON)
  data = newFolder()
  await open()
})
afterEach(() => runtime.close())

const device = { name: 'device', type: 'text', required: true }
function make(name: string, nodes: Record<string, FlowNode>, inputs: object[] = [device]) {
  runtime.functions.create({ name, title: name, graph: flow(nodes, { name, inputs: inputs as never }) })
}
const echo = () => make('echo', { end: returns('device & "!"') })
/** Ends when its wait is over. */
const slow = (amount = 5, unit = 'hours') =>
  make('slow', {
    wait: { type: 'wait', params: { amount: fixed(amount), unit }, to: { next: 'end' } },
    end: returns('device'),
  })

async function trigger(functionName: string, settings: object): Promise<{ id: string; secret: string }> {
  const made = runtime.triggers.create(functionName, triggerSettings.parse({ name: 'T', ...settings }))
  await runtime.triggers.switch(made.trigger.id, true)
  return { id: made.trigger.id, secret: made.secret ?? '' }
}
const onEvent = (more: object = {}) => ({
  kind: 'event',
  event: 'machine.alarm',
  inputs: { device: formula('payload.device') },
  ...more,
})
const alarm = (name: string, key?: string) => runtime.triggers.event('machine.alarm', { device: name }, key)
const log = (id: string) => runtime.triggers.log(id, 200)
const states = (id: string) => log(id).map(({ state }) => state)
const outputs = async (firings: readonly Firing[]) =>
  Promise.all(firings.filter(({ run }) => run).map(async ({ run }) => (await runtime.getRun(run!))!.output))
const countRuns = async () => (await runtime.listRuns({ limit: 200 })).length

describe('an event', () => {
  test('starts nothing before a trigger is switched on, and each function that waits for it after', async () => {
    echo()
    make('other', { end: returns('1') }, [])
    const off = runtime.triggers.create('echo', triggerSettings.parse({ name: 'T', ...onEvent() }))
    expect(await alarm('Pump 7')).toEqual({ started: [] })

    await runtime.triggers.switch(off.trigger.id, true)
    await trigger('other', { kind: 'event', event: 'machine.alarm' })
    await trigger('other', { kind: 'event', event: 'another.event' })
    const { started } = await alarm('Pump 7')
    expect(started).toMatchObject([
      { functionName: 'echo', state: 'started' },
      { functionName: 'other', state: 'started' },
    ])
    await expect.poll(() => outputs(log(off.trigger.id))).toEqual(['Pump 7!'])
    expect((await runtime.getRun(started[0]!.run!))!).toMatchObject({
      trigger: 'event',
      triggerId: off.trigger.id,
    })

    await runtime.triggers.switch(off.trigger.id, false)
    expect((await alarm('Pump 8')).started).toHaveLength(1)
  })

  test('starts what its condition lets through, and says why not', async () => {
    echo()
    const { id } = await trigger('echo', onEvent({ condition: 'payload.device = "Pump 7"' }))
    expect((await alarm('Pump 8')).started).toMatchObject([
      { state: 'skipped', reason: { code: 'TRIGGER_CONDITION' } },
    ])
    expect((await alarm('Pump 7')).started).toMatchObject([{ state: 'started' }])
    await runtime.triggers.update(
      id,
      triggerSettings.parse({ name: 'T', ...onEvent({ condition: '1 + 1' }) }),
    )
    expect((await alarm('Pump 7')).started).toMatchObject([
      { state: 'refused', reason: { code: 'FORMULA_TYPE' } },
    ])
    expect(states(id)).toEqual(['refused', 'started', 'skipped'])
  })

  test('with the same key starts nothing again, over a restart too, and refuses another payload', async () => {
    echo()
    await trigger('echo', onEvent())
    const [first] = (await alarm('Pump 7', 'a')).started
    expect((await alarm('Pump 7', 'a')).started).toEqual([first])
    await runtime.close()
    await open()
    expect((await alarm('Pump 7', 'a')).started).toEqual([first])
    await expect(alarm('Pump 8', 'a')).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' })
    expect((await alarm('Pump 7', 'b')).started[0]!.run).not.toBe(first!.run)
    expect(await countRuns()).toBe(2)
  })

  test('says which input the function refuses, and may be repeated with the same key after that', async () => {
    make('echo', { end: returns('device') }, [{ name: 'device', type: 'number', required: true }])
    const { id } = await trigger('echo', onEvent())
    expect((await alarm('Pump 7', 'a')).started).toMatchObject([
      { state: 'refused', reason: { code: 'INPUT_INVALID', message: expect.stringContaining('device') } },
    ])
    await runtime.triggers.update(
      id,
      triggerSettings.parse({ name: 'T', ...onEvent({ inputs: { device: fixed(7) } }) }),
    )
    expect((await alarm('Pump 7', 'a')).started).toMatchObject([{ state: 'started' }])
  })

  test('takes the published version, and the draft only where there is none', async () => {
    make('echo', { end: returns('"first"') }, [])
    const { id } = await trigger('echo', { kind: 'event', event: 'machine.alarm' })
    await alarm('x')
    runtime.publish('echo')
    runtime.functions.save('echo', {
      revision: runtime.functions.draft('echo').revision,
      graph: flow({ end: returns('"second"') }, { name: 'echo' }),
    })
    await alarm('x')
    runtime.publish('echo')
    await alarm('x')
    await expect.poll(() => outputs(log(id))).toEqual(['second', 'first', 'first'])
  })
})

describe('the rule for runs at the same time', () => {
  test('parallel lets them go side by side', async () => {
    slow()
    const { id } = await trigger('slow', onEvent())
    await alarm('a')
    await alarm('b')
    expect(states(id)).toEqual(['started', 'started'])
  })

  test('skip leaves out what comes while a run is not over', async () => {
    slow()
    const { id } = await trigger('slow', onEvent({ concurrency: 'skip' }))
    await Promise.all([alarm('a'), alarm('b'), alarm('c')])
    expect(states(id).sort()).toEqual(['skipped', 'skipped', 'started'])
    expect(log(id).find(({ state }) => state === 'skipped')!.reason).toMatchObject({ code: 'TRIGGER_BUSY' })
    const run = log(id).find(({ state }) => state === 'started')!.run!
    await runtime.cancelRun(run)
    await expect.poll(async () => (await runtime.getRun(run))!.status).toBe('cancelled')
    await alarm('d')
    expect(states(id)[0]).toBe('started')
  })

  test('queue starts them one after the other in their order, over restarts too', async () => {
    slow()
    const { id } = await trigger('slow', onEvent({ concurrency: 'queue' }))
    await Promise.all(['a', 'b', 'c'].map((name) => alarm(name)))
    expect(states(id)).toEqual(['waiting', 'waiting', 'started'])
    expect(runtime.triggers.list('slow')[0]!.waiting).toBe(2)

    await runtime.close()
    await open()
    expect(states(id)).toEqual(['waiting', 'waiting', 'started'])
    for (const left of [1, 0]) {
      const [running] = log(id).filter(({ state }) => state === 'started')
      await runtime.cancelRun(running!.run!)
      await expect.poll(() => runtime.triggers.list('slow')[0]!.waiting).toBe(left)
    }
    const inputs = await Promise.all(log(id).map(async ({ run }) => (await runtime.getRun(run!))!.input))
    expect(inputs).toEqual([{ device: 'c' }, { device: 'b' }, { device: 'a' }])
  })

  test('what waits is started when the rule becomes parallel, and given up when the trigger is switched off', async () => {
    slow()
    const { id } = await trigger('slow', onEvent({ concurrency: 'queue' }))
    await alarm('a')
    await alarm('b')
    await runtime.triggers.update(id, triggerSettings.parse({ name: 'T', ...onEvent() }))
    expect(states(id)).toEqual(['started', 'started'])
    await runtime.triggers.update(
      id,
      triggerSettings.parse({ name: 'T', ...onEvent({ concurrency: 'queue' }) }),
    )
    await alarm('c')
    await runtime.triggers.switch(id, false)
    expect(log(id)[0]).toMatchObject({ state: 'skipped', reason: { code: 'TRIGGER_OFF' } })
  })

  test('what the server has no room for waits, and is started when it has', async () => {
    await runtime.close()
    await open({ maxOpenRuns: 1 })
    slow(1, 'seconds')
    echo()
    const { id } = await trigger('echo', onEvent())
    const { id: busy } = await runtime.startRun({
      functionName: 'slow',
      input: { device: 'x' },
      trigger: 'library',
    })
    expect((await alarm('Pump 7')).started).toMatchObject([{ state: 'waiting' }])
    await expect.poll(async () => (await runtime.getRun(busy))!.status, { timeout: 10_000 }).toBe('done')
    await expect.poll(() => states(id), { timeout: 5_000 }).toEqual(['started'])
  })
})

describe('after another function', () => {
  const follow = (more: object = {}) => ({
    kind: 'after-function',
    after: 'echo',
    inputs: { device: formula('CONCAT(trigger.status, " ", trigger.output)') },
    ...more,
  })
  const run = async (name: string) =>
    (await runtime.startRun({ functionName: 'echo', input: { device: name }, trigger: 'library' })).finished

  test('starts with what the other one ended with', async () => {
    echo()
    make('next', { end: returns('device') })
    const { id } = await trigger('next', follow())
    const { id: source } = await run('Pump 7')
    await expect.poll(() => outputs(log(id))).toEqual(['done Pump 7!'])
    expect(await runtime.getRun(log(id)[0]!.run!)).toMatchObject({ trigger: 'after-function', triggerId: id })
    expect(source).not.toBe(log(id)[0]!.run)
  })

  test('says that the other one was never published, and in its log that it was deleted', async () => {
    echo()
    make('next', { end: returns('device') })
    const { id } = await trigger('next', follow())
    const problems = () => runtime.triggers.list('next')[0]!.problems.map(({ key }) => key)
    expect(problems()).toEqual(['problems.followedNotPublished'])
    runtime.publish('echo')
    expect(problems()).toEqual([])
    runtime.functions.delete('echo')
    expect(problems()).toEqual(['problems.functionMissing'])
    const gone = { state: 'refused', reason: { code: 'FUNCTION_MISSING', params: { name: 'echo' } } }
    await expect.poll(() => log(id)).toMatchObject([gone])
  })

  test('waits for the ends it is asked to wait for', async () => {
    make('echo', { end: { type: 'throw-error', params: { message: fixed('broken') } } })
    make('next', { end: returns('device') })
    const done = await trigger('next', follow())
    const failed = await trigger(
      'next',
      follow({ end: 'failed', inputs: { device: formula('trigger.error.message') } }),
    )
    const any = await trigger('next', follow({ end: 'any', inputs: { device: formula('trigger.run') } }))
    const { id } = await run('Pump 7')
    await expect.poll(() => outputs(log(any.id))).toEqual([id])
    await expect.poll(() => outputs(log(failed.id))).toEqual(['broken'])
    expect(log(done.id)).toEqual([])
  })

  test('is not set off by dry runs', async () => {
    echo()
    make('next', { end: returns('device') })
    const { id } = await trigger('next', follow())
    await runtime.dryRun('echo', { device: 'x' })
    await run('y')
    await expect.poll(() => outputs(log(id))).toEqual(['done y!'])
  })

  test('is told of an end that the process did not live to tell', async () => {
    echo()
    make('next', { end: returns('device') })
    const { id } = await trigger('next', follow())
    const { id: ended } = await run('Pump 7')
    await expect.poll(() => states(id)).toEqual(['started'])
    // as the disk looks where the process dies right after the end of the run
    const { database } = runtime.store
    database.prepare('DELETE FROM trigger_firing').run()
    database.prepare('INSERT INTO run_end (run_id) VALUES (?)').run(ended)
    await runtime.close()
    await open()
    await expect.poll(() => outputs(log(id))).toEqual(['done Pump 7!'])
    await runtime.close()
    await open()
    expect(log(id)).toHaveLength(1)
  })

  test('two functions that start each other end after sixteen', async () => {
    make('echo', { end: returns('1') }, [])
    make('back', { end: returns('1') }, [])
    const there = await trigger('back', { kind: 'after-function', after: 'echo' })
    const back = await trigger('echo', { kind: 'after-function', after: 'back' })
    await runtime.startRun({ functionName: 'echo', input: {}, trigger: 'library' })
    await expect.poll(() => states(there.id)[0], { timeout: 10_000 }).toBe('refused')
    expect(log(there.id)[0]!.reason).toMatchObject({ code: 'TRIGGER_TOO_DEEP', params: { limit: 16 } })
    expect(log(there.id)).toHaveLength(9)
    expect(log(back.id)).toHaveLength(8)
  })

  test('refuses to follow itself', () => {
    echo()
    expect(() => runtime.triggers.create('echo', triggerSettings.parse({ name: 'T', ...follow() }))).toThrow(
      'cannot follow its own runs',
    )
  })
})

describe('a call by HTTP', () => {
  const hook = (more: object = {}) => ({ kind: 'hook', path: 'pump-alarm', ...more })
  const call = (body: unknown, headers: Record<string, string>, idempotencyKey?: string) =>
    runtime.triggers.call(
      'pump-alarm',
      { headers, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), idempotencyKey },
      (isRight) => isRight(),
    )
  const sign = (secret: string, body: object, seconds = clock.now().getTime() / 1_000, key?: string) => {
    const timestamp = String(Math.floor(seconds))
    const head = key === undefined ? `${timestamp}.` : `${timestamp}.${key}.`
    const signature = createHmac('sha256', secret)
      .update(head + JSON.stringify(body))
      .digest('hex')
    return { 'x-timestamp': timestamp, 'x-signature': `sha256=${signature}` }
  }

  test('with the key starts the function with the body as its inputs', async () => {
    echo()
    const { secret, id } = await trigger('echo', hook())
    const accepted = await call({ device: 'Pump 7' }, { 'x-trigger-key': secret })
    expect(await (await accepted.started)!.finished).toMatchObject({
      output: 'Pump 7!',
      trigger: 'hook',
      triggerId: id,
    })
    await expect(call({ device: 'Pump 7' }, { 'x-trigger-key': `${secret}x` })).rejects.toMatchObject({
      code: 'NOT_SIGNED_IN',
    })
    await expect(call({ device: 'Pump 7' }, {})).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' })
    const renewed = runtime.triggers.renewProof(id).secret!
    await expect(call({ device: 'x' }, { 'x-trigger-key': secret })).rejects.toMatchObject({
      code: 'NOT_SIGNED_IN',
    })
    await call({ device: 'x' }, { 'x-trigger-key': renewed })
    // the key itself is nowhere on the disk
    const stored = JSON.stringify(runtime.store.database.prepare('SELECT * FROM triggers').all())
    expect(stored).not.toContain(renewed)
  })

  test('names the field that does not fit, and notes the refusal', async () => {
    echo()
    const { secret, id } = await trigger('echo', hook())
    const key = { 'x-trigger-key': secret }
    await expect(call({ device: 7 }, key)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      fields: [{ path: 'device' }],
    })
    await expect(call({ device: 'x', extra: 1 }, key)).rejects.toMatchObject({ fields: [{ path: 'extra' }] })
    await expect(call([1], key)).rejects.toMatchObject({ code: 'BODY_INVALID' })
    await expect(call('{"__proto__":{"a":1}}', key)).rejects.toMatchObject({ code: 'BODY_INVALID' })
    await expect(call('{', key)).rejects.toMatchObject({ code: 'BODY_INVALID' })
    expect(log(id).map(({ state, reason }) => [state, reason?.code])).toEqual([
      ['refused', 'BODY_INVALID'],
      ['refused', 'BODY_INVALID'],
      ['refused', 'BODY_INVALID'],
      ['refused', 'INPUT_INVALID'],
      ['refused', 'INPUT_INVALID'],
    ])
    expect(await countRuns()).toBe(0)
  })

  test('makes the inputs from any body where values say how', async () => {
    echo()
    const inputs = { device: formula('payload.items[2].name') }
    const { secret } = await trigger('echo', hook({ body: 'free', inputs }))
    const accepted = await call({ items: [{ name: 'a' }, { name: 'b' }] }, { 'x-trigger-key': secret })
    expect(await (await accepted.started)!.finished).toMatchObject({ output: 'b!' })
  })

  test('signed starts once, however often it is repeated, and refuses what is changed, old or unsigned', async () => {
    echo()
    const { secret } = await trigger('echo', hook({ proof: 'signature' }))
    const body = { device: 'Pump 7' }
    const signed = sign(secret, body)
    const first = await call(body, signed)
    expect((await call(body, signed)).firing).toBe(first.firing)
    const invalid = { code: 'SIGNATURE_INVALID' }
    await expect(call({ device: 'Pump 8' }, signed)).rejects.toMatchObject(invalid)
    await expect(
      call(body, { ...signed, 'x-timestamp': String(Number(signed['x-timestamp']) + 1) }),
    ).rejects.toMatchObject(invalid)
    const seconds = clock.now().getTime() / 1_000
    await expect(call(body, sign(secret, body, seconds - 302))).rejects.toMatchObject(invalid)
    await expect(call(body, sign(secret, body, seconds + 302))).rejects.toMatchObject(invalid)
    await expect(call(body, { 'x-trigger-key': secret })).rejects.toMatchObject(invalid)
    await expect(call(body, {})).rejects.toMatchObject(invalid)
    await call(body, sign(secret, body, seconds - 290))
    expect(await countRuns()).toBe(2)
  })

  test('signed with a key of its own starts once, and nobody can give it another key', async () => {
    echo()
    const { secret } = await trigger('echo', hook({ proof: 'signature' }))
    const body = { device: 'Pump 7' }
    const seconds = clock.now().getTime() / 1_000
    const first = await call(body, sign(secret, body, seconds, 'order 1'), 'order 1')
    expect((await call(body, sign(secret, body, seconds + 1, 'order 1'), 'order 1')).firing).toBe(
      first.firing,
    )
    await expect(call(body, sign(secret, body, seconds, 'order 1'), 'order 2')).rejects.toMatchObject({
      code: 'SIGNATURE_INVALID',
    })
  })

  test('with the same key and another body is refused', async () => {
    echo()
    const { secret } = await trigger('echo', hook())
    const key = { 'x-trigger-key': secret }
    const first = await call({ device: 'a' }, key, 'order 1')
    expect((await call({ device: 'a' }, key, 'order 1')).firing).toBe(first.firing)
    await expect(call({ device: 'b' }, key, 'order 1')).rejects.toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
    })
  })

  test('finds nothing where the trigger is off, and no two triggers at one path', async () => {
    echo()
    const { id, secret } = await trigger('echo', hook())
    expect(() => runtime.triggers.create('echo', triggerSettings.parse({ name: 'U', ...hook() }))).toThrow(
      'this path',
    )
    await runtime.triggers.switch(id, false)
    await expect(call({ device: 'a' }, { 'x-trigger-key': secret })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  test('is refused while a run is under way where the rule says so, and waits for its turn where it says that', async () => {
    slow()
    const { id, secret } = await trigger('slow', hook({ concurrency: 'skip' }))
    const key = { 'x-trigger-key': secret }
    await call({ device: 'a' }, key)
    await expect(call({ device: 'b' }, key)).rejects.toMatchObject({ code: 'TRIGGER_BUSY' })
    await runtime.triggers.update(id, triggerSettings.parse({ name: 'T', ...hook({ concurrency: 'queue' }) }))
    const waiting = await call({ device: 'c' }, key)
    expect(waiting.run).toBeUndefined()
    await runtime.cancelRun(log(id).find(({ state }) => state === 'started')!.run!)
    expect((await waiting.started)!.id).toBe(log(id)[0]!.run)
  })
})

describe('a trigger', () => {
  test('says why its function cannot be started', async () => {
    echo()
    make('broken', { sms: { type: 'sms-notification', params: {} } }, [])
    await trigger('broken', { kind: 'event', event: 'a' })
    expect(runtime.triggers.list('broken')[0]!.problems).toMatchObject([
      { key: 'errors.GRAPH_NOT_READY.title' },
    ])
    await trigger('echo', onEvent({ inputs: { other: fixed(1) }, condition: 'nobody > 1' }))
    await trigger('echo', {
      kind: 'after-function',
      after: 'gone',
      inputs: { device: formula('payload.x +') },
    })
    const [event, after] = runtime.triggers.list('echo')
    expect(event!.problems.map(({ key, field }) => [key, field])).toEqual([
      ['problems.inputMissing', 'inputs/device'],
      ['problems.inputUnknown', 'inputs/other'],
      ['problems.formula.unknownName', 'condition'],
    ])
    expect(after!.problems.map(({ key, field }) => [key, field])).toEqual([
      ['problems.formula.unexpectedEnd', 'inputs/device'],
      ['problems.functionMissing', 'after'],
    ])
  })

  test('goes with its function, and takes nothing of other functions with it', async () => {
    echo()
    make('other', { end: returns('1') }, [])
    await trigger('echo', onEvent())
    const { id } = await trigger('other', { kind: 'event', event: 'machine.alarm' })
    await alarm('x')
    runtime.functions.delete('echo')
    expect((await alarm('y')).started).toMatchObject([{ functionName: 'other', state: 'started' }])
    expect(log(id)).toHaveLength(2)
    runtime.triggers.delete(id)
    expect(await alarm('z')).toEqual({ started: [] })
    expect(await countRuns()).toBe(3)
  })
})

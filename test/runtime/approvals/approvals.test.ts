import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Json } from '../../../nodes/json.ts'
import type { LocalRuntime } from '../../../runtime/index.ts'
import { approval, member, processGraph, publishProcess, requestsOf } from '../../support/approvals.ts'
import { movingClock } from '../../support/moving-clock.ts'
import type { MovingClock } from '../../support/moving-clock.ts'
import { addMember, openRuntime } from '../../support/open-runtime.ts'

const MINUTE_MS = 60_000

let runtime: LocalRuntime
let clock: MovingClock
let ann: string
let ben: string
let cid: string
let dot: string
beforeEach(async () => {
  clock = movingClock('2026-09-01T08:00:00Z')
  runtime = await openRuntime({ sandbox: false, surroundings: clock })
  ann = addMember(runtime, 'Ann', '+447700900001')
  ben = addMember(runtime, 'Ben', '+447700900002')
  cid = addMember(runtime, 'Cid', '+447700900003')
  dot = addMember(runtime, 'Dot', '+447700900004')
})
afterEach(() => runtime.close())

const one = (people: string[], params: Record<string, Json> = {}) =>
  publishProcess(runtime, processGraph({ chief: approval(people.map(member), params) }))
const two = (people: string[], second: string[], params: Record<string, Json> = {}, first = {}) =>
  publishProcess(
    runtime,
    processGraph({
      chief: approval(people.map(member), first, { approved: 'board' }),
      board: approval(second.map(member), params),
    }),
  )
/** The process ends, time passes, and another process goes on. */
async function restart(milliseconds = 0) {
  const data = runtime.store.folder
  await runtime.close()
  clock.advance(milliseconds)
  runtime = await openRuntime({ data, sandbox: false, surroundings: clock })
}
const titles = (id: string) => runtime.inbox.list(id).entries.map(({ title }) => title)

describe('who decides', () => {
  it.each([
    ['any', [['ben', 'approve']], 'approved'],
    ['any', [['ben', 'reject']], 'rejected'],
    ['all', [['ben', 'approve']], 'running'],
    [
      'all',
      [
        ['ben', 'approve'],
        ['cid', 'approve'],
      ],
      'approved',
    ],
    [
      'all',
      [
        ['ben', 'approve'],
        ['cid', 'reject'],
      ],
      'rejected',
    ],
    ['in-order', [['ben', 'approve']], 'running'],
    [
      'in-order',
      [
        ['ben', 'approve'],
        ['cid', 'approve'],
      ],
      'approved',
    ],
    ['in-order', [['ben', 'reject']], 'rejected'],
  ] as const)('%s of two: %j → %s', async (sign, decisions, state) => {
    const people = { ben, cid }
    const leave = one([ben, cid], { sign })
    const id = await leave.initiate(ann)
    for (const [who, action] of decisions) await leave.decide(id, people[who], action)
    await expect.poll(async () => (await leave.view(id)).state).toBe(state)
    if (state !== 'running') {
      expect(await leave.waiting(id)).toEqual([])
      expect(titles(ann)).toEqual([`${state === 'approved' ? 'Approved' : 'Rejected'}: Ann: 3 days`])
    }
  })

  it('in order: the second is asked once the first has approved', async () => {
    const leave = one([ben, cid], { sign: 'in-order' })
    const id = await leave.initiate(ann)
    await expect.poll(() => leave.waiting(id)).toEqual(['chief: Ben'])
    expect(titles(cid)).toEqual([])
    await leave.decide(id, ben, 'approve')
    expect(await leave.waiting(id)).toEqual(['chief: Cid'])
    expect(titles(cid)).toEqual(['To decide: Ann: 3 days'])
  })

  it('finds supervisors of the initiator, level by level', async () => {
    const { departmentStore } = runtime.directory
    const plant = departmentStore.create({ name: 'Plant', parent: null, leaders: [dot] }).id
    const shift = departmentStore.create({ name: 'Shift', parent: plant, leaders: [cid] }).id
    const eve = addMember(runtime, 'Eve', '', { departments: [shift] })
    const level = (number: number) =>
      approval(
        [{ kind: 'value', value: { kind: 'formula', source: `SUPERVISORS(initiator, ${number})` } }],
        {},
        number === 1 ? { approved: 'second' } : {},
      )
    const leave = publishProcess(runtime, processGraph({ first: level(1), second: level(2) }))
    const id = await leave.initiate(eve)
    await expect.poll(() => leave.waiting(id)).toEqual(['first: Cid'])
    await leave.decide(id, cid, 'approve')
    await expect.poll(() => leave.waiting(id)).toEqual(['second: Dot'])
    // the chief of the shift is not asked about his own leave
    runtime.directory.memberStore.update(cid, {
      ...{ name: 'Cid', phone: '', status: 'in-service', departments: [shift] },
    })
    const own = await leave.initiate(cid)
    await expect.poll(() => leave.waiting(own)).toEqual(['first: Dot'])
  })

  it('asks whoever stands in, and says for whom', async () => {
    runtime.requests.delegate(ben, {
      deputy: dot,
      from: '2026-09-01T00:00:00Z',
      until: '2026-09-08T00:00:00Z',
    })
    const leave = one([ben])
    const id = await leave.initiate(ann)
    await expect.poll(() => leave.waiting(id)).toEqual(['chief: Dot'])
    await leave.decide(id, dot, 'approve')
    expect((await leave.view(id)).history.at(-1)).toMatchObject({
      kind: 'approved',
      by: { name: 'Dot' },
      for: { name: 'Ben' },
    })
    clock.set('2026-09-09T08:00:00Z')
    const later = await leave.initiate(ann)
    await expect.poll(() => leave.waiting(later)).toEqual(['chief: Ben'])
  })

  it('does not ask the same person twice where once is enough', async () => {
    const leave = two([ben], [ben, cid], { repeated: 'once', sign: 'all' })
    const id = await leave.initiate(ann)
    await expect.poll(() => leave.waiting(id)).toEqual(['chief: Ben'])
    await leave.decide(id, ben, 'approve')
    await expect.poll(() => leave.waiting(id)).toEqual(['board: Cid'])
    await leave.decide(id, cid, 'approve')
    await expect.poll(async () => (await leave.view(id)).state).toBe('approved')
  })
})

describe('what one may do', () => {
  it('transfers, and has others decide as well', async () => {
    const leave = one([ben], { canAdd: true, sign: 'all' })
    const id = await leave.initiate(ann)
    await expect.poll(() => leave.waiting(id)).toEqual(['chief: Ben'])
    await leave.decide(id, ben, 'transfer', { members: [cid], comment: 'Away today' })
    expect(await leave.waiting(id)).toEqual(['chief: Cid'])
    await expect(leave.decide(id, ben, 'approve')).rejects.toThrow()
    await leave.decide(id, cid, 'add', { members: [dot] })
    await leave.decide(id, cid, 'approve')
    expect((await leave.view(id)).state).toBe('running')
    await leave.decide(id, dot, 'approve')
    await expect.poll(async () => (await leave.view(id)).state).toBe('approved')
  })

  it('returns to an earlier step: what lies behind it is done anew', async () => {
    const leave = two([ben], [cid])
    const id = await leave.initiate(ann)
    await expect.poll(() => leave.waiting(id)).toEqual(['chief: Ben'])
    await leave.decide(id, ben, 'approve')
    await expect.poll(() => leave.waiting(id)).toEqual(['board: Cid'])
    const { mine } = await leave.view(id, cid)
    expect(mine!.returnTo.map(({ title }) => title)).toEqual(['chief'])
    await leave.decide(id, cid, 'return', { to: mine!.returnTo[0]!.id, comment: 'Too long' })
    await expect.poll(() => leave.waiting(id)).toEqual(['chief: Ben'])
    await leave.decide(id, ben, 'approve')
    await expect.poll(() => leave.waiting(id)).toEqual(['board: Cid'])
    await leave.decide(id, cid, 'approve')
    await expect.poll(async () => (await leave.view(id)).state).toBe('approved')
    expect(await leave.view(id)).toMatchObject({ round: 2 })
  })

  it('returns to the initiator, who changes the request and hands it in again', async () => {
    const leave = one([ben])
    const id = await leave.initiate(ann, { days: 30 })
    await expect.poll(() => leave.waiting(id)).toEqual(['chief: Ben'])
    await leave.decide(id, ben, 'return', { to: 'initiator', comment: 'At most 10' })
    expect(await leave.view(id, ann)).toMatchObject({ state: 'returned', may: { resubmit: true } })
    await runtime.requests.resubmit(ann, id, { days: 10 })
    await expect.poll(() => leave.waiting(id)).toEqual(['chief: Ben'])
    const view = await leave.view(id)
    expect(view).toMatchObject({ state: 'running', round: 2, form: [{ name: 'days', value: 10 }] })
    expect(view.history.map(({ kind }) => kind)).toEqual([
      ...['initiated', 'asked', 'returned', 'resubmitted', 'asked'],
    ])
  })

  it.each([
    ['reject', { canReject: false }, {}],
    ['return', { canReturn: false }, { to: 'initiator' }],
    ['transfer', { canTransfer: false }, {}],
    ['add', {}, {}],
    ['approve', { comment: 'required' }, {}],
  ] as [string, Record<string, Json>, object][])(
    'refuses to %s where the step does not say so',
    async (action, params, more) => {
      const leave = one([ben], params)
      const id = await leave.initiate(ann)
      await expect.poll(() => leave.waiting(id)).toEqual(['chief: Ben'])
      const members = action === 'transfer' || action === 'add' ? [dot] : []
      await expect(leave.decide(id, ben, action, { members, ...more })).rejects.toThrow()
      expect(await leave.waiting(id)).toEqual(['chief: Ben'])
    },
  )

  it('counts one of 100 decisions at the same time', async () => {
    const leave = one([ben])
    const id = await leave.initiate(ann)
    await expect.poll(() => leave.waiting(id)).toEqual(['chief: Ben'])
    const { mine } = await leave.view(id, ben)
    const decisions = Array.from({ length: 100 }, async (_, index) => {
      const action = index % 2 === 0 ? 'approve' : 'reject'
      runtime.requests.decide(ben, id, { task: mine!.id, action, comment: '', members: [] })
    })
    const settled = await Promise.allSettled(decisions)
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await expect.poll(async () => (await leave.view(id)).state).toBe('approved')
    expect((await leave.history(id)).filter((kind) => kind === 'rejected')).toEqual([])
  })

  it('is shown to those who have a part in it, and decided by nobody else', async () => {
    const leave = one([ben])
    const id = await leave.initiate(ann)
    await expect.poll(() => leave.waiting(id)).toEqual(['chief: Ben'])
    await expect(leave.view(id, cid)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const { mine } = await leave.view(id, ben)
    const decision = { task: mine!.id, action: 'approve' as const, comment: '', members: [] }
    expect(() => runtime.requests.decide(cid, id, decision)).toThrow('no such task')
    expect(() => runtime.requests.decide(ann, id, decision)).toThrow('no such task')
  })
})

describe('time', () => {
  it.each([
    ['approve', 'approved'],
    ['reject', 'rejected'],
  ])('%ss where nobody has decided in time', async (late, state) => {
    const leave = one([ben], { late, lateMinutes: 60 })
    const id = await leave.initiate(ann)
    await expect.poll(() => leave.waiting(id)).toEqual(['chief: Ben'])
    await restart(61 * MINUTE_MS)
    await expect.poll(async () => (await requestsOf(runtime, leave.name).view(id)).state).toBe(state)
  })

  it('asks others', async () => {
    const leave = one([ben], { late: 'transfer', lateMinutes: 60, lateRecipients: [member(dot)] })
    const id = await leave.initiate(ann)
    await expect.poll(() => leave.waiting(id)).toEqual(['chief: Ben'])
    await restart(61 * MINUTE_MS)
    await expect.poll(() => requestsOf(runtime, leave.name).waiting(id)).toEqual(['chief: Dot'])
  })

  it('reminds, once, and not before its time', async () => {
    const leave = one([ben], { late: 'remind', lateMinutes: 60 })
    const id = await leave.initiate(ann)
    await expect.poll(() => leave.waiting(id)).toEqual(['chief: Ben'])
    await restart(59 * MINUTE_MS)
    expect(titles(ben)).toEqual(['To decide: Ann: 3 days'])
    await restart(2 * MINUTE_MS)
    await expect.poll(() => titles(ben)).toEqual(['Reminder: Ann: 3 days', 'To decide: Ann: 3 days'])
    await restart(24 * 60 * MINUTE_MS)
    expect(titles(ben)).toHaveLength(2)
  })

  it('lets the initiator urge, not too often', async () => {
    const leave = publishProcess(
      runtime,
      processGraph({ chief: approval([member(ben)]) }, { process: { urgeMinutes: 30 } }),
    )
    const id = await leave.initiate(ann)
    await expect.poll(() => leave.waiting(id)).toEqual(['chief: Ben'])
    await runtime.requests.urge(ann, id)
    expect(titles(ben)).toEqual(['Reminder: Ann: 3 days', 'To decide: Ann: 3 days'])
    await expect(runtime.requests.urge(ann, id)).rejects.toMatchObject({ code: 'TOO_MANY_TRIES' })
    await expect(runtime.requests.urge(ben, id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    clock.advance(31 * MINUTE_MS)
    await runtime.requests.urge(ann, id)
    expect(titles(ben)).toHaveLength(3)
  })
})

describe('nobody to decide', () => {
  it('pauses until an operator names somebody', async () => {
    runtime.accounts.setRole(dot, 'administrator')
    const gone = addMember(runtime, 'Gus', '', { status: 'resigned' })
    const leave = one([gone])
    const id = await leave.initiate(ann)
    await expect.poll(() => leave.waiting(id)).toEqual(['chief: paused'])
    expect(titles(dot)).toEqual(['Nobody to decide: Ann: 3 days'])
    const { steps } = await leave.view(id)
    runtime.requests.reassign(id, { step: steps[0]!.id, members: [cid], comment: '' }, dot)
    expect(await leave.waiting(id)).toEqual(['chief: Cid'])
    await leave.decide(id, cid, 'approve')
    await expect.poll(async () => (await leave.view(id)).state).toBe('approved')
  })

  it.each([
    ['pass', 'approved', []],
    ['administrator', 'running', ['chief: Dot']],
  ])('%s', async (nobody, state, waiting) => {
    runtime.accounts.setRole(dot, 'administrator')
    const leave = one(['somebody-who-left'], { nobody })
    const id = await leave.initiate(ann)
    await expect.poll(() => leave.waiting(id)).toEqual(waiting)
    await expect.poll(async () => (await leave.view(id)).state).toBe(state)
  })
})

describe('the end of a request', () => {
  it.each([
    ['undecided', true, false],
    ['any-time', true, true],
    ['never', false, false],
  ])('revoke %s: before a decision %s, after one %s', async (revoke, before, after) => {
    const graph = processGraph(
      { chief: approval([member(ben)], {}, { approved: 'board' }), board: approval([member(cid)]) },
      { process: { revoke } },
    )
    const leave = publishProcess(runtime, graph)
    const taken = await leave.initiate(ann)
    await expect.poll(() => leave.waiting(taken)).toEqual(['chief: Ben'])
    expect((await leave.view(taken, ann)).may.revoke).toBe(before)
    const revoking = runtime.requests.revoke(ann, taken, 'Not needed')
    if (before) {
      await revoking
      expect(await leave.view(taken)).toMatchObject({ state: 'revoked', steps: [] })
      await expect.poll(async () => (await runtime.getRun(taken))!.status).toBe('cancelled')
      expect((await leave.view(taken)).state).toBe('revoked')
    } else await expect(revoking).rejects.toMatchObject({ code: 'CONFLICT' })

    const decided = await leave.initiate(ann)
    await expect.poll(() => leave.waiting(decided)).toEqual(['chief: Ben'])
    await leave.decide(decided, ben, 'approve')
    await expect.poll(() => leave.waiting(decided)).toEqual(['board: Cid'])
    expect((await leave.view(decided, ann)).may.revoke).toBe(after)
  })

  it('is cancelled with its run, and the run with it', async () => {
    const leave = one([ben])
    const byRun = await leave.initiate(ann)
    await expect.poll(() => leave.waiting(byRun)).toEqual(['chief: Ben'])
    await runtime.cancelRun(byRun)
    await expect.poll(async () => (await leave.view(byRun)).state).toBe('cancelled')
    const byOperator = await leave.initiate(ann)
    await expect.poll(() => leave.waiting(byOperator)).toEqual(['chief: Ben'])
    await runtime.requests.cancel(byOperator, 'Duplicate', null)
    await expect.poll(async () => (await runtime.getRun(byOperator))!.status).toBe('cancelled')
    expect((await leave.view(byOperator)).state).toBe('cancelled')
    expect(await runtime.requests.counts(ben)).toEqual({ decide: 0, copied: 0 })
  })

  it('says that its process broke off', async () => {
    const graph = processGraph({
      chief: approval([member(ben)], {}, { approved: 'broken' }),
      broken: { type: 'throw-error', params: { message: { kind: 'fixed', value: 'No budget' } } },
    })
    const leave = publishProcess(runtime, graph)
    const id = await leave.initiate(ann)
    await expect.poll(() => leave.waiting(id)).toEqual(['chief: Ben'])
    await leave.decide(id, ben, 'approve')
    await expect.poll(async () => (await leave.view(id)).state).toBe('failed')
  })

  it('of two branches at once comes when both are decided', async () => {
    const graph = processGraph({
      both: {
        type: 'parallel',
        params: { branches: [{ id: 'a' }, { id: 'b' }] },
        to: { a: 'chief', b: 'board', done: 'after' },
      },
      chief: approval([member(ben)]),
      board: approval([member(cid)]),
      after: approval([member(dot)]),
    })
    const leave = publishProcess(runtime, graph)
    const id = await leave.initiate(ann)
    await expect.poll(() => leave.waiting(id)).toEqual(['chief: Ben', 'board: Cid'])
    await leave.decide(id, cid, 'approve')
    await leave.decide(id, ben, 'approve')
    await expect.poll(() => leave.waiting(id)).toEqual(['after: Dot'])
  })
})

it('shows a request to people without stopping', async () => {
  const graph = processGraph({
    tell: { type: 'cc', params: { recipients: [member(cid), member(dot)] }, to: { next: 'chief' } },
    chief: approval([member(ben)]),
  })
  const leave = publishProcess(runtime, graph)
  const id = await leave.initiate(ann)
  await expect.poll(() => leave.waiting(id)).toEqual(['chief: Ben'])
  expect(runtime.requests.counts(cid)).toEqual({ decide: 0, copied: 1 })
  expect(titles(cid)).toEqual(['For your information: Ann: 3 days'])
  await leave.view(id, cid)
  expect(runtime.requests.counts(cid)).toEqual({ decide: 0, copied: 0 })
})

it('hands the same request in once for the same key', async () => {
  const leave = one([ben])
  const ids = await Promise.all([
    leave.initiate(ann, { days: 2 }, 'form-1'),
    leave.initiate(ann, { days: 2 }, 'form-1'),
  ])
  expect(ids[0]).toBe(ids[1])
  expect((await runtime.requests.worklist(ann, 'initiated', { limit: 10, search: '' })).entries).toHaveLength(
    1,
  )
})

it('lists what is to decide, was decided, initiated and copied, page by page', async () => {
  const leave = one([ben])
  const ids: string[] = []
  for (const days of [1, 2, 3]) ids.unshift(await leave.initiate(ann, { days }))
  await expect.poll(() => runtime.requests.counts(ben).decide).toBe(3)
  const first = await runtime.requests.worklist(ben, 'decide', { limit: 2, search: '' })
  expect(first.entries.map(({ id }) => id)).toEqual(ids.slice(0, 2))
  expect(first.entries[0]).toMatchObject({
    ...{ title: 'Ann: 3 days', step: 'chief', digest: [{ title: 'Days', value: 3 }] },
  })
  const second = await runtime.requests.worklist(ben, 'decide', { limit: 2, search: '', before: first.next! })
  expect([second.entries.map(({ id }) => id), second.next]).toEqual([ids.slice(2), null])
  await leave.decide(ids[1]!, ben, 'approve')
  const done = await runtime.requests.worklist(ben, 'done', { limit: 10, search: 'ANN' })
  expect(done.entries).toMatchObject([{ id: ids[1], did: 'approved' }])
  expect((await runtime.requests.worklist(ben, 'done', { limit: 10, search: 'nobody' })).entries).toEqual([])
})

it('goes on after a restart at every place', async () => {
  const leave = two([ben], [cid], {}, {})
  const id = await leave.initiate(ann)
  await expect.poll(() => leave.waiting(id)).toEqual(['chief: Ben'])
  await restart()
  const again = requestsOf(runtime, leave.name)
  expect(await again.waiting(id)).toEqual(['chief: Ben'])
  // decided, and the process dies before the run has heard of it
  await again.decide(id, ben, 'approve')
  await restart()
  const last = requestsOf(runtime, leave.name)
  await expect.poll(() => last.waiting(id)).toEqual(['board: Cid'])
  await last.decide(id, cid, 'approve')
  await expect.poll(async () => (await last.view(id)).state).toBe('approved')
  expect((await last.history(id)).filter((kind) => kind === 'asked')).toHaveLength(2)
})

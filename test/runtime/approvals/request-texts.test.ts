import { afterEach, beforeEach, expect, it } from 'vitest'
import type { JsonObject } from '../../../nodes/json.ts'
import type { LocalRuntime } from '../../../runtime/index.ts'
import { approval, member, processGraph, publishProcess, requestsOf } from '../../support/approvals.ts'
import { movingClock } from '../../support/moving-clock.ts'
import type { MovingClock } from '../../support/moving-clock.ts'
import { addMember, openRuntime, twilioService } from '../../support/open-runtime.ts'

const ANN = '+447700900001'
const BEN = '+447700900002'
const CID = '+447700900003'

let runtime: LocalRuntime
let clock: MovingClock
let ann: string
let ben: string
let cid: string
let service: string
beforeEach(async () => {
  clock = movingClock('2026-09-01T08:00:00Z')
  runtime = await openRuntime({ surroundings: clock, publicUrl: 'https://sms.example.com' })
  service = twilioService(runtime)
  ann = addMember(runtime, 'Ann', ANN)
  ben = addMember(runtime, 'Ben', BEN)
  cid = addMember(runtime, 'Cid', CID)
})
afterEach(() => runtime.close())

const text = '${userNick}, decide ${processTitle}: ${link}'
const sms = (more: JsonObject = {}): JsonObject => ({
  ...{ sms: true, service, templateText: text, variables: {}, ...more },
})
const texts = () =>
  runtime
    .sandbox!.messages(100)
    .map(({ to, text }) => `${to} ${text}`)
    .reverse()
const texted = async (count: number) => {
  await expect.poll(() => texts().length).toBe(count)
  return texts()
}
async function restart(milliseconds = 0) {
  const data = runtime.store.folder
  await runtime.close()
  clock.advance(milliseconds)
  runtime = await openRuntime({ data, surroundings: clock, publicUrl: 'https://sms.example.com' })
}

it('texts whoever is asked, with what the request is called and where it is decided', async () => {
  const leave = publishProcess(runtime, processGraph({ chief: approval([member(ben), member(cid)], sms()) }))
  const id = await leave.initiate(ann)
  const link = `https://sms.example.com/#/request/${id}`
  expect((await texted(2)).sort()).toEqual([
    `${BEN} Ben, decide Ann: 3 days: ${link}`,
    `${CID} Cid, decide Ann: 3 days: ${link}`,
  ])
  await expect
    .poll(async () =>
      (await leave.view(id)).texts.map(({ person, message }) => [person.name, message?.state]),
    )
    .toEqual([
      ['Ben', 'accepted'],
      ['Cid', 'accepted'],
    ])
})

it('tells the initiator how it ended, and those to whom it is copied', async () => {
  const graph = processGraph(
    {
      chief: approval([member(ben)], {}, { approved: 'tell' }),
      tell: {
        type: 'cc',
        params: { recipients: [member(cid)], ...sms({ templateText: '${userNick}: ${processTitle}' }) },
      },
    },
    { process: sms({ templateText: '${userNick}, ${processTitle} is ${result}.' }) },
  )
  const leave = publishProcess(runtime, graph)
  const id = await leave.initiate(ann)
  await expect.poll(() => leave.waiting(id)).toEqual(['chief: Ben'])
  await leave.decide(id, ben, 'approve')
  expect((await texted(2)).sort()).toEqual([
    `${ANN} Ann, Ann: 3 days is approved.`,
    `${CID} Cid: Ann: 3 days`,
  ])
})

it('texts late, and not at all where it was decided before', async () => {
  const leave = publishProcess(
    runtime,
    processGraph({ chief: approval([member(ben)], sms({ smsAfterMinutes: 30 })) }),
  )
  const decided = await leave.initiate(ann, { days: 1 })
  await expect.poll(() => leave.waiting(decided)).toEqual(['chief: Ben'])
  await leave.decide(decided, ben, 'approve')
  const open = await leave.initiate(ann, { days: 2 })
  await expect.poll(() => leave.waiting(open)).toEqual(['chief: Ben'])
  await restart(29 * 60_000)
  expect(texts()).toEqual([])
  await restart(2 * 60_000)
  expect(await texted(1)).toEqual([expect.stringContaining('Ann: 2 days')])
  const later = requestsOf(runtime, leave.name)
  expect((await later.view(decided)).texts).toMatchObject([{ state: 'dropped', message: null }])
})

it('follows a task to somebody else', async () => {
  const leave = publishProcess(runtime, processGraph({ chief: approval([member(ben)], sms()) }))
  const id = await leave.initiate(ann)
  await texted(1)
  await leave.decide(id, ben, 'transfer', { members: [cid] })
  expect((await texted(2))[1]).toContain(`${CID} Cid, decide`)
  await runtime.requests.urge(ann, id)
  expect((await texted(3))[2]).toContain(CID)
  const { steps } = await leave.view(id)
  const open = steps[0]!.tasks.find(({ state }) => state === 'open')!
  runtime.requests.textAgain(id, open.id, null)
  await texted(4)
})

it('decides by the link of a text once; the token is nowhere in the data', async () => {
  const leave = publishProcess(
    runtime,
    processGraph({ chief: approval([member(ben)], sms({ smsDecides: true })) }),
  )
  const id = await leave.initiate(ann)
  const token = /#\/decide\/([\w-]+)/.exec((await texted(1))[0]!)![1]!
  const link = await runtime.requests.link(token)
  expect(link).toMatchObject({ state: 'open', title: 'Ann: 3 days', person: 'Ben', step: 'chief' })
  // looking decides nothing
  expect(await leave.waiting(id)).toEqual(['chief: Ben'])
  expect(await runtime.requests.link(`${token.slice(0, -1)}${token.endsWith('A') ? 'Q' : 'A'}`)).toEqual({
    state: 'gone',
  })
  const shown = JSON.stringify([await leave.view(id), await runtime.searchRuns({}), await runtime.getRun(id)])
  expect(shown).not.toContain(token)
  const run = (await leave.view(id)).texts[0]!.run!
  expect(JSON.stringify(await runtime.getRun(run))).not.toContain(token)

  expect(runtime.requests.decideByLink(token, 'approve', '')).toMatchObject({ state: 'decided' })
  expect(runtime.requests.decideByLink(token, 'reject', '')).toEqual({ state: 'gone' })
  expect(await runtime.requests.link(token)).toEqual({ state: 'gone' })
  await expect.poll(async () => (await leave.view(id)).state).toBe('approved')
})

it('opens nothing by a link that is a week old, or whose task somebody else has', async () => {
  const leave = publishProcess(
    runtime,
    processGraph({ chief: approval([member(ben)], sms({ smsDecides: true })) }),
  )
  const first = await leave.initiate(ann)
  const token = /#\/decide\/([\w-]+)/.exec((await texted(1))[0]!)![1]!
  await leave.decide(first, ben, 'transfer', { members: [cid] })
  expect(await runtime.requests.link(token)).toEqual({ state: 'gone' })
  const others = /#\/decide\/([\w-]+)/.exec((await texted(2))[1]!)![1]!
  expect(await runtime.requests.link(others)).toMatchObject({ person: 'Cid' })
  await restart(7 * 24 * 3_600_000 + 1_000)
  expect(await runtime.requests.link(others)).toEqual({ state: 'gone' })
})

it('refuses a text that does not say what it is about, or to whom', () => {
  const graph = (templateText: string) =>
    processGraph({ chief: approval([member(ben)], sms({ templateText })) })
  expect(() => publishProcess(runtime, graph('Please decide ${processTitle}'))).toThrow('userNick')
  expect(() => publishProcess(runtime, graph('${userNick}, please decide'))).toThrow('processTitle')
})

it('stays outside of functions that are no process', () => {
  const { process: _, ...graph } = processGraph({ chief: approval([member(ben)]) })
  expect(() => publishProcess(runtime, graph)).toThrow()
})

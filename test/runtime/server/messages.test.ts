import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MessageCountsAnswer, MessageDetail, MessagePage } from '../../../nodes/api/messages.ts'
import type { Run, RunSummary } from '../../../nodes/api/runs.ts'
import type { SandboxFault } from '../../../nodes/api/sandbox.ts'
import { sandboxServices } from '../../../runtime/sandbox/accounts.ts'
import { smsGraph } from '../../support/graphs.ts'
import { addMember, twilioService } from '../../support/open-runtime.ts'
import { openServer } from './open-server.ts'
import type { TestServer } from './open-server.ts'

let server: TestServer
/** Ids of the people and services of the runs below. */
const ids: Record<string, string> = {}
const PHONES = ['+12025550101', '+12025550102', '+12025550103']

/** One run of each kind of outcome: everything a person may ask about. */
beforeAll(async () => {
  // no receipt comes before the tests are over
  server = await openServer({ runtime: { sandbox: { receiptDelayMs: 3_600_000 } } })
  const { runtime } = server
  ids['ada'] = addMember(runtime, 'Ada', PHONES[0]!)
  ids['bo'] = addMember(runtime, '=cmd|"Bo"', PHONES[1]!)
  ids['none'] = addMember(runtime, 'Nobody', '')
  ids['good'] = twilioService(runtime)
  ids['bad'] = twilioService(runtime, { authToken: 'not the token' })
  // Nobody can ask SNS for a message, so what is unknown there stays so.
  ids['sns'] = runtime.services.create({
    ...{
      name: 'SNS',
      provider: 'aws-sns',
      settings: sandboxServices['aws-sns'],
      policy: { testMode: false },
    },
  }).id
  for (const name of ['good', 'bad', 'sns']) {
    const recipients = ['ada', 'bo', 'none'].map((each) => ({ kind: 'member' as const, id: ids[each]! }))
    const graph = smsGraph({ name, service: ids[name]!, recipients, ports: ['sent', 'partly', 'failed'] })
    runtime.functions.create({ title: name, name, graph })
  }
  await run('good')
  await run('bad')
  await run('sns', 'reset-after')
  await run('good', 'throttle')
})
afterAll(() => server.close())

async function run(name: string, fault: SandboxFault = 'none'): Promise<Run> {
  const provider = name === 'sns' ? 'aws-sns' : 'twilio'
  await server.call('POST', '/api/sandbox/faults', { body: { provider, fault, count: 1 } })
  const answer = await server.call('POST', `/api/functions/${name}/runs`, { body: { who: 'you' } })
  expect(answer.status).toBe(200)
  return answer.json<Run>()
}

async function list(query = ''): Promise<MessagePage> {
  const answer = await server.call('GET', `/api/messages?${query}`)
  expect(answer.status).toBe(200)
  return answer.json<MessagePage>()
}
async function count(query = ''): Promise<MessageCountsAnswer> {
  const answer = await server.call('GET', `/api/messages/counts?${query}`)
  expect(answer.json<MessageCountsAnswer>().isComplete).toBe(true)
  return answer.json<MessageCountsAnswer>()
}
const get = async (id: string) => (await server.call('GET', `/api/messages/${id}`)).json<MessageDetail>()

describe('GET /api/messages', () => {
  it('lists everybody who was to be texted, newest first, with the reason where a text did not leave', async () => {
    const { messages, next, searchedTo } = await list()
    expect({ next, searchedTo }).toEqual({ next: null, searchedTo: null })
    expect(messages).toHaveLength(12)
    expect(messages.map(({ created }) => created)).toEqual(
      messages
        .map(({ created }) => created)
        .toSorted()
        .reverse(),
    )
    expect(messages.filter(({ state }) => state === 'suppressed').map(({ reason }) => reason)).toEqual(
      Array(4).fill('no-phone'),
    )
    const [refused] = messages.filter(
      ({ functionName, state }) => functionName === 'bad' && state === 'rejected',
    )
    expect(refused).toMatchObject({
      serviceId: ids['bad'],
      error: { provider: 'twilio', providerCode: '20003' },
    })
    expect(JSON.stringify(messages)).not.toMatch(/\+1202555/)
  })

  it.each([
    ['state=rejected', 2],
    ['state=unknown', 1],
    ['state=rejected,unknown', 3],
    ['state=rejected&state=suppressed', 6],
    ['state=accepted', 5],
    ['state=planned', 0],
    ['delivery=delivered', 0],
    ['function=bad', 3],
    ['function=nothing', 0],
    ['person=ADA', 4],
    ['person=%2B12025550101', 4],
    ['person=(202)%20555-0101', 4],
    ['person=%2B12025550199', 0],
    ['from=2020-01-01T00:00:00Z', 12],
    ['to=2020-01-01T00:00:00Z', 0],
    ['state=accepted&function=good&person=bo', 2],
  ])('finds by %s', async (query, expected) => {
    const { messages } = await list(query)
    expect(messages).toHaveLength(expected)
    expect((await count(query)).counts.planned).toBe(expected)
  })

  it('finds by service and by the id of a member', async () => {
    expect((await list(`service=${ids['bad']}`)).messages).toHaveLength(3)
    expect((await list(`person=${ids['ada']}`)).messages).toHaveLength(4)
  })

  it('answers page after page without gaps or repeats', async () => {
    const seen: string[] = []
    let next: string | null = ''
    while (next !== null) {
      const page: MessagePage = await list(`limit=5${next && `&before=${next}`}`)
      seen.push(...page.messages.map(({ id }) => id))
      next = page.next
    }
    expect(seen).toEqual((await list()).messages.map(({ id }) => id))
  })

  it.each(['state=lost', 'limit=0', 'limit=1000', 'before=1', 'from=yesterday', 'function=A%20B', 'person='])(
    'refuses %s and says which field it is',
    async (query) => {
      const answer = await server.call('GET', `/api/messages?${query}`)
      expect(answer.status).toBe(400)
      expect(answer.json().fields![0]!.path).toMatch(new RegExp(query.split('=')[0]!))
    },
  )

  it('answers nobody who is not signed in', async () => {
    for (const path of ['', '/counts', '/export.csv', '/a-1']) {
      expect((await server.plain('GET', `/api/messages${path}`)).status).toBe(401)
    }
  })
})

it('counts so that the sums add up', async () => {
  const { counts } = await count()
  expect(counts).toEqual({
    ...{ planned: 12, accepted: 5, rejected: 2, unknown: 1, suppressed: 4 },
    ...{ cancelled: 0, expired: 0, open: 0 },
  })
})

describe('GET /api/messages/{id}', () => {
  it('tells the whole life of a message that needed two attempts', async () => {
    const retried = (await list('state=accepted')).messages.find(({ attempts }) => attempts === 2)!
    const detail = await get(retried.id)
    expect(detail).toMatchObject({
      functionName: 'good',
      nodeId: 'sms',
      text: 'Hello you',
      reasons: [{ kind: 'member', name: '' }],
    })
    expect(detail.history).toMatchObject([
      { kind: 'planned' },
      { kind: 'attempt', attempt: 1, outcome: 'throttled', providerCode: '20429' },
      { kind: 'attempt', attempt: 2, outcome: 'accepted', providerId: expect.stringMatching(/^SM/) },
    ])
    expect(JSON.stringify(detail)).not.toMatch(/\+1202555/)
  })

  it('gives the evidence of an attempt whose outcome nobody knows, and of a refused one', async () => {
    const [unknown] = (await list('state=unknown')).messages
    expect((await get(unknown!.id)).history.at(-1)).toMatchObject({ kind: 'attempt', outcome: 'unknown' })
    const [refused] = (await list('state=rejected')).messages
    expect((await get(refused!.id)).history.at(-1)).toMatchObject({
      outcome: 'rejected',
      providerCode: '20003',
      evidence: { httpStatus: 401 },
    })
  })

  it.each(['nothing', 'a-1', '01JAAAAAAAAAAAAAAAAAAAAAAA-0'])('answers 404 to %s', async (id) => {
    expect((await server.call('GET', `/api/messages/${id}`)).status).toBe(404)
  })
})

describe('GET /api/messages/export.csv', () => {
  const download = async (query: string) => {
    const answer = await server.call('GET', `/api/messages/export.csv?${query}`)
    expect(answer.status).toBe(200)
    return { answer, rows: parse(answer.text, { bom: true, relax_column_count: true }) as string[][] }
  }

  it('holds what the list shows, as a file of its own, with masked numbers', async () => {
    const { answer, rows } = await download('')
    expect(answer.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': expect.stringMatching(/^attachment; filename="messages-.+\.csv"$/),
    })
    expect(rows).toHaveLength(13)
    expect(rows[0]!.slice(0, 5)).toEqual([
      'Planned (UTC)',
      'Last change (UTC)',
      'Person',
      'Member ID',
      'Number',
    ])
    expect(rows.slice(1).map((row) => row.at(-1))).toEqual((await list()).messages.map(({ id }) => id))
    expect(answer.text).not.toMatch(/\+1202555/)
    expect(rows.some((row) => row[2] === `'=cmd|"Bo"`)).toBe(true)
  })

  it('puts reasons into words, in the language asked for', async () => {
    const { rows } = await download('state=suppressed,rejected&language=zh-CN')
    expect(rows[0]![2]).toBe('人员')
    expect(rows.slice(1).every((row) => /[\u4e00-\u9fff]/.test(row[9]!))).toBe(true)
  })

  it('gives whole numbers only where they are asked for', async () => {
    const { rows } = await download('numbers=whole&state=accepted')
    expect(new Set(rows.slice(1).map((row) => row[4]))).toEqual(new Set(PHONES.slice(0, 2)))
  })

  it('says in its last line where it does not hold everything, and does not where it does', async () => {
    const cut = await download('limit=4')
    expect(cut.rows).toHaveLength(6)
    expect(cut.rows.at(-1)![0]).toMatch(/newest 4 only/)
    expect((await download('limit=12')).rows).toHaveLength(13)
  })
})

describe('GET /api/runs', () => {
  const runs = async (query: string) =>
    (await server.call('GET', `/api/runs?${query}`))
      .json<RunSummary[]>()
      .map(({ functionName }) => functionName)

  it('lists the runs of one status, newest first, of all functions or of one', async () => {
    const refusing = smsGraph({
      name: 'refusing',
      service: ids['bad']!,
      recipients: [{ kind: 'member', id: ids['ada']! }],
    })
    server.runtime.functions.create({ title: 'Refusing', name: 'refusing', graph: refusing })
    await run('refusing')
    expect(await runs('status=failed')).toEqual(['refusing'])
    expect(await runs('status=done')).toEqual(['good', 'sns', 'bad', 'good'])
    expect(await runs('status=done&function=good')).toEqual(['good', 'good'])
    expect(await runs('status=failed&function=good')).toEqual([])
    expect(await runs('status=running')).toEqual([])
    expect((await server.call('GET', '/api/runs?status=lost')).status).toBe(400)
  })

  it('says of each run how many of its messages are in which state', async () => {
    const listed = (await server.call('GET', '/api/runs')).json<RunSummary[]>()
    expect(listed.length).toBeGreaterThan(3)
    for (const { id, counts } of listed) {
      const { steps } = (await server.call('GET', `/api/runs/${id}`)).json<Run>()
      const states = steps.flatMap(({ messages }) => messages ?? []).map(({ state }) => state)
      expect(counts!.planned).toBe(states.length)
      for (const state of ['accepted', 'rejected', 'unknown', 'suppressed'] as const) {
        expect(counts![state]).toBe(states.filter((each) => each === state).length)
      }
    }
    expect(listed.some(({ counts }) => counts!.accepted > 0)).toBe(true)
    expect(listed.some(({ counts }) => counts!.rejected > 0)).toBe(true)
  })
})

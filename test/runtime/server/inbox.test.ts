import { afterAll, beforeAll, expect, it } from 'vitest'
import { inboxEvent } from '../../../nodes/api/inbox.ts'
import type { InboxEvent, InboxPage } from '../../../nodes/api/inbox.ts'
import { notifyGraph } from '../../support/inbox.ts'
import { addMember } from '../../support/open-runtime.ts'
import { openServer, TOKEN } from './open-server.ts'
import type { TestServer } from './open-server.ts'

let test: TestServer
let ada: string
beforeAll(async () => {
  test = await openServer({ runtime: { sandbox: false, example: false } })
  ada = addMember(test.runtime, 'Ada', '')
  const graph = notifyGraph([{ kind: 'member', id: ada }])
  test.runtime.functions.create({ title: graph.title, name: graph.name, graph })
})
afterAll(() => test.close())
const notify = () => test.runtime.run('notify')
const read = async () => (await test.call('GET', `/api/inbox/${ada}`)).json<InboxPage>()

it('lists, counts and marks the entries of a member', async () => {
  await notify()
  await notify()
  const { entries, unread } = await read()
  expect([entries.length, unread]).toEqual([2, 2])
  const entry = `/api/inbox/${ada}/entries/${entries[1]!.id}`
  const marked = await test.call('PUT', entry, { body: { read: true } })
  expect(marked.json()).toMatchObject({ id: entries[1]!.id, read: expect.any(String) })
  expect((await test.call('GET', `/api/inbox/${ada}/unread`)).json()).toEqual({ unread: 1 })
  expect((await test.call('POST', `/api/inbox/${ada}/read-all`)).status).toBe(204)
  expect((await read()).unread).toBe(0)
  expect((await test.call('PUT', entry, { body: { read: false } })).json()).toMatchObject({ read: null })
  const elsewhere = await test.call('PUT', entry.replace(ada, 'somebody'), { body: { read: true } })
  expect(elsewhere.status).toBe(404)
  expect((await test.call('GET', `/api/inbox/${ada}?before=x`)).status).toBe(400)
  expect((await test.plain('GET', `/api/inbox/${ada}`)).status).toBe(401)
})

it('streams the count, then what comes', async () => {
  const response = await fetch(`${test.server.url}/api/inbox/${ada}/events`, {
    headers: { authorization: `Bearer ${TOKEN}` },
  })
  const events: InboxEvent[] = []
  let text = ''
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const event = inboxEvent.parse(JSON.parse(/data: (.*)/.exec(text.slice(0, end))![1]!))
      text = text.slice(end + 2)
      events.push(event)
      if (event.type === 'unread') void notify()
    }
    if (events.length === 2) break
  }
  const [first, second] = events
  expect(first).toMatchObject({ type: 'unread' })
  expect(second).toMatchObject({ type: 'added', unread: first!.unread + 1, entry: { memberId: ada } })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Recipient } from '../../../nodes/directory/schema.ts'
import type { InboxEvent } from '../../../nodes/api/inbox.ts'
import type { Json } from '../../../nodes/json.ts'
import type { LocalRuntime } from '../../../runtime/index.ts'
import { notifyGraph } from '../../support/inbox.ts'
import { addMember, openRuntime } from '../../support/open-runtime.ts'
import { newFolder } from '../../support/product.ts'

let data: string
let runtime: LocalRuntime
const open = () => openRuntime({ data, sandbox: false })
beforeEach(async () => {
  data = newFolder()
  runtime = await open()
})
afterEach(() => runtime.close())

const member = (id: string): Recipient => ({ kind: 'member', id })
const formula = (source: string) => ({ kind: 'formula' as const, source })
async function run(recipients: Recipient[], params: object = {}, who: Json = null) {
  const type = Array.isArray(who) ? 'list' : who !== null && typeof who === 'object' ? 'object' : 'text'
  const graph = notifyGraph(recipients, params, 'notify', type)
  const request = { graph, input: { who }, trigger: 'library' as const }
  return (await runtime.startRun(request)).finished
}
const titlesOf = (id: string) => runtime.inbox.list(id).entries.map(({ title }) => title)

describe('a Message Notification', () => {
  it('puts one entry into the inbox of everybody, once, with or without a phone', async () => {
    const department = runtime.directory.departmentStore.create({ name: 'Night shift', parent: null }).id
    const more = { departments: [department] }
    const ada = addMember(runtime, 'Ada', '+447700900001', more)
    const bob = addMember(runtime, 'Bob', '', more)
    const zoe = addMember(runtime, 'Zoe', '+447700900001', more)
    const ended = await run(
      [member(ada), { kind: 'department', id: department, includeSubDepartments: true }],
      {
        link: { kind: 'fixed', value: '/machines/7' },
      },
    )
    expect(ended).toMatchObject({
      status: 'done',
      output: {
        counts: { selected: 3, notified: 3, skipped: 0 },
        people: [
          { memberId: ada, name: 'Ada' },
          { memberId: bob, name: 'Bob' },
          { memberId: zoe, name: 'Zoe' },
        ],
      },
    })
    for (const id of [ada, bob, zoe]) {
      expect(runtime.inbox.list(id)).toMatchObject({
        unread: 1,
        next: null,
        entries: [
          {
            ...{ memberId: id, title: 'Pump 7 stands still', text: 'Since noon.', link: '/machines/7' },
            ...{ runId: ended.id, functionName: 'notify', read: null },
          },
        ],
      })
    }
  })

  it('skips who has no inbox, with the reason', async () => {
    const ada = addMember(runtime, 'Ada', '')
    const gone = addMember(runtime, 'Gus', '+447700900002', { status: 'resigned' })
    const recipients: Recipient[] = [
      ...[member(ada), member(gone), member('nobody')],
      { kind: 'value', value: formula('who') },
    ]
    const ended = await run(recipients, {}, ['+447700900099', 7])
    expect(ended.output).toMatchObject({
      counts: { selected: 5, notified: 1, skipped: 4 },
      people: [
        { name: 'Ada' },
        { name: 'Gus', skipped: 'resigned' },
        { memberId: 'nobody', skipped: 'unknown-member' },
        { skipped: 'unknown-member' },
        { skipped: 'not-a-recipient' },
      ],
    })
    expect(JSON.stringify(ended.output)).not.toContain('+4477')
    expect(runtime.inbox.list(gone).entries).toEqual([])
  })

  it('takes a phone number for the member who has it', async () => {
    const ada = addMember(runtime, 'Ada', '+447700900001')
    await run([{ kind: 'value', value: formula('who') }], {}, '+447700900001')
    expect(runtime.inbox.unread(ada)).toBe(1)
  })

  it.each([
    [{ title: formula('who') }, null, 'NOTIFICATION_INVALID', 'titleMissing'],
    [{ title: formula('who') }, 'x'.repeat(201), 'NOTIFICATION_INVALID', 'titleTooLong'],
    [{ text: formula('who') }, 'x'.repeat(2_001), 'NOTIFICATION_INVALID', 'textTooLong'],
    [{ text: formula('who') }, { a: 1 }, 'NOTIFICATION_INVALID', 'notText'],
    [{ link: formula('who') }, 'javascript:alert(1)', 'NOTIFICATION_INVALID', 'linkRefused'],
    [{ maxRecipients: 1, recipients: undefined }, null, 'TOO_MANY_RECIPIENTS', undefined],
  ])('fails where %j cannot be delivered, and notifies nobody', async (params, who, code, reason) => {
    const ids = [addMember(runtime, 'Ada', ''), addMember(runtime, 'Bob', '')]
    const { recipients: _, ...given } = params as { recipients?: undefined }
    const ended = await run(ids.map(member), given, who)
    expect(ended).toMatchObject({ status: 'failed', error: { code, nodeId: 'notify' } })
    if (reason !== undefined) expect(ended.error!.params).toMatchObject({ reason })
    expect(ids.flatMap(titlesOf)).toEqual([])
  })

  it('leaves the link out where its value is nothing', async () => {
    const ada = addMember(runtime, 'Ada', '')
    await run([member(ada)], { link: formula('who') })
    expect(runtime.inbox.list(ada).entries[0]).not.toHaveProperty('link')
  })

  it('refuses a script as a link before it runs', async () => {
    const params = { link: { kind: 'fixed', value: 'javascript:alert(1)' } }
    const started = runtime.startRun({
      graph: notifyGraph([member('a')], params),
      input: {},
      trigger: 'library',
    })
    await expect(started).rejects.toMatchObject({
      code: 'GRAPH_NOT_READY',
      fields: [{ path: 'nodes/notify/link', key: 'linkRefused' }],
    })
  })

  it('fails where nobody is reached, and goes on at the error port where there is one', async () => {
    const graph = notifyGraph([member('nobody')])
    const ended = await run([member('nobody')])
    expect(ended).toMatchObject({ status: 'failed', error: { code: 'NO_RECIPIENTS' } })
    const branching = {
      ...graph,
      nodes: graph.nodes.map((node) => (node.id === 'notify' ? { ...node, onError: 'branch' } : node)),
      connections: [
        ...graph.connections,
        { id: 'error', from: { node: 'notify', port: 'error' }, to: { node: 'return', port: 'in' } },
      ],
    }
    const handled = await (
      await runtime.startRun({ graph: branching, input: {}, trigger: 'library' })
    ).finished
    expect(handled).toMatchObject({ status: 'done', output: { error: { code: 'NO_RECIPIENTS' } } })
  })

  it('shows in a dry run who would be notified, and notifies nobody', async () => {
    const ada = addMember(runtime, 'Ada', '+447700900001')
    const graph = notifyGraph([member(ada), member('nobody')])
    const request = { graph, input: {}, trigger: 'library' as const, dryRun: 'sent' as const }
    const ended = await (await runtime.startRun(request)).finished
    expect(ended).toMatchObject({ status: 'done', output: { counts: { notified: 1, skipped: 1 } } })
    expect(ended.steps.find(({ nodeId }) => nodeId === 'notify')!.xRay).toMatchObject({
      ...{ channel: 'inbox', selected: 2, texted: 1, skipped: { 'unknown-member': 1 } },
      texts: [{ text: 'Pump 7 stands still\nSince noon.' }],
      people: [{ skipped: 'unknown-member' }, { name: 'Ada', text: 0, reasons: [{ kind: 'member' }] }],
    })
    expect(titlesOf(ada)).toEqual([])
  })

  it('has an X-ray with sample values, which marks what is not known yet', async () => {
    const ada = addMember(runtime, 'Ada', '')
    const recipients: Recipient[] = [member(ada), { kind: 'value', value: formula('who') }]
    const graph = notifyGraph(recipients, { title: formula('CONCAT("Pump ", who)') })
    const question = { graph, nodeId: 'notify', show: 'all', search: '', offset: 0, limit: 50 } as const
    expect(await runtime.xRay({ ...question, sample: {} })).toMatchObject({
      ...{ channel: 'inbox', texted: 1, unknownRecipients: 1, problems: [] },
      texts: [{ text: '‹CONCAT("Pump ", who)›\nSince noon.', estimated: true }],
    })
    expect(await runtime.xRay({ ...question, sample: { who: 'x' } })).toMatchObject({
      ...{ selected: 2, texted: 1, unknownRecipients: 0 },
      texts: [{ text: 'Pump x\nSince noon.', estimated: false }],
    })
  })
})

describe('an inbox', () => {
  it('lists what is not read first, newest first, page by page, and lasts', async () => {
    const ada = addMember(runtime, 'Ada', '')
    for (const number of [1, 2, 3, 4, 5]) await run([member(ada)], { title: formula(`"Title ${number}"`) })
    const find = (title: string) => runtime.inbox.list(ada).entries.find((each) => each.title === title)!
    for (const title of ['Title 5', 'Title 2']) {
      expect(runtime.inbox.mark(ada, find(title).id, true).read).not.toBeNull()
    }
    await runtime.close()
    runtime = await open()
    expect(runtime.inbox.unread(ada)).toBe(3)
    const titles: string[] = []
    let before: string | undefined
    do {
      const page = runtime.inbox.list(ada, { limit: 2, before })
      titles.push(...page.entries.map(({ title }) => title))
      before = page.next ?? undefined
    } while (before !== undefined)
    expect(titles).toEqual(['Title 4', 'Title 3', 'Title 1', 'Title 5', 'Title 2'])
  })

  it('tells those who watch of every change, and nobody else', async () => {
    const [ada, bob] = [addMember(runtime, 'Ada', ''), addMember(runtime, 'Bob', '')]
    const heard: InboxEvent[] = []
    const stop = runtime.inbox.watch(ada, (event) => heard.push(event))
    await run([member(ada), member(bob)])
    await run([member(bob)])
    const { id } = runtime.inbox.list(ada).entries[0]!
    runtime.inbox.mark(ada, id, true)
    runtime.inbox.mark(ada, id, true)
    runtime.inbox.mark(ada, id, false)
    runtime.inbox.markAllRead(ada)
    stop()
    await run([member(ada)])
    expect(heard.map(({ type, unread }) => [type, unread])).toEqual([
      ['unread', 0],
      ['added', 1],
      ['changed', 0],
      ['changed', 1],
      ['all-read', 0],
    ])
    expect(heard[1]).toMatchObject({ entry: { id, memberId: ada, title: 'Pump 7 stands still', read: null } })
    expect(runtime.inbox.unread(bob)).toBe(2)
  })

  it('knows an entry only under the member whose it is', async () => {
    const [ada, bob] = [addMember(runtime, 'Ada', ''), addMember(runtime, 'Bob', '')]
    await run([member(ada)])
    const { id } = runtime.inbox.list(ada).entries[0]!
    expect(() => runtime.inbox.mark(bob, id, true)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
    expect(runtime.inbox.unread(ada)).toBe(1)
  })
})

import { rmSync } from 'node:fs'
import { Pool } from 'undici'
import type { MessageCountsAnswer, MessagePage } from '../nodes/api/messages.ts'
import { openDataFolder } from '../runtime/store/data-folder.ts'
import { newFolder, startProduct, TEST_TOKEN } from '../test/support/product.ts'
import type { BenchCase } from './case.ts'
import { percentile } from './support/load.ts'
import { generateMessages } from './support/message-store.ts'

const MESSAGES = 1_000_000
const ROUNDS = 40
const byNumber = (one: number, other: number) => one - other

/** The messages page over a million messages, asked as the page asks: by HTTP, of a server that is otherwise idle. */
export async function benchMessages(): Promise<BenchCase[]> {
  const data = newFolder()
  const store = openDataFolder(data)
  const { rareMember, rareFunction, rareService, somewhere } = generateMessages(store.database, MESSAGES)
  store.close()

  // The first start may have to build the server.
  await (await startProduct({ args: ['--no-sandbox'] })).stop()
  const starting = performance.now()
  const product = await startProduct({ data, args: ['--no-sandbox'] })
  const ready = performance.now() - starting
  const pool = new Pool(product.url, { connections: 1 })
  const get = async <T>(path: string): Promise<{ answer: T; ms: number }> => {
    const begin = performance.now()
    const { statusCode, body } = await pool.request({
      path: `/api/messages${path}`,
      method: 'GET',
      headers: { authorization: `Bearer ${TEST_TOKEN}` },
    })
    const answer = (await body.json()) as T
    if (statusCode !== 200) throw new Error(`${path} was answered with ${statusCode}`)
    return { answer, ms: performance.now() - begin }
  }

  const lists = [
    '',
    `before=${somewhere}`,
    'state=unknown',
    'state=rejected,suppressed',
    'state=accepted',
    'delivery=failed',
    'function=order-shipped',
    `function=${rareFunction}`,
    `service=${rareService}`,
    `person=${rareMember}`,
    'person=%2B120255500077',
    'state=accepted&function=order-shipped&person=Person%2077',
    'from=2020-01-01T00:00:00Z&to=2030-01-01T00:00:00Z',
  ].map((query) => `?limit=50&${query}`)
  for (const path of lists) await get(path)
  const listTimes: number[] = []
  const messageTimes: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    for (const path of lists) listTimes.push((await get(path)).ms)
    const { answer } = await get<MessagePage>(`?limit=50&before=${somewhere}`)
    messageTimes.push((await get(`/${answer.messages[round]!.id}`)).ms)
  }

  const searching = performance.now()
  let found = 0
  let before: string | null | undefined
  while (before !== null) {
    const { answer } = await get<MessagePage>(
      `?limit=50&person=${rareMember}${before ? `&before=${before}` : ''}`,
    )
    found += answer.messages.length
    before = answer.next
  }
  const searched = performance.now() - searching
  if (found === 0) throw new Error('The rare person was not found')

  const counting = performance.now()
  let counts: MessageCountsAnswer
  do counts = (await get<MessageCountsAnswer>('/counts?from=2020-01-01T00:00:00Z')).answer
  while (!counts.isComplete)
  const counted = performance.now() - counting
  const { planned, ...groups } = counts.counts
  const sum = Object.values(groups).reduce((all, count) => all + count, 0)
  if (planned < MESSAGES || sum !== planned)
    throw new Error(`The counts do not add up: ${JSON.stringify(counts)}`)

  await pool.close()
  await product.stop()
  rmSync(data, { recursive: true })
  return [
    {
      name: 'messages: server ready on a store of 1,000,000',
      value: ready,
      unit: 'ms',
      goal: 'value < 5000',
    },
    {
      name: 'messages: one page of the list, p95',
      value: percentile(listTimes.toSorted(byNumber), 0.95),
      unit: 'ms',
      goal: 'value < 150',
    },
    {
      name: 'messages: one message, p95',
      value: percentile(messageTimes.toSorted(byNumber), 0.95),
      unit: 'ms',
      goal: 'value < 100',
    },
    { name: 'messages: one person among all, to the end', value: searched, unit: 'ms', goal: 'value < 3000' },
    { name: 'messages: all counted by state', value: counted, unit: 'ms', goal: 'value < 3000' },
  ]
}

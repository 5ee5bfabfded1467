import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deliveryStates, messageStates } from '../../../nodes/messages.ts'
import type { MessageState } from '../../../nodes/messages.ts'
import { MessageReader } from '../../../runtime/messages/message-reader.ts'
import { messageSearch } from '../../../runtime/messages/message-search.ts'
import type { MessageSearch } from '../../../runtime/messages/message-search.ts'
import type { MessageKey } from '../../../runtime/messages/message-walk.ts'
import { Database } from '../../../runtime/store/database.ts'
import { addRun, BEGIN, runAt } from './message-store.ts'
import type { TestMessage } from './message-store.ts'

let database: Database
let reader: MessageReader
let now = 0
beforeEach(() => {
  database = new Database(':memory:')
  now = 1_000_000
  reader = new MessageReader(database, () => now)
})
afterEach(() => database.close())

const search = (filter: Parameters<typeof messageSearch>[0] = {}) => messageSearch(filter, 'US')

/** All pages of a search, each with as little time as can be. */
function everyPage(found: MessageSearch, limit: number, between: () => void = () => undefined): string[] {
  const ids: string[] = []
  let before: MessageKey | null | undefined
  while (before !== null) {
    const { rows, next } = reader.find(found, before, limit, 0)
    ids.push(...rows.map(({ runId, number }) => `${runId} ${number}`))
    before = next
    between()
  }
  return ids
}
function countAll(found: MessageSearch) {
  for (;;) {
    const answer = reader.count(found, 0)
    if (answer.isComplete) return answer
  }
}

const testMessage = fc.record({
  state: fc.constantFrom(...messageStates),
  service: fc.constantFrom('one', 'two'),
  member: fc.constantFrom('ada', 'bo'),
  name: fc.constantFrom('Ada Lovelace', 'Bo 100%', 'Léa'),
  phone: fc.constantFrom('+12025550101', '+447700900123', ''),
  delivery: fc.option(fc.constantFrom(...deliveryStates), { nil: undefined }),
})
const testRun = fc.record({
  function: fc.constantFrom('alarm', 'reminder'),
  messages: fc.array(testMessage, { maxLength: 6 }),
})
const some = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined })
const testFilter = fc.record({
  state: fc.option(fc.uniqueArray(fc.constantFrom(...messageStates), { minLength: 1 }), { nil: undefined }),
  delivery: fc.option(fc.uniqueArray(fc.constantFrom(...deliveryStates), { minLength: 1 }), {
    nil: undefined,
  }),
  service: some('one', 'nobody'),
  function: some('alarm', 'other'),
  person: some('ada', 'love', '100%', '(202) 555-0101', '+447700900123', '%'),
  from: some(new Date(BEGIN + 3_000).toISOString()),
  to: some(new Date(BEGIN + 6_000).toISOString()),
})

describe('a search', () => {
  it('finds what fits each filter and nothing else, newest first, and counts add up', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(testRun, { maxLength: 9 }), testFilter, async (runs, filter) => {
        database.close()
        database = new Database(':memory:')
        reader = new MessageReader(database, () => now)
        const expected: { second: number; number: number; message: TestMessage; fits: boolean }[] = []
        for (const [second, run] of runs.entries()) {
          await addRun(database, second, run.function, run.messages)
          for (const [number, message] of run.messages.entries()) {
            expected.push({ second, number, message, fits: fits(filter, second, run.function, message) })
          }
        }
        const fitting = expected.filter((each) => each.fits).reverse()
        const found = everyPage(search(filter), 2)
        expect(found.map((id) => id.slice(-1))).toEqual(fitting.map(({ number }) => String(number)))
        expect(found).toEqual(found.toSorted().reverse())

        const { counts, delivery } = countAll(search(filter))
        const { planned, ...groups } = counts
        expect(planned).toBe(fitting.length)
        expect(Object.values(groups).reduce((sum, count) => sum + count, 0)).toBe(planned)
        for (const state of deliveryStates) {
          expect(delivery[state]).toBe(fitting.filter(({ message }) => message.delivery === state).length)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('has no gaps and no repeats while new messages arrive and others change their state', async () => {
    const message = (state: MessageState): TestMessage => ({ state })
    for (let second = 0; second < 40; second++) {
      await addRun(database, second, 'alarm', [message('accepted'), message('unknown'), message('accepted')])
    }
    let second = 1_000
    const insert = database.prepare(`
      INSERT INTO message (run_id, number, path, service_id, member_id, name, phone, reasons, body, state, attempts,
                           created, updated)
      SELECT run_id, number + 1000 + ?, path, service_id, member_id, name, phone, reasons, body, state, attempts,
             created, updated
      FROM message ORDER BY run_id DESC LIMIT 1`)
    const prove = database.prepare(
      "UPDATE message SET state = 'accepted' WHERE state = 'unknown' AND run_id = ?",
    )
    const found = everyPage(search(), 7, () => {
      insert.run(second)
      prove.run(runAt(second++ - 1_000))
    })
    const first = found.slice(0, 7)
    expect(new Set(found).size).toBe(found.length)
    expect(found).toHaveLength(120)
    expect(everyPage(search(), 7).slice(0, 7)).not.toEqual(first)
  })

  it('goes on where its time ended', async () => {
    for (let second = 0; second < 30; second++)
      await addRun(database, second, 'alarm', Array(400).fill({ state: 'accepted' }))
    await addRun(database, 0.5, 'rare', [{ state: 'accepted', member: 'bo' }])
    const cut = reader.find(search({ person: 'bo' }), undefined, 10, 0)
    expect(cut).toMatchObject({ rows: [], isCut: true })
    expect(cut.next).not.toBeNull()
    expect(everyPage(search({ person: 'bo' }), 10)).toHaveLength(1)
    expect(reader.find(search({ person: 'bo' }), undefined, 10, 60_000)).toMatchObject({
      next: null,
      isCut: false,
    })
  })

  it('gives the name of the function with each message', async () => {
    await addRun(database, 1, 'alarm', [{ state: 'accepted' }])
    expect(reader.find(search(), undefined, 10, 0).rows[0]).toMatchObject({
      functionName: 'alarm',
      name: 'Ada',
    })
  })

  it('finds a message that is sent again among the open ones, though its run has ended', async () => {
    await addRun(database, 1, 'alarm', [{ state: 'unknown' }, { state: 'accepted' }])
    database.prepare("UPDATE message SET state = 'dispatching' WHERE state = 'unknown'").run()
    database
      .prepare(
        `INSERT INTO reconciliation (run_id, number, phase, since, absent_after, due, tries, absences)
         SELECT run_id, number, 'resending', 0, 0, 0, 0, '[]' FROM message WHERE number = 0`,
      )
      .run()
    expect(everyPage(search({ state: ['dispatching'] }), 10)).toHaveLength(1)
  })
})

describe('counting', () => {
  it('answers what it has so far, and says down to when', async () => {
    for (let second = 0; second < 30; second++)
      await addRun(database, second, 'alarm', Array(400).fill({ state: 'accepted' }))
    const first = reader.count(search(), 0)
    expect(first).toMatchObject({ isComplete: false, counts: { planned: 5_000, accepted: 5_000 } })
    expect(first.countedTo).toBe(new Date(BEGIN + 17_000).toISOString())
    expect(countAll(search())).toMatchObject({
      isComplete: true,
      countedTo: null,
      counts: { planned: 12_000 },
    })
  })

  it('answers again for a while without counting, then counts anew', async () => {
    await addRun(database, 1, 'alarm', [{ state: 'accepted' }])
    expect(countAll(search()).counts.planned).toBe(1)
    await addRun(database, 2, 'alarm', [{ state: 'rejected' }])
    now += 1_000
    expect(countAll(search())).toMatchObject({
      counts: { planned: 1 },
      asOf: new Date(1_000_000).toISOString(),
    })
    now += 60_000
    expect(countAll(search()).counts).toMatchObject({ planned: 2, rejected: 1 })
  })
})

function fits(
  filter: Parameters<typeof messageSearch>[0],
  second: number,
  functionName: string,
  { state, delivery, service, member, name, phone }: TestMessage,
): boolean {
  const began = BEGIN + second * 1_000
  const { person } = filter
  const isPerson =
    person === undefined ||
    (person === '(202) 555-0101'
      ? phone === '+12025550101'
      : person.startsWith('+')
        ? phone === person
        : member === person || name!.toLowerCase().includes(person.toLowerCase()))
  return (
    (filter.state?.includes(state) ?? true) &&
    (filter.delivery === undefined || (delivery !== undefined && filter.delivery.includes(delivery))) &&
    (filter.service ?? service) === service &&
    (filter.function ?? functionName) === functionName &&
    isPerson &&
    (filter.from === undefined || began >= Date.parse(filter.from)) &&
    (filter.to === undefined || began < Date.parse(filter.to))
  )
}

import { DatabaseSync } from 'node:sqlite'
import { encodeTime } from 'ulid'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runQuery } from '../../../nodes/api/runs.ts'
import { searchRuns, statementOf } from '../../../runtime/messages/search-runs.ts'
import type { LocalRuntime } from '../../../runtime/index.ts'
import { fixed, flow, returns } from '../../support/flow.ts'
import { openRuntime } from '../../support/open-runtime.ts'

let runtime: LocalRuntime
beforeEach(async () => {
  runtime = await openRuntime()
  const pump = flow({ end: returns('who') }, { name: 'pump', inputs: [{ name: 'who', type: 'text' }] })
  runtime.functions.create({ title: 'Pump 告警', name: 'pump', graph: { ...pump, title: 'Pump 告警' } })
  const stop = flow({ stop: { type: 'throw-error', params: { message: fixed('no') } } }, { name: 'stop' })
  runtime.functions.create({ title: 'Stop', name: 'stop', graph: { ...stop, title: 'Stop' } })
})
afterEach(() => runtime.close())

const found = async (query: object) => (await runtime.searchRuns(query)).runs.map(({ id }) => id)

describe('the search for runs', () => {
  it('finds by state, function, trigger, time and text, newest first', async () => {
    const one = await runtime.run('pump', { who: 'Ada Ö' })
    const two = await runtime.run('stop')
    const three = await (
      await runtime.startRun({ functionName: 'pump', input: { who: '北门' }, trigger: 'http' })
    ).finished
    expect(await found({})).toEqual([three.id, two.id, one.id])
    expect(await found({ status: 'failed' })).toEqual([two.id])
    expect(await found({ status: 'done', function: 'pump' })).toEqual([three.id, one.id])
    expect(await found({ status: 'running' })).toEqual([])
    expect(await found({ trigger: 'http' })).toEqual([three.id])
    expect(await found({ trigger: 'schedule' })).toEqual([])
    expect(await found({ text: 'ada ö' })).toEqual([])
    expect(await found({ text: 'ADA Ö' })).toEqual([one.id])
    expect(await found({ text: '北' })).toEqual([three.id])
    expect(await found({ text: '告警' })).toEqual([three.id, one.id])
    expect(await found({ text: two.id.slice(3) })).toEqual([two.id])
    expect(await found({ from: three.created })).toContain(three.id)
    expect(await found({ to: one.created })).toEqual([])
    expect(await found({ to: '2020-01-01T00:00:00Z' })).toEqual([])
  })

  it('goes on where a page ended', async () => {
    const runs = []
    for (const who of ['a', 'b', 'c', 'd', 'e']) runs.unshift((await runtime.run('pump', { who })).id)
    const seen: string[] = []
    let before: string | undefined
    do {
      const page = await runtime.searchRuns({ function: 'pump', limit: 2, before })
      seen.push(...page.runs.map(({ id }) => id))
      before = page.next ?? undefined
    } while (before !== undefined)
    expect(seen).toEqual(runs)
  })

  it('says how far it came where its time is up', async () => {
    for (let count = 0; count < 130; count++) await runtime.run('pump', { who: 'x' })
    const connection = new DatabaseSync(runtime.store.file, { readOnly: true })
    const query = runQuery.parse({ text: 'nobody' })
    const page = searchRuns(connection, query, 0)
    expect(page).toMatchObject({ runs: [], next: expect.any(String), searchedTo: expect.any(String) })
    let { next } = page
    let pages = 1
    for (; next !== null; pages++) ({ next } = searchRuns(connection, { ...query, before: next }, 0))
    expect(pages).toBe(3)
    connection.close()
  })

  it.each([
    [{}, 'sqlite_autoindex_run_1'],
    [{ status: 'failed' }, 'run_exception'],
    [{ status: 'quarantined', function: 'pump' }, 'run_exception'],
    [{ status: 'running' }, 'run_open'],
    [{ function: 'pump' }, 'run_by_function'],
    [{ function: 'pump', status: 'done', text: 'x' }, 'run_by_function'],
    [{ from: new Date(0).toISOString() }, 'sqlite_autoindex_run_1'],
  ])('walks down an index for %o, and sorts nothing', (filter, index) => {
    const connection = new DatabaseSync(runtime.store.file, { readOnly: true })
    const { sql, values } = statementOf(runQuery.parse(filter))
    const plan = connection.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(values)
    const text = plan.map(({ detail }) => String(detail)).join('\n')
    expect(text).toContain(index)
    expect(text).toContain('SEARCH run')
    expect(text).not.toContain('TEMP B-TREE FOR ORDER')
    connection.close()
  })

  it('begins at the time that is asked for', () => {
    const from = '2026-03-01T00:00:00.000Z'
    expect(statementOf(runQuery.parse({ from })).values['$from']).toBe(encodeTime(Date.parse(from), 10))
  })
})

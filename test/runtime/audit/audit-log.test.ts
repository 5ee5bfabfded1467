import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { AuditLog } from '../../../runtime/audit/audit-log.ts'
import { Database } from '../../../runtime/store/database.ts'

const DAY = 86_400_000
const key = randomBytes(32)

let database: Database
let time: number
const clock = {
  now: () => new Date(time),
  newId: () => 'none',
  advance: (milliseconds: number) => (time += milliseconds),
}
let log: AuditLog
beforeEach(() => {
  database = new Database(':memory:')
  time = Date.parse('2026-03-01T12:00:00Z')
  log = new AuditLog({ database, surroundings: clock, key })
})

const who = { kind: 'member', id: 'amara', name: 'Amara Okafor' } as const
function addFive() {
  for (const name of ['one', 'two', 'three', 'four', 'five']) {
    log.add({ who, thing: 'function', verb: 'change', target: { id: name } })
    clock.advance(DAY)
  }
}
const run = (sql: string) => database.prepare(sql).run()
const ids = () => log.page({ limit: 200 }).entries.map(({ id }) => id)

describe('the chain of the audit log', () => {
  it('is whole as it is written, also after a restart', async () => {
    addFive()
    expect(await log.check()).toMatchObject({ isWhole: true, entries: 5, broken: null, cut: null })
    const again = new AuditLog({ database, surroundings: clock, key })
    again.add({ who, thing: 'run', verb: 'start' })
    expect(await again.check()).toMatchObject({ isWhole: true, entries: 6 })
    const { entries } = log.page({ limit: 1 })
    expect((await log.check()).seal).toBe(entries[0]!.seal)
  })

  it.each([
    [
      'an entry whose words were changed',
      `UPDATE audit_entries SET verb = 'delete' WHERE id = 3`,
      3,
      'changed',
    ],
    [
      'an entry whose time was changed',
      'UPDATE audit_entries SET time = time + 1 WHERE id = 2',
      2,
      'changed',
    ],
    [
      'an entry whose target was changed',
      `UPDATE audit_entries SET entry = replace(entry, 'three', 'tree') WHERE id = 3`,
      3,
      'changed',
    ],
    ['an entry that was taken out', 'DELETE FROM audit_entries WHERE id = 3', 3, 'missing'],
    ['the oldest entries taken out', 'DELETE FROM audit_entries WHERE id < 3', 1, 'missing'],
    ['the newest entries taken out', 'DELETE FROM audit_entries WHERE id > 3', 4, 'end-missing'],
    ['all entries taken out', 'DELETE FROM audit_entries', 1, 'end-missing'],
    ['a note of the end that was taken out', `DELETE FROM audit_ends WHERE name = 'head'`, 6, 'end-missing'],
  ])('names %s', async (_, sql, id, why) => {
    addFive()
    run(sql)
    expect(await log.check()).toMatchObject({ isWhole: false, broken: { id, why } })
  })

  it('names the gap where the newest were taken out and others written after', async () => {
    addFive()
    run('DELETE FROM audit_entries WHERE id > 3')
    log.add({ who, thing: 'run', verb: 'start' })
    expect((await log.check()).broken).toEqual({ id: 4, why: 'missing' })
  })

  it('is broken at its first entry for who has another key', async () => {
    addFive()
    const other = new AuditLog({ database, surroundings: clock, key: randomBytes(32) })
    expect((await other.check()).broken).toEqual({ id: 1, why: 'changed' })
  })
})

describe('an entry that goes with a change', () => {
  const change = (id: string) => () => run(`INSERT INTO settings (name, value) VALUES ('${id}', '1')`)
  const settings = () => database.prepare('SELECT name FROM settings').all().length
  const entry = { who, thing: 'settings', verb: 'change' } as const

  it('is written with it, once', () => {
    log.with(entry, () => {
      change('a')()
      change('b')()
    })
    expect([ids(), settings()]).toEqual([[1], 2])
  })

  it('keeps the change from being made where it cannot be written', () => {
    run('DROP TABLE audit_ends')
    expect(() => log.with(entry, change('a'))).toThrow('audit_ends')
    expect([ids(), settings()]).toEqual([[], 0])
  })

  it('is not written where nothing was changed, or the change was taken back', () => {
    log.with(entry, () => run(`DELETE FROM settings WHERE name = 'nobody'`))
    expect(() => log.with(entry, () => run('INSERT INTO settings (name) VALUES (NULL)'))).toThrow()
    expect(() =>
      log.with(entry, () =>
        database.transaction(() => {
          change('a')()
          throw new Error('taken back')
        }),
      ),
    ).toThrow('taken back')
    change('c')()
    expect([ids(), settings()]).toEqual([[], 1])
  })
})

describe('old entries', () => {
  it('are removed, and what is left still proves itself and says how many are gone', async () => {
    addFive()
    expect(await log.cut(clock.now().getTime() - 3 * DAY)).toBe(2)
    expect(ids()).toEqual([6, 5, 4, 3])
    expect(log.page({ limit: 1 }).entries[0]).toMatchObject({
      who: { kind: 'server' },
      ...{ thing: 'audit', verb: 'cut', detail: { entries: 2, before: '2026-03-03T12:00:00.000Z' } },
    })
    expect(await log.check()).toMatchObject({
      ...{ isWhole: true, entries: 4, cut: { through: 2, time: '2026-03-02T12:00:00.000Z' } },
    })
    run('DELETE FROM audit_entries WHERE id = 3')
    expect((await log.check()).broken).toEqual({ id: 3, why: 'missing' })
    run("UPDATE audit_ends SET id = 3 WHERE name = 'anchor'")
    expect((await log.check()).broken).toEqual({ id: 3, why: 'anchor' })
  })

  it('stay where the chain is broken: they are what is left of the truth', async () => {
    addFive()
    run(`UPDATE audit_entries SET name = 'Ben' WHERE id = 4`)
    expect(await log.cut(clock.now().getTime() - DAY)).toBe(0)
    expect(ids()).toEqual([5, 4, 3, 2, 1])
  })

  it('go in parts, and the newest stays to chain the next one to', async () => {
    database.transaction(() => {
      for (let count = 0; count < 4_100; count++) log.add({ who, thing: 'run', verb: 'start' })
    })
    clock.advance(DAY)
    expect(await log.cut(clock.now().getTime())).toBe(4_099)
    expect(ids()).toEqual([4_101, 4_100])
    expect((await log.check()).isWhole).toBe(true)
  })
})

describe('the list', () => {
  it('is found by person, thing, verb and time, page by page', async () => {
    addFive()
    log.add({ who: { kind: 'program' }, thing: 'run', verb: 'start' })
    const all = (filter: object) => log.page({ limit: 200, ...filter }).entries.map(({ id }) => id)
    expect(all({ person: 'amara' })).toEqual([5, 4, 3, 2, 1])
    expect(all({ person: 'OKAF' })).toEqual([5, 4, 3, 2, 1])
    expect(all({ person: '%' })).toEqual([])
    expect(all({ person: 'program' })).toEqual([6])
    expect(all({ thing: 'run' })).toEqual([6])
    expect(all({ thing: 'function', verb: 'delete' })).toEqual([])
    expect(all({ from: '2026-03-02T12:00:00Z', to: '2026-03-04T12:00:00Z' })).toEqual([3, 2])
    const first = log.page({ limit: 4 })
    expect([first.entries.length, first.next]).toEqual([4, 3])
    expect(log.page({ limit: 4, before: first.next! })).toMatchObject({
      next: null,
      entries: [{ id: 2 }, { id: 1 }],
    })
  })

  it('takes no more than 500 refused sign-ins in an hour', () => {
    database.transaction(() => {
      for (let count = 0; count < 600; count++) {
        log.addRefusal({ who: { kind: 'nobody' }, thing: 'session', verb: 'sign-in' })
      }
    })
    expect(ids().length).toBe(200)
    expect(log.page({ limit: 1 }).entries[0]!.id).toBe(500)
    clock.advance(3_600_001)
    log.addRefusal({ who: { kind: 'nobody' }, thing: 'session', verb: 'sign-in' })
    expect(log.page({ limit: 1 }).entries[0]!.id).toBe(501)
  })
})

import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { Database } from '../../../runtime/store/database.ts'
import { migrations } from '../../../runtime/store/migrations.ts'
import { runRows } from '../../../runtime/store/tables/run-rows.ts'
import { newFolder } from '../../support/product.ts'

/** A store of the time before runs had row ids, with two runs and what belongs to them. */
function olderStore(): string {
  const file = path.join(newFolder(), 'store.db')
  const connection = new DatabaseSync(file)
  const until = migrations.indexOf(runRows)
  for (const step of migrations.slice(0, until)) connection.exec(step)
  connection.exec(`
    PRAGMA user_version = ${until};
    INSERT INTO run (id, function_name, version, trigger, status, input, first_steps, last_steps, output, created, finished,
        dry_run, caller_run, caller_path, caller_depth, trigger_id, source_run, source_kind)
      VALUES ('01B', 'alarm', 'v', 'api', 'done', '{}', '[1]', '[2]', '3', 4, 5, 'dry', '01A', 'call', 1, 'hook', '01A', 'again');
    INSERT INTO run (id, function_name, version, trigger, status, input, created, cancelled, wake_at, wakes_on_receipt)
      VALUES ('01A', 'alarm', 'v', 'api', 'running', '{}', 1, 1, 7, 1);
    INSERT INTO record (run_id, number, steps) VALUES ('01A', 0, '[]');
    INSERT INTO message (run_id, number, path, service_id, member_id, name, phone, reasons, body, state, attempts, created, updated)
      VALUES ('01A', 0, 'sms', 's', 'm', 'Ann', '+12025550100', '[]', '{}', 'accepted', 1, 1, 1);
  `)
  connection.close()
  return file
}

const everything = (database: Pick<DatabaseSync, 'prepare'>) =>
  ['run', 'record', 'message'].map((table) =>
    database.prepare(`SELECT * FROM ${table} ORDER BY 1`).all().map(byName),
  )
/** The order of the columns may change. */
const byName = (row: object) =>
  Object.fromEntries(Object.entries(row).sort(([one], [other]) => (one < other ? -1 : 1)))

it('keeps every run of an older store, with all that belongs to it', () => {
  const file = olderStore()
  const before = new DatabaseSync(file)
  const [runs, ...others] = everything(before)
  before.close()

  const database = new Database(file)
  expect(everything(database)).toEqual([runs!.map((run) => ({ ...run, parked_at: null })), ...others])
  expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([])
  expect(() => database.prepare("DELETE FROM run WHERE id = '01A'").run()).toThrow('FOREIGN KEY')
  const again = () =>
    database
      .prepare(
        `INSERT INTO run (id, function_name, version, trigger, status, input, created, caller_run, caller_path)
         VALUES ('01C', 'alarm', 'v', 'api', 'done', '{}', 1, '01A', 'call')`,
      )
      .run()
  expect(again, 'a step calls one run').toThrow('UNIQUE')
  database.close()
})

it('finds runs of an older store by the indexes that it had', () => {
  const database = new Database(olderStore())
  const plan = (where: string) =>
    database
      .prepare(`EXPLAIN QUERY PLAN SELECT id FROM run WHERE ${where}`)
      .all()
      .map(({ detail }) => detail)
      .join()
  expect(plan('finished IS NULL ORDER BY id')).toContain('run_open')
  expect(plan("function_name = 'alarm' ORDER BY id")).toContain('run_by_function')
  expect(plan('wake_at IS NOT NULL AND finished IS NULL AND wake_at < 9')).toContain('run_parked')
  expect(plan("source_run = '01A' AND source_kind = 'again'")).toContain('run_by_source')
  expect(plan("trigger_id = 'hook' AND finished IS NULL")).toContain('run_open_by_trigger')
  expect(plan("status <> 'running' AND status <> 'queued' AND status <> 'done' ORDER BY id DESC")).toContain(
    'run_exception',
  )
  database.close()
})

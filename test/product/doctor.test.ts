import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, closeSync, existsSync, openSync, readdirSync, statSync, writeSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Finding } from '../../runtime/doctor/finding.ts'
import { sandboxServices } from '../../runtime/sandbox/accounts.ts'
import { restoreBackup } from '../../runtime/store/backup.ts'
import type { Sandbox } from '../../runtime/sandbox/sandbox.ts'
import { startTruth } from '../crash/truth.ts'
import { newFolder, runCli, startProduct } from '../support/product.ts'

const environment = { SMS_LOGIC_KEY: randomBytes(32).toString('base64') }
let sandbox: Sandbox
/** A data folder that a server has worked on, as a backup. */
let backup: string
beforeAll(async () => {
  sandbox = await startTruth()
  const product = await startProduct({ environment })
  const settings = { ...sandboxServices.twilio, endpoint: sandbox.url }
  const request = { name: 'Outside', provider: 'twilio', settings, policy: { testMode: false } }
  expect((await product.api('POST', '/api/sms-services', request)).status).toBe(201)
  backup = path.join(newFolder(), 'backup.db')
  expect((await runCli(['backup', backup, '--data', product.data])).code).toBe(0)
  await product.stop()
}, 60_000)
afterAll(() => sandbox.close())

let data: string
const file = () => path.join(data, 'sms-logic.db')
beforeEach(() => {
  data = path.join(newFolder(), 'data')
  restoreBackup(backup, data)
})

async function doctor(more: string[] = [], extra: Record<string, string> = {}) {
  const args = ['doctor', '--json', '--data', data, '--port', '0', ...more]
  const { code, stdout, stderr } = await runCli(args, { ...environment, ...extra })
  expect(stderr).toBe('')
  const findings = JSON.parse(stdout) as Finding[]
  const of = (check: string) => findings.find((each) => each.check === check)
  return { code, of, bad: findings.filter(({ state }) => state !== 'ok').map(({ check }) => check) }
}

it('finds nothing wrong with a server that works, and touches nothing', async () => {
  const product = await startProduct({ data, environment })
  const { code, bad, of } = await doctor()
  expect([code, bad]).toEqual([0, []])
  expect(of('port')!.text).toContain(`A server works on this folder at ${product.url}`)
  expect(of('secrets')!.text).toContain('2 SMS services')
  const { stdout } = await runCli(['doctor', '--data', data], environment)
  expect(stdout).toMatch(/^ok {4}node {6}Node \d+/)
  expect((await product.api('GET', '/healthz')).status).toBe(200)
  expect(await product.stop()).toBe(0)
  const before = readdirSync(data).map((name) => [name, statSync(path.join(data, name)).size])
  expect(await doctor()).toMatchObject({ code: 0, bad: [] })
  const after = readdirSync(data).filter((name) => !/-(wal|shm)$/.test(name))
  expect(after).toEqual(before.map(([name]) => name))
})

it('asks the providers where it is told to', async () => {
  const { code, bad } = await doctor(['--online'])
  expect([code, bad]).toEqual([0, []])
  const database = new DatabaseSync(file())
  database.exec(`UPDATE sms_services SET settings = json_set(settings, '$.accountSid', 'AC${'9'.repeat(32)}')
    WHERE name = 'Outside'`)
  database.close()
  const refused = await doctor(['--online'])
  expect([refused.code, refused.bad]).toEqual([1, ['provider']])
  expect((await doctor()).bad).toEqual([])
})

it('says what is wrong with the folder, the disk and the port', async () => {
  chmodSync(file(), 0o644)
  const readable = await doctor()
  expect([readable.code, readable.bad]).toEqual([0, ['folder']])
  expect(readable.of('folder')!.remedy).toBe(`Run: chmod go= ${file()}`)

  const full = await doctor([], { SMS_LOGIC_DISK_RESERVE: '999999999' })
  expect([full.code, full.bad]).toEqual([1, ['folder', 'disk']])

  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const taken = await doctor(['--port', String((other.address() as AddressInfo).port)])
  expect([taken.code, taken.bad]).toEqual([1, ['folder', 'port']])
  expect(taken.of('port')!.text).toContain('is taken by another program')
  other.close()

  data = newFolder()
  expect(await doctor()).toMatchObject({ code: 1, bad: ['folder'] })
})

it('says that the key is another one, or missing, and makes none', async () => {
  // a restored folder gets its entry in the audit log with the first start
  await (await startProduct({ data, environment })).stop()
  const other = await doctor([], { SMS_LOGIC_KEY: randomBytes(32).toString('base64') })
  expect([other.code, new Set(other.bad)]).toEqual([1, new Set(['secrets', 'audit'])])
  expect(other.of('secrets')!.text).toContain('SMS service "')
  const config = newFolder()
  const none = await doctor([], { SMS_LOGIC_KEY: '', XDG_CONFIG_HOME: config })
  expect([none.code, none.bad]).toEqual([1, ['key']])
  expect(existsSync(path.join(config, 'sms-logic'))).toBe(false)
})

it('says what is wrong with the store', async () => {
  const change = (sql: string) => {
    const database = new DatabaseSync(file(), { enableForeignKeyConstraints: false })
    database.exec(sql)
    database.close()
  }
  change(`UPDATE audit_entries SET name = 'somebody else' WHERE id = 1`)
  expect(await doctor()).toMatchObject({ code: 1, bad: ['audit'] })
  change(`INSERT INTO audit_entries SELECT id + 1000, 9e12, person, name, thing, verb, outcome, entry, seal
    FROM audit_entries LIMIT 1`)
  expect((await doctor()).bad).toEqual(['clock', 'audit'])
  change(`INSERT INTO request_event (request_id, at, kind, facts) VALUES ('nobody', 1, 'ended', '{}')`)
  expect((await doctor()).bad).toEqual(['integrity'])
  const read = new DatabaseSync(file())
  const { user_version: now } = read.prepare('PRAGMA user_version').get() as { user_version: number }
  // a page that nothing but a check of all of them looks at
  const { rootpage } = read.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'holidays'").get() as {
    rootpage: number
  }
  read.close()
  change(`DELETE FROM request_event; PRAGMA user_version = ${now - 1}`)
  expect(await doctor()).toMatchObject({ code: 0, bad: ['store'] })
  change(`PRAGMA user_version = ${now + 1}`)
  expect(await doctor()).toMatchObject({ code: 1, bad: ['store'] })
  change(`PRAGMA user_version = ${now}`)
  const descriptor = openSync(file(), 'r+')
  writeSync(descriptor, Buffer.alloc(8_192), 0, 8_192, 8_192 * (rootpage - 1))
  closeSync(descriptor)
  expect(await doctor()).toMatchObject({ code: 1, bad: ['integrity'] })
})

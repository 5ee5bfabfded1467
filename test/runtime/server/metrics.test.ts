import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TokenScope } from '../../../nodes/api/rights.ts'
import type { Run } from '../../../nodes/api/runs.ts'
import { fixed, flow } from '../../support/flow.ts'
import { openServer } from './open-server.ts'
import type { TestServer } from './open-server.ts'

let test: TestServer
beforeAll(async () => {
  test = await openServer()
})
afterAll(() => test.close())

const scrape = async () => (await test.call('GET', '/metrics')).text
/** The value of one line: `name{labels}`. */
async function valueOf(line: string): Promise<number> {
  const found = (await scrape()).split('\n').find((each) => each.startsWith(`${line} `))
  return found === undefined ? Number.NaN : Number(found.slice(line.length + 1))
}
const run = async (name: string, query = '') =>
  (await test.call('POST', `/api/functions/${name}/runs${query}`, { body: { device: 'Pump 7' } })).json<Run>()

it('answers Prometheus, to who may', async () => {
  const answer = await test.call('GET', '/metrics')
  expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
  for (const line of answer.text.trimEnd().split('\n')) {
    expect(line).toMatch(
      /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [\d.e+-]+)$/,
    )
  }
  expect((await test.plain('GET', '/metrics')).status).toBe(401)
  const headersOf = (scopes: TokenScope[]) => {
    const wanted = { name: 'Scraper', scopes, expiresInDays: 1 }
    const { token } = test.runtime.accounts.apiTokens.create(wanted, { member: null, role: 'administrator' })
    return { authorization: `Bearer ${token}` }
  }
  expect((await test.plain('GET', '/metrics', { headers: headersOf(['metrics']) })).status).toBe(200)
  expect((await test.plain('GET', '/metrics', { headers: headersOf(['view', 'run']) })).status).toBe(403)
  expect((await test.plain('GET', '/api/runs', { headers: headersOf(['metrics']) })).status).toBe(403)
})

it('counts runs, messages and calls as they happen', async () => {
  const { steps } = await run('night-shift-alarm')
  const messages = steps.flatMap((step) => step.messages ?? [])
  const accepted = messages.filter(({ state }) => state === 'accepted').length
  expect(accepted).toBeGreaterThan(0)
  for (let count = 0; count < 2; count++) await run('night-shift-alarm')
  expect(await valueOf('sms_logic_runs_started_total{trigger="http"}')).toBe(3)
  expect(await valueOf('sms_logic_runs_ended_total{status="done"}')).toBe(3)
  for (const state of ['accepted', 'suppressed']) {
    const count = messages.filter((each) => each.state === state).length
    const line = `sms_logic_messages_total{provider="twilio",state="${state}"}`
    expect([state, (await valueOf(line)) || 0]).toEqual([state, count * 3])
  }
  expect(await valueOf('sms_logic_provider_outcomes_total{provider="twilio",outcome="accepted"}')).toBe(
    accepted * 3,
  )
  expect(await valueOf('sms_logic_provider_call_seconds_count{provider="twilio"}')).toBe(accepted * 3)
  const commits = await valueOf('sms_logic_fsync_seconds_count')
  expect(commits).toBeGreaterThan(2)
  expect(await valueOf('sms_logic_commit_writes_count')).toBe(commits)
  expect(await valueOf('sms_logic_commit_writes_sum')).toBeGreaterThanOrEqual(commits)
  expect(await valueOf('process_resident_memory_bytes')).toBeGreaterThan(1e7)
})

it('shows how it stands: open runs, unknown messages, the queue', async () => {
  const wait = { type: 'wait', params: { mode: 'for', amount: fixed(9), unit: 'days' } }
  test.runtime.functions.create({
    name: 'parking',
    title: 'Parking lot',
    graph: flow({ wait }, { name: 'parking' }),
  })
  await test.call('POST', '/api/functions/parking/runs?wait=0', { body: {} })
  await expect.poll(() => valueOf('sms_logic_runs_open{state="waiting"}')).toBe(1)
  expect(await valueOf('sms_logic_runs_open{state="quarantined"}')).toBe(0)
  expect(await valueOf('sms_logic_messages_unknown{phase="final"}')).toBe(0)
  expect(await valueOf('sms_logic_oldest_waiting_message_seconds')).toBe(0)

  // one slot, which a silent provider keeps: what is behind it waits
  await test.call('PUT', '/api/sandbox/faults/twilio', { body: { fault: 'silent' } })
  const [service] = test.runtime.services.list()
  const { settings, policy, revision, name } = test.runtime.services.get(service!.id)
  test.runtime.services.update(service!.id, {
    name,
    revision,
    policy,
    settings: { ...settings, concurrency: 1 },
  } as never)
  const { id } = await run('night-shift-alarm', '?wait=0')
  await expect.poll(() => valueOf('sms_logic_provider_requests_in_flight')).toBe(1)
  await expect.poll(() => valueOf('sms_logic_oldest_waiting_message_seconds')).toBeGreaterThan(0)
  expect(await valueOf('sms_logic_runs_open{state="running"}')).toBe(1)
  await test.runtime.cancelRun(id)
})

it('names nobody, and no function, service or number', async () => {
  const text = await scrape()
  const { members } = test.runtime.directory.memberStore.page({ search: '', limit: 99, offset: 0 })
  const names = [
    ...members.flatMap((each) => [each.name, each.phone, each.id]),
    ...test.runtime.functions.list().flatMap((each) => [each.name, each.title]),
    ...test.runtime.services.list().flatMap((each) => [each.name, each.id]),
    'Pump 7',
  ]
  for (const each of names.filter((one) => one !== '')) expect(text).not.toContain(each)
  expect(text).not.toMatch(/\+\d{8}|="\d{5}/)
})

it('has every metric of the dashboard', async () => {
  const file = path.resolve(import.meta.dirname, '../../../docs/grafana-dashboard.json')
  const text = await scrape()
  const dashboard = JSON.parse(readFileSync(file, 'utf8')) as {
    panels: { targets: { expr: string }[] }[]
    templating: unknown
  }
  const expressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))
  const asked = [...expressions, JSON.stringify(dashboard.templating)].flatMap(
    (each) => each.match(/\b(?:sms_logic|process)_[a-z_]+/g) ?? [],
  )
  expect(new Set(asked).size).toBeGreaterThan(15)
  for (const name of asked) expect(text, name).toMatch(new RegExp(`^${name}[{ ]`, 'm'))
  // and the dashboard leaves out none
  const shown = asked.map((name) => name.replace(/_(bucket|sum|count)$/, ''))
  for (const [, name] of text.matchAll(/^# TYPE (\w+)/gm)) expect(shown).toContain(name)
  for (const label of expressions.flatMap((each) => each.match(/by \(([^)]*)\)/g) ?? [])) {
    for (const one of label.slice(4, -1).split(', ')) expect(text).toContain(`${one}="`)
  }
})

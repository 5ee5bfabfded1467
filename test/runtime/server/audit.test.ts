import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AuditCheck, AuditEntry, AuditPage } from '../../../nodes/api/audit.ts'
import type { AskedForCode } from '../../../nodes/api/accounts.ts'
import { addMember, twilioService } from '../../support/open-runtime.ts'
import { openServer } from './open-server.ts'
import type { TestServer } from './open-server.ts'

const AMARA = '+12025550101'
let test: TestServer
beforeEach(async () => {
  test = await openServer()
})
afterEach(() => test.close())

const entries = async (query = '') =>
  (await test.call('GET', `/api/audit?limit=200${query}`)).json<AuditPage>().entries
/** Newest first, as `thing verb outcome target`. */
const lines = async (query = '') =>
  (await entries(query)).map(({ thing, verb, outcome, target }) =>
    [thing, verb, outcome, target?.name ?? target?.id ?? ''].join(' ').trim(),
  )
const amaraId = async () => (await test.runtime.directory.membersWithPhone([AMARA]))[0]!.id
function headersOf(member: string | null) {
  const token = test.runtime.accounts.sessions.open({ member })
  const { port } = new URL(test.server.url)
  return {
    cookie: `sms-logic-session-${port}=${token}`,
    ...{ origin: test.server.url, 'sec-fetch-site': 'same-origin', 'user-agent': 'Firefox/140 (Windows)' },
  }
}

describe('the audit log', () => {
  it('says who came in, who did not, and who left', async () => {
    const page = { origin: test.server.url, 'sec-fetch-site': 'same-origin' }
    await test.plain('POST', '/api/session', { body: { token: 'a wrong one' }, headers: page })
    const headers = await test.signIn()
    await test.plain('DELETE', '/api/session', { headers })
    expect(await lines()).toEqual([
      'session sign-out done',
      'session sign-in done',
      'session sign-in refused',
    ])
    const [out, into, refused] = await entries()
    expect(into!.who).toEqual({ kind: 'administrator', address: '127.0.0.1' })
    expect([into!.detail, refused!.detail]).toEqual([{ way: 'token' }, { way: 'token' }])
    expect(refused!.who.kind).toBe('nobody')
    expect(out!.who.session).toMatch(/^\w{6}$/)
  })

  it('masks the number of a refused code, and takes nothing of codes that nobody asked for', async () => {
    const method = test.runtime.loginMethods.create({
      ...{ name: 'Phone', service: twilioService(test.runtime), templateText: 'Code ${code}' },
      ...{ autofill: false, allowRegistration: false, countries: [] },
      ...{ dailyCodes: 10, hourlyPerAddress: 10 },
    }).id
    const asked = await test.plain('POST', '/auth/sms/request', { body: { method, phone: AMARA } })
    const { challenge } = asked.json<AskedForCode>()
    const type = (body: object) => test.plain('POST', '/auth/sms/verify', { body })
    await type({ challenge: 'nobody asked', code: '000000' })
    expect(await entries('&thing=session')).toEqual([])
    const text = () => test.runtime.sandbox!.messages(100).find(({ to }) => to === AMARA)?.text ?? ''
    await expect.poll(text).toMatch(/\d{6}/)
    const code = /\d{6}/.exec(text())![0]
    await type({ challenge, code: code === '000000' ? '000001' : '000000' })
    await type({ challenge, code })
    const [done, refused] = await entries('&thing=session')
    expect(refused).toMatchObject({ outcome: 'refused', detail: { way: 'code', phone: '+12****0101' } })
    expect(done).toMatchObject({ outcome: 'done', who: { kind: 'member', name: 'Amara Okafor' } })
    expect(JSON.stringify(await entries())).not.toMatch(new RegExp(`2025550101|"${code}"`))
  })

  it('says who changed which element, with names as they were, and what a program did', async () => {
    const id = await amaraId()
    await test.call('PUT', `/api/accounts/${id}`, { body: { role: 'author' } })
    const headers = headersOf(id)
    const made = await test.plain('POST', '/api/message-templates', {
      headers,
      body: { name: 'Pump alarm', settings: {} },
    })
    expect(made.status).toBe(400)
    const created = await test.plain('POST', '/api/functions', { headers, body: { title: 'Pump alarm' } })
    const { name, revision, graph } = created.json<{ name: string; revision: number; graph: object }>()
    for (const each of [revision, revision + 1]) {
      await test.plain('PUT', `/api/functions/${name}`, { headers, body: { revision: each, graph } })
    }
    await test.plain('DELETE', `/api/functions/${name}`, { headers })
    await test.plain('DELETE', `/api/functions/${name}`, { headers })
    expect(await lines()).toEqual([
      'function delete done Pump alarm',
      'function change done Pump alarm',
      'function create done Pump alarm',
      'account change done Amara Okafor',
    ])
    const [deleted, , , role] = await entries()
    expect(deleted).toMatchObject({
      who: { kind: 'member', id, name: 'Amara Okafor', device: 'Firefox · Windows', address: '127.0.0.1' },
      target: { id: name },
    })
    expect(role).toMatchObject({ who: { kind: 'program' }, target: { id }, detail: { role: 'author' } })
  })

  it('holds no secret and no number of what was typed', async () => {
    const secret = 'a-very-secret-value'
    const body = { name: 'pump-key', value: secret, hosts: ['pumps.example'] }
    expect((await test.call('POST', '/api/secrets', { body })).status).toBe(201)
    const optOut = { phone: '+44 7700 900123', reason: 'asked us' }
    expect((await test.call('POST', '/api/opt-outs', { body: optOut })).status).toBe(201)
    addMember(test.runtime, 'By the library', '')
    expect(await lines()).toEqual(['opt-out create asked', 'secret create done pump-key'])
    const all = JSON.stringify(test.runtime.store.database.prepare('SELECT * FROM audit_entries').all())
    expect(all).not.toContain(secret)
    expect(all).not.toMatch(/7700 ?900123/)
    expect((await entries())[0]!.detail).toEqual({ phone: '+44****0123' })
  })

  it('writes a send by hand down before it leaves, and the refusal after it', async () => {
    const headers = headersOf(null)
    const again = await test.plain('POST', '/api/runs/nobody/again', { headers })
    expect(again.status).toBe(404)
    const [refused, asked] = await entries()
    expect(asked).toMatchObject({ thing: 'run', verb: 'again', outcome: 'asked', target: { id: 'nobody' } })
    expect(refused).toMatchObject({ outcome: 'refused', detail: { code: 'NOT_FOUND' } })
  })

  it('takes runs that people start, not those of programs', async () => {
    const run = (headers: object) =>
      test.plain('POST', '/api/functions/night-shift-alarm/runs?dryRun=false&wait=0', {
        headers: headers as Record<string, string>,
        body: { device: 'Pump 7' },
      })
    await run({ authorization: 'Bearer token-of-the-server-tests' })
    expect(await lines()).toEqual([])
    await run(headersOf(await amaraId()))
    expect(await lines()).toEqual([])
    await run(headersOf(null))
    expect(await lines()).toEqual(['run start asked Night shift alarm'])
  })

  it('is exported as CSV that no spreadsheet runs, and says that it was', async () => {
    await test.call('POST', '/api/roles', { body: { name: '=1+1' } })
    const { text, headers } = await test.call('GET', '/api/audit/export?thing=role')
    expect(headers['content-type']).toBe('text/csv; charset=utf-8')
    const [head, line, ...more] = text.trim().split('\r\n')
    expect(head).toContain('id,time,who')
    expect(line).toMatch(/^1,2\d{3}-.*,program,.*,role,create,done,'?=1\+1,/)
    expect(line).not.toContain(',=1+1')
    expect(more).toEqual([])
    expect(await lines()).toEqual(['audit export asked', 'role create done =1+1'])
  })

  it('says of itself whether it is whole', async () => {
    await test.call('POST', '/api/roles', { body: { name: 'First aiders' } })
    await test.call('POST', '/api/roles', { body: { name: 'Drivers' } })
    const check = async () => (await test.call('GET', '/api/audit/check')).json<AuditCheck>()
    const [newest] = await entries()
    expect(await check()).toEqual({ isWhole: true, entries: 2, broken: null, cut: null, seal: newest!.seal })
    test.runtime.store.database.prepare(`UPDATE audit_entries SET name = 'Ben' WHERE id = 1`).run()
    expect(await check()).toMatchObject({ isWhole: false, broken: { id: 1, why: 'changed' } })
  })

  it('is cut by age as the settings say, which it says itself', async () => {
    expect((await test.call('GET', '/api/settings')).json()).toMatchObject({ auditDays: 730 })
    const put = await test.call('PUT', '/api/settings', { body: { auditDays: 29 } })
    expect(put.json().fields?.[0]?.path).toBe('auditDays')
    await test.call('PUT', '/api/settings', { body: { auditDays: 30 } })
    const [entry] = await entries()
    expect(entry satisfies AuditEntry | undefined).toMatchObject({
      ...{ thing: 'settings', verb: 'change', detail: { auditDays: 30 } },
    })
  })
})

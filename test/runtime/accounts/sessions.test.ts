import { beforeEach, describe, expect, it } from 'vitest'
import { AccessTokens } from '../../../runtime/server/access-tokens.ts'
import { Sessions } from '../../../runtime/accounts/sessions.ts'
import { Database } from '../../../runtime/store/database.ts'

const DAY_MS = 24 * 60 * 60 * 1_000
let now: number
let database: Database
beforeEach(() => {
  now = Date.UTC(2026, 2, 1)
  database = new Database(':memory:')
})

describe('a session', () => {
  it('lasts while it is used, and ends after 30 days without', () => {
    const sessions = new Sessions(database, () => now)
    const token = sessions.open()
    for (const _ of [29, 58]) {
      now += 29 * DAY_MS
      expect(sessions.find(token)).toMatchObject({ member: null })
    }
    now += 30 * DAY_MS
    expect(sessions.find(token)).toBeUndefined()
    expect(database.prepare('SELECT count(*) AS left FROM sessions').get()).toEqual({ left: 0 })
  })

  it('ends after 90 days however much it is used, also over restarts', () => {
    let sessions = new Sessions(database, () => now)
    const token = sessions.open({ member: 'amara', device: 'Firefox · Linux' })
    for (let day = 1; day < 90; day++) {
      now += DAY_MS
      if (day % 20 === 0) sessions = new Sessions(database, () => now)
      expect(sessions.find(token)).toMatchObject({ member: 'amara', device: 'Firefox · Linux' })
    }
    now += DAY_MS
    expect(sessions.find(token)).toBeUndefined()
  })

  it('of a member ends with all others of that member, and no one else’s', () => {
    const sessions = new Sessions(database, () => now)
    const [phone, desk] = [sessions.open({ member: 'amara' }), sessions.open({ member: 'amara' })]
    const other = sessions.open({ member: 'ben' })
    expect(sessions.members()).toEqual(new Set(['amara', 'ben']))
    expect(sessions.end('amara', ({ id }) => id === sessions.find(phone)!.id)).toBe(1)
    expect(sessions.find(phone)).toBeUndefined()
    expect(sessions.end('amara')).toBe(1)
    expect(new Sessions(database, () => now).find(desk)).toBeUndefined()
    expect(sessions.find(other)).toMatchObject({ member: 'ben' })
  })

  it('that ended while the server was down is not known afterwards', () => {
    const token = new Sessions(database, () => now).open()
    now += 31 * DAY_MS
    expect(new Sessions(database, () => now).find(token)).toBeUndefined()
  })

  it('is not opened by anything else', () => {
    const sessions = new Sessions(database, () => now)
    const token = sessions.open()
    for (const other of ['', token.slice(1), `${token}=`, token.toLowerCase()])
      expect(sessions.find(other)).toBeUndefined()
  })
})

describe('wrong tokens', () => {
  it('close the door to their own address, for a minute', () => {
    const tokens = new AccessTokens(['the-right-token-of-this-test'], () => now)
    for (let tries = 0; tries < 10; tries++) expect(tokens.accepts('wrong', '192.0.2.1')).toBe(false)
    expect(() => tokens.accepts('the-right-token-of-this-test', '192.0.2.1')).toThrow(
      expect.objectContaining({ code: 'TOO_MANY_TRIES', params: { seconds: 60 } }),
    )
    expect(tokens.accepts('the-right-token-of-this-test', '192.0.2.2')).toBe(true)
    now += 60_000
    expect(tokens.accepts('the-right-token-of-this-test', '192.0.2.1')).toBe(true)
  })
})

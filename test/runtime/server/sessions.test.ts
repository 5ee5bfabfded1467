import { beforeEach, describe, expect, it } from 'vitest'
import { AccessTokens } from '../../../runtime/server/access-tokens.ts'
import { Sessions } from '../../../runtime/server/sessions.ts'
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
    for (let days = 0; days < 100; days += 29) {
      now += 29 * DAY_MS
      expect(sessions.has(token)).toBe(true)
    }
    now += 30 * DAY_MS
    expect(sessions.has(token)).toBe(false)
    expect(database.prepare('SELECT count(*) AS left FROM sessions').get()).toEqual({ left: 0 })
  })

  it('that ended while the server was down is not known afterwards', () => {
    const token = new Sessions(database, () => now).open()
    now += 31 * DAY_MS
    expect(new Sessions(database, () => now).has(token)).toBe(false)
  })

  it('is not opened by anything else', () => {
    const sessions = new Sessions(database, () => now)
    const token = sessions.open()
    for (const other of ['', token.slice(1), `${token}=`, token.toLowerCase()])
      expect(sessions.has(other)).toBe(false)
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

import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { mobileLoginSettings } from '../../../nodes/login/mobile-login.ts'
import { WithheldCodes } from '../../../runtime/engine/withheld-codes.ts'
import { CodeStore } from '../../../runtime/login/code-store.ts'
import { LoginMethods } from '../../../runtime/login/login-methods.ts'
import { VerificationCodes } from '../../../runtime/login/verification-codes.ts'
import type { AskedForCode, AskForCode } from '../../../runtime/login/verification-codes.ts'
import { Database } from '../../../runtime/store/database.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const START = Date.UTC(2026, 2, 1)
const key = randomBytes(32)
const PHONE = '+12025550101'

let now: number
let ids: number
let database: Database
let methods: LoginMethods
let method: string
let known: Map<string, string>
let codes: VerificationCodes

function open(): VerificationCodes {
  const surroundings = { now: () => new Date(now), newId: () => `id-${++ids}` }
  methods = new LoginMethods(
    database,
    () => ({ id: 's', name: 'S', provider: 'twilio' }) as never,
    surroundings,
  )
  const withheld = new WithheldCodes(() => now)
  const keep = withheld.keep.bind(withheld)
  withheld.keep = (id, code, until) => {
    known.set(id, code)
    keep(id, code, until)
  }
  return new VerificationCodes({
    ...{ database, surroundings, methods, withheld, key, store: new CodeStore(database) },
    country: () => 'US',
    deliver: () => Promise.reject(new Error('not in this test')),
    unforeseen: (error) => expect.unreachable(String(error)),
  })
}

beforeEach(() => {
  now = START
  ids = 0
  known = new Map()
  database = new Database(':memory:')
  codes = open()
  method = methods.create(settings()).id
})

function settings(more: object = {}) {
  return mobileLoginSettings.parse({ name: 'Phone', service: 's', templateText: 'Code ${code}', ...more })
}

function ask(more: Partial<AskForCode> = {}): AskedForCode {
  return codes.ask({
    ...{ method, purpose: 'sign-in', phone: PHONE, address: '198.51.100.7', isWelcome: true },
    ...more,
  })
}

const codeOf = ({ challenge }: AskedForCode) => known.get(challenge)!
const other = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')
/** Numbers of different prefixes, so that only the rule in question counts. */
const stranger = (index: number) => `+1202${200 + index}0100`

const wrong = expect.objectContaining({ code: 'CODE_WRONG' })
const waits = (seconds: number) => expect.objectContaining({ code: 'TOO_MANY_TRIES', params: { seconds } })

describe('a code', () => {
  it('has six digits and opens its own purpose once', () => {
    const asked = ask()
    const code = codeOf(asked)
    expect(code).toMatch(/^\d{6}$/)
    expect(asked).toMatchObject({ expiresInSeconds: 300, resendInSeconds: 60 })
    expect(codes.check(asked.challenge, code, 'sign-in')).toEqual({ phone: PHONE, method })
    expect(() => codes.check(asked.challenge, code, 'sign-in')).toThrow(wrong)
  })

  it('of one purpose opens no other, and is spent no sooner by the try', () => {
    const asked = ask()
    expect(() => codes.check(asked.challenge, codeOf(asked), 'new-phone')).toThrow(wrong)
    expect(codes.check(asked.challenge, codeOf(asked), 'sign-in')).toEqual({ phone: PHONE, method })
  })

  it('ends after five minutes', () => {
    const asked = ask()
    now += 5 * MINUTE - 1
    const late = codeOf(asked)
    now += 1
    expect(() => codes.check(asked.challenge, late, 'sign-in')).toThrow(wrong)
  })

  it('ends when the next one is asked for', () => {
    const first = ask()
    now += MINUTE
    const second = ask()
    expect(() => codes.check(first.challenge, codeOf(first), 'sign-in')).toThrow(wrong)
    expect(codes.check(second.challenge, codeOf(second), 'sign-in')).toMatchObject({ phone: PHONE })
  })

  it('is good after a restart too, and only with the key that is not in the data folder', () => {
    const asked = ask()
    codes = open()
    expect(codes.check(asked.challenge, codeOf(asked), 'sign-in')).toMatchObject({ phone: PHONE })
    const rows = JSON.stringify(database.prepare('SELECT * FROM login_codes').all())
    expect(rows).not.toContain(codeOf(asked))
  })

  it('takes five wrong tries, the right one included in none of them', () => {
    const asked = ask()
    const code = codeOf(asked)
    for (let tries = 0; tries < 4; tries++) {
      expect(() => codes.check(asked.challenge, other(code), 'sign-in')).toThrow(wrong)
    }
    expect(codes.check(asked.challenge, code, 'sign-in')).toMatchObject({ phone: PHONE })
  })

  it('is worth nothing after five wrong tries', () => {
    const asked = ask()
    const code = codeOf(asked)
    for (let tries = 0; tries < 5; tries++) {
      expect(() => codes.check(asked.challenge, other(code), 'sign-in')).toThrow(wrong)
    }
    expect(() => codes.check(asked.challenge, code, 'sign-in')).toThrow(wrong)
  })

  it('cannot be guessed by asking for new ones: twenty wrong tries a day and number, also over a restart', () => {
    let compared = 0
    for (let codesAsked = 0; codesAsked < 10; codesAsked++) {
      const asked = ask({ address: `203.0.113.${codesAsked}` })
      const code = codeOf(asked)
      for (let tries = 0; tries < 5; tries++) {
        expect(() => codes.check(asked.challenge, other(code), 'sign-in')).toThrow(wrong)
      }
      compared += (
        database.prepare('SELECT wrong FROM login_codes WHERE id = ?').get(asked.challenge) as {
          wrong: number
        }
      ).wrong
      codes = open()
      now += 2 * HOUR
    }
    expect(compared).toBe(20)
    const asked = (() => {
      now = START + 22 * HOUR
      return database.prepare(`SELECT id FROM login_codes WHERE state = 'live'`).get() as { id: string }
    })()
    expect(() => codes.check(asked.id, known.get(asked.id)!, 'sign-in')).toThrow(wrong)
  })

  it('for a number that may not get in looks like any other, and no code is right', () => {
    const asked = ask({ isWelcome: false })
    expect(asked).toEqual({ challenge: expect.any(String), expiresInSeconds: 300, resendInSeconds: 60 })
    expect(known.size).toBe(0)
    for (const code of ['000000', '', '123456']) {
      expect(() => codes.check(asked.challenge, code, 'sign-in')).toThrow(wrong)
    }
    expect(() => ask({ isWelcome: false })).toThrow(waits(60))
  })

  it.each(['', 'x', 'id-0', "' OR 1=1 --"])('with the name %j is not there', (challenge) => {
    expect(() => codes.check(challenge, '123456', 'sign-in')).toThrow(wrong)
  })
})

describe('asking for codes', () => {
  it('takes a minute, then two, four … until a code is used', () => {
    let wait = 60
    for (let round = 0; round < 3; round++) {
      expect(ask().resendInSeconds).toBe(wait)
      now += wait * 1_000 - 1_000
      expect(() => ask()).toThrow(waits(1))
      now += 1_000
      wait *= 2
    }
    const asked = ask()
    codes.check(asked.challenge, codeOf(asked), 'sign-in')
    expect(ask().resendInSeconds).toBe(60)
  })

  it('gives a number five an hour and ten a day, for all purposes together', () => {
    for (let index = 0; index < 5; index++) ask({ purpose: `purpose ${index}` })
    expect(() => ask({ purpose: 'one more' })).toThrow(waits(3_600))
    now += HOUR
    for (let index = 5; index < 10; index++) ask({ purpose: `purpose ${index}` })
    now += HOUR
    expect(() => ask({ purpose: 'one more' })).toThrow(waits(22 * 3_600))
  })

  it('gives one address twenty an hour, its neighbours a hundred', () => {
    for (let index = 0; index < 20; index++) ask({ phone: stranger(index) })
    expect(() => ask({ phone: stranger(20) })).toThrow(waits(3_600))
    for (let index = 20; index < 100; index++) {
      ask({ phone: stranger(index), address: `198.51.100.${index}` })
    }
    expect(() => ask({ phone: stranger(100), address: '198.51.100.250' })).toThrow(waits(3_600))
    expect(ask({ phone: stranger(100), address: '203.0.113.1' }).challenge).toBeTruthy()
  })

  it('counts the whole network of a household with IPv6', () => {
    for (let index = 0; index < 20; index++) {
      ask({ phone: stranger(index), address: `2001:db8:0:7${index.toString(16).padStart(2, '0')}::${index}` })
    }
    expect(() => ask({ phone: stranger(20), address: '2001:db8:0:7ff::1' })).toThrow(waits(3_600))
    expect(ask({ phone: stranger(20), address: '2001:db8:0:800::1' }).challenge).toBeTruthy()
  })

  it('stops at the day’s cap of the method, not one above', () => {
    methods.update(method, { ...settings({ dailyCodes: 3 }), revision: 1 })
    for (let index = 0; index < 3; index++) ask({ phone: stranger(index), address: null })
    expect(() => ask({ phone: stranger(3), address: null })).toThrow(waits(24 * 3_600))
    codes = open()
    expect(() => ask({ phone: stranger(3), address: null })).toThrow(waits(24 * 3_600))
  })

  it('stops where texts go to neighbouring numbers and nobody types them in', () => {
    const neighbour = (index: number) => `+120255501${String(index).padStart(2, '0')}`
    for (let index = 0; index < 10; index++) ask({ phone: neighbour(index), address: null })
    now += 2 * MINUTE
    expect(() => ask({ phone: neighbour(10), address: null })).toThrow(waits(3_480))
    expect(ask({ phone: stranger(0), address: null }).challenge).toBeTruthy()
  })

  it('goes on for neighbouring numbers whose people do type them in', () => {
    const neighbour = (index: number) => `+120255501${String(index).padStart(2, '0')}`
    for (let index = 0; index < 20; index++) {
      const asked = ask({ phone: neighbour(index), address: null })
      if (index % 2 === 0) codes.check(asked.challenge, codeOf(asked), 'sign-in')
    }
    now += 2 * MINUTE
    expect(ask({ phone: neighbour(20), address: null }).challenge).toBeTruthy()
  })

  it.each([
    ['+44 7700 900102', 'phoneCountry'],
    ['12', 'phoneUnusable'],
    ['ask Julia', 'phoneUnusable'],
    [' ', 'required'],
  ])('refuses %j', (phone, key) => {
    expect(() => ask({ phone })).toThrow(
      expect.objectContaining({
        code: 'BODY_INVALID',
        fields: [expect.objectContaining({ path: 'phone', key })],
      }),
    )
  })

  it('reaches the countries that the method names', () => {
    methods.update(method, { ...settings({ countries: ['+44', 'US'] }), revision: 1 })
    expect(ask({ phone: '+44 7700 900102' }).challenge).toBeTruthy()
    expect(ask({ phone: '(202) 555-0106' }).challenge).toBeTruthy()
  })

  it('of a method that is not there is refused', () => {
    expect(() => ask({ method: 'gone' })).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
  })
})

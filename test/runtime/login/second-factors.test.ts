import { beforeEach, describe, expect, it } from 'vitest'
import { SecondFactors } from '../../../runtime/login/second-factors.ts'
import { SignInTries } from '../../../runtime/login/sign-in-tries.ts'
import { Vault } from '../../../runtime/secrets/vault.ts'
import { Database } from '../../../runtime/store/database.ts'
import { appCode } from '../../support/totp.ts'
import { countingSurroundings } from '../open-stores.ts'

const STEP_MS = 30_000
let now: number
let database: Database
let factors: SecondFactors
beforeEach(() => {
  now = Date.UTC(2026, 2, 1)
  database = new Database(':memory:')
  factors = opened()
})

/** As after a restart: nothing but the store is left. */
function opened(): SecondFactors {
  const clock = () => now
  return new SecondFactors({
    ...{ database, vault: new Vault(database, Buffer.alloc(32, 7), countingSurroundings()) },
    ...{ tries: new SignInTries(database, clock), now: clock, key: Buffer.alloc(32, 8) },
  })
}
const nothing = () => undefined
/** Switches codes on; a step later, so that the code that proved them is an old one. */
function turnOn(owner: string | null = 'amara') {
  const { secret, address } = factors.begin(owner, 'Amara')
  const recoveryCodes = factors.confirm(owner, appCode(secret, now), nothing)
  now += 2 * STEP_MS
  return { secret, address, recoveryCodes }
}
/** What showing a code after a right password comes to. */
function show(code: string, { owner = 'amara', ticket = factors.ticket(owner), isKnown = false } = {}) {
  try {
    const shown = factors.check(ticket, code, isKnown, () => true)
    return shown.owner === owner ? shown.way : 'somebody else'
  } catch (error) {
    const { code: refusal, params } = error as { code: string; params: { seconds?: number } }
    return params.seconds === undefined ? refusal : `${refusal} ${params.seconds}`
  }
}
const wrong = (secret: string) => (appCode(secret, now) === '000000' ? '000001' : '000000')

describe('codes of an app', () => {
  it('are asked for once one of them proved that the app has the secret', () => {
    const { secret, address } = factors.begin('amara', 'Amara')
    expect(address).toBe(
      `otpauth://totp/sms-logic:Amara?issuer=sms-logic&secret=${secret}&algorithm=SHA1&digits=6&period=30`,
    )
    expect(secret).toMatch(/^[A-Z2-7]{32}$/)
    expect(factors.find('amara')).toBeUndefined()
    expect(() => factors.confirm('amara', wrong(secret), nothing)).toThrow('not right')
    expect(factors.find('amara')).toBeUndefined()
    expect(factors.confirm('amara', appCode(secret, now), nothing)).toHaveLength(10)
    expect(factors.find('amara')).toEqual({ since: now, recoveryCodes: 10 })
    expect(() => factors.begin('amara', 'Amara')).toThrow('already')
  })

  it('are taken once, also over a restart, and no older one after a newer', () => {
    const { secret } = turnOn()
    const [old, code] = [appCode(secret, now - STEP_MS), appCode(secret, now)]
    expect(show(code)).toBe('app')
    expect(show(code)).toBe('CODE_WRONG')
    factors = opened()
    expect(show(code)).toBe('CODE_WRONG')
    expect(show(old)).toBe('CODE_WRONG')
    now += STEP_MS
    expect(show(appCode(secret, now))).toBe('app')
  })

  it('may be one step early or late, and no more', () => {
    const { secret } = turnOn()
    expect(show(appCode(secret, now - 2 * STEP_MS))).toBe('CODE_WRONG')
    expect(show(appCode(secret, now + 2 * STEP_MS))).toBe('CODE_WRONG')
    expect(show(appCode(secret, now - STEP_MS))).toBe('app')
    expect(show(appCode(secret, now + STEP_MS))).toBe('app')
  })

  it('are guessed five times, then there are pauses up to an hour', () => {
    const { secret } = turnOn()
    for (let i = 0; i < 5; i++) expect(show(wrong(secret))).toBe('CODE_WRONG')
    expect(show(appCode(secret, now))).toBe('TOO_MANY_TRIES 60')
    // the owner's own browser is counted apart
    expect(show(appCode(secret, now), { isKnown: true })).toBe('app')
    for (let i = 0; i < 8; i++) {
      now += 60 * 60_000
      expect(show(wrong(secret))).toBe('CODE_WRONG')
    }
    expect(show(appCode(secret, now))).toBe('TOO_MANY_TRIES 3600')
  })

  it('need a ticket, which is used up by a right code or after five minutes', () => {
    const { secret } = turnOn()
    const ticket = factors.ticket('amara')
    expect(show(wrong(secret), { ticket })).toBe('CODE_WRONG')
    expect(show(appCode(secret, now), { ticket })).toBe('app')
    now += STEP_MS
    expect(show(appCode(secret, now), { ticket })).toBe('CODE_WRONG')
    const old = factors.ticket('amara')
    now += 5 * 60_000
    expect(show(appCode(secret, now), { ticket: old })).toBe('CODE_WRONG')
    expect(show(appCode(secret, now), { ticket: 'invented' })).toBe('CODE_WRONG')
  })

  it('are of one account alone', () => {
    const amara = turnOn()
    turnOn('ben')
    expect(show(appCode(amara.secret, now), { owner: 'ben' })).toBe('CODE_WRONG')
    expect(show(amara.recoveryCodes[0]!, { owner: 'ben' })).toBe('CODE_WRONG')
  })

  it('go with their secret where they are switched off', () => {
    const { secret, recoveryCodes } = turnOn()
    const ticket = factors.ticket('amara')
    factors.remove('amara')
    expect(() => factors.remove('amara')).toThrow()
    expect(show(appCode(secret, now), { ticket })).toBe('CODE_WRONG')
    expect(turnOn().secret).not.toBe(secret)
    expect(show(recoveryCodes[0]!)).toBe('CODE_WRONG')
  })
})

describe('a recovery code', () => {
  it('is taken once, in small letters and without its hyphen too', () => {
    const { recoveryCodes } = turnOn()
    const [one, two] = recoveryCodes
    expect(new Set(recoveryCodes).size).toBe(10)
    expect(show(one!)).toBe('recovery code')
    expect(show(one!)).toBe('CODE_WRONG')
    expect(show(two!.toLowerCase().replace('-', ' '))).toBe('recovery code')
    expect(factors.find('amara')?.recoveryCodes).toBe(8)
  })
})

describe('what is stored', () => {
  it('has neither the secret nor a recovery code', () => {
    const { secret, recoveryCodes } = turnOn()
    const stored = ['second_factors', 'recovery_codes']
      .flatMap((table) => database.prepare(`SELECT * FROM ${table}`).all())
      .map((row) =>
        JSON.stringify(row, (_, value) =>
          value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
        ),
      )
      .join()
    for (const each of [secret, ...recoveryCodes, ...recoveryCodes.map((code) => code.replace('-', ''))]) {
      expect(stored).not.toContain(each)
    }
  })
})

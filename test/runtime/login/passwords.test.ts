import { beforeEach, describe, expect, it } from 'vitest'
import { LocalDirectory } from '../../../runtime/directory/local-directory.ts'
import { PasswordHash } from '../../../runtime/login/password-hash.ts'
import { passwordProblem } from '../../../runtime/login/password-rules.ts'
import { Passwords } from '../../../runtime/login/passwords.ts'
import type { Owner } from '../../../runtime/login/passwords.ts'
import { SignInTries } from '../../../runtime/login/sign-in-tries.ts'
import { Database } from '../../../runtime/store/database.ts'
import { countingSurroundings } from '../open-stores.ts'

const RIGHT = 'seven goats on a roof'
const HOME = '203.0.113.7'
let now: number
let database: Database
let directory: LocalDirectory
let passwords: Passwords
beforeEach(() => {
  now = Date.UTC(2026, 2, 1)
  database = new Database(':memory:')
  directory = new LocalDirectory(database, countingSurroundings(), { defaultCountry: 'US' })
  passwords = opened()
})

/** As after a restart: nothing but the store is left. */
function opened(): Passwords {
  const clock = () => now
  return new Passwords({ database, directory, tries: new SignInTries(database, clock), now: clock })
}
function newMember(name: string, phone = ''): string {
  return directory.memberStore.create({ name, phone, status: 'in-service', departments: [] }).id
}
async function give(owner: Owner, name: string, password = RIGHT): Promise<void> {
  passwords.put(await passwords.prepare(owner, name, password))
}
/** What an attempt comes to: whose it is, or the code of the refusal with the seconds to wait. */
async function attempt(
  name: string,
  password: string,
  { address = HOME as string | null, browser = '' } = {},
) {
  try {
    return await passwords.check({ name, password, address, browser }, () => true)
  } catch (error) {
    const { code, params } = error as { code: string; params: { seconds?: number } }
    return params.seconds === undefined ? code : `${code} ${params.seconds}`
  }
}
async function guess(times: number, name: string, more = {}): Promise<void> {
  for (let i = 0; i < times; i++) expect(await attempt(name, `wrong ${i}`, more)).toBe('PASSWORD_WRONG')
}

describe('a password', () => {
  it('lets its owner in by sign-in name, in any capitals, and by phone number', async () => {
    const amara = newMember('Amara Okafor', '+12025550101')
    await give(amara, 'Amara Okafor')
    for (const name of [
      'Amara Okafor',
      ' amara  OKAFOR',
      'ＡMARA okafor',
      '+1 202 555 0101',
      '(202) 555-0101',
    ]) {
      expect([name, await attempt(name, RIGHT)]).toEqual([name, amara])
    }
    expect(await attempt('Amara Okafor', `${RIGHT}.`)).toBe('PASSWORD_WRONG')
  })

  it('is the same however a keyboard makes its letters', async () => {
    await give(null, 'Root', 'gr\u00fcne H\u00fcgel am See')
    expect(await attempt('root', 'gru\u0308ne Hu\u0308gel am See')).toBeNull()
  })

  it('does not let in by a number that several owners of passwords share', async () => {
    const [amara, maya] = [newMember('Amara', '+12025550101'), newMember('Maya', '+12025550101')]
    await give(amara, 'Amara')
    expect(await attempt('+12025550101', RIGHT)).toBe(amara)
    await give(maya, 'Maya')
    expect(await attempt('+12025550101', RIGHT)).toBe('PASSWORD_WRONG')
    expect(await attempt('Maya', RIGHT)).toBe(maya)
  })

  it('has a name that nobody else has', async () => {
    await give(newMember('Amara Okafor'), 'Amara Okafor')
    const other = newMember('Amara Okafor')
    await expect(passwords.prepare(other, 'amara okafor', RIGHT)).rejects.toMatchObject({
      fields: [{ path: 'name', key: 'signInNameTaken' }],
    })
    await give(other, 'Amara of the night shift')
  })

  it('goes with its member: one who gets the same id later has none', async () => {
    const id = newMember('Amara')
    await give(id, 'Amara')
    directory.memberStore.delete(id)
    directory.memberStore.create({ id, name: 'Amara', phone: '', status: 'in-service', departments: [] })
    expect(passwords.find(id)).toBeUndefined()
    expect(await attempt('Amara', RIGHT)).toBe('PASSWORD_WRONG')
  })

  it('that is changed while it is checked lets nobody in', async () => {
    await give(null, 'Root')
    const ready = await passwords.prepare(null, 'Root', 'quite another one')
    const slow = attempt('Root', RIGHT)
    passwords.put(ready)
    expect(await slow).toBe('PASSWORD_WRONG')
  })

  it('is stored as argon2id with what OWASP asks for, never the same twice', async () => {
    await give(null, 'Root')
    await give(newMember('Amara'), 'Amara')
    const rows = database.prepare('SELECT hash FROM passwords').all() as { hash: string }[]
    for (const { hash } of rows) {
      expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
    }
    expect(new Set(rows.map(({ hash }) => hash)).size).toBe(2)
    const others = ['passwords', 'sign_in_tries', 'known_browsers'].map((table) =>
      JSON.stringify(database.prepare(`SELECT * FROM ${table}`).all()),
    )
    expect(others.join()).not.toContain(RIGHT)
  })
})

describe('guessing', () => {
  it('pauses longer and longer after five wrong tries, for a right password too, over a restart', async () => {
    await give(null, 'Root')
    await guess(5, 'Root')
    expect(await attempt('Root', RIGHT)).toBe('TOO_MANY_TRIES 30')
    passwords = opened()
    now += 29_000
    expect(await attempt('Root', RIGHT)).toBe('TOO_MANY_TRIES 1')
    now += 1_000
    await guess(1, 'Root')
    expect(await attempt('Root', RIGHT)).toBe('TOO_MANY_TRIES 60')
    now += 60_000
    expect(await attempt('Root', RIGHT)).toBeNull()
    await guess(5, 'Root')
  })

  it('never makes anybody wait longer than a quarter of an hour', async () => {
    await give(null, 'Root')
    await guess(5, 'Root')
    for (let i = 0; i < 12; i++) {
      now += 15 * 60_000
      await guess(1, 'Root', { address: null })
    }
    expect(await attempt('Root', RIGHT)).toBe('TOO_MANY_TRIES 900')
  })

  it('makes a name that nobody has wait just the same', async () => {
    await give(null, 'Root')
    for (const name of ['Root', 'Nobody', '+12025550177']) {
      await guess(5, name, { address: null })
      expect(await attempt(name, 'x', { address: null })).toBe('TOO_MANY_TRIES 30')
    }
  })

  it('counts before it compares: a hundred at once are five', async () => {
    await give(null, 'Root')
    const all = Promise.all(Array.from({ length: 100 }, (_, i) => attempt('Root', `wrong ${i}`)))
    expect((await all).filter((each) => each === 'PASSWORD_WRONG')).toHaveLength(5)
  })

  it('at many names from one address makes the address wait, and no account of its own helps', async () => {
    await give(newMember('Mallory'), 'Mallory')
    for (let i = 0; i < 30; i++) {
      expect(await attempt(`Somebody ${i}`, 'wrong')).toBe('PASSWORD_WRONG')
      if (i === 20) expect(typeof (await attempt('Mallory', RIGHT))).toBe('string')
    }
    expect(await attempt('Mallory', RIGHT)).toBe('TOO_MANY_TRIES 30')
    expect(await attempt('Mallory', RIGHT, { address: '198.51.100.9' })).not.toMatch(/^TOO/)
  })

  it('of a stranger does not keep the owner out of a browser of the own', async () => {
    await give(null, 'Root')
    const browser = passwords.noteBrowser(null, undefined)!
    await guess(5, 'Root')
    expect(await attempt('Root', RIGHT, { address: null })).toBe('TOO_MANY_TRIES 30')
    expect(await attempt('Root', RIGHT, { address: null, browser })).toBeNull()
    // the owner coming in gives the stranger no further guesses
    expect(await attempt('Root', 'wrong', { address: null })).toBe('TOO_MANY_TRIES 30')
    await guess(5, 'Root', { address: null, browser })
    expect(await attempt('Root', RIGHT, { address: null, browser })).toBe('TOO_MANY_TRIES 30')
  })

  it('a browser is known no more once the password is another one', async () => {
    await give(null, 'Root')
    const browser = passwords.noteBrowser(null, undefined)!
    expect(passwords.noteBrowser(null, browser)).toBeUndefined()
    await give(null, 'Root', 'quite another one')
    expect(passwords.noteBrowser(null, browser)).toBeTypeOf('string')
  })

  it('is forgotten after a day', async () => {
    await give(null, 'Root')
    await guess(5, 'Root')
    now += 24 * 60 * 60_000
    await guess(5, 'Root')
  })
})

describe('checking passwords', () => {
  it('works for a name that nobody has too, and refuses what is more than a queue can hold', async () => {
    const hash = new PasswordHash()
    const stored = await hash.make(RIGHT)
    const answers = await Promise.allSettled(
      Array.from({ length: 60 }, (_, i) => hash.check(RIGHT, i % 2 === 0 ? stored : undefined)),
    )
    const done = answers.filter((each) => each.status === 'fulfilled').map(({ value }) => value)
    expect(done).toEqual(Array.from({ length: 42 }, (_, i) => i % 2 === 0))
    expect(answers.find((each) => each.status === 'rejected')?.reason).toMatchObject({ code: 'OVERLOADED' })
    expect(await hash.check(RIGHT, stored)).toBe(true)
  })
})

describe('a password that is easily guessed', () => {
  const amara = { names: ['Amara Okafor'], phone: '+12025550101' }
  it.each([
    ['Password123', 'passwordCommon'],
    ['1234567890', 'passwordCommon'],
    ['Qwerty 123456', 'passwordCommon'],
    ['aaaaaaaaaaaaa', 'passwordSimple'],
    ['ababcdabcdab', 'passwordSimple'],
    ['amara okafor', 'passwordPersonal'],
    ['Okafor2026!', 'passwordPersonal'],
    ['AmaraOkaforAmara', 'passwordPersonal'],
    ['5550101abcdef', 'passwordPersonal'],
    ['+12025550101', 'passwordPersonal'],
    ['Okafor counts seven goats', undefined],
    [RIGHT, undefined],
    ['xK9#mQ2$vL', undefined],
  ])('%s: %s', (password, problem) => {
    expect(passwordProblem(password, amara)).toBe(problem)
  })

  it('is one of a short name alone', () => {
    expect(passwordProblem('王小芳王小芳20261', { names: ['王小芳'], phone: '' })).toBe('passwordPersonal')
    expect(passwordProblem('delicious lime pie', { names: ['Li'], phone: '' })).toBeUndefined()
  })
})

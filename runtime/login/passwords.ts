import { ErrorCode, FieldsError, FlowError } from '../../nodes/errors.ts'
import type { Member } from '../../nodes/directory/schema.ts'
import type { LocalDirectory } from '../directory/local-directory.ts'
import { readPhone } from '../directory/phone.ts'
import type { Database } from '../store/database.ts'
import { KnownBrowsers } from './known-browsers.ts'
import { originOf } from './network.ts'
import { PasswordHash } from './password-hash.ts'
import { folded, normalPassword, passwordProblem } from './password-rules.ts'
import { nameKey, originKeys } from './sign-in-tries.ts'
import type { SignInTries, TriedKey } from './sign-in-tries.ts'

/** Whose a password is: a member by id; null: the administrator who comes in by the start link or the access token. */
export type Owner = string | null

/** What somebody who wants to sign in shows. */
export interface ShownPassword {
  /** A sign-in name, or a phone number. */
  name: string
  password: string
  /** On the network. */
  address: string | null
  /** From the cookie of a browser in which a password was right before. */
  browser: string | undefined
}

/** A password that may be stored. */
export interface ReadyPassword {
  owner: Owner
  name: string
  hash: string
}

export interface PasswordDependencies {
  database: Database
  directory: LocalDirectory
  tries: SignInTries
  /** Milliseconds since 1970. */
  now: () => number
}

/** The passwords of accounts, as argon2id hashes: set, changed, removed and checked. */
export class Passwords {
  readonly #on: PasswordDependencies
  readonly #hash = new PasswordHash()
  readonly #browsers: KnownBrowsers
  readonly #statements: ReturnType<typeof prepare>

  constructor(dependencies: PasswordDependencies) {
    this.#on = dependencies
    this.#browsers = new KnownBrowsers(dependencies.database, dependencies.now)
    this.#statements = prepare(dependencies.database)
  }

  /** What its owner may know of a password. */
  find(owner: Owner): { name: string; changed: number } | undefined {
    const row = this.#row(owner)
    return row && { name: row.name, changed: row.changed }
  }

  /** Whether anybody has a password. */
  get areUsed(): boolean {
    return this.#statements.any.get() !== undefined
  }

  /** Members who have one. */
  members(): string[] {
    const rows = this.#statements.accounts.all() as { account: string }[]
    return rows.map(({ account }) => account).filter((account) => account !== '')
  }

  /**
   * Checks a name and password. A name that nobody has, a wrong password and somebody who has resigned get the same answer
   * in the same time.
   * @param isLetIn whether an account may sign in at all
   * @throws FlowError `PASSWORD_WRONG`, `TOO_MANY_TRIES`, `OVERLOADED`
   */
  async check(shown: ShownPassword, isLetIn: (owner: Owner) => boolean): Promise<Owner> {
    const row = this.#named(shown.name)
    const keys = [this.#triedKey(shown, row), ...originKeys(originOf(shown.address))]
    this.#on.tries.count(keys)
    const isRight = await this.#hash.check(normalPassword(shown.password), row?.hash)
    const owner = row === undefined ? null : ownerOf(row.account)
    // it may have been changed or removed while it was being checked
    const isStill = row !== undefined && this.#row(owner)?.hash === row.hash
    if (!isRight || !isStill || !isLetIn(owner)) throw wrongPassword()
    this.#on.tries.forgive(keys)
    return owner
  }

  /** Whose name it is that is typed, for the audit log; undefined: nobody's. */
  ownerNamed(name: string): Owner | undefined {
    const row = this.#named(name)
    return row && ownerOf(row.account)
  }

  /** Whether a browser's cookie says that a password of this owner was right there before. */
  knowsBrowser(owner: Owner, token: string | undefined): boolean {
    return this.#browsers.knows(token, accountOf(owner))
  }

  /** @returns the token for a cookie, where the browser is not known yet */
  noteBrowser(owner: Owner, token: string | undefined): string | undefined {
    const account = accountOf(owner)
    return this.#browsers.knows(token, account) ? undefined : this.#browsers.add(account)
  }

  /**
   * Asks whoever is signed in for the present password; where there is none nothing is asked.
   * @throws FlowError `PASSWORD_WRONG`, `TOO_MANY_TRIES`, `OVERLOADED`
   */
  async provePresent(owner: Owner, present: string | undefined): Promise<void> {
    const row = this.#row(owner)
    if (!row) return
    const key: TriedKey = `present ${row.account}`
    this.#on.tries.count([key])
    if (!(await this.#hash.check(normalPassword(present ?? ''), row.hash))) throw wrongPassword()
    this.#on.tries.forgive([key])
  }

  /**
   * Makes the hash of a new password that is good enough; `put` stores it.
   * @throws FieldsError where the name is somebody else's or the password is easily guessed; FlowError `OVERLOADED`
   */
  async prepare(owner: Owner, name: string, password: string): Promise<ReadyPassword> {
    this.#expectFree(owner, name)
    const member = owner === null ? undefined : this.#member(owner)
    const names = [name, member?.name, member?.userName].filter((each) => each !== undefined)
    const problem = passwordProblem(password, { names, phone: member?.phone ?? '' })
    if (problem !== undefined) {
      throw new FieldsError(ErrorCode.BodyInvalid, 'This password is easily guessed', [
        { path: 'password', key: problem, message: 'Choose another password' },
      ])
    }
    return { owner, name, hash: await this.#hash.make(normalPassword(password)) }
  }

  /** @throws FieldsError where somebody else took the name in the meantime */
  put({ owner, name, hash }: ReadyPassword): void {
    this.#on.database.transaction(() => {
      this.#expectFree(owner, name)
      this.#statements.put.run(accountOf(owner), name, folded(name), hash, this.#on.now())
      this.#browsers.forget(accountOf(owner))
    })
  }

  /** @throws FlowError `NOT_FOUND` */
  remove(owner: Owner): void {
    this.#on.database.transaction(() => {
      if (this.#statements.remove.run(accountOf(owner)).changes === 0) {
        throw new FlowError(ErrorCode.NotFound, 'This account has no password')
      }
      this.#browsers.forget(accountOf(owner))
    })
  }

  #triedKey({ name, browser }: ShownPassword, row: PasswordRow | undefined): TriedKey {
    const isKnown = row !== undefined && this.#browsers.knows(browser, row.account)
    return isKnown ? `browser ${row.account}` : nameKey(this.#readName(name))
  }

  /** A number as it is stored, so that all ways to write it are counted as one; another name without its capitals. */
  #readName(name: string): string {
    if (/\p{L}/u.test(name)) return folded(name)
    return readPhone(name, this.#on.directory.organisation.current.country).phone
  }

  /** By a sign-in name, or by a phone number that no other owner of a password has. */
  #named(name: string): PasswordRow | undefined {
    const read = this.#readName(name)
    const named = this.#statements.byName.get(read) as PasswordRow | undefined
    if (named || !read.startsWith('+')) return named
    const rows = this.#on.directory.memberStore.withPhones([read]).map(({ id }) => this.#row(id))
    const found = rows.filter((row) => row !== undefined)
    return found.length === 1 ? found[0] : undefined
  }

  #expectFree(owner: Owner, name: string): void {
    const taken = this.#statements.byName.get(folded(name)) as PasswordRow | undefined
    if (!taken || taken.account === accountOf(owner)) return
    throw new FieldsError(ErrorCode.BodyInvalid, 'Somebody else signs in by this name', [
      { path: 'name', key: 'signInNameTaken', message: 'Choose another sign-in name' },
    ])
  }

  #row(owner: Owner): PasswordRow | undefined {
    return this.#statements.read.get(accountOf(owner)) as PasswordRow | undefined
  }

  #member(id: string): Member | undefined {
    return this.#on.directory.memberStore.byIds([id])[0]
  }
}

interface PasswordRow {
  account: string
  name: string
  hash: string
  changed: number
}

/** As tables name an owner. */
export function accountOf(owner: Owner): string {
  return owner ?? ''
}

export function ownerOf(account: string): Owner {
  return account === '' ? null : account
}

function wrongPassword(): FlowError {
  return new FlowError(ErrorCode.PasswordWrong, 'This name and this password do not belong together', {
    hint: 'Type both again, or choose another way to sign in.',
  })
}

function prepare(database: Database) {
  const columns = 'account, name, hash, changed'
  return {
    read: database.prepare(`SELECT ${columns} FROM passwords WHERE account = ?`),
    byName: database.prepare(`SELECT ${columns} FROM passwords WHERE folded = ?`),
    any: database.prepare('SELECT 1 FROM passwords LIMIT 1'),
    accounts: database.prepare('SELECT account FROM passwords'),
    put: database.prepare(`
      INSERT INTO passwords (account, name, folded, hash, changed) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (account) DO UPDATE SET
        name = excluded.name, folded = excluded.folded, hash = excluded.hash, changed = excluded.changed`),
    remove: database.prepare('DELETE FROM passwords WHERE account = ?'),
  }
}

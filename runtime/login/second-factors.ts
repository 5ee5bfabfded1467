import { createHmac, hash, randomBytes, randomInt } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { Vault } from '../secrets/vault.ts'
import type { Database } from '../store/database.ts'
import { accountOf, ownerOf } from './passwords.ts'
import type { Owner } from './passwords.ts'
import type { SignInTries, TriedKey } from './sign-in-tries.ts'

/** What apps expect of a code, whatever they are told otherwise. */
const CODE = { algorithm: 'SHA1', digits: 6, period: 30 } as const
/** Codes before and after the present one that are taken too: clocks of phones differ. */
const WINDOW = 1
const SECRET_BYTES = 20
const TICKET_MS = 5 * 60_000
const RECOVERY_CODES = 10
/** Without those that are taken for each other. */
const RECOVERY_LETTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
const RECOVERY_LENGTH = 10

export interface SecondFactorDependencies {
  database: Database
  vault: Vault
  tries: SignInTries
  /** Milliseconds since 1970. */
  now: () => number
  /** Of the HMACs; not in the data folder. */
  key: Buffer
}

/** How somebody came through: by the app, or by one of the recovery codes. */
export type FactorWay = 'app' | 'recovery code'

/** Time-based codes of an app (RFC 6238), asked for after a password, and the recovery codes beside them. */
export class SecondFactors {
  readonly #on: SecondFactorDependencies
  readonly #statements: ReturnType<typeof prepare>

  constructor(dependencies: SecondFactorDependencies) {
    this.#on = dependencies
    this.#statements = prepare(dependencies.database)
  }

  /** What its owner may know; undefined: none is asked for. */
  find(owner: Owner): { since: number; recoveryCodes: number } | undefined {
    const row = this.#row(owner)
    if (!row || row.since === null) return undefined
    const { count } = this.#statements.countRecovery.get(row.account) as { count: number }
    return { since: row.since, recoveryCodes: count }
  }

  /**
   * Makes a secret that counts once a code proved that the app has it.
   * @param name by which the app shows it
   * @throws FlowError `CONFLICT` where one is asked for already
   */
  begin(owner: Owner, name: string): { secret: string; address: string } {
    if (this.find(owner)) throw isOnAlready()
    const secret = new Secret({ buffer: new Uint8Array(randomBytes(SECRET_BYTES)).buffer }).base32
    const record = this.#on.vault.seal(secret, placeOf(owner))
    this.#statements.put.run(accountOf(owner), record)
    return { secret, address: totp(secret, name).toString() }
  }

  /**
   * Asks for codes from now on, where this one is right.
   * @param alongside what is to be on the disk with it, or not at all
   * @returns the recovery codes, which are seen this once
   * @throws FlowError `CODE_WRONG`, `CONFLICT`, `TOO_MANY_TRIES`
   */
  confirm(owner: Owner, code: string, alongside: () => void): string[] {
    const row = this.#row(owner)
    if (!row) throw wrongCode()
    if (row.since !== null) throw isOnAlready()
    const key: TriedKey = `factor ${row.account}`
    this.#on.tries.count([key])
    return this.#on.database.transaction(() => {
      if (!this.#takeAppCode(row, code)) throw wrongCode()
      this.#on.tries.forgive([key])
      this.#statements.turnOn.run(this.#on.now(), row.account)
      this.#statements.forgetRecovery.run(row.account)
      const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode)
      for (const each of codes) this.#statements.addRecovery.run(row.account, this.#seal(row.account, each))
      alongside()
      return codes
    })
  }

  /** @throws FlowError `NOT_FOUND` */
  remove(owner: Owner): void {
    if (this.#statements.remove.run(accountOf(owner)).changes > 0) return
    throw new FlowError(ErrorCode.NotFound, 'This account has no second factor')
  }

  /** @returns a ticket for `check`: the password was right */
  ticket(owner: Owner): string {
    const ticket = randomBytes(32).toString('base64url')
    const now = this.#on.now()
    this.#on.database.transaction(() => {
      this.#statements.forgetTickets.run(now)
      this.#statements.addTicket.run(hash('sha256', ticket, 'buffer'), accountOf(owner), now + TICKET_MS)
    })
    return ticket
  }

  /** Whose ticket it is; undefined: nobody's, or too old. */
  ownerOf(ticket: string): Owner | undefined {
    const found = this.#statements.ticket.get(hash('sha256', ticket, 'buffer'), this.#on.now()) as
      { account: string } | undefined
    return found && ownerOf(found.account)
  }

  /**
   * Takes a code of the app or a recovery code, each once; the ticket is used up by a right one.
   * @param isKnown whether it is typed in a browser in which its owner was before: its tries are counted apart
   * @param isLetIn whether an account may sign in at all
   * @throws FlowError `CODE_WRONG`, `TOO_MANY_TRIES`
   */
  check(
    ticket: string,
    code: string,
    isKnown: boolean,
    isLetIn: (owner: Owner) => boolean,
  ): { owner: Owner; way: FactorWay } {
    const owner = this.ownerOf(ticket)
    const row = owner === undefined ? undefined : this.#row(owner)
    if (owner === undefined || !row || !isLetIn(owner)) throw wrongCode()
    const key: TriedKey = `${isKnown ? 'known-factor' : 'factor'} ${row.account}`
    this.#on.tries.count([key])
    return this.#on.database.transaction(() => {
      const way = this.#take(row, code)
      if (way === undefined) throw wrongCode()
      this.#statements.useTicket.run(hash('sha256', ticket, 'buffer'))
      this.#on.tries.forgive([key])
      return { owner, way }
    })
  }

  #take(row: FactorRow, code: string): FactorWay | undefined {
    if (/^\d{6}$/.test(code)) return this.#takeAppCode(row, code) ? 'app' : undefined
    const sealed = this.#seal(row.account, readRecoveryCode(code))
    return this.#statements.useRecovery.run(row.account, sealed).changes > 0 ? 'recovery code' : undefined
  }

  /** A code is taken once, and no older one after it. */
  #takeAppCode({ account, secret: record }: FactorRow, token: string): boolean {
    const secret = this.#on.vault.open(record, placeOf(ownerOf(account)))
    const timestamp = this.#on.now()
    const delta = totp(secret, '').validate({ token, timestamp, window: WINDOW })
    if (delta === null) return false
    const step = Math.floor(timestamp / (CODE.period * 1_000)) + delta
    return this.#statements.take.run({ step, account }).changes > 0
  }

  #seal(account: string, code: string): Buffer {
    return createHmac('sha256', this.#on.key)
      .update(JSON.stringify([account, readRecoveryCode(code)]))
      .digest()
  }

  #row(owner: Owner): FactorRow | undefined {
    return this.#statements.read.get(accountOf(owner)) as FactorRow | undefined
  }
}

interface FactorRow {
  account: string
  secret: string
  since: number | null
}

function totp(secret: string, label: string): TOTP {
  return new TOTP({ ...CODE, issuer: 'sms-logic', label, secret: Secret.fromBase32(secret) })
}

function placeOf(owner: Owner) {
  return { service: `account ${accountOf(owner)}`, field: 'second factor', endpoint: 'sign-in' }
}

/** `XXXXX-XXXXX`: 49 bits. */
function newRecoveryCode(): string {
  const letters = Array.from(
    { length: RECOVERY_LENGTH },
    () => RECOVERY_LETTERS[randomInt(RECOVERY_LETTERS.length)]!,
  ).join('')
  return `${letters.slice(0, 5)}-${letters.slice(5)}`
}

function readRecoveryCode(typed: string): string {
  return typed.toUpperCase().replace(/[^0-9A-Z]/g, '')
}

function wrongCode(): FlowError {
  return new FlowError(ErrorCode.CodeWrong, 'This code is not right, was used, or is too old', {
    hint: 'Type the code that the app shows now, or a recovery code; else sign in anew.',
  })
}

function isOnAlready(): FlowError {
  return new FlowError(ErrorCode.Conflict, 'Codes of an app are asked for already', {
    hint: 'Switch them off first.',
  })
}

function prepare(database: Database) {
  return {
    read: database.prepare('SELECT account, secret, since FROM second_factors WHERE account = ?'),
    put: database.prepare(`
      INSERT INTO second_factors (account, secret, last_step, since) VALUES (?, ?, 0, NULL)
      ON CONFLICT (account) DO UPDATE SET secret = excluded.secret, last_step = 0, since = NULL`),
    turnOn: database.prepare('UPDATE second_factors SET since = ? WHERE account = ?'),
    take: database.prepare(
      'UPDATE second_factors SET last_step = :step WHERE account = :account AND last_step < :step',
    ),
    remove: database.prepare('DELETE FROM second_factors WHERE account = ?'),
    countRecovery: database.prepare('SELECT count(*) AS count FROM recovery_codes WHERE account = ?'),
    addRecovery: database.prepare('INSERT INTO recovery_codes (account, code) VALUES (?, ?)'),
    useRecovery: database.prepare('DELETE FROM recovery_codes WHERE account = ? AND code = ?'),
    forgetRecovery: database.prepare('DELETE FROM recovery_codes WHERE account = ?'),
    addTicket: database.prepare(
      'INSERT INTO second_factor_tickets (hash, account, expires) VALUES (?, ?, ?)',
    ),
    ticket: database.prepare('SELECT account FROM second_factor_tickets WHERE hash = ? AND expires > ?'),
    useTicket: database.prepare('DELETE FROM second_factor_tickets WHERE hash = ?'),
    forgetTickets: database.prepare('DELETE FROM second_factor_tickets WHERE expires <= ?'),
  }
}

import { hash, randomBytes } from 'node:crypto'
import type { z } from 'zod'
import { mayDo, tokenScopes } from '../../nodes/api/rights.ts'
import type { AccountRole, TokenScope } from '../../nodes/api/rights.ts'
import type { ApiToken, createApiToken } from '../../nodes/api/tokens.ts'
import { ErrorCode, FieldsError, FlowError } from '../../nodes/errors.ts'
import type { Database } from '../store/database.ts'
import type { Surroundings } from '../surroundings.ts'

/** A token that is good at this moment. */
export interface GoodToken {
  id: string
  name: string
  /** Null: made by the one who came in by the start link or the access token. */
  owner: string | null
  scopes: readonly TokenScope[]
}

const DAY_MS = 86_400_000
/** When a token was used is written down this often. */
const NOTED_MS = 60_000

/** Tokens of programs. A token is seen once, when it is made: its hash alone is kept. */
export class ApiTokens {
  readonly #surroundings: Surroundings
  readonly #nameOf: (member: string) => string | undefined
  readonly #statements: ReturnType<typeof prepare>

  constructor(
    database: Database,
    surroundings: Surroundings,
    nameOf: (member: string) => string | undefined,
  ) {
    this.#surroundings = surroundings
    this.#nameOf = nameOf
    this.#statements = prepare(database)
  }

  /** @param owner undefined: of everybody */
  list(owner?: string | null): ApiToken[] {
    const rows = this.#statements.all.all() as unknown as TokenRow[]
    return rows.filter((row) => owner === undefined || row.owner === owner).map((row) => this.#describe(row))
  }

  find(id: string): ApiToken | undefined {
    return this.list().find((each) => each.id === id)
  }

  /** @throws FieldsError `BODY_INVALID` where it would be allowed more than its owner */
  create(
    { name, scopes, expiresInDays }: z.output<typeof createApiToken>,
    owner: { member: string | null; role: AccountRole },
  ): ApiToken & { token: string } {
    if (scopes.some((scope) => !mayDo(owner.role, scope))) {
      throw new FieldsError(ErrorCode.BodyInvalid, 'A token may do no more than its owner', [
        { path: 'scopes', key: 'tokenScopes', message: 'More than the owner may' },
      ])
    }
    const token = `sms_${randomBytes(32).toString('base64url')}`
    const created = this.#now()
    const row: TokenRow = {
      id: this.#surroundings.newId(),
      name,
      owner: owner.member,
      scopes: JSON.stringify(tokenScopes.filter((scope) => scopes.includes(scope))),
      created,
      expires: expiresInDays === null ? null : created + expiresInDays * DAY_MS,
      used: null,
    }
    this.#statements.insert.run({ ...row, hash: hash('sha256', token) })
    return { ...this.#describe(row), token }
  }

  /** @param owner undefined: whoever it is. @throws FlowError `NOT_FOUND` */
  revoke(id: string, owner?: string | null): void {
    const isThere = this.list(owner).some((each) => each.id === id)
    if (isThere && this.#statements.delete.run(id).changes > 0) return
    throw new FlowError(ErrorCode.NotFound, 'There is no such token', {
      hint: 'It may have been revoked already.',
    })
  }

  /** The token that a program shows; undefined: there is none, or it is too old. */
  accept(token: string): GoodToken | undefined {
    const row = this.#statements.byHash.get(hash('sha256', token)) as unknown as TokenRow | undefined
    const now = this.#now()
    if (!row || (row.expires !== null && row.expires <= now)) return undefined
    if (row.used === null || now - row.used > NOTED_MS) this.#statements.use.run(now, row.id)
    const { id, name, owner } = row
    return { id, name, owner, scopes: scopesOf(row) }
  }

  #describe(row: TokenRow): ApiToken {
    const { id, name, owner, created, expires, used } = row
    const time = (at: number | null) => (at === null ? null : new Date(at).toISOString())
    return {
      ...{ id, name, scopes: scopesOf(row), created: new Date(created).toISOString() },
      owner: owner === null ? null : { member: owner, name: this.#nameOf(owner) ?? owner },
      ...{ expires: time(expires), used: time(used) },
    }
  }

  #now(): number {
    return this.#surroundings.now().getTime()
  }
}

interface TokenRow {
  id: string
  name: string
  owner: string | null
  scopes: string
  created: number
  expires: number | null
  used: number | null
}

/** A right that a newer version knows grants nothing here. */
function scopesOf({ scopes }: TokenRow): TokenScope[] {
  const named = JSON.parse(scopes) as string[]
  return tokenScopes.filter((scope) => named.includes(scope))
}

const columns = 'id, name, owner, scopes, created, expires, used'

function prepare(database: Database) {
  return {
    all: database.prepare(`SELECT ${columns} FROM api_tokens ORDER BY created, id`),
    byHash: database.prepare(`SELECT ${columns} FROM api_tokens WHERE token_hash = ?`),
    insert: database.prepare(`
      INSERT INTO api_tokens (id, name, token_hash, owner, scopes, created, expires, used)
      VALUES (:id, :name, :hash, :owner, :scopes, :created, :expires, :used)`),
    use: database.prepare('UPDATE api_tokens SET used = ? WHERE id = ?'),
    delete: database.prepare('DELETE FROM api_tokens WHERE id = ?'),
  }
}

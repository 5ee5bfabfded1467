import { hash, randomBytes } from 'node:crypto'
import type { z } from 'zod'
import type { scimToken } from '../../nodes/api/scim.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { Database } from '../store/database.ts'
import type { Surroundings } from '../surroundings.ts'

type ScimToken = z.input<typeof scimToken>
interface TokenRow {
  id: string
  name: string
  created: number
  used: number | null
}

/** When a token was used is written down this often. */
const NOTED_MS = 60_000

/** The tokens that identity providers show. Only their hashes are kept: a token is seen once, when it is made. */
export class ScimTokens {
  readonly #surroundings: Surroundings
  readonly #statements: ReturnType<typeof prepare>

  constructor(database: Database, surroundings: Surroundings) {
    this.#surroundings = surroundings
    this.#statements = prepare(database)
  }

  list(): ScimToken[] {
    return (this.#statements.all.all() as unknown as TokenRow[]).map(describe)
  }

  create(name: string): ScimToken & { token: string } {
    const token = `scim_${randomBytes(32).toString('base64url')}`
    const row = { id: this.#surroundings.newId(), name, created: this.#now(), used: null }
    this.#statements.insert.run(row.id, row.name, hash('sha256', token), row.created)
    return { ...describe(row), token }
  }

  /** @throws FlowError `NOT_FOUND` */
  revoke(id: string): void {
    if (this.#statements.delete.run(id).changes > 0) return
    throw new FlowError(ErrorCode.NotFound, 'There is no such token', {
      hint: 'It may have been revoked already.',
    })
  }

  accepts(token: string): boolean {
    const row = this.#statements.byHash.get(hash('sha256', token)) as unknown as TokenRow | undefined
    if (!row) return false
    const now = this.#now()
    if (row.used === null || now - row.used > NOTED_MS) this.#statements.use.run(now, row.id)
    return true
  }

  #now(): number {
    return this.#surroundings.now().getTime()
  }
}

function describe({ id, name, created, used }: TokenRow): ScimToken {
  return {
    id,
    name,
    created: new Date(created).toISOString(),
    used: used === null ? null : new Date(used).toISOString(),
  }
}

function prepare(database: Database) {
  return {
    all: database.prepare('SELECT id, name, created, used FROM scim_tokens ORDER BY created, id'),
    byHash: database.prepare('SELECT id, name, created, used FROM scim_tokens WHERE token_hash = ?'),
    insert: database.prepare('INSERT INTO scim_tokens (id, name, token_hash, created) VALUES (?, ?, ?, ?)'),
    use: database.prepare('UPDATE scim_tokens SET used = ? WHERE id = ?'),
    delete: database.prepare('DELETE FROM scim_tokens WHERE id = ?'),
  }
}

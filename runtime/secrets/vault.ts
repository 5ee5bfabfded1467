import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { Database } from '../store/database.ts'
import type { Surroundings } from '../surroundings.ts'

/** Where a secret belongs. It is bound to this place: a record that is moved to another cannot be opened. */
export interface SecretPlace {
  service: string
  field: string
  /** Origin the secret is sent to, so that nobody can point a service elsewhere and collect it. */
  endpoint: string
}

/**
 * Encrypts secrets at rest: AES-256-GCM under a key of this data folder, which is itself encrypted under
 * the master key that is kept outside (see `master-key.ts`).
 */
export class Vault {
  readonly #masterKey: Buffer
  readonly #surroundings: Surroundings
  readonly #fingerprint: string
  readonly #keys = new Map<string, Buffer>()
  readonly #statements: ReturnType<typeof prepare>

  /** @param masterKey 32 bytes */
  constructor(database: Database, masterKey: Buffer, surroundings: Surroundings) {
    this.#masterKey = masterKey
    this.#surroundings = surroundings
    this.#fingerprint = createHash('sha256').update('sms-logic master key').update(masterKey).digest('hex')
    this.#statements = prepare(database)
  }

  /** @returns the record to store: JSON `{ v, kid, iv, tag, ct }`, bytes in base64 */
  seal(secret: string, place: SecretPlace): string {
    const { kid, key } = this.#currentKey()
    return JSON.stringify({ v: 1, kid, ...encrypt(key, Buffer.from(secret, 'utf8'), boundTo(place)) })
  }

  /** @throws FlowError `SECRET_UNREADABLE` where the master key is another one, or the record was changed or moved */
  open(record: string, place: SecretPlace): string {
    try {
      const { kid, ...box } = sealedRecord.parse(JSON.parse(record))
      return decrypt(this.#key(kid), box, boundTo(place)).toString('utf8')
    } catch (cause) {
      if (cause instanceof FlowError) throw cause
      throw new FlowError(
        ErrorCode.SecretUnreadable,
        `The secret "${place.field}" cannot be read: its record was changed or belongs to another service`,
        { hint: 'Open the SMS service and type the secret again.', params: { field: place.field } },
      )
    }
  }

  #currentKey(): { kid: string; key: Buffer } {
    const known = this.#statements.newest.get(this.#fingerprint) as { kid: string } | undefined
    if (known) return { kid: known.kid, key: this.#key(known.kid) }
    const kid = this.#surroundings.newId()
    const key = randomBytes(32)
    const wrapped = JSON.stringify(encrypt(this.#masterKey, key, Buffer.from(kid)))
    this.#statements.add.run(kid, this.#fingerprint, wrapped, this.#surroundings.now().toISOString())
    this.#keys.set(kid, key)
    return { kid, key }
  }

  #key(kid: string): Buffer {
    const known = this.#keys.get(kid)
    if (known) return known
    const row = this.#statements.read.get(kid) as { wrapped_by: string; wrapped: string } | undefined
    if (row?.wrapped_by !== this.#fingerprint) {
      throw new FlowError(ErrorCode.SecretUnreadable, 'The secrets were encrypted with another master key', {
        hint: 'Bring back the key file (or SMS_LOGIC_KEY) of this data folder, or type the secrets again.',
      })
    }
    const key = decrypt(this.#masterKey, sealedBox.parse(JSON.parse(row.wrapped)), Buffer.from(kid))
    this.#keys.set(kid, key)
    return key
  }
}

const bytes = z.base64().transform((text) => Buffer.from(text, 'base64'))
const sealedBox = z.object({ iv: bytes, tag: bytes, ct: bytes })
const sealedRecord = sealedBox.extend({ v: z.literal(1), kid: z.string() })

function encrypt(key: Buffer, plain: Buffer, aad: Buffer): { iv: string; tag: string; ct: string } {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(aad)
  const ct = Buffer.concat([cipher.update(plain), cipher.final()])
  return {
    iv: iv.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    ct: ct.toString('base64'),
  }
}

function decrypt(key: Buffer, box: z.output<typeof sealedBox>, aad: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, box.iv, { authTagLength: 16 })
  decipher.setAAD(aad).setAuthTag(box.tag)
  return Buffer.concat([decipher.update(box.ct), decipher.final()])
}

/** JSON keeps the parts apart: no two places give the same bytes. */
function boundTo({ service, field, endpoint }: SecretPlace): Buffer {
  return Buffer.from(JSON.stringify([service, field, endpoint]), 'utf8')
}

function prepare(database: Database) {
  return {
    newest: database.prepare('SELECT kid FROM secret_keys WHERE wrapped_by = ? ORDER BY kid DESC LIMIT 1'),
    read: database.prepare('SELECT wrapped_by, wrapped FROM secret_keys WHERE kid = ?'),
    add: database.prepare('INSERT INTO secret_keys (kid, wrapped_by, wrapped, created) VALUES (?, ?, ?, ?)'),
  }
}

import { beforeEach, describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../nodes/errors.ts'
import { Vault } from '../../../runtime/secrets/vault.ts'
import type { SecretPlace } from '../../../runtime/secrets/vault.ts'
import { Database } from '../../../runtime/store/database.ts'
import { countingSurroundings } from '../open-stores.ts'

const place: SecretPlace = { service: 'service-1', field: 'authToken', endpoint: 'https://sms.example' }
const unreadable = expect.objectContaining({ code: ErrorCode.SecretUnreadable })
let database: Database
let vault: Vault

beforeEach(() => {
  database = new Database(':memory:')
  vault = new Vault(database, Buffer.alloc(32, 1), countingSurroundings())
})

describe('a sealed secret', () => {
  it('comes back as it was, also from a vault that was opened later', () => {
    const record = vault.seal('s3cret 密钥', place)
    expect(record).not.toContain('s3cret')
    const later = new Vault(database, Buffer.alloc(32, 1), countingSurroundings())
    expect(later.open(record, place)).toBe('s3cret 密钥')
  })

  it('never has the same record twice', () => {
    expect(vault.seal('s3cret', place)).not.toBe(vault.seal('s3cret', place))
  })

  it.each([
    { ...place, service: 'service-2' },
    { ...place, field: 'apiKeySecret' },
    { ...place, endpoint: 'https://collector.example' },
    { service: 'service-1authToken', field: '', endpoint: 'https://sms.example' },
  ])('cannot be opened at another place: $service $field $endpoint', (other) => {
    expect(() => vault.open(vault.seal('s3cret', place), other)).toThrow(unreadable)
  })

  it.each(['iv', 'tag', 'ct'])('cannot be opened after a bit of its %s was changed', (part) => {
    const record = JSON.parse(vault.seal('s3cret', place)) as Record<string, string>
    const bytes = Buffer.from(record[part]!, 'base64')
    bytes[0]! ^= 1
    const changed = JSON.stringify({ ...record, [part]: bytes.toString('base64') })
    expect(() => vault.open(changed, place)).toThrow(unreadable)
  })

  it('cannot be opened with a shortened tag', () => {
    const record = JSON.parse(vault.seal('s3cret', place)) as Record<string, string>
    const tag = Buffer.from(record.tag!, 'base64').subarray(0, 4).toString('base64')
    expect(() => vault.open(JSON.stringify({ ...record, tag }), place)).toThrow(unreadable)
  })

  it.each(['', 'null', '{}', 'not json'])('refuses the record %j without a crash', (record) => {
    expect(() => vault.open(record, place)).toThrow(unreadable)
  })
})

describe('another master key', () => {
  it('says so, and works for new secrets', () => {
    const record = vault.seal('s3cret', place)
    const other = new Vault(database, Buffer.alloc(32, 2), countingSurroundings())
    expect(() => other.open(record, place)).toThrow(/another master key/)
    const again = new Vault(database, Buffer.alloc(32, 3), { ...countingSurroundings(), newId: () => 'id-9' })
    expect(again.open(again.seal('new', place), place)).toBe('new')
    expect(vault.open(record, place)).toBe('s3cret')
  })

  it('is not found in the store, nor is the key under it', () => {
    vault.seal('s3cret', place)
    const stored = JSON.stringify(database.prepare('SELECT * FROM secret_keys').all())
    expect(stored).not.toContain(Buffer.alloc(32, 1).toString('base64'))
    expect(stored).not.toContain(Buffer.alloc(32, 1).toString('hex'))
  })
})

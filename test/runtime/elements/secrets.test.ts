import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { FunctionStore } from '../../../runtime/elements/functions.ts'
import { SecretStore } from '../../../runtime/elements/secrets.ts'
import { SecretReferences } from '../../../runtime/secrets/secret-references.ts'
import { Vault } from '../../../runtime/secrets/vault.ts'
import { openDataFolder } from '../../../runtime/store/data-folder.ts'
import type { DataFolder } from '../../../runtime/store/data-folder.ts'
import { systemSurroundings } from '../../../runtime/surroundings.ts'
import { newFolder } from '../../support/product.ts'

const value = 'a-long-secret-value-7f3a'
let store: DataFolder
let secrets: SecretStore
let functions: FunctionStore
beforeEach(() => {
  store = openDataFolder(newFolder())
  const surroundings = systemSurroundings()
  const vault = new Vault(store.database, randomBytes(32), surroundings)
  const references = new SecretReferences({ SMS_LOGIC_SECRET_CRM: 'from-the-environment' })
  functions = new FunctionStore(store.database, surroundings)
  secrets = new SecretStore(store.database, vault, references, functions, surroundings)
})
afterEach(() => store.close())

it('tells of a value only that it is there, and its last four characters', () => {
  const kept = secrets.create({ name: 'crm', hosts: ['crm.example.com'], value })
  expect(kept).toMatchObject({ name: 'crm', hosts: ['crm.example.com'], state: { set: true, last4: '7f3a' } })
  expect(secrets.create({ name: 'short', hosts: ['a.example'], value: '12345678' }).state.last4).toBe('')
  expect(JSON.stringify(secrets.list())).not.toContain('a-long')
  expect(JSON.stringify(store.database.prepare('SELECT * FROM secrets').all())).not.toContain('a-long')
})

it('opens for its hosts alone', () => {
  secrets.create({ name: 'crm', hosts: ['crm.example.com', 'crm.internal'], value })
  expect(secrets.open('crm', 'crm.internal')).toBe(value)
  const open = (name: string, host: string) => () => secrets.open(name, host)
  expect(open('crm', 'evil.example')).toThrow(expect.objectContaining({ code: 'SECRET_NOT_FOR_HOST' }))
  expect(open('crm', 'sub.crm.internal')).toThrow(expect.objectContaining({ code: 'SECRET_NOT_FOR_HOST' }))
  expect(open('gone', 'crm.internal')).toThrow(expect.objectContaining({ code: 'SECRET_MISSING' }))
})

it('cannot be opened once somebody has changed its hosts in the data folder', () => {
  secrets.create({ name: 'crm', hosts: ['crm.example.com'], value })
  store.database.prepare('UPDATE secrets SET hosts = ?').run('["evil.example"]')
  expect(() => secrets.open('crm', 'evil.example')).toThrow(
    expect.objectContaining({ code: 'SECRET_UNREADABLE' }),
  )
})

it('finds what is kept in the environment each time it is used', () => {
  const kept = secrets.create({ name: 'crm', hosts: ['crm.example.com'], value: 'env:SMS_LOGIC_SECRET_CRM' })
  expect(kept.state).toEqual({ set: true, last4: '', reference: 'env:SMS_LOGIC_SECRET_CRM' })
  expect(secrets.open('crm', 'crm.example.com')).toBe('from-the-environment')
})

it('is replaced as a whole, and made once', () => {
  secrets.create({ name: 'crm', hosts: ['crm.example.com'], value })
  expect(() => secrets.create({ name: 'crm', hosts: ['a.example'], value })).toThrow(
    expect.objectContaining({ fields: [expect.objectContaining({ path: 'name', key: 'duplicate' })] }),
  )
  secrets.replace('crm', { hosts: ['a.example'], value: 'another-secret-value' })
  expect(secrets.open('crm', 'a.example')).toBe('another-secret-value')
  expect(() => secrets.replace('gone', { hosts: ['a.example'], value })).toThrow(
    expect.objectContaining({ code: 'NOT_FOUND' }),
  )
})

it('stays while a function uses it', () => {
  secrets.create({ name: 'crm', hosts: ['crm.example.com'], value })
  const graph = {
    ...{ format: 1, id: 'call', name: 'call', title: 'Call', connections: [] },
    nodes: [
      { id: 'start', type: 'start', position: { x: 0, y: 0 } },
      {
        ...{ id: 'http', type: 'http-request', position: { x: 0, y: 0 } },
        params: {
          url: { kind: 'fixed', value: 'https://crm.example.com/' },
          headers: [{ name: 'Authorization', value: { kind: 'secret', secret: 'crm' } }],
        },
      },
    ],
  }
  functions.create({ title: 'Call', name: 'call', graph })
  expect(secrets.usage('crm')).toEqual([{ functionName: 'call', functionTitle: 'Call', nodeId: 'http' }])
  expect(() => secrets.delete('crm')).toThrow(expect.objectContaining({ code: 'IN_USE' }))
  functions.delete('call')
  secrets.delete('crm')
  expect(secrets.list()).toEqual([])
})

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { SecretReferences } from '../../../runtime/secrets/secret-references.ts'

let folder: string
let secrets: string
let references: SecretReferences
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sms-logic-secrets-'))
  secrets = path.join(folder, 'secrets')
  mkdirSync(secrets)
  writeFileSync(path.join(secrets, 'twilio'), 's3cret\n')
  writeFileSync(path.join(folder, 'outside'), 'not for services')
  references = new SecretReferences({
    SMS_LOGIC_SECRETS_FOLDER: secrets,
    SMS_LOGIC_SECRET_TWILIO: 'from-environment',
    SMS_LOGIC_TOKEN: 'not for services',
    PATH: 'not for services',
  })
})
afterEach(() => rmSync(folder, { recursive: true }))

it('finds values in files and variables, and leaves other secrets alone', () => {
  expect(references.resolve('env:SMS_LOGIC_SECRET_TWILIO')).toBe('from-environment')
  expect(references.resolve('file:twilio')).toBe('s3cret')
  expect(references.resolve(`file:${path.join(secrets, 'twilio')}`)).toBe('s3cret')
  expect(references.resolve('typed in the page')).toBe('typed in the page')
})

it('follows links within the folder, as mounted secrets have them', () => {
  symlinkSync(path.join(secrets, 'twilio'), path.join(secrets, 'current'))
  expect(references.resolve('file:current')).toBe('s3cret')
})

it.each(['env:PATH', 'env:SMS_LOGIC_TOKEN', 'env:SMS_LOGIC_SECRET_NONE', 'env:'])(
  'does not hand out %s',
  (reference) => {
    expect(() => references.resolve(reference)).toThrow(
      expect.objectContaining({ code: 'SECRET_UNREADABLE' }),
    )
  },
)

it('reaches no file outside its folder', () => {
  symlinkSync(path.join(folder, 'outside'), path.join(secrets, 'link'))
  for (const place of [
    '/etc/passwd',
    '../outside',
    'link',
    path.join(folder, 'outside'),
    '.',
    '',
    'missing',
  ]) {
    expect(() => references.resolve(`file:${place}`)).toThrow(/is not there/)
  }
})

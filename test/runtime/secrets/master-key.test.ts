import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readMasterKey } from '../../../runtime/secrets/master-key.ts'

let folder: string
let data: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sms-logic-key-'))
  data = path.join(folder, 'data')
  mkdirSync(data)
})
afterEach(() => rmSync(folder, { recursive: true }))

it('makes the key file on first use, for its owner alone, and finds it again', () => {
  const environment = { XDG_CONFIG_HOME: path.join(folder, 'config') }
  const key = readMasterKey(environment, data)
  const file = path.join(folder, 'config', 'sms-logic', 'secret.key')
  expect(key).toHaveLength(32)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700)
  expect(readMasterKey(environment, data)).toEqual(key)
  expect(Buffer.from(readFileSync(file, 'utf8').trim(), 'base64')).toEqual(key)
})

it('looks below the home folder where no other place is named', () => {
  readMasterKey({ HOME: folder }, data)
  expect(statSync(path.join(folder, '.config', 'sms-logic', 'secret.key')).isFile()).toBe(true)
})

it.each([0o640, 0o604, 0o666])('refuses a key file with mode %o, and says how to mend it', (mode) => {
  const file = path.join(folder, 'secret.key')
  writeFileSync(file, Buffer.alloc(32).toString('base64'))
  chmodSync(file, mode)
  expect(() => readMasterKey({ SMS_LOGIC_KEY_FILE: file }, data)).toThrow(
    expect.objectContaining({ code: 'SECRET_UNREADABLE', hint: `Run: chmod 600 ${file}` }),
  )
})

it('refuses a key file inside the data folder, where every backup would take it along', () => {
  const file = path.join(data, 'secret.key')
  expect(() => readMasterKey({ SMS_LOGIC_KEY_FILE: file }, data)).toThrow(/lies in the data folder/)
})

it.each(['', 'c2hvcnQ=', 'not base64!'])('refuses a file that holds %j', (content) => {
  const file = path.join(folder, 'secret.key')
  writeFileSync(file, content, { mode: 0o600 })
  expect(() => readMasterKey({ SMS_LOGIC_KEY_FILE: file }, data)).toThrow(/32 bytes/)
})

it('takes the key from the environment, without touching a file', () => {
  const key = Buffer.alloc(32, 9)
  const environment = { SMS_LOGIC_KEY: key.toString('base64'), HOME: path.join(folder, 'nowhere') }
  expect(readMasterKey(environment, data)).toEqual(key)
  expect(() => statSync(path.join(folder, 'nowhere'))).toThrow()
  const short = 'c2hvcnQtYnV0LXNlY3JldA=='
  expect(() => readMasterKey({ SMS_LOGIC_KEY: short }, data)).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining(short) as string }),
  )
})

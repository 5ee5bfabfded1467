import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'

/** Environment variables by name, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * The 32 bytes that protect all secrets: `SMS_LOGIC_KEY` (base64), else the key file, which is made on first use.
 * The file is `SMS_LOGIC_KEY_FILE`, else `sms-logic/secret.key` below `$XDG_CONFIG_HOME` or `~/.config`.
 *
 * @param dataFolder must not contain the key file: a stolen backup would open itself
 * @throws FlowError `SECRET_UNREADABLE` saying what is wrong with the key
 */
export function readMasterKey(environment: Environment, dataFolder: string): Buffer {
  if (environment.SMS_LOGIC_KEY) return decodeKey(environment.SMS_LOGIC_KEY, 'SMS_LOGIC_KEY')
  createOnce(keyFile(environment))
  return readKeyFile(environment, dataFolder)
}

/** The same, and makes none. @throws FlowError `SECRET_UNREADABLE` where there is no key, or something is wrong with it */
export function existingMasterKey(environment: Environment, dataFolder: string): Buffer {
  if (environment.SMS_LOGIC_KEY) return decodeKey(environment.SMS_LOGIC_KEY, 'SMS_LOGIC_KEY')
  const file = keyFile(environment)
  if (existsSync(file)) return readKeyFile(environment, dataFolder)
  throw new FlowError(
    ErrorCode.SecretUnreadable,
    `There is no secret key: neither SMS_LOGIC_KEY nor ${file}`,
    {
      hint: 'Set what the server is started with: SMS_LOGIC_KEY, or SMS_LOGIC_KEY_FILE, or the same user.',
    },
  )
}

function readKeyFile(environment: Environment, dataFolder: string): Buffer {
  const file = keyFile(environment)
  refuseInside(dataFolder, file)
  refuseReadableByOthers(file)
  return decodeKey(readFileSync(file, 'utf8'), `The key file ${file}`)
}

function keyFile(environment: Environment): string {
  if (environment.SMS_LOGIC_KEY_FILE) return resolve(environment.SMS_LOGIC_KEY_FILE)
  const config = environment.XDG_CONFIG_HOME || join(environment.HOME || homedir(), '.config')
  return join(resolve(config), 'sms-logic', 'secret.key')
}

function decodeKey(text: string, where: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64')
  if (key.length === 32) return key
  throw new FlowError(ErrorCode.SecretUnreadable, `${where} does not hold 32 bytes in base64`, {
    hint: 'Make a key with: openssl rand -base64 32',
  })
}

function createOnce(file: string): void {
  try {
    const folder = dirname(file)
    if (mkdirSync(folder, { recursive: true, mode: 0o700 })) chmodSync(folder, 0o700)
    writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return
    throw new FlowError(ErrorCode.SecretUnreadable, `The key file ${file} cannot be made`, {
      hint: 'Make its folder writable, or set SMS_LOGIC_KEY or SMS_LOGIC_KEY_FILE.',
      cause,
    })
  }
}

function refuseInside(dataFolder: string, file: string): void {
  const path = relative(realpathSync(dataFolder), realpathSync(file))
  if (path.startsWith('..') || resolve(path) === path) return
  throw new FlowError(
    ErrorCode.SecretUnreadable,
    `The key file ${file} lies in the data folder it protects`,
    {
      hint: 'Move the key file elsewhere and name it in SMS_LOGIC_KEY_FILE.',
    },
  )
}

/** Windows has no such mode bits; there the profile folder protects the file. */
function refuseReadableByOthers(file: string): void {
  if (process.platform === 'win32' || (statSync(file).mode & 0o077) === 0) return
  throw new FlowError(ErrorCode.SecretUnreadable, `The key file ${file} can be read by other users`, {
    hint: `Run: chmod 600 ${file}`,
  })
}

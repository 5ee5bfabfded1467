import { readFileSync, realpathSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { Environment } from './master-key.ts'

/** Variables that a service may name. Anything else of the environment stays out of reach of the page. */
export const REFERENCE_PREFIX = 'SMS_LOGIC_SECRET_'

/** True for a secret that only says where its value is: `env:NAME` or `file:PATH`. */
export function isReference(secret: string): boolean {
  return /^(env|file):/.test(secret)
}

/** Finds the values of secrets that are kept in the environment or in files, each time they are used. */
export class SecretReferences {
  readonly #environment: Environment
  readonly #folder: string

  /** @param environment `SMS_LOGIC_SECRETS_FOLDER` is the only folder that `file:` reaches; `/run/secrets` without it */
  constructor(environment: Environment) {
    this.#environment = environment
    this.#folder = resolve(environment.SMS_LOGIC_SECRETS_FOLDER || '/run/secrets')
  }

  /** @throws FlowError `SECRET_UNREADABLE` where the reference leads nowhere or out of bounds */
  resolve(secret: string): string {
    if (!isReference(secret)) return secret
    const place = secret.slice(secret.indexOf(':') + 1)
    return secret.startsWith('env:') ? this.#variable(place) : this.#file(place)
  }

  #variable(name: string): string {
    const value = name.startsWith(REFERENCE_PREFIX) ? this.#environment[name] : undefined
    if (value) return value
    throw new FlowError(
      ErrorCode.SecretUnreadable,
      `The environment variable ${name} is not there for secrets`,
      {
        hint: `Set a variable whose name starts with ${REFERENCE_PREFIX}, then start the server again.`,
      },
    )
  }

  #file(path: string): string {
    try {
      const folder = realpathSync(this.#folder)
      const file = realpathSync(resolve(join(folder, '.'), path))
      if (file.startsWith(folder + sep)) return readFileSync(file, 'utf8').trim()
    } catch {
      // told below: which of the two it was helps nobody but somebody who probes for files
    }
    throw new FlowError(ErrorCode.SecretUnreadable, `The secret file ${path} is not there`, {
      hint: `Put the file into ${this.#folder}, or start the server with SMS_LOGIC_SECRETS_FOLDER.`,
    })
  }
}

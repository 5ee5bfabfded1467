import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'

/** What OWASP recommends for argon2id: 19 MiB, two passes, one lane. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const
const SALT_BYTES = 16
const HASH_BYTES = 32
/** Hashes that are made at once. Node's pool has four threads, and the store needs some of them. */
const AT_ONCE = 2
/** Those that may wait for it: about one second of work. */
const MAY_WAIT = 40

/** Makes and checks hashes of passwords beside the main thread, a few at a time, so that a flood stalls nothing else. */
export class PasswordHash {
  #running = 0
  readonly #waiting: (() => void)[] = []

  /** @returns `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. @throws FlowError `OVERLOADED` */
  async make(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES)
    const hash = await this.#derive(password, salt, COST, HASH_BYTES)
    const { memory, passes, parallelism } = COST
    return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(hash)}`
  }

  /**
   * @param stored undefined: there is none; the answer is no, and takes as long
   * @throws FlowError `OVERLOADED`
   */
  async check(password: string, stored: string | undefined): Promise<boolean> {
    const known = stored === undefined ? undefined : read(stored)
    const { salt, hash, cost } = known ?? { salt: randomBytes(SALT_BYTES), hash: undefined, cost: COST }
    const derived = await this.#derive(password, salt, cost, hash?.length ?? HASH_BYTES)
    return hash !== undefined && timingSafeEqual(derived, hash)
  }

  async #derive(password: string, nonce: Buffer, cost: Cost, tagLength: number): Promise<Buffer> {
    await this.#turn()
    try {
      return await new Promise<Buffer>((resolve, reject) => {
        argon2('argon2id', { message: password, nonce, tagLength, ...cost }, (error, derived) => {
          if (error) reject(error)
          else resolve(derived)
        })
      })
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running--
    }
  }

  /** Resolves once it may begin; the one before hands its place on. */
  #turn(): Promise<void> {
    if (this.#running < AT_ONCE) {
      this.#running++
      return Promise.resolve()
    }
    if (this.#waiting.length >= MAY_WAIT) {
      throw new FlowError(ErrorCode.Overloaded, 'Too many passwords are being checked', {
        hint: 'Wait a few seconds, then try again.',
      })
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}

interface Cost {
  /** KiB. */
  memory: number
  passes: number
  parallelism: number
}

const format = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

function read(stored: string): { cost: Cost; salt: Buffer; hash: Buffer } {
  const found = format.exec(stored)
  if (!found) throw new Error('A stored password is no argon2id hash')
  const [memory, passes, parallelism] = found.slice(1, 4).map(Number)
  return {
    cost: { memory: memory!, passes: passes!, parallelism: parallelism! },
    salt: Buffer.from(found[4]!, 'base64'),
    hash: Buffer.from(found[5]!, 'base64'),
  }
}

/** As the format has it: without padding. */
function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}

import { isIP } from 'node:net'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'

/** Shortest access token that is taken: 16 characters of a random token are beyond guessing. */
const MIN_TOKEN_LENGTH = 16

/**
 * Refuses to open the server to other machines without a token, and tokens that can be guessed.
 * @throws FlowError `FORBIDDEN`
 */
export function checkExposure(host: string, accessToken: string | undefined): void {
  if (accessToken !== undefined && accessToken.length < MIN_TOKEN_LENGTH) {
    throw new FlowError(
      ErrorCode.Forbidden,
      `SMS_LOGIC_TOKEN has fewer than ${MIN_TOKEN_LENGTH} characters`,
      {
        hint: 'Make one with: openssl rand -base64 24',
      },
    )
  }
  if (isLoopback(host) || accessToken !== undefined) return
  throw new FlowError(ErrorCode.Forbidden, `Listening on ${host} would open this server to other machines`, {
    hint: 'Set SMS_LOGIC_TOKEN to an access token of at least 16 characters first, or leave out --host.',
  })
}

/**
 * The `Host` headers this server answers to. A foreign web page that makes its own name point to this machine
 * (DNS rebinding) sends its own name and is refused.
 */
export class ServerNames {
  readonly #names: ReadonlySet<string>
  readonly #anyAddress: boolean

  /** @param others further names, for example of a reverse proxy: `sms.example.com` */
  constructor(host: string, port: number, others: readonly string[] = []) {
    const names = ['127.0.0.1', 'localhost', '[::1]', isIP(host) === 6 ? `[${host}]` : host.toLowerCase()]
    this.#names = new Set([
      ...names.map((name) => `${name}:${port}`),
      ...(port === 80 ? names : []),
      ...others,
    ])
    this.#anyAddress = host === '0.0.0.0' || host === '::'
  }

  /** Behind `0.0.0.0` every address of this machine is a name of it; addresses cannot be rebound. */
  has(hostHeader: string): boolean {
    if (this.#names.has(hostHeader)) return true
    return this.#anyAddress && isIP(hostHeader.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')) !== 0
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

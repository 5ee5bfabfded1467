import type { FastifyRequest } from 'fastify'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { ScimTokens } from '../scim/scim-tokens.ts'
import type { AccessTokens } from './access-tokens.ts'
import { FailedTries } from './failed-tries.ts'
import type { ServerNames } from './server-names.ts'
import type { Sessions } from './sessions.ts'

/** Who asks: a browser with a session, a program with a token, or nobody known. */
export type Caller = 'page' | 'program' | 'identity-provider' | 'nobody'

/** Decides about every request before its body is read. */
export class Access {
  readonly #tokens: AccessTokens
  readonly #sessions: Sessions
  readonly #scimTokens: Pick<ScimTokens, 'accepts'>
  readonly #tries = new FailedTries(Date.now)
  #names: ServerNames | undefined
  #cookie = ''

  constructor(tokens: AccessTokens, sessions: Sessions, scimTokens: Pick<ScimTokens, 'accepts'>) {
    this.#scimTokens = scimTokens
    this.#tokens = tokens
    this.#sessions = sessions
  }

  /**
   * Says under which names the server listens; nobody is let in before.
   * @param port part of the cookie's name: browsers share cookies among the ports of one host
   */
  answerTo(names: ServerNames, port: number): void {
    this.#names = names
    this.#cookie = `sms-logic-session-${port}`
  }

  /**
   * @param publicHost a further name, for requests that providers make
   * @throws FlowError `FORBIDDEN` where the request is addressed to another name, or comes from another site's page
   */
  checkOrigin({ method, headers }: FastifyRequest, publicHost?: string): void {
    const { host, origin } = headers
    const isKnown = host !== undefined && (this.#names?.has(host) || host === publicHost)
    if (!isKnown) throw foreignHost()
    if (origin !== undefined && origin.slice(origin.indexOf('://') + 3) !== host) throw foreignOrigin()
    if (method === 'GET' || method === 'HEAD') return
    const site = headers['sec-fetch-site']
    if (site !== undefined && site !== 'same-origin') throw foreignOrigin()
  }

  /** @throws FlowError `NOT_SIGNED_IN`, `TOO_MANY_TRIES`; `FORBIDDEN` where a browser does not say that its own page asks */
  identify(request: FastifyRequest): 'page' | 'program' {
    const { authorization } = request.headers
    if (authorization !== undefined) {
      const token = /^Bearer ([\x21-\x7e]{1,500})$/i.exec(authorization)?.[1]
      if (token !== undefined && this.#tokens.accepts(token, request.ip)) return 'program'
      throw notSignedIn()
    }
    const session = this.sessionToken(request)
    if (session === undefined || !this.#sessions.has(session)) throw notSignedIn()
    if (request.method !== 'GET' && !isSamePage(request)) throw foreignOrigin()
    return 'page'
  }

  /** Lets in who shows a token of SCIM, and nobody else. @throws FlowError `NOT_SIGNED_IN`, `TOO_MANY_TRIES` */
  identifyProvider(request: FastifyRequest): 'identity-provider' {
    const token = /^Bearer ([\x21-\x7e]{1,500})$/i.exec(request.headers.authorization ?? '')?.[1]
    if (token !== undefined && this.#tries.try(request.ip, () => this.#scimTokens.accepts(token))) {
      return 'identity-provider'
    }
    throw notSignedIn()
  }

  /** Exchanges a token for a session. @returns the value of `Set-Cookie` */
  signIn(token: string, request: FastifyRequest): string {
    if (!this.#tokens.acceptsOnce(token, request.ip)) {
      throw new FlowError(
        ErrorCode.NotSignedIn,
        'This link or token is not valid, or the link was used before',
        {
          hint: 'Start the server again and open the link it prints, or use the access token.',
        },
      )
    }
    return this.#setCookie(this.#sessions.open(), YEAR_SECONDS, request)
  }

  /** Ends the caller's session. @returns the value of `Set-Cookie` */
  signOut(request: FastifyRequest): string {
    const session = this.sessionToken(request)
    if (session !== undefined) this.#sessions.close(session)
    return this.#setCookie('', 0, request)
  }

  sessionToken({ headers }: FastifyRequest): string | undefined {
    for (const pair of headers.cookie?.split(';') ?? []) {
      const equals = pair.indexOf('=')
      if (pair.slice(0, equals).trim() === this.#cookie) return pair.slice(equals + 1).trim()
    }
    return undefined
  }

  /** The cookie may outlive the session: the server decides. `Secure` where a proxy in front speaks TLS. */
  #setCookie(value: string, seconds: number, { headers }: FastifyRequest): string {
    const secure = headers.origin?.startsWith('https:') ? '; Secure' : ''
    return `${this.#cookie}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${secure}`
  }
}

const YEAR_SECONDS = 365 * 24 * 60 * 60

/** `checkOrigin` has refused a foreign origin already: here it must not be missing either. */
function isSamePage({ headers }: FastifyRequest): boolean {
  return headers.origin !== undefined || headers['sec-fetch-site'] === 'same-origin'
}

function foreignHost(): FlowError {
  return new FlowError(ErrorCode.Forbidden, 'The server does not answer to the name in the Host header', {
    hint: 'Open the address that the server printed when it started.',
  })
}

function foreignOrigin(): FlowError {
  return new FlowError(ErrorCode.Forbidden, 'The request does not come from the page of this server', {
    hint: 'Programs send "Authorization: Bearer …" and no Origin header.',
  })
}

function notSignedIn(): FlowError {
  return new FlowError(ErrorCode.NotSignedIn, 'Nobody is signed in here', {
    hint: 'Open the link that the server printed when it started, or send "Authorization: Bearer …".',
  })
}

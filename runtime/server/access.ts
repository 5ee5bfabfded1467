import type { FastifyRequest } from 'fastify'
import type { AccountRole, Right } from '../../nodes/api/rights.ts'
import { mayDo } from '../../nodes/api/rights.ts'
import type { ApiTokens, GoodToken } from '../accounts/api-tokens.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { ScimTokens } from '../scim/scim-tokens.ts'
import type { AccessTokens } from './access-tokens.ts'
import { FailedTries } from './failed-tries.ts'
import type { ServerNames } from './server-names.ts'
import type { Session, Sessions, SignInWay } from '../accounts/sessions.ts'
import { deviceOf } from './author.ts'

/** Who asks: a browser with a session, a program with a token, or nobody known. */
export type Caller = 'page' | 'program' | 'identity-provider' | 'nobody'

/** Whoever asks by a session or a token, with what they may do. */
export interface Asker {
  caller: 'page' | 'program'
  role: AccountRole
  /** Null: came in by the start link or a token. */
  member: string | null
  session?: Session
  /** Of a program that shows neither the access token nor that of this machine: it may do what both it and its owner may. */
  token?: GoodToken
}

/** Decides about every request before its body is read. */
export class Access {
  readonly #tokens: AccessTokens
  readonly #sessions: Sessions
  readonly #roleOf: (member: string) => AccountRole | undefined
  readonly #scimTokens: Pick<ScimTokens, 'accepts'>
  readonly #apiTokens: Pick<ApiTokens, 'accept'>
  readonly #tries = new FailedTries(Date.now)
  #names: ServerNames | undefined
  #cookie = ''
  #browserCookie = ''

  constructor(
    tokens: AccessTokens,
    sessions: Sessions,
    scimTokens: Pick<ScimTokens, 'accepts'>,
    apiTokens: Pick<ApiTokens, 'accept'>,
    roleOf: (member: string) => AccountRole | undefined,
  ) {
    this.#roleOf = roleOf
    this.#scimTokens = scimTokens
    this.#apiTokens = apiTokens
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
    this.#browserCookie = `sms-logic-browser-${port}`
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

  /** Whether somebody asks who is let in, for routes that answer everybody. */
  knows(request: FastifyRequest): boolean {
    try {
      this.identify(request)
      return true
    } catch {
      return false
    }
  }

  /** @throws FlowError `NOT_SIGNED_IN`, `TOO_MANY_TRIES`; `FORBIDDEN` where a browser does not say that its own page asks */
  identify(request: FastifyRequest): Asker {
    const { authorization } = request.headers
    if (authorization !== undefined) {
      const token = /^Bearer ([\x21-\x7e]{1,500})$/i.exec(authorization)?.[1]
      if (token === undefined) throw notSignedIn()
      if (token.startsWith('sms_') && !this.#tokens.isFixed(token)) {
        return this.#identifyToken(token, request.ip)
      }
      if (!this.#tokens.accepts(token, request.ip)) throw notSignedIn()
      return { caller: 'program', role: 'administrator', member: null }
    }
    const token = this.sessionToken(request)
    const session = token === undefined ? undefined : this.#sessions.find(token)
    if (!session) throw notSignedIn()
    const { member } = session
    // asked anew each time: whoever resigns is out with the next request
    const role = member === null ? 'administrator' : this.#roleOf(member)
    if (!role) throw notSignedIn()
    if (request.method !== 'GET' && !isSamePage(request)) throw foreignOrigin()
    return { caller: 'page', role, member, session }
  }

  /**
   * @param member of the address, where the route has one
   * @throws FlowError `FORBIDDEN` where the account may not do that
   */
  expectRight({ role, member, token }: Asker, right: Right, ofMember: string | undefined): void {
    const isOther = right === 'own' && role === 'member' && ofMember !== undefined && ofMember !== member
    const isInScope = !token || token.scopes.some((scope) => scope === right)
    if (mayDo(role, right) && isInScope && !isOther) return
    throw new FlowError(ErrorCode.Forbidden, 'This account may not do that', {
      hint: 'Ask an administrator of this server.',
    })
  }

  /** The role is that of its owner at this moment: who resigns takes the tokens along. */
  #identifyToken(shown: string, address: string): Asker {
    let token: GoodToken | undefined
    this.#tries.try(address, () => (token = this.#apiTokens.accept(shown)) !== undefined)
    const role = token && (token.owner === null ? 'administrator' : this.#roleOf(token.owner))
    if (!token || !role) throw notSignedIn()
    return { caller: 'program', role, member: null, token }
  }

  /** Lets in who shows a token of SCIM, and nobody else. @throws FlowError `NOT_SIGNED_IN`, `TOO_MANY_TRIES` */
  identifyProvider(request: FastifyRequest): 'identity-provider' {
    const token = /^Bearer ([\x21-\x7e]{1,500})$/i.exec(request.headers.authorization ?? '')?.[1]
    if (token !== undefined && this.#tries.try(request.ip, () => this.#scimTokens.accepts(token))) {
      return 'identity-provider'
    }
    throw notSignedIn()
  }

  /** Whether a token opens a session: a fixed one, or the one of the start link the first time. @throws `TOO_MANY_TRIES` */
  takesToken(token: string, request: FastifyRequest): boolean {
    return this.#tokens.acceptsOnce(token, request.ip)
  }

  /**
   * Opens a session for a member, or for whoever came by a token. The token of the session is new each time: one that
   * somebody planted in this browser before is worth nothing. @returns the value of `Set-Cookie`
   */
  open(member: string | null, request: FastifyRequest, way: SignInWay): string {
    const before = this.sessionToken(request)
    if (before !== undefined) this.#sessions.close(before)
    const device = deviceOf(request.headers['user-agent'] ?? '') ?? ''
    return this.#setCookie(this.#cookie, this.#sessions.open({ member, device, way }), YEAR_SECONDS, request)
  }

  /** Ends the caller's session. @returns the value of `Set-Cookie` */
  signOut(request: FastifyRequest): string {
    const session = this.sessionToken(request)
    if (session !== undefined) this.#sessions.close(session)
    return this.#setCookie(this.#cookie, '', 0, request)
  }

  sessionToken(request: FastifyRequest): string | undefined {
    return cookieOf(request, this.#cookie)
  }

  /** The session of whoever asks by one. */
  session(request: FastifyRequest): Session | undefined {
    const token = this.sessionToken(request)
    return token === undefined ? undefined : this.#sessions.find(token)
  }

  /** Shown by a browser in which a password was right before; opens nothing. */
  browserToken(request: FastifyRequest): string | undefined {
    return cookieOf(request, this.#browserCookie)
  }

  /** @returns the value of `Set-Cookie` */
  markBrowser(token: string, request: FastifyRequest): string {
    return this.#setCookie(this.#browserCookie, token, YEAR_SECONDS, request)
  }

  /** The cookie may outlive the session: the server decides. `Secure` where a proxy in front speaks TLS. */
  #setCookie(name: string, value: string, seconds: number, { headers }: FastifyRequest): string {
    const secure = headers.origin?.startsWith('https:') ? '; Secure' : ''
    return `${name}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${secure}`
  }
}

const YEAR_SECONDS = 365 * 24 * 60 * 60

function cookieOf({ headers }: FastifyRequest, name: string): string | undefined {
  for (const pair of headers.cookie?.split(';') ?? []) {
    const equals = pair.indexOf('=')
    if (pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim()
  }
  return undefined
}

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

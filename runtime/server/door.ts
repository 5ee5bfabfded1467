import type { FastifyReply, FastifyRequest } from 'fastify'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { SignInWay } from '../accounts/sessions.ts'
import type { Owner } from '../login/passwords.ts'
import type { Runtime } from '../runtime.ts'
import type { Access } from './access.ts'
import type { RequestAudit } from './request-audit.ts'

/** Lets people in, and writes down who and how. */
export class Door {
  readonly #runtime: Pick<Runtime, 'accounts' | 'directory' | 'passwords'>
  readonly #access: Access
  readonly #audit: RequestAudit

  constructor(
    runtime: Pick<Runtime, 'accounts' | 'directory' | 'passwords'>,
    access: Access,
    audit: RequestAudit,
  ) {
    this.#runtime = runtime
    this.#access = access
    this.#audit = audit
  }

  /**
   * Opens a session in the browser that asks.
   * @param noted what the audit log says of the way, where it is more than the way itself
   */
  letIn(
    request: FastifyRequest,
    reply: FastifyReply,
    owner: Owner,
    way: SignInWay,
    noted: string = way,
  ): { state: 'signed-in'; name: string } {
    const session = this.#audit.signIn(request, owner, noted, () => this.#access.open(owner, request, way))
    const browser =
      way === 'password'
        ? this.#runtime.passwords.noteBrowser(owner, this.#access.browserToken(request))
        : undefined
    const cookies = browser === undefined ? [session] : [session, this.#access.markBrowser(browser, request)]
    void reply.header('set-cookie', cookies)
    return { state: 'signed-in', name: this.nameOf(owner) }
  }

  /** Whoever proved something anew, or changed by what to get in, goes on with a new session; all others end. */
  renew(request: FastifyRequest, reply: FastifyReply, owner: Owner): void {
    const way = this.#access.session(request)?.way ?? 'code'
    this.#runtime.accounts.sessions.end(owner)
    void reply.header('set-cookie', this.#access.open(owner, request, way))
  }

  /** Whether an account may sign in at all at this moment. */
  isLetIn(owner: Owner): boolean {
    return owner === null || this.#runtime.accounts.roleOf(owner) !== undefined
  }

  nameOf(owner: Owner): string {
    if (owner !== null) return this.#runtime.directory.memberStore.byIds([owner])[0]?.name ?? owner
    return this.#runtime.passwords.find(null)?.name ?? 'Administrator'
  }
}

/** Whose page asks. @throws FlowError `FORBIDDEN` for a program: it has no account of its own */
export function ownerOf({ caller, member }: FastifyRequest): Owner {
  if (caller === 'page') return member
  throw new FlowError(ErrorCode.Forbidden, 'Only who is signed in on the page has an account of their own', {
    hint: 'Sign in on the page of this server.',
  })
}

import type { FastifyRequest } from 'fastify'
import type { AuditPerson, AuditThing, AuditVerb } from '../../nodes/api/audit.ts'
import type { RouteName } from '../../nodes/api/routes.ts'
import { FlowError } from '../../nodes/errors.ts'
import { audited } from '../audit/audited.ts'
import type { Audited } from '../audit/audited.ts'
import type { AuditLog, NewEntry } from '../audit/audit-log.ts'
import type { Runtime } from '../runtime.ts'
import { deviceOf, sessionName } from './author.ts'
import type { HandlerRequest } from './handler.ts'

type AnyHandler = (request: never) => unknown
type NameOf = (id: string) => string | undefined

/** Writes down what requests do, as `audited.ts` says of each route. */
export class RequestAudit {
  readonly #log: AuditLog
  readonly #sessionToken: (request: FastifyRequest) => string | undefined
  readonly #memberName: NameOf
  readonly #names: Partial<Record<AuditThing, NameOf>>
  /** When something that is not written down each time was written down last, by who and what. */
  readonly #written = new Map<string, number>()

  constructor(runtime: Runtime, sessionToken: (request: FastifyRequest) => string | undefined) {
    this.#log = runtime.audit
    this.#sessionToken = sessionToken
    this.#names = namesOf(runtime)
    this.#memberName = this.#names.member!
  }

  /** The handler of a route with its entry in the log. */
  around(name: RouteName, handler: AnyHandler): AnyHandler {
    const rule = audited[name] as Audited<RouteName> | null | undefined
    if (!rule) return handler
    const handle = handler as (request: HandlerRequest<RouteName>) => unknown
    return (request: HandlerRequest<RouteName>) => {
      if (rule.if?.(request) === false || this.#isRepeated(rule, request)) return handle(request)
      const entry = this.#entryOf(rule, request)
      if (rule.when === 'before') return this.#before(entry, () => handle(request))
      if (rule.when !== 'after') return this.#log.with(entry, () => handle(request))
      const answer = handle(request)
      this.#log.add(entry)
      return answer
    }
  }

  /** Runs `letIn`, which opens a session, and writes down who came in and how. */
  signIn<T>(request: FastifyRequest, member: string | null, way: string, letIn: () => T): T {
    const name = member === null ? undefined : this.#memberName(member)
    const who = { ...this.#placeOf(request), ...personOf(member, name) }
    return this.#log.with({ who, thing: 'session', verb: 'sign-in', detail: { way } }, letIn)
  }

  /** @param whom a masked number, or nothing where nobody knows who it should have been */
  refuseSignIn(request: FastifyRequest, way: string, whom: { member?: string; phone?: string } = {}): void {
    const { member, phone } = whom
    const name = member === undefined ? undefined : this.#memberName(member)
    this.#log.addRefusal({
      who: { ...this.#placeOf(request), kind: 'nobody' },
      ...{ thing: 'session', verb: 'sign-in' },
      ...(member !== undefined && { target: { id: member, ...(name !== undefined && { name }) } }),
      detail: { way, ...(phone !== undefined && { phone }) },
    })
  }

  /** Runs `work`, which changes something of the own account in one transaction, and writes down what. */
  note(request: FastifyRequest, detail: NonNullable<NewEntry['detail']>, work: () => void): void {
    this.#log.withAll(this.#ofOwn(request, detail), work)
  }

  /** Writes down what of the own account is being changed in the transaction that is open. */
  noteNow(request: FastifyRequest, detail: NonNullable<NewEntry['detail']>): void {
    this.#log.add(this.#ofOwn(request, detail))
  }

  /** Somebody who is signed in did not prove that it is their own account. */
  refuseOwn(request: FastifyRequest, detail: NonNullable<NewEntry['detail']>): void {
    this.#log.addRefusal(this.#ofOwn(request, detail))
  }

  #ofOwn(request: FastifyRequest, detail: NonNullable<NewEntry['detail']>): NewEntry {
    return { who: this.#whoAsks(request), thing: 'account', verb: 'change', detail }
  }

  async #before(entry: NewEntry, handle: () => unknown): Promise<unknown> {
    this.#log.add({ ...entry, outcome: 'asked' })
    try {
      return await handle()
    } catch (error) {
      const code = error instanceof FlowError ? error.code : 'INTERNAL'
      this.#log.add({ ...entry, outcome: 'refused', detail: { ...entry.detail, code } })
      throw error
    }
  }

  #entryOf({ what, detail }: Audited<RouteName>, request: HandlerRequest<RouteName>): NewEntry {
    const [thing, verb] = what.split(' ') as [AuditThing, AuditVerb]
    const target = this.#targetOf(thing, request)
    const described = detail?.(request)
    return {
      who: this.#whoAsks(request.request),
      ...{ thing, verb },
      ...(target && { target }),
      ...(described && { detail: described }),
    }
  }

  /** What it is done to, by its id in the address and by its name, as far as there are such. */
  #targetOf(thing: AuditThing, { params, body }: HandlerRequest<RouteName>): NewEntry['target'] {
    const given = (params ?? {}) as Record<string, unknown>
    const typed = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
    const id = String(given['name'] ?? given['id'] ?? given['member'] ?? typed['name'] ?? '')
    const named = typed['title'] ?? typed['displayName'] ?? typed['name'] ?? typed['userName']
    const name = typeof named === 'string' ? named : this.#names[thing]?.(id)
    if (id === '' && name === undefined) return undefined
    return { id, ...(name !== undefined && name !== id && { name }) }
  }

  #isRepeated({ everyMinutes }: Audited<RouteName>, { params, request }: HandlerRequest<RouteName>): boolean {
    if (everyMinutes === undefined) return false
    const who = request.member ?? this.#sessionToken(request) ?? request.caller
    const key = JSON.stringify([who, request.routeOptions.url, params])
    const now = Date.now()
    if (now - (this.#written.get(key) ?? 0) < everyMinutes * 60_000) return true
    if (this.#written.size >= MOST_REMEMBERED) this.#written.clear()
    this.#written.set(key, now)
    return false
  }

  #whoAsks(request: FastifyRequest): AuditPerson {
    const { caller, member, token: shown } = request
    const token = caller === 'page' ? this.#sessionToken(request) : undefined
    const person =
      caller === 'page'
        ? personOf(member, member === null ? undefined : this.#memberName(member))
        : shown
          ? { kind: 'token' as const, id: shown.id, name: shown.name }
          : { kind: caller }
    return {
      ...person,
      ...this.#placeOf(request),
      ...(token !== undefined && { session: sessionName(token) }),
    }
  }

  #placeOf(request: FastifyRequest): Pick<AuditPerson, 'address' | 'device'> {
    const device = deviceOf(request.headers['user-agent'] ?? '')
    return { address: request.ip, ...(device !== undefined && { device }) }
  }
}

const MOST_REMEMBERED = 10_000

function personOf(member: string | null, name: string | undefined): AuditPerson {
  if (member === null) return { kind: 'administrator' }
  return { kind: 'member', id: member, ...(name !== undefined && { name }) }
}

/** How what has an id is called, where the request does not say it. */
function namesOf({
  directory,
  services,
  templates,
  loginMethods,
  functions,
  accounts,
  requests,
}: Runtime): Partial<Record<AuditThing, NameOf>> {
  const member: NameOf = (id) => directory.memberStore.byIds([id])[0]?.name
  const titleOf: NameOf = (name) => functions.list().find((each) => each.name === name)?.title
  const listed = (list: () => readonly { id: string; name: string }[]) => (id: string) =>
    list().find((each) => each.id === id)?.name
  return {
    member,
    account: member,
    token: (id) => accounts.apiTokens.find(id)?.name,
    'sms-service': (id) => services.summary(id)?.name,
    'message-template': listed(() => templates.list()),
    'login-method': listed(() => loginMethods.list()),
    ...{ function: titleOf, trigger: titleOf, run: titleOf },
    department: listed(() => directory.departmentStore.withCounts()),
    'organisation-role': listed(() => directory.organisationRoleStore.all()),
    role: listed(() => directory.roleStore.all()),
    request: (id) => requests.titleOf(id),
  }
}

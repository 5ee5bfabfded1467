import { hash, randomBytes } from 'node:crypto'
import type { AskedForCode, CodeAnswer } from '../../nodes/api/accounts.ts'
import type { Member } from '../../nodes/directory/schema.ts'
import { ErrorCode, FieldsError, FlowError } from '../../nodes/errors.ts'
import type { LoginMethod } from '../../nodes/login/mobile-login.ts'
import type { LocalDirectory } from '../directory/local-directory.ts'
import type { Database } from '../store/database.ts'
import type { Surroundings } from '../surroundings.ts'
import type { LoginMethods } from './login-methods.ts'
import type { VerificationCodes } from './verification-codes.ts'

/** What a code opens. A code for one purpose is worth nothing for another. */
const PURPOSE = { signIn: 'sign-in', oldPhone: 'old-phone', newPhone: 'new-phone' } as const
const TICKET_MS = 5 * 60_000

interface Ticket {
  purpose: 'choose' | 'register' | 'change-phone'
  method: string
  phone: string
  member: string | null
}

export interface SignInDependencies {
  database: Database
  surroundings: Surroundings
  directory: LocalDirectory
  methods: LoginMethods
  codes: VerificationCodes
  /** False: the host brings its own people, and with them its own sign-in. */
  isOffered: boolean
  /** The host's own check that a person asks, for example a CAPTCHA; without one, everybody may ask. */
  isPerson?: ((proof: string | undefined, address: string | null) => Promise<boolean>) | undefined
}

/** How a code lets somebody in: the flow behind the sign-in page, and behind changing one's own number. */
export class SignIn {
  readonly #on: SignInDependencies
  readonly #tickets: ReturnType<typeof prepareTickets>

  constructor(dependencies: SignInDependencies) {
    this.#on = dependencies
    this.#tickets = prepareTickets(dependencies.database)
  }

  /**
   * Texts a code to a number that may get in; every other one gets the same answer and no text.
   * @throws FlowError `NOT_FOUND`, `FORBIDDEN`, `TOO_MANY_TRIES`; FieldsError where no number could get a code there
   */
  async ask(
    request: { method: string; phone: string; proof?: string | undefined },
    address: string | null,
  ): Promise<AskedForCode> {
    const { codes, isPerson, isOffered } = this.#on
    if (!isOffered) throw new FlowError(ErrorCode.NotFound, 'Nobody signs in here by a code')
    if (isPerson && !(await isPerson(request.proof, address))) {
      throw new FlowError(ErrorCode.Forbidden, 'The check that a person asks was not passed', {
        hint: 'Solve it again, then ask for a code.',
      })
    }
    const method = this.#on.methods.get(request.method)
    const phone = codes.readNumber(method, request.phone)
    const isWelcome = method.allowRegistration || (await this.#peopleWith(phone)).length > 0
    const asked = codes.ask({ method: method.id, purpose: PURPOSE.signIn, phone, address, isWelcome })
    codes.deliverSoon(asked.challenge)
    return asked
  }

  /**
   * @returns the member whom a right code lets in, or what is left to choose
   * @throws FlowError `CODE_WRONG`
   */
  async check(
    challenge: string,
    code: string,
  ): Promise<{ member: Member } | Exclude<CodeAnswer, { state: 'signed-in' }>> {
    const { phone, method } = this.#on.codes.check(challenge, code, PURPOSE.signIn)
    const people = await this.#peopleWith(phone)
    if (people.length === 1) return { member: people[0]! }
    if (people.length > 1) {
      const ticket = this.#ticket({ purpose: 'choose', method, phone, member: null })
      return { state: 'choose', ticket, people: people.map(({ id, name }) => ({ member: id, name })) }
    }
    return { state: 'register', ticket: this.#ticket({ purpose: 'register', method, phone, member: null }) }
  }

  /** @throws FlowError `CODE_WRONG` where the ticket is used or too old, `NOT_FOUND` */
  async choose(ticket: string, id: string): Promise<Member> {
    const { phone } = this.#redeem(ticket, 'choose')
    const member = (await this.#peopleWith(phone)).find((each) => each.id === id)
    if (member) return member
    throw new FlowError(ErrorCode.NotFound, 'This person does not have this number')
  }

  /** Adds a member to the directory. @throws FlowError `CODE_WRONG`, `FORBIDDEN` where new members are not taken any more */
  async register(ticket: string, name: string): Promise<Member> {
    const { phone, method } = this.#redeem(ticket, 'register')
    const known = await this.#peopleWith(phone)
    if (known[0]) return known[0]
    if (!this.#on.methods.get(method).allowRegistration) {
      throw new FlowError(ErrorCode.Forbidden, 'New members are not taken here')
    }
    const { id } = this.#on.directory.memberStore.create({
      name,
      phone,
      status: 'in-service',
      departments: [],
    })
    return this.#member(id)
  }

  /** Texts a code to the number that a member has. @throws as `ask`; FlowError `CONFLICT` where there is none */
  proveOwn(id: string, method: string, address: string | null): AskedForCode {
    const { phone } = this.#member(id)
    if (phone === '') throw noPhone()
    return this.#askFor(id, { method, purpose: PURPOSE.oldPhone, phone, address })
  }

  /** @returns a ticket to change or remove the number. @throws FlowError `CODE_WRONG` */
  checkOwn(id: string, challenge: string, code: string): string {
    const { phone, method } = this.#on.codes.check(challenge, code, purposeFor(PURPOSE.oldPhone, id))
    return this.#ticket({ purpose: 'change-phone', method, phone, member: id })
  }

  /** Texts a code to the number that is to be the member's. @throws as `ask`; FlowError `CODE_WRONG` without a good ticket */
  askForNew(
    id: string,
    request: { method: string; phone: string; ticket?: string | undefined },
    address: string | null,
  ): AskedForCode {
    const { phone: typed, method, ticket = '' } = request
    // read first: a typing mistake must not cost the ticket
    const phone = this.#on.codes.readNumber(this.#on.methods.get(method), typed)
    if (this.#member(id).phone !== '') this.#redeem(ticket, 'change-phone', id)
    return this.#askFor(id, { method, purpose: PURPOSE.newPhone, phone, address })
  }

  /** The new number is the member's from now on. @throws FlowError `CODE_WRONG` */
  change(id: string, challenge: string, code: string): Member {
    const { phone } = this.#on.codes.check(challenge, code, purposeFor(PURPOSE.newPhone, id))
    return this.#writePhone(id, phone)
  }

  /** @throws FlowError `CODE_WRONG` */
  remove(id: string, ticket: string): Member {
    this.#redeem(ticket, 'change-phone', id)
    return this.#writePhone(id, '')
  }

  /** Every method as somebody who is not signed in may know it. */
  options(): Pick<LoginMethod, 'id' | 'name' | 'countries' | 'allowRegistration'>[] {
    const offered = this.#on.isOffered ? this.#on.methods.list() : []
    return offered.map(({ id, name, countries, allowRegistration }) => ({
      ...{ id, name, countries, allowRegistration },
    }))
  }

  /** A code for the number of one member, which nobody else can use. */
  #askFor(
    id: string,
    request: { method: string; purpose: string; phone: string; address: string | null },
  ): AskedForCode {
    const { codes } = this.#on
    const purpose = purposeFor(request.purpose, id)
    const asked = codes.ask({ ...request, purpose, isWelcome: true })
    codes.deliverSoon(asked.challenge)
    return asked
  }

  async #peopleWith(phone: string): Promise<Member[]> {
    const people = await this.#on.directory.membersWithPhone([phone])
    return people.filter(({ status }) => status === 'in-service')
  }

  #member(id: string): Member {
    const member = this.#on.directory.memberStore.byIds([id])[0]
    if (member) return member
    throw new FlowError(ErrorCode.NotFound, 'There is no such member')
  }

  #writePhone(id: string, phone: string): Member {
    const { phoneProblem: _, ...member } = this.#member(id)
    this.#on.directory.memberStore.update(id, { ...member, phone })
    return this.#member(id)
  }

  #ticket({ purpose, method, phone, member }: Ticket): string {
    const ticket = randomBytes(32).toString('base64url')
    const now = this.#now()
    this.#on.database.transaction(() => {
      this.#tickets.forget.run(now)
      this.#tickets.put.run(hash('sha256', ticket, 'buffer'), purpose, method, phone, member, now + TICKET_MS)
    })
    return ticket
  }

  /** Each ticket once. @throws FlowError `CODE_WRONG` */
  #redeem(ticket: string, purpose: Ticket['purpose'], member: string | null = null): Ticket {
    const found = this.#on.database.transaction(() =>
      this.#tickets.take.get(hash('sha256', ticket, 'buffer'), purpose, this.#now()),
    ) as unknown as Ticket | undefined
    if (found && found.member === member) return found
    throw new FlowError(ErrorCode.CodeWrong, 'This step took too long, or was done already', {
      hint: 'Ask for a new code.',
    })
  }

  #now(): number {
    return this.#on.surroundings.now().getTime()
  }
}

function purposeFor(purpose: string, member: string): string {
  return `${purpose} ${member}`
}

function noPhone(): FieldsError {
  return new FieldsError(ErrorCode.BodyInvalid, 'There is no number to text a code to', [
    { path: 'phone', key: 'required', message: 'The account has no number' },
  ])
}

function prepareTickets(database: Database) {
  return {
    put: database.prepare(
      'INSERT INTO login_tickets (hash, purpose, method, phone, member, expires) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    take: database.prepare(
      'DELETE FROM login_tickets WHERE hash = ? AND purpose = ? AND expires > ? RETURNING purpose, method, phone, member',
    ),
    forget: database.prepare('DELETE FROM login_tickets WHERE expires <= ?'),
  }
}

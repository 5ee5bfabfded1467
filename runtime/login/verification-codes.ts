import { createHmac, randomInt, timingSafeEqual } from 'node:crypto'
import { ErrorCode, FieldsError, FlowError } from '../../nodes/errors.ts'
import { CODE_LENGTH, CODE_MINUTES } from '../../nodes/login/mobile-login.ts'
import type { LoginMethod } from '../../nodes/login/mobile-login.ts'
import { maskPhone } from '../../nodes/messages.ts'
import { readPhone } from '../directory/phone.ts'
import { countryRule } from '../engine/policy/country-rule.ts'
import type { WithheldCodes } from '../engine/withheld-codes.ts'
import type { RunHandle } from '../runtime.ts'
import type { Database } from '../store/database.ts'
import type { Surroundings } from '../surroundings.ts'
import { CODE_LIMITS, DAY_MS, refuseTooMany, resendSeconds } from './code-rules.ts'
import type { CodeRow, CodeStore } from './code-store.ts'
import type { LoginMethods } from './login-methods.ts'
import { originOf } from './network.ts'

export interface AskForCode {
  /** Id of the login method. */
  method: string
  /** What the code opens: it opens nothing else. */
  purpose: string
  /** As somebody typed it. */
  phone: string
  /** Where the request came from on the network; null: from a function. */
  address: string | null
  /** Of a caller that asks again for the same code after a restart; made where it is missing. */
  challenge?: string | undefined
  /** Whether the number may get in at all. False: everything looks the same, and nothing is texted. */
  isWelcome: boolean
}

export interface AskedForCode {
  /** Names the code when it is typed in. */
  challenge: string
  expiresInSeconds: number
  /** Until the same number may ask again. */
  resendInSeconds: number
}

export interface CodeDependencies {
  database: Database
  store: CodeStore
  surroundings: Surroundings
  methods: LoginMethods
  withheld: WithheldCodes
  /** Of the organisation, for numbers without a country code. */
  country: () => string
  /** Of the HMACs; not in the data folder. */
  key: Buffer
  /** Texts a code as a run of its own. */
  deliver: (challenge: string) => Promise<RunHandle>
  unforeseen: (error: unknown) => void
}

/**
 * Codes that prove a number: made, texted, checked once. What is stored of a code is an HMAC; the code itself is in
 * memory until its text has left. Rules against guessing and pumping are in `code-rules.ts`.
 */
export class VerificationCodes {
  readonly #on: CodeDependencies
  readonly #store: CodeStore
  #swept = 0

  constructor(dependencies: CodeDependencies) {
    this.#on = dependencies
    this.#store = dependencies.store
  }

  /**
   * Makes a code and leaves it to `deliver` to text it: the answer says nothing about whether the number is known.
   * @throws FlowError `NOT_FOUND`, `TOO_MANY_TRIES`; FieldsError `BODY_INVALID` where no code can be texted to the number
   */
  ask({ method: id, purpose, phone: typed, address, isWelcome, ...given }: AskForCode): AskedForCode {
    const method = this.#on.methods.get(id)
    const phone = this.readNumber(method, typed)
    const now = this.#now()
    const challenge = given.challenge ?? this.#on.surroundings.newId()
    const code = String(randomInt(10 ** CODE_LENGTH)).padStart(CODE_LENGTH, '0')
    const expires = now + CODE_MINUTES * 60_000
    this.#on.database.transaction(() => {
      this.#sweep(now)
      const origin = originOf(address)
      refuseTooMany(this.#store, { method, purpose, phone, ...origin, now })
      this.#store.put({
        ...{ id: challenge, method: id, purpose, phone, ...origin },
        code: this.#seal(challenge, purpose, phone, code),
        decoy: isWelcome ? 0 : 1,
        ...{ created: now, expires },
      })
    })
    if (isWelcome) this.#on.withheld.keep(challenge, code, expires)
    return this.#describe(challenge, { phone, purpose, expires }, now)
  }

  /** A code that was asked for. */
  find(challenge: string): AskedForCode | undefined {
    const row = this.#store.find(challenge)
    return row && this.#describe(challenge, row, this.#now())
  }

  /**
   * Texts a code that was asked for; undefined where there is nothing to text. Repeated calls text it once.
   * @throws FlowError where the run is not accepted
   */
  async deliver(challenge: string): Promise<RunHandle | undefined> {
    const row = this.#store.find(challenge)
    if (!row || row.decoy === 1 || row.state !== 'live') return undefined
    return this.#on.deliver(challenge)
  }

  /** The same after the answer to whoever asked is out, so that its time tells nothing either. */
  deliverSoon(challenge: string): void {
    setImmediate(() => {
      this.deliver(challenge).catch((error: unknown) => {
        // the person sees that no text came, and asks again
        if (!(error instanceof FlowError)) this.#on.unforeseen(error)
      })
    })
  }

  /**
   * Checks a code once and for all: a right one is used up. Every other case gets the same answer.
   * @param usedBy who uses it: the same one may ask again after a restart, and gets the same answer
   * @throws FlowError `CODE_WRONG`
   */
  check(
    challenge: string,
    code: string,
    purpose: string,
    usedBy: string | null = null,
  ): { phone: string; method: string } {
    const now = this.#now()
    const before = usedBy === null ? undefined : this.#store.find(challenge)
    if (before?.state === 'used' && before.used_by === usedBy) return before
    // An attempt is counted before it is compared, and on the disk before anybody hears of it.
    const row = this.#on.database.transaction(() =>
      this.#store.attempt(challenge, now, {
        perCode: CODE_LIMITS.wrongPerCode,
        perPhone: CODE_LIMITS.wrongPerPhone,
      }),
    )
    const sealed = this.#seal(challenge, row?.purpose ?? '', row?.phone ?? '', code)
    const isRight = timingSafeEqual(sealed, row?.code ?? sealed) && row !== undefined
    if (!isRight || row.purpose !== purpose || row.decoy === 1) throw codeWrong()
    if (!this.#on.database.transaction(() => this.#store.use(row, usedBy))) throw codeWrong()
    this.#on.withheld.forget(challenge)
    return { phone: row.phone, method: row.method }
  }

  /** The number that a code was asked for; undefined: there is no such code. */
  maskedPhone(challenge: string): string | undefined {
    const row = this.#store.find(challenge)
    return row && maskPhone(row.phone)
  }

  /** The number as a method may text it. @throws FieldsError `BODY_INVALID` */
  readNumber(method: LoginMethod, typed: string): string {
    const country = this.#on.country()
    const { phone, phoneProblem } = readPhone(typed, country)
    if (phone === '') throw phoneRefused('required', 'A phone number is needed')
    if (phoneProblem !== undefined) {
      throw phoneRefused('phoneUnusable', 'No code can be texted to this number')
    }
    const countries = method.countries.length === 0 ? [country] : method.countries
    if (countryRule(countries)!(phone)) return phone
    throw phoneRefused('phoneCountry', 'No codes are texted to numbers of this country')
  }

  /** Of the last 24 hours. */
  summary(method: string): { asked: number; texted: number; used: number } {
    return this.#store.summary(method, this.#now() - DAY_MS)
  }

  #describe(
    challenge: string,
    { phone, purpose, expires }: Pick<CodeRow, 'phone' | 'purpose' | 'expires'>,
    now: number,
  ): AskedForCode {
    return {
      challenge,
      expiresInSeconds: Math.max(0, Math.ceil((expires - now) / 1_000)),
      resendInSeconds: resendSeconds(this.#store, { phone, purpose, now }),
    }
  }

  #seal(challenge: string, purpose: string, phone: string, code: string): Buffer {
    return createHmac('sha256', this.#on.key)
      .update(JSON.stringify([challenge, purpose, phone, code]))
      .digest()
  }

  #sweep(now: number): void {
    if (now - this.#swept < 60 * 60_000) return
    this.#swept = now
    this.#store.forgetBefore(now - DAY_MS)
  }

  #now(): number {
    return this.#on.surroundings.now().getTime()
  }
}

function codeWrong(): FlowError {
  return new FlowError(ErrorCode.CodeWrong, 'This code is not right, was used, or is too old', {
    hint: 'Type the code of the latest text, or ask for a new one.',
  })
}

function phoneRefused(key: string, message: string): FieldsError {
  return new FieldsError(ErrorCode.BodyInvalid, 'No code can be texted', [{ path: 'phone', key, message }])
}

import { createHmac, hash } from 'node:crypto'
import { isIP } from 'node:net'
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
  WebAuthnCredential,
} from '@simplewebauthn/server'
import type { Passkey } from '../../nodes/api/credentials.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { Database } from '../store/database.ts'
import type { Surroundings } from '../surroundings.ts'
import { accountOf, ownerOf } from './passwords.ts'
import type { Owner } from './passwords.ts'

const CHALLENGE_MS = 5 * 60_000
/** Of everybody together; the oldest goes for a further one. */
const MOST_CHALLENGES = 10_000
const MOST_PASSKEYS = 20
/** EdDSA, ES256 and RS256 in COSE: what authenticators have. */
const ALGORITHMS = [-8, -7, -257]

export interface PasskeyDependencies {
  database: Database
  surroundings: Surroundings
  /** Of the handles by which passkeys know accounts; not in the data folder. */
  key: Buffer
}

/** Passkeys (WebAuthn): made and used in the browser, which shows that its owner unlocked it. */
export class Passkeys {
  readonly #on: PasskeyDependencies
  readonly #statements: ReturnType<typeof prepare>

  constructor(dependencies: PasskeyDependencies) {
    this.#on = dependencies
    this.#statements = prepare(dependencies.database)
  }

  /** Whether anybody has one. */
  get areUsed(): boolean {
    return this.#statements.any.get() !== undefined
  }

  /** Oldest first. */
  list(owner: Owner): Passkey[] {
    return this.#rows(owner).map(({ id, name, domain, created, used }) => ({
      ...{ id, name, domain, created: new Date(created).toISOString() },
      used: used === null ? null : new Date(used).toISOString(),
    }))
  }

  /** Members who have one. */
  members(): string[] {
    const rows = this.#statements.accounts.all() as { account: string }[]
    return rows.map(({ account }) => account).filter((account) => account !== '')
  }

  /**
   * What a browser needs to make a passkey.
   * @param origin of the page, such as `https://sms.example.com`
   * @throws FlowError `PASSKEY_REFUSED` where the address can have none, `CONFLICT` where there are too many
   */
  async beginAdding(
    owner: Owner,
    name: string,
    origin: string,
  ): Promise<PublicKeyCredentialCreationOptionsJSON> {
    const rpID = domainOf(origin)
    const known = this.#rows(owner)
    if (known.length >= MOST_PASSKEYS) {
      throw new FlowError(ErrorCode.Conflict, `An account has at most ${MOST_PASSKEYS} passkeys`, {
        hint: 'Remove one first.',
      })
    }
    const options = await (
      await library()
    ).generateRegistrationOptions({
      ...{ rpName: 'sms-logic', rpID, userName: name, userDisplayName: name },
      userID: this.#handleOf(accountOf(owner)),
      attestationType: 'none',
      supportedAlgorithmIDs: ALGORITHMS,
      excludeCredentials: known.map(({ credential }) => ({ id: credential })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    })
    this.#note(options.challenge, accountOf(owner))
    return options
  }

  /**
   * Keeps a passkey that a browser made.
   * @param alongside what is to be on the disk with it, or not at all
   * @throws FlowError `PASSKEY_REFUSED`
   */
  async add(
    owner: Owner,
    request: { name: string; response: RegistrationResponseJSON; origin: string },
    alongside: () => void,
  ): Promise<void> {
    const { name, response, origin } = request
    const domain = domainOf(origin)
    const { verifyRegistrationResponse } = await library()
    const { registrationInfo } = await verifyRegistrationResponse({
      response,
      supportedAlgorithmIDs: ALGORITHMS,
      expectedChallenge: (challenge) => this.#take(challenge, accountOf(owner)),
      ...{ expectedOrigin: origin, expectedRPID: domain, requireUserVerification: true },
    }).catch(refuse)
    if (!registrationInfo) throw refused()
    const { id: credential, publicKey, counter, transports = [] } = registrationInfo.credential
    this.#on.database.transaction(() => {
      if (this.#statements.byCredential.get(credential)) throw refused()
      this.#statements.add.run({
        id: this.#on.surroundings.newId(),
        account: accountOf(owner),
        ...{ credential, publicKey, counter, domain, name, created: this.#now() },
        transports: JSON.stringify(transports),
      })
      alongside()
    })
  }

  /** @throws FlowError `NOT_FOUND` */
  rename(owner: Owner, id: string, name: string): void {
    if (this.#statements.rename.run(name, id, accountOf(owner)).changes === 0) throw notFound()
  }

  /** @throws FlowError `NOT_FOUND` */
  remove(owner: Owner, id: string): void {
    if (this.#statements.remove.run(id, accountOf(owner)).changes === 0) throw notFound()
  }

  /** @throws FlowError `NOT_FOUND` where there is none */
  removeAll(owner: Owner): void {
    if (this.#statements.removeAll.run(accountOf(owner)).changes === 0) throw notFound()
  }

  /** What a browser needs to sign in; it finds by itself who has a passkey there. @throws FlowError `PASSKEY_REFUSED` */
  async beginSignIn(origin: string): Promise<PublicKeyCredentialRequestOptionsJSON> {
    const rpID = domainOf(origin)
    const { generateAuthenticationOptions } = await library()
    const options = await generateAuthenticationOptions({ rpID, userVerification: 'required' })
    this.#note(options.challenge, null)
    return options
  }

  /** Whose passkey a browser shows, for the audit log; undefined: nobody's. */
  ownerShown(credential: string): Owner | undefined {
    const row = this.#statements.byCredential.get(credential) as PasskeyRow | undefined
    return row && ownerOf(row.account)
  }

  /**
   * @param isLetIn whether an account may sign in at all
   * @throws FlowError `PASSKEY_REFUSED`
   */
  async check(
    response: AuthenticationResponseJSON,
    origin: string,
    isLetIn: (owner: Owner) => boolean,
  ): Promise<Owner> {
    const row = this.#statements.byCredential.get(response.id) as PasskeyRow | undefined
    if (!row) throw refused()
    const domain = domainOf(origin)
    const { verifyAuthenticationResponse } = await library()
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: (challenge) => this.#take(challenge, null),
      ...{ expectedOrigin: origin, expectedRPID: domain, requireUserVerification: true },
      credential: credentialOf(row),
    }).catch(refuse)
    const owner = ownerOf(row.account)
    if (!verified || !isLetIn(owner) || !this.#isOwnHandle(row, response)) throw refused()
    const { newCounter } = authenticationInfo
    // two at once with one counter: one of them is a copy
    const use = { id: row.id, before: row.counter, counter: newCounter, used: this.#now() }
    if (this.#statements.use.run(use).changes === 0) throw refused()
    return owner
  }

  #isOwnHandle({ account }: PasskeyRow, { response }: AuthenticationResponseJSON): boolean {
    const handle = Buffer.from(this.#handleOf(account)).toString('base64url')
    return response.userHandle === undefined || response.userHandle === handle
  }

  /** Says nothing about the account to whoever finds it on a device. */
  #handleOf(account: string): Uint8Array<ArrayBuffer> {
    return new Uint8Array(createHmac('sha256', this.#on.key).update(account).digest())
  }

  #note(challenge: string, account: string | null): void {
    const now = this.#now()
    this.#on.database.transaction(() => {
      this.#statements.forgetOld.run(now)
      this.#statements.forgetMost.run(MOST_CHALLENGES)
      this.#statements.note.run(hash('sha256', challenge, 'buffer'), account, now + CHALLENGE_MS)
    })
  }

  /** Each challenge once, whatever comes of it. */
  #take(challenge: string, account: string | null): boolean {
    const taken = this.#statements.take.run(hash('sha256', challenge, 'buffer'), account, this.#now())
    return taken.changes > 0
  }

  #rows(owner: Owner): PasskeyRow[] {
    return this.#statements.ofAccount.all(accountOf(owner)) as unknown as PasskeyRow[]
  }

  #now(): number {
    return this.#on.surroundings.now().getTime()
  }
}

interface PasskeyRow {
  id: string
  account: string
  credential: string
  public_key: Uint8Array<ArrayBuffer>
  counter: number
  transports: string
  domain: string
  name: string
  created: number
  used: number | null
}

/** 0.2 s and 30 MB: loaded by the first passkey. */
function library() {
  return import('@simplewebauthn/server')
}

/**
 * The name for which a passkey is made: that of the page, without its port.
 * @throws FlowError `PASSKEY_REFUSED` where it is an address
 */
function domainOf(origin: string): string {
  const { hostname } = new URL(origin)
  if (isIP(hostname.replace(/^\[|\]$/g, '')) === 0) return hostname
  throw new FlowError(
    ErrorCode.PasskeyRefused,
    'Passkeys are made for names, not for addresses of the network',
    {
      hint: 'Open this page by a name, such as https://sms.example.com or http://localhost.',
    },
  )
}

function credentialOf({
  credential,
  public_key: publicKey,
  counter,
  transports,
}: PasskeyRow): WebAuthnCredential {
  return {
    id: credential,
    ...{ publicKey: new Uint8Array(publicKey), counter },
    transports: JSON.parse(transports) as NonNullable<WebAuthnCredential['transports']>,
  }
}

/** What the library found wrong is for those who made the passkey's software, not for who asks. */
function refuse(cause: unknown): never {
  throw refused(cause)
}

function refused(cause?: unknown): FlowError {
  return new FlowError(ErrorCode.PasskeyRefused, 'This passkey is not taken here', {
    hint: 'Try again, or choose another way to sign in.',
    cause,
  })
}

function notFound(): FlowError {
  return new FlowError(ErrorCode.NotFound, 'There is no such passkey', {
    hint: 'It may have been removed already.',
  })
}

function prepare(database: Database) {
  return {
    any: database.prepare('SELECT 1 FROM passkeys LIMIT 1'),
    accounts: database.prepare('SELECT DISTINCT account FROM passkeys'),
    ofAccount: database.prepare('SELECT * FROM passkeys WHERE account = ? ORDER BY created, id'),
    byCredential: database.prepare('SELECT * FROM passkeys WHERE credential = ?'),
    add: database.prepare(`
      INSERT INTO passkeys (id, account, credential, public_key, counter, transports, domain, name, created, used)
      VALUES (:id, :account, :credential, :publicKey, :counter, :transports, :domain, :name, :created, NULL)`),
    rename: database.prepare('UPDATE passkeys SET name = ? WHERE id = ? AND account = ?'),
    remove: database.prepare('DELETE FROM passkeys WHERE id = ? AND account = ?'),
    removeAll: database.prepare('DELETE FROM passkeys WHERE account = ?'),
    use: database.prepare(
      'UPDATE passkeys SET counter = :counter, used = :used WHERE id = :id AND counter = :before',
    ),
    note: database.prepare('INSERT INTO passkey_challenges (hash, account, expires) VALUES (?, ?, ?)'),
    take: database.prepare('DELETE FROM passkey_challenges WHERE hash = ? AND account IS ? AND expires > ?'),
    forgetOld: database.prepare('DELETE FROM passkey_challenges WHERE expires <= ?'),
    forgetMost: database.prepare(`
      DELETE FROM passkey_challenges WHERE hash IN (
        SELECT hash FROM passkey_challenges ORDER BY expires DESC LIMIT -1 OFFSET ? - 1)`),
  }
}

import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { CallbackAddress } from '../../nodes/api/settings.ts'
import { FlowError } from '../../nodes/errors.ts'
import { SANDBOX_ENDPOINT } from '../../nodes/services/sms/common.ts'
import type { SmsProviderName } from '../../nodes/services/sms/settings.ts'
import type { ServerSettings } from '../elements/server-settings.ts'
import type { SmsServiceStore } from '../elements/sms-services.ts'
import type { Vault } from '../secrets/vault.ts'
import type { Database } from '../store/database.ts'

/** Where providers call this server, and the secret part of an address that stands in for a signature. */
export class CallbackAddresses {
  readonly #database: Database
  readonly #vault: Vault
  readonly #services: SmsServiceStore
  readonly #settings: ServerSettings
  /** The address of the server itself, on this machine; known once it listens. */
  #own: string | undefined
  #secrets: Map<string, string> | undefined

  constructor(database: Database, vault: Vault, services: SmsServiceStore, settings: ServerSettings) {
    this.#database = database
    this.#vault = vault
    this.#services = services
    this.#settings = settings
    services.onChange(() => (this.#secrets = undefined))
  }

  /** Says where the server listens on this machine: the sandbox reaches it there. */
  listenAt(url: string | undefined): void {
    this.#own = url
  }

  /** Every address under which a request may have been made. */
  bases(): string[] {
    return [this.#settings.publicUrl, this.#own].filter((each) => each !== undefined)
  }

  /** The base for a service: the sandbox and other programs of this machine need no public address. */
  base({ endpoint }: { endpoint?: unknown }): string | undefined {
    return isLocal(endpoint) ? this.#own : this.#settings.publicUrl
  }

  /** Where Twilio reports on texts of a service, without our id of the text. */
  twilioStatus(settings: { endpoint?: unknown }): string | undefined {
    const base = this.base(settings)
    return base && `${base}/callbacks/twilio/status`
  }

  /** What a person types into the provider's console, and what texts carry along by themselves. */
  of(serviceId: string): CallbackAddress[] {
    const { provider, settings } = this.#services.get(serviceId)
    const base = this.base(settings)
    return base === undefined ? [] : addressesOf[provider](base, () => this.secretOf(serviceId))
  }

  secretOf(serviceId: string): string {
    const known = this.#all().get(serviceId)
    if (known !== undefined) return known
    const secret = randomBytes(24).toString('base64url')
    const record = this.#vault.seal(secret, placeOf(serviceId))
    this.#database
      .prepare('INSERT OR REPLACE INTO callback_secrets (service, record) VALUES (?, ?)')
      .run(serviceId, record)
    this.#secrets = undefined
    return secret
  }

  /** The service whose secret this is. Takes as long for a right beginning as for a wrong one. */
  serviceOf(secret: string): string | undefined {
    const given = Buffer.from(secret)
    for (const [serviceId, known] of this.#all()) {
      const expected = Buffer.from(known)
      if (expected.length === given.length && timingSafeEqual(expected, given)) return serviceId
    }
    return undefined
  }

  #all(): ReadonlyMap<string, string> {
    if (!this.#secrets) {
      const rows = this.#database.prepare('SELECT service, record FROM callback_secrets').all()
      this.#secrets = new Map()
      for (const row of rows) {
        const service = row['service'] as string
        try {
          this.#secrets.set(service, this.#vault.open(row['record'] as string, placeOf(service)))
        } catch (error) {
          if (!(error instanceof FlowError)) throw error // of another key: a new secret takes its place
        }
      }
    }
    return this.#secrets
  }
}

const addressesOf: Record<SmsProviderName, (base: string, secret: () => string) => CallbackAddress[]> = {
  twilio: (base) => [
    { kind: 'status', url: `${base}/callbacks/twilio/status`, automatic: true },
    { kind: 'inbound', url: `${base}/callbacks/twilio/inbound`, automatic: false },
  ],
  alibaba: (base, secret) => [
    { kind: 'report', url: `${base}/callbacks/alibaba/${secret()}/report`, automatic: false },
    { kind: 'up', url: `${base}/callbacks/alibaba/${secret()}/up`, automatic: false },
  ],
  'aws-sns': () => [],
}

function placeOf(service: string) {
  return { service, field: 'callback', endpoint: '' }
}

function isLocal(endpoint: unknown): boolean {
  if (endpoint === SANDBOX_ENDPOINT) return true
  const url = typeof endpoint === 'string' ? URL.parse(endpoint) : null
  return url !== null && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
}

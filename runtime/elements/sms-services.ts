import { secretState } from '../../nodes/api/elements.ts'
import type { SecretState, SmsService, Usage } from '../../nodes/api/elements.ts'
import { ErrorCode, FieldsError, FlowError } from '../../nodes/errors.ts'
import { SANDBOX_ENDPOINT } from '../../nodes/services/sms/common.ts'
import { policyForNew, smsPolicy } from '../../nodes/services/sms/policy.ts'
import type { SmsPolicy } from '../../nodes/services/sms/policy.ts'
import { secretFields, smsProviders } from '../../nodes/services/sms/settings.ts'
import type { SmsProviderName, SmsServiceSummary } from '../../nodes/services/sms/settings.ts'
import { smsNotification } from '../../nodes/sms-notification/definition.ts'
import type { SecretReferences } from '../secrets/secret-references.ts'
import type { Vault } from '../secrets/vault.ts'
import type { Database } from '../store/database.ts'
import type { Surroundings } from '../surroundings.ts'
import type { FunctionStore } from './functions.ts'
import { ProviderTexts } from './provider-texts.ts'
import { refuseWrongFallback, readPolicy } from './service-policy.ts'
import { describeSecret, endpointOrigin, splitSettings } from './service-settings.ts'
import type { ProviderSettings } from './service-settings.ts'

/** A service with its secrets in the clear, for making the provider's client. Never logged, stored or answered. */
export type OpenedSmsService = {
  [P in SmsProviderName]: {
    id: string
    name: string
    provider: P
    settings: ProviderSettings<P>
    policy: SmsPolicy
  }
}[SmsProviderName]

/** The SMS services of a data folder. Their secrets go in, and come out for the engine alone. */
export class SmsServiceStore {
  /** What their templates read, as far as somebody has read it. */
  readonly providerTexts: ProviderTexts
  readonly #database: Database
  readonly #vault: Vault
  readonly #references: SecretReferences
  readonly #functions: FunctionStore
  readonly #surroundings: Surroundings
  readonly #statements: ReturnType<typeof prepare>
  readonly #listeners = new Set<(id: string) => void>()
  #summaries: Map<string, SmsServiceSummary> | undefined
  #fallbacks: ReadonlyMap<string, { fallback: string | undefined }> | undefined

  constructor(
    database: Database,
    vault: Vault,
    references: SecretReferences,
    functions: FunctionStore,
    surroundings: Surroundings,
  ) {
    this.#database = database
    this.#vault = vault
    this.#references = references
    this.#functions = functions
    this.#surroundings = surroundings
    this.#statements = prepare(database)
    this.providerTexts = new ProviderTexts(database)
  }

  list(): SmsService[] {
    return (this.#statements.list.all() as unknown as ServiceRow[]).map((row) => this.#describe(row))
  }

  /** @throws FlowError `NOT_FOUND` */
  get(id: string): SmsService {
    return this.#describe(this.#row(id))
  }

  /** @throws FieldsError `BODY_INVALID` naming each refused field */
  create(request: {
    name: string
    provider: SmsProviderName
    settings: Record<string, unknown>
    policy?: Record<string, unknown> | undefined
  }): SmsService {
    const { plain, secrets } = splitSettings(request.provider, request.settings)
    const policy = readPolicy(request.policy, policyForNew(plain['endpoint'] === SANDBOX_ENDPOINT))
    const id = this.#surroundings.newId()
    this.#database.transaction(() => {
      this.#refuseTakenName(request.name, id)
      refuseWrongFallback(id, policy.fallback, this.#policies())
      const updated = this.#surroundings.now().toISOString()
      this.#statements.insert.run(
        id,
        request.name,
        request.provider,
        JSON.stringify(plain),
        JSON.stringify(policy),
        updated,
      )
      this.#seal(id, secrets, endpointOrigin(plain))
    })
    this.#changed(id)
    return this.get(id)
  }

  /**
   * A secret that is left out stays, unless the endpoint has another origin now: then it must be typed again.
   * `null` removes an optional secret.
   *
   * @throws FlowError `NOT_FOUND`, `CONFLICT` where somebody changed the service in between; FieldsError as `create`
   */
  update(
    id: string,
    request: {
      revision: number
      name: string
      settings: Record<string, unknown>
      policy?: Record<string, unknown> | undefined
    },
  ): SmsService {
    this.#database.transaction(() => {
      const row = this.#row(id)
      if (row.revision !== request.revision) throw changedInBetween(row)
      const hadOrigin = endpointOrigin(JSON.parse(row.settings) as object)
      const hasOrigin = endpointOrigin(request.settings)
      const kept = hadOrigin === hasOrigin ? Object.keys(this.#secretStates(id)) : []
      const split = splitSettings(row.provider, request.settings, kept)
      this.#refuseTakenName(request.name, id)
      const known = storedPolicy(row)
      // A service that leaves the sandbox is as new as one that never was there.
      const leavesSandbox = hadOrigin === SANDBOX_ENDPOINT && hasOrigin !== SANDBOX_ENDPOINT
      const testMode = known.testMode || leavesSandbox
      const policy = readPolicy(request.policy ?? { ...known, testMode }, { testMode })
      refuseWrongFallback(id, policy.fallback, this.#policies())
      const updated = this.#surroundings.now().toISOString()
      const { plain } = split
      this.#statements.update.run(request.name, JSON.stringify(plain), JSON.stringify(policy), updated, id)
      for (const field of secretFields(row.provider)) {
        if (!split.kept.includes(field)) this.#statements.removeSecret.run(id, field)
      }
      this.#seal(id, split.secrets, hasOrigin)
    })
    this.#changed(id)
    return this.get(id)
  }

  /** @throws FlowError `NOT_FOUND`, `IN_USE` where a saved graph or a draft uses the service */
  delete(id: string): void {
    const service = this.#row(id)
    const usages = this.usage(id)
    this.#refuseFallbackInUse(service)
    this.#refuseLoginInUse(service)
    if (usages.length > 0) {
      const titles = [...new Set(usages.map((each) => each.functionTitle))]
      throw new FlowError(ErrorCode.InUse, `"${service.name}" is used by: ${titles.slice(0, 5).join(', ')}`, {
        hint: 'Choose another SMS service in these functions first.',
        params: { name: service.name, count: usages.length },
      })
    }
    this.#statements.delete.run(id)
    this.#changed(id)
  }

  /** The nodes that use a service, in saved graphs and in drafts, each once. */
  usage(id: string): Usage[] {
    const usages = new Map<string, Usage>()
    for (const { name, title, graph } of this.#functions.graphs()) {
      for (const node of graph.nodes) {
        if (node.type !== smsNotification.type || node.params.service !== id) continue
        usages.set(`${name}/${node.id}`, { functionName: name, functionTitle: title, nodeId: node.id })
      }
    }
    return [...usages.values()]
  }

  summaries(): SmsServiceSummary[] {
    return [...this.#summariesById().values()]
  }

  summary(id: string): SmsServiceSummary | undefined {
    return this.#summariesById().get(id)
  }

  /** The services that take over from this one, in order. */
  failOverChain(id: string): SmsServiceSummary[] {
    this.#fallbacks ??= this.#policies()
    const chain: SmsServiceSummary[] = []
    for (let next = this.#fallbacks.get(id)?.fallback; next !== undefined;) {
      const service = this.summary(next)
      // a loop in the chain, which no policy may make, ends here all the same
      if (!service || next === id || chain.includes(service)) break
      chain.push(service)
      next = this.#fallbacks.get(next)?.fallback
    }
    return chain
  }

  /** What stands before each text of an Alibaba service, without its brackets. */
  signature(id: string): string | undefined {
    if (this.summary(id)?.provider !== 'alibaba') return undefined
    const row = this.#row(id)
    return (JSON.parse(row.settings) as { verifySign?: string }).verifySign
  }

  /** @throws FlowError `NOT_FOUND`, `SECRET_UNREADABLE` */
  open(id: string): OpenedSmsService {
    const row = this.#row(id)
    const settings = JSON.parse(row.settings) as Record<string, unknown>
    const endpoint = endpointOrigin(settings)
    for (const { field, record } of this.#statements.secrets.all(id) as unknown as SecretRow[]) {
      const secret = this.#vault.open(record, { service: id, field, endpoint })
      settings[field] = this.#references.resolve(secret)
    }
    const { name, provider } = row
    return {
      id,
      name,
      provider,
      settings: smsProviders[provider].settings.parse(settings),
      policy: storedPolicy(row),
    } as OpenedSmsService
  }

  /** Tells when a service was made, changed or deleted; answers the way to stop. */
  onChange(listener: (id: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #changed(id: string): void {
    this.#summaries = undefined
    this.#fallbacks = undefined
    for (const listener of this.#listeners) listener(id)
  }

  #row(id: string): ServiceRow {
    const row = this.#statements.read.get(id) as unknown as ServiceRow | undefined
    if (row) return row
    throw new FlowError(ErrorCode.NotFound, 'There is no such SMS service', {
      hint: 'It may have been deleted. Choose another one.',
    })
  }

  #describe(row: ServiceRow): SmsService {
    const settings = JSON.parse(row.settings) as SmsService['settings']
    const { id, name, provider, revision, updated } = row
    const sandbox = settings.endpoint === SANDBOX_ENDPOINT
    const policy = storedPolicy(row)
    return {
      id,
      name,
      provider,
      revision,
      sandbox,
      settings,
      secrets: this.#secretStates(id),
      policy,
      updated,
    }
  }

  #secretStates(id: string): Record<string, SecretState> {
    const rows = this.#statements.secrets.all(id) as unknown as SecretRow[]
    return Object.fromEntries(rows.map(({ field, shown }) => [field, secretState.parse(JSON.parse(shown))]))
  }

  #seal(id: string, secrets: Record<string, string>, endpoint: string): void {
    for (const [field, secret] of Object.entries(secrets)) {
      const record = this.#vault.seal(secret, { service: id, field, endpoint })
      this.#statements.addSecret.run(id, field, record, JSON.stringify(describeSecret(secret)))
    }
  }

  /** The services by id with the one each hands over to. */
  #policies(): Map<string, { name: string; fallback: string | undefined }> {
    return new Map(this.list().map(({ id, name, policy }) => [id, { name, fallback: policy.fallback }]))
  }

  #refuseFallbackInUse({ id, name }: ServiceRow): void {
    const users = [...this.#policies().values()].filter(({ fallback }) => fallback === id)
    if (users.length === 0) return
    throw new FlowError(
      ErrorCode.InUse,
      `"${name}" takes over for: ${users.map((each) => each.name).join(', ')}`,
      { hint: 'Choose another fail-over service there first.', params: { name, count: users.length } },
    )
  }

  #refuseLoginInUse({ id, name }: ServiceRow): void {
    const users = this.#statements.logins.all(id) as { name: string }[]
    if (users.length === 0) return
    throw new FlowError(
      ErrorCode.InUse,
      `"${name}" texts the codes of: ${users.map((each) => each.name).join(', ')}`,
      { hint: 'Choose another SMS service there first.', params: { name, count: users.length } },
    )
  }

  #refuseTakenName(name: string, id: string): void {
    if (!this.#statements.sameName.get(name, id)) return
    throw new FieldsError(ErrorCode.BodyInvalid, `There is already an SMS service with the name "${name}"`, [
      { path: 'name', key: 'duplicate', message: 'This name is taken' },
    ])
  }

  #summariesById(): Map<string, SmsServiceSummary> {
    this.#summaries ??= new Map(
      this.list().map(({ id, name, provider, sandbox, policy: { testMode, fallback } }) => [
        id,
        { id, name, provider, sandbox, testMode, ...(fallback !== undefined && { fallback }) },
      ]),
    )
    return this.#summaries
  }
}

interface ServiceRow {
  id: string
  name: string
  provider: SmsProviderName
  revision: number
  settings: string
  policy: string
  updated: string
}
interface SecretRow {
  field: string
  record: string
  shown: string
}

function storedPolicy({ policy }: ServiceRow): SmsPolicy {
  return smsPolicy.parse(JSON.parse(policy))
}

function prepare(database: Database) {
  return {
    list: database.prepare('SELECT * FROM sms_services ORDER BY name COLLATE NOCASE, id'),
    read: database.prepare('SELECT * FROM sms_services WHERE id = ?'),
    sameName: database.prepare('SELECT 1 FROM sms_services WHERE name = ? COLLATE NOCASE AND id <> ?'),
    insert: database.prepare(
      'INSERT INTO sms_services (id, name, provider, revision, settings, policy, updated) VALUES (?, ?, ?, 1, ?, ?, ?)',
    ),
    update: database.prepare(
      'UPDATE sms_services SET name = ?, settings = ?, policy = ?, updated = ?, revision = revision + 1 WHERE id = ?',
    ),
    delete: database.prepare('DELETE FROM sms_services WHERE id = ?'),
    logins: database.prepare(
      `SELECT name FROM login_methods WHERE settings ->> '$.service' = ? ORDER BY name`,
    ),
    secrets: database.prepare('SELECT field, record, shown FROM service_secrets WHERE service = ?'),
    addSecret: database.prepare(
      'INSERT INTO service_secrets (service, field, record, shown) VALUES (?, ?, ?, ?)',
    ),
    removeSecret: database.prepare('DELETE FROM service_secrets WHERE service = ? AND field = ?'),
  }
}

function changedInBetween(row: ServiceRow): FlowError {
  return new FlowError(ErrorCode.Conflict, `"${row.name}" was changed by somebody else in between`, {
    hint: 'Load the SMS service again and repeat the change.',
    params: { name: row.name, revision: row.revision },
  })
}

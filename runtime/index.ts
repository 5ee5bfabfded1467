import { hkdfSync } from 'node:crypto'
import path from 'node:path'
import type { Directory } from '../nodes/directory/schema.ts'
import { ErrorCode, FlowError } from '../nodes/errors.ts'
import type { DryRunOutcome, Run, RunSummary } from '../nodes/api/runs.ts'
import type { NodeExecutor } from '../nodes/execution.ts'
import type { Locale } from '../nodes/locales/index.ts'
import { LocalDirectory } from './directory/local-directory.ts'
import { CallbackAddresses } from './callbacks/callback-addresses.ts'
import { Callbacks } from './callbacks/callbacks.ts'
import { FunctionStore } from './elements/functions.ts'
import { FunctionTransfer } from './elements/function-transfer.ts'
import { SecretStore } from './elements/secrets.ts'
import { MessageTemplateStore } from './elements/message-templates.ts'
import { ServerSettings } from './elements/server-settings.ts'
import { SmsServiceStore } from './elements/sms-services.ts'
import { TryItStore } from './elements/try-it-data.ts'
import { EgressClient } from './egress/egress-client.ts'
import { executorsByType } from './engine/compile-graph.ts'
import { Engine } from './engine/engine.ts'
import { ProviderPool } from './engine/provider-pool.ts'
import { Timers } from './engine/timers.ts'
import { fillWithExample } from './example/example-data.ts'
import { Accounts } from './accounts/accounts.ts'
import { ApprovalStore } from './approvals/approval-store.ts'
import { Approvals } from './approvals/approvals.ts'
import { DecideLinks } from './approvals/decide-links.ts'
import { RequestNotices } from './approvals/request-notices.ts'
import { RequestTexts } from './approvals/request-texts.ts'
import { RequestViews } from './approvals/request-views.ts'
import { Requests } from './approvals/requests.ts'
import { Sessions } from './accounts/sessions.ts'
import { AuditLog, auditKey } from './audit/audit-log.ts'
import { WithheldCodes } from './engine/withheld-codes.ts'
import { CodeStore } from './login/code-store.ts'
import { codeNodeExecutors } from './login/code-nodes.ts'
import { codeGraph, codeMessage, deliverCodeExecutor } from './login/deliver-code.ts'
import type { CodeWords } from './login/deliver-code.ts'
import { LoginMethods } from './login/login-methods.ts'
import { Passkeys } from './login/passkeys.ts'
import { Passwords } from './login/passwords.ts'
import { SecondFactors } from './login/second-factors.ts'
import { SignIn } from './login/sign-in.ts'
import { SignInTries } from './login/sign-in-tries.ts'
import { VerificationCodes } from './login/verification-codes.ts'
import { Inbox } from './inbox/inbox.ts'
import { readClockShift } from './ledger/sqlite-deliveries.ts'
import { SqliteLedger } from './ledger/sqlite.ts'
import type { DebugLimits } from './rehearsal/debug-sessions.ts'
import type { Runtime } from './runtime.ts'
import { Figures } from './metrics/figures.ts'
import { Metrics } from './metrics/metrics.ts'
import { MessageLog } from './messages/message-log.ts'
import { Retention } from './retention/retention.ts'
import { holdRestored } from './restore/hold-restored.ts'
import { RestoredRuns } from './restore/restoration.ts'
import { startSandbox } from './sandbox/start-sandbox.ts'
import { ScimGroups } from './scim/scim-groups.ts'
import { ScimTokens } from './scim/scim-tokens.ts'
import { ScimUsers } from './scim/scim-users.ts'
import { readMasterKey } from './secrets/master-key.ts'
import { readEgressAllow } from './egress/read-egress-allow.ts'
import type { Environment } from './secrets/master-key.ts'
import { SecretReferences } from './secrets/secret-references.ts'
import { Vault } from './secrets/vault.ts'
import { DiskReserve, readDiskReserve } from './store/disk-reserve.ts'
import { openDataFolder } from './store/data-folder.ts'
import type { DataFolder } from './store/data-folder.ts'
import { steadyClock } from './steady-clock.ts'
import { systemSurroundings } from './surroundings.ts'
import type { Surroundings } from './surroundings.ts'
import { Triggers } from './triggers/triggers.ts'

export { defineExecutor } from '../nodes/execution.ts'
export type { ExecutionContext, NodeExecutor, StepResult } from '../nodes/execution.ts'
export type { Directory } from '../nodes/directory/schema.ts'
export { ErrorCode, FieldsError, FlowError, GraphError, SmsError } from '../nodes/errors.ts'
export type { DryRunOutcome, Run, RunEvent, RunStep, RunSummary } from '../nodes/api/runs.ts'
export type {
  MessageCountsAnswer,
  MessageDetail,
  MessageEntry,
  MessageFilter,
  MessagePage,
} from '../nodes/api/messages.ts'
export type { InboxEvent, InboxPage } from '../nodes/api/inbox.ts'
export type { InboxEntry } from '../nodes/inbox.ts'
export type { MessageReport } from '../nodes/messages.ts'
export type { RunHandle, Runtime, StartRun } from './runtime.ts'
export { startSandbox } from './sandbox/start-sandbox.ts'
export type { Sandbox } from './sandbox/sandbox.ts'

/** Until a text is handed over again that the engine did not take. */
const LATER_MS = 5_000

export interface RuntimeOptions {
  /** Folder for everything that lasts; made if missing. It belongs to one process at a time. */
  data: string
  /** Starts the local SMS sandbox too; `port` 0 or missing: any free one. */
  sandbox?: boolean | { port?: number; receiptDelayMs?: number }
  /** Looks at what is there: no run goes on, no trigger sets off, nothing old is removed. For programs that only read. */
  isAsleep?: boolean
  /** Fills a new data folder with fictitious people, a sandbox service and an example function. */
  example?: boolean
  /** How many debug runs at the same time, and how long each; see `DebugLimits`. */
  debugLimits?: Partial<DebugLimits>
  /** The host's own people in place of the built-in directory. */
  directory?: Directory
  /** Node types of the host. */
  nodes?: readonly NodeExecutor[]
  /** Country of a new organisation, for numbers without a country code: `GB`. Settings change it later. */
  defaultCountry?: string
  /** Where `SMS_LOGIC_KEY` and references to secrets are looked up; the process's own unless said otherwise. */
  environment?: Environment
  /** Where the internet reaches the server, for receipts: `https://sms.example.com`. Weighs more than the stored one. */
  publicUrl?: string | undefined
  /**
   * Hosts, addresses and CIDR blocks beside the public internet that HTTP requests of graphs may reach. Weighs more than
   * `SMS_LOGIC_EGRESS_ALLOW` of the environment, and that more than the stored setting.
   */
  egressAllow?: readonly string[] | undefined
  /**
   * MiB that stay free on the disk of the data folder: below that no further run is taken. Weighs more than
   * `SMS_LOGIC_DISK_RESERVE` of the environment; 256, or a twentieth of a smaller disk, unless said otherwise.
   */
  diskReserve?: number | undefined
  /** Runs under way at the same time before further ones are refused; 10,000 unless said otherwise. */
  maxOpenRuns?: number
  /** Told of errors that nobody foresaw; without it their place, never their message, goes to standard error. */
  unforeseen?: (error: unknown) => void
  /** Asked before a code is texted to a stranger: a CAPTCHA, a proof of work. `proof` is what the page sent along. */
  isPerson?: (proof: string | undefined, address: string | null) => Promise<boolean>
  /** Another clock and other ids, for tests. */
  surroundings?: Surroundings
}

/**
 * Opens a data folder and everything that works on it. Unfinished runs go on before this answers.
 * @throws FlowError `STORE_LOCKED` where another process has the folder, `STORE_UNAVAILABLE` where it cannot be used
 */
export async function createRuntime(options: RuntimeOptions): Promise<LocalRuntime> {
  const store = openDataFolder(options.data)
  try {
    return await LocalRuntime.open(store, options)
  } catch (error) {
    await store.close()
    throw error
  }
}

/** The runtime of one machine: one process, one data folder. */
export class LocalRuntime implements Runtime {
  readonly functions: FunctionStore
  readonly services: SmsServiceStore
  readonly transfer: FunctionTransfer
  readonly templates: MessageTemplateStore
  readonly directory: LocalDirectory
  readonly scim: Runtime['scim']
  readonly messages: MessageLog
  readonly secrets: SecretStore
  readonly settings: ServerSettings
  readonly callbacks: Callbacks
  readonly unknown: Runtime['unknown']
  readonly optOuts: Runtime['optOuts']
  readonly triggers: Triggers
  readonly tryIt: Runtime['tryIt']
  readonly inbox: Inbox
  readonly accounts: Accounts
  readonly requests: Requests
  readonly audit: AuditLog
  readonly loginMethods: LoginMethods
  readonly codes: VerificationCodes
  /** Codes that are on their way. */
  readonly withheld: WithheldCodes
  readonly passwords: Passwords
  readonly secondFactors: SecondFactors
  readonly passkeys: Passkeys
  readonly signIn: SignIn
  readonly retention: Retention
  readonly metrics: Metrics
  readonly restored: RestoredRuns
  readonly diskReserve: DiskReserve
  /** The open data folder, for the server's sessions. */
  readonly store: DataFolder
  /** Something goes on by itself. */
  readonly #isAwake: boolean
  readonly #engine: Engine
  readonly #providers: ProviderPool
  readonly #egress: EgressClient
  #sandbox: Runtime['sandbox'] = null

  private constructor(store: DataFolder, options: RuntimeOptions) {
    const surroundings = options.surroundings ?? systemSurroundings()
    const environment = options.environment ?? process.env
    const unforeseen = options.unforeseen ?? printPlace
    const { database } = store
    this.store = store
    this.diskReserve = new DiskReserve(store.folder, options.diskReserve ?? readDiskReserve(environment))
    this.#isAwake = !options.isAsleep
    const masterKey = readMasterKey(environment, store.folder)
    const derivedKey = (purpose: string) =>
      Buffer.from(hkdfSync('sha256', masterKey, '', `sms-logic ${purpose}`, 32))
    this.audit = new AuditLog({ database, surroundings, key: auditKey(masterKey) })
    const clock = () => surroundings.now().getTime()
    const elapsed = surroundings.elapsed ?? (() => performance.now())
    const steady = steadyClock(clock, elapsed, readClockShift(database))
    // before anything reads what is in the store
    if (this.#isAwake) holdRestored({ database, surroundings, steady, audit: this.audit })
    const vault = new Vault(database, masterKey, surroundings)
    const references = new SecretReferences(environment)
    this.functions = new FunctionStore(database, surroundings)
    this.services = new SmsServiceStore(database, vault, references, this.functions, surroundings)
    this.secrets = new SecretStore(database, vault, references, this.functions, surroundings)
    this.templates = new MessageTemplateStore(database, this.functions, surroundings)
    this.directory = new LocalDirectory(database, surroundings, { defaultCountry: options.defaultCountry })
    const { functions, services, templates, directory, secrets } = this
    this.transfer = new FunctionTransfer({ functions, services, templates, directory, secrets })
    this.settings = new ServerSettings(database, {
      publicUrl: options.publicUrl,
      egressAllow: options.egressAllow ?? readEgressAllow(environment),
    })
    this.#egress = new EgressClient({ rules: () => this.settings.egressRules })
    this.settings.onEgressChange(() => this.#egress.rulesChanged())
    const addresses = new CallbackAddresses(database, vault, this.services, this.settings)
    this.scim = {
      users: new ScimUsers(database, this.directory, surroundings),
      groups: new ScimGroups(database, this.directory, surroundings),
      tokens: new ScimTokens(database, surroundings),
    }
    this.inbox = new Inbox(database, surroundings)
    const tries = new SignInTries(database, clock)
    this.passwords = new Passwords({ database, directory: this.directory, tries, now: clock })
    this.secondFactors = new SecondFactors({
      ...{ database, vault, tries, now: clock },
      key: derivedKey('recovery codes'),
    })
    this.passkeys = new Passkeys({ database, surroundings, key: derivedKey('handles of passkeys') })
    this.accounts = new Accounts({
      ...{ database, surroundings, members: this.directory.memberStore, passwords: this.passwords },
      secondFactors: this.secondFactors,
      passkeys: this.passkeys,
      sessions: new Sessions(database, clock),
    })
    this.loginMethods = new LoginMethods(database, (id) => this.services.summary(id), surroundings)
    const withheld = new WithheldCodes(clock)
    this.withheld = withheld
    const codeRows = new CodeStore(database)
    const figures = new Figures((id) => this.services.summary(id)?.provider)
    const ledger = new SqliteLedger(database, steady, figures)
    const timers = new Timers(clock)
    const codeWords: CodeWords = {
      find: (id) => codeRows.find(id),
      method: (id) => this.loginMethods.find(id),
      service: (id) => this.services.summary(id),
      providerText: (id, code) => this.services.providerTexts.find(id, code),
      host: () => hostOf(this.settings.publicUrl),
    }
    const requestRows = new ApprovalStore(database)
    const links = new DecideLinks(derivedKey('links of approvals'))
    const localeOf = (id: string) => {
      const [member] = this.directory.memberStore.byIds([id])
      return localeIn(member?.locale ?? this.directory.organisation.current.locale)
    }
    const requestTexts = new RequestTexts({
      ...{ store: requestRows, surroundings, links, withheld, localeOf, unforeseen },
      origin: () => addresses.bases()[0] ?? '',
      start: (request) => this.#engine.start(request),
      later: (callback) => timers.at(clock() + LATER_MS, callback),
    })
    const approvals = new Approvals({
      ...{ database, surroundings, timers, functions, links, unforeseen, store: requestRows },
      texts: requestTexts,
      notices: new RequestNotices(this.inbox, surroundings, localeOf),
      dates: () => {
        const { timeZone, locale } = this.directory.organisation.current
        return { timeZone, language: locale }
      },
      administrators: () =>
        this.accounts
          .list()
          .filter(({ role }) => role === 'administrator')
          .map(({ member, name }) => ({ member, name })),
      runs: () => ({
        start: (request) => this.#engine.start(request),
        row: (id) => this.#engine.runRow(id),
        graphOf: (id) => this.#engine.graphOf(id),
        wake: (id) => this.#engine.wake(id),
        cancel: (id) => this.#engine.cancel(id),
        goBack: (id, path) => this.#engine.goBack(id, path, 'request'),
      }),
    })
    this.requests = new Requests({
      ...{ approvals, surroundings, store: requestRows },
      members: this.directory.memberStore,
      views: new RequestViews({
        ...{ store: requestRows, approvals, links, functions, clock },
        graphOf: (id) => this.#engine.graphOf(id),
        run: (id) => this.#engine.run(id),
      }),
    })
    this.#providers = new ProviderPool({
      services: this.services,
      timers,
      homeZone: () => this.directory.organisation.current.timeZone,
      sandboxUrl: () => this.#sandbox?.url ?? null,
      statusCallback: (settings) => addresses.twilioStatus(settings),
      figures,
    })
    this.messages = new MessageLog({
      file: store.file,
      ledger,
      directory: options.directory ?? this.directory,
      services: this.services,
      country: () => this.directory.organisation.current.country,
    })
    this.#engine = new Engine({
      ledger,
      functions: this.functions,
      services: this.services,
      templates: this.templates,
      directory: options.directory ?? this.directory,
      organisation: this.directory.organisation,
      secrets: this.secrets,
      egress: this.#egress,
      inbox: this.inbox,
      approvals,
      providers: this.#providers,
      timers,
      steady,
      surroundings,
      random: Math.random,
      executors: executorsByType([
        ...(options.nodes ?? []),
        deliverCodeExecutor(codeWords),
        ...codeNodeExecutors({
          codes: () => this.codes,
          message: (challenge) => codeMessage(challenge, codeWords),
        }),
        requestTexts.executor(),
      ]),
      withheld,
      tryItData: new TryItStore(database, functions),
      debugLimits: options.debugLimits,
      isDiskLow: () => this.diskReserve.isLow,
      maxOpenRuns: options.maxOpenRuns ?? 10_000,
      ends: {
        isAwaited: (run) => this.triggers.isAwaited(run),
        ended: (run) => this.triggers.ended(run),
      },
      figures,
      unforeseen,
    })
    this.metrics = new Metrics({
      ...{ figures, database },
      liveRuns: () => this.#engine.liveRuns,
      requests: () => this.#providers.held,
      waitingSince: () => this.#providers.waitingSince,
      isDiskLow: () => this.diskReserve.isLow,
      now: clock,
    })
    this.triggers = new Triggers({
      ...{ database, vault, surroundings, functions, timers, unforeseen },
      firings: ledger.firings,
      engine: this.#engine,
      homeZone: () => this.directory.organisation.current.timeZone,
    })
    this.retention = new Retention({
      ...{ oldRuns: ledger.oldRuns, timers, unforeseen },
      days: () => this.settings.retentionDays,
      audit: this.audit,
      auditDays: () => this.settings.auditDays,
      forgetGraphs: () => this.#engine.forgetKeptGraphs(),
    })
    this.codes = new VerificationCodes({
      ...{ database, surroundings, withheld, unforeseen, store: codeRows },
      methods: this.loginMethods,
      country: () => this.directory.organisation.current.country,
      key: derivedKey('verification codes'),
      deliver: (challenge) =>
        this.#engine.start({
          ...{ graph: codeGraph, input: { challenge }, trigger: 'code', idempotencyKey: challenge },
        }),
    })
    this.signIn = new SignIn({
      ...{ database, surroundings },
      directory: this.directory,
      methods: this.loginMethods,
      codes: this.codes,
      isPerson: options.isPerson,
      isOffered: options.directory === undefined,
    })
    this.restored = new RestoredRuns(database, this.#engine, (id) => this.resumeRun(id))
    this.unknown = this.#engine.unknown
    this.optOuts = this.#engine.optOuts
    this.tryIt = this.#engine.tryIt
    this.callbacks = new Callbacks({
      addresses,
      services: this.services,
      ledger,
      engine: this.#engine,
      provider: async (id) => (await this.#providers.open(id)).provider,
      clock: () => surroundings.now().getTime(),
    })
  }

  static async open(store: DataFolder, options: RuntimeOptions): Promise<LocalRuntime> {
    const runtime = new LocalRuntime(store, options)
    if (options.isAsleep) return runtime
    if (options.sandbox) {
      runtime.#sandbox = await startSandbox({
        ...(options.sandbox === true ? {} : options.sandbox),
        file: path.join(store.folder, 'sandbox.db'),
      })
    }
    runtime.#sandbox?.reportTo((provider, account) => runtime.callbacks.sandboxCallbacks(provider, account))
    if (store.isNew && options.example) await fillWithExample(runtime)
    await runtime.#engine.recover()
    await runtime.requests.recover()
    await runtime.triggers.recover()
    runtime.retention.start()
    return runtime
  }

  get sandbox(): Runtime['sandbox'] {
    return this.#sandbox
  }

  publish: Runtime['publish'] = (name, { revision, ...request } = {}) =>
    this.functions.publish(name, {
      ...request,
      revision: revision ?? this.functions.draft(name).revision,
      check: (graph, together) => this.#engine.expectPublishable(graph, together),
    })

  startRun: Runtime['startRun'] = (request) => this.#engine.start(request)

  /** Runs a function to its end: what a program that embeds the runtime usually wants. */
  async run(functionName: string, input: Parameters<Runtime['startRun']>[0]['input'] = {}) {
    return (await this.startRun({ functionName, input, trigger: 'library' })).finished
  }

  /** Walks a function to its end and sends nothing: each SMS step says who would have got which text. */
  async dryRun(
    functionName: string,
    input: Parameters<Runtime['startRun']>[0]['input'] = {},
    outcome: DryRunOutcome = 'sent',
  ) {
    return (await this.startRun({ functionName, input, trigger: 'library', dryRun: outcome })).finished
  }

  getRun: Runtime['getRun'] = async (id) => {
    const run = await this.#engine.run(id)
    if (!run) return undefined
    const followers = await this.#engine.followers(id)
    const named = followers.map(({ runId, ...rest }) => ({ run: runId, ...rest }))
    const onErrorRefused = run.status === 'failed' ? this.#engine.onErrorRefusal(id) : undefined
    return this.#numbered({
      ...run,
      ...(named.length > 0 && { followers: named }),
      ...(onErrorRefused && { onErrorRefused }),
    })
  }

  listRuns: Runtime['listRuns'] = async ({ status, ...filter }) => {
    const found = status === undefined ? this.#engine.runs(filter) : this.messages.runs({ ...filter, status })
    return (await found).map((run) => this.#numbered(run))
  }

  searchRuns: Runtime['searchRuns'] = async (query) => {
    const page = await this.messages.searchRuns({ limit: 50, ...query })
    return { ...page, runs: page.runs.map((run) => this.#numbered(run)) }
  }

  runGraph: Runtime['runGraph'] = (id) => this.#engine.graphOf(id)

  runAgain: Runtime['runAgain'] = (id, request) => this.#engine.again(id, request)

  retryRun: Runtime['retryRun'] = (id, trigger) => this.#engine.retry(id, { trigger })

  watchRun: Runtime['watchRun'] = async (id, listener) => {
    const stop = await this.#engine.watch(id, (event) =>
      listener('run' in event ? { ...event, run: this.#numbered(event.run) } : event),
    )
    if (!stop) throw new FlowError(ErrorCode.NotFound, `There is no run ${id}`)
    return stop
  }

  cancelRun: Runtime['cancelRun'] = (id) => this.#engine.cancel(id)

  resumeRun: Runtime['resumeRun'] = async (id) => {
    const run = await this.#engine.resumeRun(id)
    this.requests.wentOn()
    return run
  }

  /** How many runs wait in quarantine for a person. */
  countQuarantined = (): Promise<number> => this.#engine.countQuarantined()

  retryFailed: Runtime['retryFailed'] = (id, path, { unknown = false } = {}) =>
    this.#engine.retryFailed(id, path, { unknown })

  xRay: Runtime['xRay'] = (request) => this.#engine.xRay(request)

  testSend: Runtime['testSend'] = (request, key) => this.#engine.testSend(request, key)

  async checkService(id: string): ReturnType<Runtime['checkService']> {
    return (await this.#providers.open(id)).provider.checkCredentials()
  }

  async describeTemplate(id: string, code: string): ReturnType<Runtime['describeTemplate']> {
    const { provider } = await this.#providers.open(id)
    if (!provider.describeTemplate) return null
    const template = await provider.describeTemplate(code)
    this.services.providerTexts.remember(id, code, template?.text ?? null)
    return template
  }

  /** Says which version a run took. Runs hold the hash of their graph; the number is looked up where one is read. */
  #numbered<R extends RunSummary | Run>(run: R): R {
    const versionNumber = this.functions.versions.numberOf(run.functionName, run.version, run.created)
    return versionNumber === undefined ? run : { ...run, versionNumber }
  }

  /** Ends within 20 s: requests on the wire are waited for and recorded, unfinished runs go on at the next start. */
  async close(): Promise<void> {
    if (this.#isAwake) await this.#fallAsleep()
    this.metrics.close()
    await this.#egress.close()
    await this.messages.close()
    await this.#sandbox?.close()
    await this.store.close()
  }

  async #fallAsleep(): Promise<void> {
    await this.triggers.close()
    this.requests.close()
    await this.retention.close()
    this.tryIt.sessions.stopAll()
    await this.#engine.close()
  }
}

/** Texts exist in these languages; everybody else reads English. */
function localeIn(tag: string): Locale {
  return tag.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
}

function hostOf(url: string | undefined): string | undefined {
  return url === undefined ? undefined : new URL(url).hostname
}

/** A message may hold anything, a phone number too; class and place are enough to find the fault. */
function printPlace(error: unknown): void {
  const { name, stack = '' } = error instanceof Error ? error : new Error('not an error')
  const place = stack.split('\n').filter((line) => line.startsWith('    at '))
  console.error([`sms-logic: a step failed with ${name}`, ...place].join('\n'))
}

import type { ProviderTemplate, CredentialsCheck } from '../nodes/services/sms/provider.ts'
import type {
  DryRunOutcome,
  RetryFailed,
  RetryFailedResult,
  Run,
  RunEvent,
  RunPage,
  RunQuery,
  RunOutcome,
  RunStatus,
  RunSummary,
} from '../nodes/api/runs.ts'
import type { Author, FunctionVersion, RunVersion } from '../nodes/api/elements.ts'
import type { TestSendRequest, XRay, XRayRequest } from '../nodes/api/x-ray.ts'
import type { Graph } from '../nodes/graph/schema.ts'
import type { JsonObject } from '../nodes/json.ts'
import type { LocalDirectory } from './directory/local-directory.ts'
import type { FunctionStore } from './elements/functions.ts'
import type { FunctionTransfer } from './elements/function-transfer.ts'
import type { MessageTemplateStore } from './elements/message-templates.ts'
import type { Requests } from './approvals/requests.ts'
import type { Accounts } from './accounts/accounts.ts'
import type { AuditLog } from './audit/audit-log.ts'
import type { Callbacks } from './callbacks/callbacks.ts'
import type { SecretStore } from './elements/secrets.ts'
import type { ServerSettings } from './elements/server-settings.ts'
import type { TryIt } from './rehearsal/try-it.ts'
import type { SmsServiceStore } from './elements/sms-services.ts'
import type { Inbox } from './inbox/inbox.ts'
import type { LoginMethods } from './login/login-methods.ts'
import type { Passkeys } from './login/passkeys.ts'
import type { Passwords } from './login/passwords.ts'
import type { SecondFactors } from './login/second-factors.ts'
import type { SignIn } from './login/sign-in.ts'
import type { VerificationCodes } from './login/verification-codes.ts'
import type { MessageLog } from './messages/message-log.ts'
import type { OptOutList } from './engine/opt-out-list.ts'
import type { UnknownMessages } from './engine/unknown-messages.ts'
import type { ScimGroups } from './scim/scim-groups.ts'
import type { ScimTokens } from './scim/scim-tokens.ts'
import type { ScimUsers } from './scim/scim-users.ts'
import type { Metrics } from './metrics/metrics.ts'
import type { RestoredRuns } from './restore/restoration.ts'
import type { Sandbox } from './sandbox/sandbox.ts'
import type { DiskReserve } from './store/disk-reserve.ts'
import type { Triggers } from './triggers/triggers.ts'

export interface StartRun {
  /** A stored function by name, or … */
  functionName?: string
  /** … a graph file's content, run as it is. */
  graph?: unknown
  /** The latest published version unless said otherwise, or the draft where the function was never published. */
  version?: RunVersion | undefined
  input: JsonObject
  trigger: RunSummary['trigger']
  /** The trigger of the function that starts it, where one does. */
  triggerId?: string | undefined
  /** Walks the function and sends nothing; says what is assumed of every SMS step. */
  dryRun?: DryRunOutcome | undefined
  /** Only counts in a dry run: pinned outputs of the function stand in for their nodes. */
  usesPins?: boolean | undefined
  /** Same key and same input answer the same run for at least 7 days; another input under the key is refused. */
  idempotencyKey?: string
}

export interface RunHandle {
  id: string
  /** True where an earlier request with the same idempotency key made the run. */
  repeated: boolean
  /** Settles when the run has ended. Never rejects for what happens inside the run: that is in `status` and `error`. */
  finished: Promise<Run>
  /** The same without the steps: less to make, where a function has many. */
  outcome: Promise<RunOutcome>
}

/** The running product without its HTTP server: what the server, the command line and a host application use. */
export interface Runtime {
  readonly functions: FunctionStore
  readonly services: SmsServiceStore
  /** Functions as files. */
  readonly transfer: FunctionTransfer
  readonly templates: MessageTemplateStore
  /** What HTTP requests carry. */
  readonly secrets: SecretStore
  readonly directory: LocalDirectory
  /** Members and organisation roles as identity providers see them, and the tokens that they show. */
  readonly scim: { users: ScimUsers; groups: ScimGroups; tokens: ScimTokens }
  readonly messages: MessageLog
  readonly sandbox: Sandbox | null
  readonly settings: ServerSettings
  /** What providers report by themselves. */
  readonly callbacks: Callbacks
  /** Messages that nobody knows the outcome of. */
  readonly unknown: UnknownMessages
  readonly optOuts: OptOutList
  /** What starts functions by itself. */
  readonly triggers: Triggers
  /** Debug runs, single nodes and replays of drafts. */
  readonly tryIt: TryIt
  /** Whether the disk has room for further runs. */
  readonly diskReserve: Pick<DiskReserve, 'isLow' | 'lack'>
  /** Figures of the server, in the text format of Prometheus. */
  readonly metrics: Pick<Metrics, 'render'>
  /** What functions told people in the application itself. */
  readonly inbox: Inbox
  /** What members may do here, and where they are signed in. */
  readonly accounts: Accounts
  /** Requests of members, and what is decided about them. */
  readonly requests: Requests
  /** Who did what by the server: sealed, and only ever added to. */
  readonly audit: AuditLog
  readonly loginMethods: LoginMethods
  /** Of members, and of the administrator who comes in by the start link. */
  readonly passwords: Passwords
  readonly passkeys: Passkeys
  /** Codes of an app, asked for after a password. */
  readonly secondFactors: SecondFactors
  /** Codes that prove a number: what a host's own sign-in is built on. */
  readonly codes: VerificationCodes
  /** The built-in sign-in of members of the built-in directory. */
  readonly signIn: SignIn
  /**
   * Makes the draft of a function a version, which callers get from now on. Throws `FlowError` (`NOT_FOUND`,
   * `GRAPH_NOT_READY` naming each error, `CONFLICT` where the draft is no longer at `revision`).
   */
  publish(
    functionName: string,
    request?: { revision?: number; note?: string; author?: Author; together?: boolean },
  ): FunctionVersion
  /** Answers once the run is on disk. Throws `FlowError` (`NOT_FOUND`, `GRAPH_NOT_READY`, `INPUT_INVALID`, …). */
  startRun(request: StartRun): Promise<RunHandle>
  getRun(id: string): Promise<Run | undefined>
  listRuns(filter: {
    function?: string | undefined
    status?: RunStatus | undefined
    before?: string | undefined
    limit: number
  }): Promise<RunSummary[]>
  /** Looks for runs, newest first: one page, which may hold less than was asked for and still have a `next`. */
  searchRuns(query: Partial<RunQuery>): Promise<RunPage>
  /** The function as it was for a run. Throws `FlowError` (`NOT_FOUND`). */
  runGraph(id: string): Promise<Graph>
  /**
   * Starts the function of a run once more with the same input. Throws `FlowError` (`NOT_FOUND`, `CONFLICT` for a test,
   * and what `startRun` throws).
   */
  runAgain(id: string, request: Pick<StartRun, 'version' | 'trigger' | 'idempotencyKey'>): Promise<RunHandle>
  /**
   * Goes on with a failed or cancelled run at the step that failed, as a new run on the same graph. Completed steps are
   * not executed again, and nobody whom the failed step has texted, or may have, is texted by it again.
   * Throws `FlowError` (`NOT_FOUND`, `CONFLICT` where there is nothing to go on with or another run does so already).
   */
  retryRun(id: string, trigger: RunSummary['trigger']): Promise<RunHandle>
  /** Calls back with the run as it stands, then with every change; returns the way to stop. */
  watchRun(id: string, listener: (event: RunEvent) => void): Promise<() => void>
  cancelRun(id: string): Promise<Run | undefined>
  /** Lets a run in quarantine go on. Throws `FlowError` (`CONFLICT`) where it is not in quarantine. */
  resumeRun(id: string): Promise<Run | undefined>
  /** Whether the data folder was restored from a backup, and what is held because of that. */
  readonly restored: RestoredRuns
  /**
   * Sends the failed messages of a finished step again; answers once it is durable which.
   * Throws `FlowError` (`NOT_FOUND`, `CONFLICT` while the step still sends).
   */
  retryFailed(runId: string, path: string, options?: Partial<RetryFailed>): Promise<RetryFailedResult>
  /** Shows what an SMS step would do, see `runtime/x-ray/x-ray.ts`. */
  xRay(request: XRayRequest): Promise<XRay>
  /** Sends the text of an SMS step to one number, see `runtime/x-ray/test-send.ts`. */
  testSend(request: TestSendRequest, idempotencyKey?: string): Promise<RunHandle>
  checkService(id: string): Promise<CredentialsCheck>
  describeTemplate(serviceId: string, code: string): Promise<ProviderTemplate | null>
  close(): Promise<void>
}

/**
 * Every error code and error class. Codes are public: never renamed, never reused.
 * Each code has a text in every file of `nodes/locales` (a test compares the lists).
 */
export const ErrorCode = {
  // the graph file
  GraphInvalid: 'GRAPH_INVALID',
  GraphTooNew: 'GRAPH_TOO_NEW',
  GraphTooLarge: 'GRAPH_TOO_LARGE',
  GraphNotReady: 'GRAPH_NOT_READY',
  // values and formulas
  FormulaSyntax: 'FORMULA_SYNTAX',
  FormulaUnknownName: 'FORMULA_UNKNOWN_NAME',
  FormulaUnknownFunction: 'FORMULA_UNKNOWN_FUNCTION',
  FormulaArguments: 'FORMULA_ARGUMENTS',
  FormulaType: 'FORMULA_TYPE',
  FormulaNumber: 'FORMULA_NUMBER',
  FormulaBudget: 'FORMULA_BUDGET',
  // running
  InputInvalid: 'INPUT_INVALID',
  /** The directory does not have whom the input names. */
  InputNotFound: 'INPUT_NOT_FOUND',
  ParameterMissing: 'PARAMETER_MISSING',
  NodeUnknown: 'NODE_UNKNOWN',
  StepBudget: 'STEP_BUDGET',
  Thrown: 'ERROR_THROWN',
  LoopInvalid: 'LOOP_INVALID',
  LoopTooLong: 'LOOP_TOO_LONG',
  ItemInvalid: 'ITEM_INVALID',
  WaitInvalid: 'WAIT_INVALID',
  CallFailed: 'CALL_FAILED',
  CallTooDeep: 'CALL_TOO_DEEP',
  /** A function that is to be started by another one is not there, or was never published. */
  FunctionMissing: 'FUNCTION_MISSING',
  RunCancelled: 'RUN_CANCELLED',
  RunQuarantined: 'RUN_QUARANTINED',
  /** Held: it was open in the backup that the server was restored from. */
  RunRestored: 'RUN_RESTORED',
  /** Not done by itself: it may have been done after the backup that the server was restored from. */
  RestoredUncertain: 'RESTORED_UNCERTAIN',
  NoRecipients: 'NO_RECIPIENTS',
  TooManyRecipients: 'TOO_MANY_RECIPIENTS',
  TooFewTexted: 'TOO_FEW_TEXTED',
  ServiceMissing: 'SERVICE_MISSING',
  TemplateVariableMissing: 'TEMPLATE_VARIABLE_MISSING',
  DryRunRefused: 'DRY_RUN_REFUSED',
  /** A debug run really sends, and a service of it is not the sandbox. */
  SandboxOnly: 'SANDBOX_ONLY',
  TemplateUnusable: 'TEMPLATE_UNUSABLE',
  // sending: each answers "was it sent?"
  SmsRejected: 'SMS_REJECTED',
  SmsThrottled: 'SMS_THROTTLED',
  SmsUnreachable: 'SMS_UNREACHABLE',
  SmsOutcomeUnknown: 'SMS_OUTCOME_UNKNOWN',
  // HTTP requests of a step: was it made?
  HttpRequestInvalid: 'HTTP_REQUEST_INVALID',
  HttpAddressRefused: 'HTTP_ADDRESS_REFUSED',
  HttpUnreachable: 'HTTP_UNREACHABLE',
  HttpNoAnswer: 'HTTP_NO_ANSWER',
  HttpOutcomeUnknown: 'HTTP_OUTCOME_UNKNOWN',
  HttpStatus: 'HTTP_STATUS',
  HttpRedirectRefused: 'HTTP_REDIRECT_REFUSED',
  HttpAnswerTooLarge: 'HTTP_ANSWER_TOO_LARGE',
  HttpAnswerUnreadable: 'HTTP_ANSWER_UNREADABLE',
  SecretMissing: 'SECRET_MISSING',
  SecretNotForHost: 'SECRET_NOT_FOR_HOST',
  // notifications into inboxes
  NotificationInvalid: 'NOTIFICATION_INVALID',
  // requests to the server
  BodyInvalid: 'BODY_INVALID',
  BodyTooLarge: 'BODY_TOO_LARGE',
  MediaTypeUnsupported: 'MEDIA_TYPE_UNSUPPORTED',
  NotFound: 'NOT_FOUND',
  NotSignedIn: 'NOT_SIGNED_IN',
  Forbidden: 'FORBIDDEN',
  TooManyTries: 'TOO_MANY_TRIES',
  CodeWrong: 'CODE_WRONG',
  PasswordWrong: 'PASSWORD_WRONG',
  PasskeyRefused: 'PASSKEY_REFUSED',
  Conflict: 'CONFLICT',
  VersionMismatch: 'VERSION_MISMATCH',
  InUse: 'IN_USE',
  IdempotencyMismatch: 'IDEMPOTENCY_MISMATCH',
  CsvInvalid: 'CSV_INVALID',
  Overloaded: 'OVERLOADED',
  // triggers: why a run was not started
  TriggerBusy: 'TRIGGER_BUSY',
  TriggerQueueFull: 'TRIGGER_QUEUE_FULL',
  TriggerCondition: 'TRIGGER_CONDITION',
  TriggerMissed: 'TRIGGER_MISSED',
  TriggerOff: 'TRIGGER_OFF',
  TriggerTooDeep: 'TRIGGER_TOO_DEEP',
  SignatureInvalid: 'SIGNATURE_INVALID',
  // the machine
  StoreLocked: 'STORE_LOCKED',
  StoreUnavailable: 'STORE_UNAVAILABLE',
  /** The reserve of the disk is kept for the outcomes of what is under way. */
  DiskSpaceLow: 'DISK_SPACE_LOW',
  AddressUnavailable: 'ADDRESS_UNAVAILABLE',
  SecretUnreadable: 'SECRET_UNREADABLE',
  Internal: 'INTERNAL',
} as const
export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode]

export interface ErrorDetails {
  /** What to do next, one sentence. */
  hint?: string | undefined
  /** Facts for the translated text, for example `{ name: 'device' }`. Never a secret, numbers masked. */
  params?: Record<string, string | number> | undefined
  cause?: unknown
}

/** The base of every error this product throws on purpose: a stable code, a message for people, a hint. */
export class FlowError extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly params: Record<string, string | number>

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = new.target.name
    this.code = code
    this.hint = details.hint
    this.params = details.params ?? {}
  }
}

/** A refusal of a saved graph or another document; `path` leads to the place, for example `nodes/3/params/template`. */
export class GraphError extends FlowError {
  readonly path: string

  constructor(code: ErrorCode, message: string, details: ErrorDetails & { path: string }) {
    super(code, message, details)
    this.path = details.path
  }
}

/** A formula that cannot be read or evaluated; `position` counts UTF-16 units from 0 in the source. */
export class FormulaError extends FlowError {
  readonly position: number
  readonly length: number

  constructor(
    code: ErrorCode,
    message: string,
    details: ErrorDetails & { position: number; length?: number },
  ) {
    super(code, message, details)
    this.position = details.position
    this.length = details.length ?? 1
  }
}

/** A text that was not taken; carries the provider and its own code word for word. */
export class SmsError extends FlowError {
  readonly provider: string | undefined
  readonly providerCode: string | undefined

  constructor(
    code: ErrorCode,
    message: string,
    details: ErrorDetails & { provider?: string | undefined; providerCode?: string | undefined } = {},
  ) {
    super(code, message, details)
    this.provider = details.provider
    this.providerCode = details.providerCode
  }
}

/** Several refused fields of one form or request body at once. */
export class FieldsError extends FlowError {
  readonly fields: FieldProblem[]

  constructor(code: ErrorCode, message: string, fields: FieldProblem[], details: ErrorDetails = {}) {
    super(code, message, details)
    this.fields = fields
  }
}
export interface FieldProblem {
  /** Path into the body, for example `settings/accountSid`. */
  path: string
  message: string
  /** Key below `validation.` in the locale files; absent where `message` is all there is. */
  key?: string | undefined
}

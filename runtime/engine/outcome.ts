import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { JsonObject } from '../../nodes/json.ts'
import type { MessageError, MessageState } from '../../nodes/messages.ts'
import { explainProviderCode } from '../../nodes/services/sms/explanations/index.ts'
import type { SendFailure, SendOutcome } from '../../nodes/services/sms/provider.ts'

/** The ledger state that an outcome without a further attempt leads to. */
export function finalState(outcome: SendOutcome): MessageState {
  switch (outcome.state) {
    case 'accepted':
      return 'accepted'
    case 'unknown':
      return 'unknown'
    case 'rejected':
    case 'throttled':
    case 'unreachable':
      return 'rejected'
  }
}

const codes = {
  rejected: ErrorCode.SmsRejected,
  throttled: ErrorCode.SmsThrottled,
  unreachable: ErrorCode.SmsUnreachable,
  unknown: ErrorCode.SmsOutcomeUnknown,
} as const

/** Why a message was not accepted: the provider's code, its plain meaning, and what to change. */
export function messageError(outcome: Exclude<SendOutcome, { state: 'accepted' }>): MessageError {
  const { error } = outcome
  const explanation = explainProviderCode(error.provider, error.providerCode, 'en')
  return {
    code: codes[outcome.state],
    provider: error.provider,
    providerCode: error.providerCode,
    about: error.about,
    message: explanation?.cause ?? error.message,
    ...(explanation && { hint: explanation.remedy }),
  }
}

/** What a refused or uncertain attempt leaves in the ledger as evidence. */
export function evidence({ providerCode, httpStatus, requestId, message }: SendFailure): JsonObject {
  return {
    providerCode,
    message,
    ...(httpStatus !== undefined && { httpStatus }),
    ...(requestId !== undefined && { requestId }),
  }
}

/** Why nothing was sent where a service cannot be opened; `params.cause` is the code of that. @throws whatever is no FlowError */
export function configurationError(error: unknown): MessageError {
  if (!(error instanceof FlowError)) throw error
  return {
    code: ErrorCode.SmsRejected,
    about: 'configuration',
    message: error.message,
    ...(error.hint !== undefined && { hint: error.hint }),
    params: { ...error.params, cause: error.code },
  }
}

import type { Socket } from 'node:net'
import type { FastifyReply } from 'fastify'
import type { ProblemDocument } from '../../nodes/api/routes.ts'
import { ErrorCode, FieldsError, FlowError, GraphError } from '../../nodes/errors.ts'
import { fillText } from '../../nodes/locales/fill-text.ts'
import en from '../../nodes/locales/en.json' with { type: 'json' }
import { securityHeaders } from './security-headers.ts'

/** The HTTP status of each code. Codes of things that happen inside a run rarely get here. */
const statuses: Record<ErrorCode, number> = {
  GRAPH_INVALID: 400,
  GRAPH_TOO_NEW: 400,
  GRAPH_TOO_LARGE: 413,
  GRAPH_NOT_READY: 409,
  FORMULA_SYNTAX: 400,
  FORMULA_UNKNOWN_NAME: 400,
  FORMULA_UNKNOWN_FUNCTION: 400,
  FORMULA_ARGUMENTS: 400,
  FORMULA_TYPE: 400,
  FORMULA_NUMBER: 400,
  FORMULA_BUDGET: 400,
  INPUT_INVALID: 400,
  INPUT_NOT_FOUND: 422,
  PARAMETER_MISSING: 409,
  NODE_UNKNOWN: 409,
  STEP_BUDGET: 409,
  ERROR_THROWN: 409,
  LOOP_INVALID: 409,
  LOOP_TOO_LONG: 409,
  ITEM_INVALID: 409,
  WAIT_INVALID: 409,
  CALL_FAILED: 409,
  CALL_TOO_DEEP: 409,
  FUNCTION_MISSING: 404,
  RUN_CANCELLED: 409,
  RUN_QUARANTINED: 409,
  RUN_RESTORED: 409,
  RESTORED_UNCERTAIN: 409,
  NO_RECIPIENTS: 409,
  TOO_MANY_RECIPIENTS: 409,
  TOO_FEW_TEXTED: 409,
  SERVICE_MISSING: 409,
  TEMPLATE_VARIABLE_MISSING: 409,
  DRY_RUN_REFUSED: 409,
  SANDBOX_ONLY: 409,
  TEMPLATE_UNUSABLE: 409,
  SMS_REJECTED: 502,
  SMS_THROTTLED: 503,
  SMS_UNREACHABLE: 502,
  SMS_OUTCOME_UNKNOWN: 502,
  HTTP_REQUEST_INVALID: 409,
  HTTP_ADDRESS_REFUSED: 409,
  HTTP_UNREACHABLE: 502,
  HTTP_NO_ANSWER: 502,
  HTTP_OUTCOME_UNKNOWN: 502,
  HTTP_STATUS: 502,
  HTTP_REDIRECT_REFUSED: 502,
  HTTP_ANSWER_TOO_LARGE: 502,
  HTTP_ANSWER_UNREADABLE: 502,
  SECRET_MISSING: 409,
  SECRET_NOT_FOR_HOST: 409,
  NOTIFICATION_INVALID: 422,
  BODY_INVALID: 400,
  BODY_TOO_LARGE: 413,
  MEDIA_TYPE_UNSUPPORTED: 415,
  NOT_FOUND: 404,
  NOT_SIGNED_IN: 401,
  FORBIDDEN: 403,
  TOO_MANY_TRIES: 429,
  CODE_WRONG: 422,
  PASSWORD_WRONG: 422,
  PASSKEY_REFUSED: 422,
  CONFLICT: 409,
  VERSION_MISMATCH: 412,
  IN_USE: 409,
  IDEMPOTENCY_MISMATCH: 422,
  CSV_INVALID: 400,
  OVERLOADED: 503,
  DISK_SPACE_LOW: 503,
  TRIGGER_BUSY: 409,
  TRIGGER_QUEUE_FULL: 503,
  TRIGGER_CONDITION: 409,
  TRIGGER_MISSED: 409,
  TRIGGER_OFF: 409,
  TRIGGER_TOO_DEEP: 409,
  SIGNATURE_INVALID: 401,
  STORE_LOCKED: 503,
  STORE_UNAVAILABLE: 503,
  ADDRESS_UNAVAILABLE: 500,
  SECRET_UNREADABLE: 500,
  INTERNAL: 500,
}

/** Codes of Fastify's own refusals. @see https://fastify.dev/docs/latest/Reference/Errors/ */
const frameworkCodes: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ErrorCode.BodyTooLarge,
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ErrorCode.MediaTypeUnsupported,
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ErrorCode.BodyInvalid,
  FST_ERR_CTP_EMPTY_JSON_BODY: ErrorCode.BodyInvalid,
  FST_ERR_BAD_URL: ErrorCode.NotFound,
}

/**
 * The problem document (RFC 9457) of any error. What was not thrown on purpose becomes `INTERNAL` without details.
 *
 * @param facts for the text of a refusal by Fastify itself: `{ limit }` of the body
 */
export function problemOf(error: unknown, facts: FlowError['params'] = {}): ProblemDocument {
  const refusal = error instanceof FlowError ? error : refusalOf(error, facts)
  const { code, hint, message, params } = refusal
  const texts: { title: string; hint: string } = en.errors[code]
  const shownHint = hint ?? fillText(texts.hint, params)
  return {
    type: `urn:sms-logic:error:${code}`,
    title: fillText(texts.title, params),
    status: statuses[code],
    code,
    detail: message,
    ...(shownHint !== '' && { hint: shownHint }),
    ...(Object.keys(params).length > 0 && { params }),
    ...(refusal instanceof GraphError && { path: refusal.path }),
    ...(refusal instanceof FieldsError && { fields: refusal.fields }),
  }
}

function refusalOf(error: unknown, facts: FlowError['params']): FlowError {
  const code = frameworkCodes[(error as { code?: string } | null)?.code ?? ''] ?? ErrorCode.Internal
  const params = code === ErrorCode.BodyTooLarge ? facts : {}
  return new FlowError(code, fillText(en.errors[code].title, params), { params })
}

export function answerProblem(problem: ProblemDocument, reply: FastifyReply): FastifyReply {
  reply.headers(securityHeaders).code(problem.status).type(PROBLEM_TYPE)
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer')
  if (problem.status === 429) reply.header('retry-after', problem.params?.seconds ?? 60)
  if (problem.status === 503) reply.header('retry-after', 1)
  return reply.send(JSON.stringify(problem))
}

/** Answers what is not even HTTP, or too slow, or has too large a header, and hangs up. */
export function answerMalformed(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const [status, words] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? [431, 'Request Header Fields Too Large']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? [408, 'Request Timeout']
        : [400, 'Bad Request']
  const body = JSON.stringify({ ...problemOf(new FlowError(ErrorCode.BodyInvalid, words)), status })
  socket.end(
    `HTTP/1.1 ${status} ${words}\r\nContent-Type: ${PROBLEM_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
      `Connection: close\r\n\r\n${body}`,
  )
}

const PROBLEM_TYPE = 'application/problem+json; charset=utf-8'

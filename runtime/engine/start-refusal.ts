import type { RunError } from '../../nodes/api/runs.ts'
import { ErrorCode, FieldsError, FlowError } from '../../nodes/errors.ts'

/** The server takes no run at the moment, and will. */
export function isPassing(error: unknown): boolean {
  return error instanceof FlowError && passing.has(error.code)
}
const passing: ReadonlySet<string> = new Set([
  ErrorCode.Overloaded,
  ErrorCode.DiskSpaceLow,
  ErrorCode.StoreUnavailable,
])

/** Of a function that another one starts: a caller of the server gets `NOT_FOUND`, but here it is the graph that is wrong. */
export function asMissing(error: unknown, name: string): unknown {
  if (!(error instanceof FlowError) || error.code !== ErrorCode.NotFound) return error
  return new FlowError(ErrorCode.FunctionMissing, error.message, {
    hint: 'Choose another function where it is named, or publish one of this name.',
    params: { name },
    cause: error,
  })
}

/** Why a start was refused. Of an error that nobody foresaw the class is enough: its message may hold anything. */
export function reasonOf(error: unknown): RunError {
  if (!(error instanceof FlowError)) {
    return { code: ErrorCode.Internal, message: 'Something unexpected happened on the server' }
  }
  const { code, message, hint } = error
  const params = { ...error.params, ...(error instanceof FieldsError && namesOf(error)) }
  return {
    code,
    message,
    ...(hint !== undefined && { hint }),
    ...(Object.keys(params).length > 0 && { params }),
  }
}

/** The inputs that do not fit, for the log. */
function namesOf({ code, fields }: FieldsError): { fields?: string } {
  const isOfInput = code === ErrorCode.InputInvalid || code === ErrorCode.InputNotFound
  return isOfInput ? { fields: fields.map(({ path }) => path).join(', ') } : {}
}

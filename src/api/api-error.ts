import { problemDocument, type ProblemDocument } from '../../nodes/api/routes.ts'
import type { FieldProblem } from '../../nodes/errors.ts'

/** Codes that only this side knows: no answer came, or one that cannot be read. */
export const ClientErrorCode = { Offline: 'OFFLINE', AnswerUnreadable: 'ANSWER_UNREADABLE' } as const

/** A request that did not succeed: the server's problem document, or the lack of an answer. */
export class ApiError extends Error {
  readonly code: string
  /** HTTP status; 0 where no answer came. */
  readonly status: number
  readonly hint: string | undefined
  readonly params: Record<string, string | number>
  readonly path: string | undefined
  /** Refused fields of a form; paths into the body, for example `settings/accountSid`. */
  readonly fields: readonly FieldProblem[]

  constructor(
    problem: Pick<ProblemDocument, 'code' | 'status' | 'detail'> & Partial<ProblemDocument>,
    options?: { cause: unknown },
  ) {
    super(problem.detail, options)
    this.name = 'ApiError'
    this.code = problem.code
    this.status = problem.status
    this.hint = problem.hint
    this.params = problem.params ?? {}
    this.path = problem.path
    this.fields = problem.fields ?? []
  }
}

/** Reads the error out of an answer that is not a success, whoever gave it (a proxy speaks no problem documents). */
export async function readProblem(response: Response): Promise<ApiError> {
  const problem = problemDocument.safeParse(await response.json().catch(() => null))
  if (problem.success) return new ApiError(problem.data)
  return new ApiError({
    code: ClientErrorCode.AnswerUnreadable,
    status: response.status,
    detail: `The server answered ${response.status} without saying why`,
  })
}

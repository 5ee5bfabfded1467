import { ErrorCode, GraphError } from '../errors.ts'
import en from '../locales/en.json' with { type: 'json' }
import { fillText } from '../locales/fill-text.ts'

type Reason = keyof typeof en.errors.GRAPH_INVALID.reasons

/** A refusal of a graph file. Its texts in every language are `errors.GRAPH_INVALID.reasons.<reason>`. */
export function invalidGraph(
  reason: Reason,
  path: readonly PropertyKey[],
  params: Record<string, string | number> = {},
  cause?: unknown,
): GraphError {
  const { reasons, hint } = en.errors.GRAPH_INVALID
  return new GraphError(ErrorCode.GraphInvalid, fillText(reasons[reason], params), {
    path: path.map(String).join('/'),
    hint,
    params: { ...params, reason },
    cause,
  })
}

export function graphTooLarge(limit: number, cause: unknown): GraphError {
  const { title, hint } = en.errors.GRAPH_TOO_LARGE
  return new GraphError(ErrorCode.GraphTooLarge, title, {
    path: '',
    hint: fillText(hint, { limit }),
    params: { limit },
    cause,
  })
}

export function graphTooNew(format: number, known: number): GraphError {
  const { title, hint } = en.errors.GRAPH_TOO_NEW
  const params = { format, known }
  return new GraphError(ErrorCode.GraphTooNew, fillText(title, params), { path: 'format', hint, params })
}

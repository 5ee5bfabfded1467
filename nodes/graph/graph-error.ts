import { ErrorCode, GraphError } from '../errors.ts'
import en from '../locales/en.json' with { type: 'json' }
import { fillText } from '../locales/fill-text.ts'

type Reason = keyof typeof en.errors.GRAPH_INVALID.reasons

/** Longer facts are cut: a key or an id of a file from outside may be megabytes long. */
const LONGEST_FACT = 200

/** A refusal of a graph file. Its texts in every language are `errors.GRAPH_INVALID.reasons.<reason>`. */
export function invalidGraph(
  reason: Reason,
  path: readonly PropertyKey[],
  params: Record<string, string | number> = {},
  cause?: unknown,
): GraphError {
  const { reasons, hint } = en.errors.GRAPH_INVALID
  const facts = Object.fromEntries(
    Object.entries(params).map(([name, fact]) => [name, typeof fact === 'string' ? cut(fact) : fact]),
  )
  return new GraphError(ErrorCode.GraphInvalid, fillText(reasons[reason], facts), {
    path: cut(path.map(String).join('/')),
    hint,
    params: { ...facts, reason },
    cause,
  })
}

function cut(text: string): string {
  return text.length <= LONGEST_FACT ? text : `${text.slice(0, LONGEST_FACT)}…`
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

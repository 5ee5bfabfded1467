import type { NodeDefinition } from '../define.ts'
import { findValues } from '../values/find-values.ts'
import type { Finding } from '../values/types/finding.ts'
import type { GraphNames } from '../values/types/infer-graph.ts'
import { checkValueShape } from '../values/types/infer-value.ts'
import type { Value } from '../values/value.ts'
import type { CheckContext, Problem } from './problems.ts'
import type { GraphNode } from './schema.ts'

/** Characters of a formula that are repeated where it is spoken of. */
const LONGEST_QUOTE = 60

/** Values that fail at a node for certain (`error`), or on some ways to it (`warning`): the first of each value. */
export function shapeProblems(
  node: GraphNode,
  definition: NodeDefinition,
  known: GraphNames,
  context: Pick<CheckContext, 'functions'>,
): Problem[] {
  const names = known.at(node.id)
  if (!names) return []
  const parsed = definition.params.safeParse(node.params)
  if (!parsed.success) return []
  return findValues(node.params).flatMap(({ value, path }): Problem[] => {
    const isInBody = definition.bodyValues?.includes(path.split('/')[0]!) === true
    const namesHere = isInBody ? known.inBodies(node.id) : names
    if (!namesHere) return []
    const [first] = checkValueShape(value, namesHere, definition.wants?.(path, parsed.data, context))
    if (!first) return []
    const problem = findingProblem(first, value, path)
    // where an error is caught, it may be meant
    return [known.isCaught(node.id) ? { ...problem, severity: 'warning' } : problem]
  })
}

/** A finding as an entry of the problems list. */
export function findingProblem(finding: Finding, value: Value, field: string): Problem {
  const { certain, reason, place } = finding
  return {
    severity: certain ? 'error' : 'warning',
    key: `value.${reason}`,
    params: {
      name: quote(value, place.position, place.length),
      ...(finding.field !== undefined && { fieldName: finding.field }),
      position: place.position,
      length: place.length,
    },
    field,
  }
}

function quote(value: Value, position: number, length: number): string {
  const text =
    value.kind === 'fixed'
      ? JSON.stringify(value.value)
      : value.kind === 'variable'
        ? value.path
        : value.source.slice(position, position + length)
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text
}

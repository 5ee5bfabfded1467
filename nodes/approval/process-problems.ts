import type { CheckContext, Problem } from '../graph/problems.ts'
import type { Graph } from '../graph/schema.ts'
import { checkValue } from '../values/evaluate-value.ts'
import type { Value } from '../values/value.ts'
import { INITIATOR } from './process.ts'
import { smsSwitchProblems } from './sms-text.ts'

/** What is wrong with the settings that make a graph an approval process. Its values know nothing but the inputs. */
export function processProblems(
  graph: Graph,
  around: Pick<CheckContext, 'services' | 'templates'>,
): Problem[] {
  const { process, inputs } = graph
  if (!process) return []
  const hasInitiator = inputs.some(
    ({ name, type, required }) => name === INITIATOR && type === 'member' && required,
  )
  const names = new Set(inputs.map(({ name }) => name))
  const values: [string, Value][] = [
    ['title', process.title],
    ...Object.entries(process.sms ? process.variables : {}).map(([name, value]): [string, Value] => [
      `variables/${name}`,
      value,
    ]),
  ]
  // no node has these settings: their place is the graph itself
  const context = {
    ...around,
    graph,
    names,
    node: { id: '', type: '', typeVersion: 1, params: {}, position: { x: 0, y: 0 } },
  }
  return [
    ...(hasInitiator ? [] : [{ severity: 'error', key: 'processInitiatorMissing' } as const]),
    ...values.flatMap(([field, value]): Problem[] => {
      const error = checkValue(value, names)
      if (!error) return []
      const { reason, ...facts } = error.params
      const position = { position: error.position, length: error.length }
      return [
        {
          severity: 'error',
          key: `formula.${reason}`,
          params: { ...facts, ...position },
          field: `process/${field}`,
        },
      ]
    }),
    ...smsSwitchProblems(process, context).map((problem) => ({
      ...problem,
      field: `process/${problem.field}`,
    })),
  ]
}

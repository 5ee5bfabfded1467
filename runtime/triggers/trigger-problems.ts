import type { TriggerProblem } from '../../nodes/api/triggers.ts'
import { FieldsError, FlowError } from '../../nodes/errors.ts'
import type { Graph } from '../../nodes/graph/schema.ts'
import { translate } from '../../nodes/locales/index.ts'
import { checkTriggerInputs, triggerNames } from '../../nodes/triggers/check-inputs.ts'
import { checkFormula } from '../../nodes/values/formula/formula.ts'
import type { FunctionStore } from '../elements/functions.ts'
import type { StoredTrigger } from './trigger-store.ts'

/** What keeps a trigger from starting its function, as far as it is known before somebody sets it off. */
export function triggerProblems(
  { functionName, settings }: StoredTrigger,
  functions: FunctionStore,
  expectReady: (graph: Graph) => void,
): TriggerProblem[] {
  const graph = functions.graph(functionName)
  const problems = notReady(graph, expectReady)
  for (const { key, params, field } of checkTriggerInputs(settings, graph.inputs)) {
    problems.push(problem(`problems.${key}`, params, field))
  }
  if (settings.kind === 'event' && settings.condition !== '') {
    const error = checkFormula(settings.condition, triggerNames('event'))
    if (error) problems.push(problem(`problems.formula.${error.params['reason']}`, error.params, 'condition'))
  }
  if (settings.kind === 'after-function') {
    const followed = functions.list().find(({ name }) => name === settings.after)
    if (!followed) problems.push(problem('problems.functionMissing', { name: settings.after }, 'after'))
    else if (followed.published === null) {
      problems.push(problem('problems.followedNotPublished', { name: followed.title }, 'after'))
    }
  }
  return problems
}

function notReady(graph: Graph, expectReady: (graph: Graph) => void): TriggerProblem[] {
  try {
    expectReady(graph)
    return []
  } catch (error) {
    if (!(error instanceof FlowError)) throw error
    const count = error instanceof FieldsError ? error.fields.length : 1
    return [problem(`errors.${error.code}.title`, { ...error.params, count })]
  }
}

function problem(key: string, params: TriggerProblem['params'] = {}, field?: string): TriggerProblem {
  return { key, message: translate('en', key, params), params, ...(field !== undefined && { field }) }
}

import type { Problem } from '../../../nodes/graph/problems.ts'
import type { Translate } from '../../i18n/index.ts'

/** A problem as it stands at its field, where the label already says which one. */
export function fieldProblemText(problem: Problem, t: Translate): string {
  if (problem.key === 'paramRequired') return t('validation.required')
  if (problem.key === 'paramInvalid') return t('validation.invalid')
  return t(`problems.${problem.key}`, problem.params)
}

/** A problem as it stands in the list; a parameter goes by its label there. */
export function problemText(problem: Problem, nodeType: string | undefined, t: Translate): string {
  const param = problem.field?.split('/')[0]
  const field = param && nodeType ? t(`nodes.${nodeType}.params.${param}.label`) : (problem.field ?? '')
  return t(`problems.${problem.key}`, { ...problem.params, ...(problem.params?.field && { field }) })
}

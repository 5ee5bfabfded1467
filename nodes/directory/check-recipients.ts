import type { CheckContext, Problem } from '../graph/problems.ts'
import { recipientValueProblem } from './check-recipient-value.ts'
import type { Recipient } from './schema.ts'

/** What is wrong with the recipients of a step, as far as it is known before a run. */
export function recipientProblems(recipients: readonly Recipient[], context: CheckContext): Problem[] {
  const { members, departments, roles, organisationRoles } = context
  const known = {
    member: { ids: members, key: 'memberMissing' },
    department: { ids: departments, key: 'departmentMissing' },
    leaders: { ids: departments, key: 'departmentMissing' },
    role: { ids: roles, key: 'roleMissing' },
    'organisation-role': { ids: organisationRoles, key: 'roleMissing' },
  }
  return recipients.flatMap((each, index): Problem[] => {
    if (each.kind === 'value') {
      const problem = recipientValueProblem(each.value, context.graph.inputs)
      return problem ? [{ ...problem, field: `recipients/${index}/value` }] : []
    }
    const { ids, key } = known[each.kind]
    return !ids || ids.has(each.id) ? [] : [{ severity: 'warning', key, field: `recipients/${index}` }]
  })
}

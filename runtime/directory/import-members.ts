import type { ImportResult } from '../../nodes/api/directory.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { LocalDirectory } from './local-directory.ts'
import { planImport } from './plan-import.ts'
import { readMembersCsv } from './read-members-csv.ts'

/** An answer lists this many lines of a kind; a file with more is usually another file. */
const MAX_LISTED = 500

export interface ImportOptions {
  /** Only says what would happen. */
  dryRun?: boolean | undefined
  /** `revision` of an earlier answer: refuses where the directory changed since then. */
  revision?: string | undefined
}

/**
 * Takes over members from CSV: all of them or, where one line is refused, none. Departments and organisation roles
 * that do not exist are made. A line is matched with a member by `MemberMatcher`; an empty cell leaves what the member has.
 *
 * @throws FlowError `CSV_INVALID` where the file is too long, `CONFLICT` where the directory changed in between
 */
export async function importMembers(
  directory: LocalDirectory,
  text: string,
  options: ImportOptions = {},
): Promise<ImportResult> {
  const { revision } = directory
  const { lines, refused } = await readMembersCsv(text, directory.organisation.current.country)
  if (options.revision !== undefined && options.revision !== revision) throw changedInBetween()
  const plan = await planImport(lines, directory)
  if (directory.revision !== revision) throw changedInBetween()
  const problems = [...refused, ...plan.refused].sort((a, b) => a.line - b.line)

  const applied = problems.length === 0 && !options.dryRun
  if (applied) await directory.import(plan, revision)
  const added = plan.changes.filter(({ isNew }) => isNew).length
  return {
    applied,
    revision: directory.revision,
    added,
    changed: plan.changes.length - added,
    unchanged: plan.unchanged,
    changes: [
      ...plan.changes.filter(({ isNew }) => isNew).slice(0, MAX_LISTED),
      ...plan.changes.filter(({ isNew }) => !isNew).slice(0, MAX_LISTED),
    ],
    newDepartments: plan.departmentPaths.slice(0, MAX_LISTED),
    newOrganisationRoles: plan.organisationRoles.slice(0, MAX_LISTED).map(({ name }) => name),
    refused: problems.slice(0, MAX_LISTED),
    warnings: plan.warnings.slice(0, MAX_LISTED),
  }
}

export function changedInBetween(): FlowError {
  return new FlowError(ErrorCode.Conflict, 'The directory changed while the file was being looked at', {
    hint: 'Look at the preview again, then import.',
  })
}

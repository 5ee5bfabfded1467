import { apiTokenTables } from './tables/api-tokens.ts'
import { auditTables } from './tables/audit.ts'
import { approvalTables } from './tables/approvals.ts'
import { codeUseColumn } from './tables/code-use.ts'
import { deliveryTables } from './tables/delivery.ts'
import { directoryTables } from './tables/directory.ts'
import { dryRunColumn } from './tables/dry-run.ts'
import { elementTables } from './tables/elements.ts'
import { functionVersionTables } from './tables/function-versions.ts'
import { httpTables } from './tables/http.ts'
import { ledgerTables } from './tables/ledger.ts'
import { heldResendColumn } from './tables/held-resend.ts'
import { inboxTable } from './tables/inbox.ts'
import { memberImportTable } from './tables/member-import.ts'
import { messageSearchTables } from './tables/message-search.ts'
import { messageTemplateTables } from './tables/message-templates.ts'
import { onErrorReasonColumn } from './tables/on-error-reason.ts'
import { organisationTables } from './tables/organisation.ts'
import { providerTextTable } from './tables/provider-texts.ts'
import { passkeyTables } from './tables/passkeys.ts'
import { passwordTables } from './tables/passwords.ts'
import { quarantineTables } from './tables/quarantine.ts'
import { restorationTable } from './tables/restoration.ts'
import { runRemovalTable } from './tables/run-removal.ts'
import { runRows } from './tables/run-rows.ts'
import { runSearchTables } from './tables/run-search.ts'
import { runSourceTables } from './tables/run-source.ts'
import { runTriggerColumn } from './tables/run-trigger.ts'
import { scimTables } from './tables/scim.ts'
import { loginTables } from './tables/login.ts'
import { parkedRunColumns } from './tables/parked-run.ts'
import { redeliveryTables } from './tables/redelivery.ts'
import { secondFactorTables } from './tables/second-factors.ts'
import { sendLimitTables } from './tables/send-limits.ts'
import { sendPolicyTables } from './tables/send-policy.ts'
import { sessionTables } from './tables/sessions.ts'
import { triggerTables } from './tables/triggers.ts'
import { tryItTable } from './tables/try-it.ts'

/** The steps of the store, oldest first. A released step is never changed: a change is one more step. */
export const migrations: readonly string[] = [
  [ledgerTables, elementTables, directoryTables, sessionTables].join('\n'),
  sendPolicyTables,
  messageTemplateTables,
  deliveryTables,
  dryRunColumn,
  organisationTables,
  messageSearchTables,
  sendLimitTables,
  memberImportTable,
  runSearchTables,
  scimTables,
  redeliveryTables,
  heldResendColumn,
  functionVersionTables,
  quarantineTables,
  httpTables,
  parkedRunColumns,
  runTriggerColumn,
  triggerTables,
  runSourceTables,
  tryItTable,
  inboxTable,
  onErrorReasonColumn,
  runRemovalTable,
  loginTables,
  auditTables,
  apiTokenTables,
  approvalTables,
  codeUseColumn,
  runRows,
  providerTextTable,
  passwordTables,
  secondFactorTables,
  passkeyTables,
  restorationTable,
]

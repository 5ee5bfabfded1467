import type { AuditEntry, AuditFilter } from '../../../nodes/api/audit.ts'
import type { AuditLog } from '../../audit/audit-log.ts'
import { CSV_START, csvLine } from '../../csv.ts'
import type { Runtime } from '../../runtime.ts'
import type { Handlers } from '../handler.ts'

export function auditHandlers({ audit }: Runtime) {
  return {
    listAudit: ({ query }) => audit.page(query),
    checkAudit: () => audit.check(),
    exportAudit: ({ query }) => ({ name: 'audit.csv', parts: csvOf(audit, query) }),
  } satisfies Partial<Handlers>
}

const columns =
  'id,time,who,whoId,whoName,device,session,address,thing,verb,outcome,target,targetName,detail,seal'

async function* csvOf(audit: AuditLog, filter: AuditFilter): AsyncGenerator<string> {
  yield `${CSV_START}${columns}\r\n`
  for await (const entries of audit.all(filter)) yield entries.map(lineOf).join('')
}

function lineOf({ id, time, who, thing, verb, outcome, target, detail, seal }: AuditEntry): string {
  const facts = Object.entries(detail ?? {}).map(([name, value]) => `${name}: ${value}`)
  return csvLine([
    ...[id, time, who.kind, who.id, who.name, who.device, who.session, who.address],
    ...[thing, verb, outcome, target?.id, target?.name, facts.join('; '), seal],
  ])
}

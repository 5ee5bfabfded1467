import { existsSync } from 'node:fs'
import path from 'node:path'
import { auditCheck } from '../../nodes/api/audit.ts'
import type { AuditCheck } from '../../nodes/api/audit.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import { AuditLog, auditKey } from '../audit/audit-log.ts'
import { readMasterKey } from '../secrets/master-key.ts'
import type { Environment } from '../secrets/master-key.ts'
import { openDataFolder } from '../store/data-folder.ts'
import { systemSurroundings } from '../surroundings.ts'
import { askServer } from './ask-server.ts'
import { findServer } from './server-file.ts'

export interface AuditOptions {
  json: boolean
  data: string
  environment: Environment
  print: (text: string) => void
}

/** Checks the seals of the audit log: the server is asked where one has the store, else it is only read. */
export async function auditVerifyCommand(options: AuditOptions): Promise<number> {
  const { json, data, print } = options
  if (!existsSync(path.join(data, 'sms-logic.db'))) {
    throw new FlowError(ErrorCode.NotFound, `There is no data folder ${data}`, {
      hint: 'Give the folder that the server works on with --data.',
    })
  }
  const check = await checkOf(options)
  print(json ? `${JSON.stringify(check, null, 2)}\n` : asText(check))
  return check.isWhole ? 0 : 1
}

async function checkOf({ data, environment }: AuditOptions): Promise<AuditCheck> {
  let folder: ReturnType<typeof openDataFolder>
  try {
    folder = openDataFolder(data)
  } catch (error) {
    const server = error instanceof FlowError && error.code === ErrorCode.StoreLocked && findServer(data)
    if (!server) throw error
    return askServer(server, auditCheck, '/api/audit/check')
  }
  try {
    const key = auditKey(readMasterKey(environment, data))
    return await new AuditLog({
      database: folder.database,
      surroundings: systemSurroundings(),
      key,
    }).check()
  } finally {
    await folder.close()
  }
}

function asText({ isWhole, entries, broken, cut, seal }: AuditCheck): string {
  const lines = [
    isWhole ? `The audit log is whole: ${entries} entries` : `The audit log is broken at ${reason(broken!)}`,
    ...(cut ? [`Entries up to ${cut.through} (${cut.time}) were removed because of their age`] : []),
    ...(isWhole && seal !== '' ? [`Seal of the newest entry: ${seal}`] : []),
  ]
  return lines.map((line) => `${line}\n`).join('')
}

function reason({ id, why }: NonNullable<AuditCheck['broken']>): string {
  switch (why) {
    case 'changed':
      return `entry ${id}: it, or the one before, was changed, or was sealed with another SMS_LOGIC_KEY`
    case 'missing':
      return `entry ${id}: it is missing`
    case 'end-missing':
      return `entry ${id}: it and those after it are missing, or the note of the newest entry was changed`
    case 'anchor':
      return `entry ${id}: the note of what was removed because of its age was changed`
  }
}

import path from 'node:path'
import { findServer } from '../cli/server-file.ts'
import type { Environment } from '../secrets/master-key.ts'
import { Database } from '../store/database.ts'
import { readDiskReserve } from '../store/disk-reserve.ts'
import type { Finding } from './finding.ts'
import { failed } from './finding.ts'
import { checkClock, checkDisk, checkFolder, checkNode, checkPort } from './machine-checks.ts'
import { checkHeld, checkIntegrity, checkVersion, checkWithKey, newestMoment } from './store-checks.ts'

export interface Examination {
  data: string
  host: string
  port: number
  /** Also asks the providers. */
  isOnline: boolean
  environment: Environment
}

/** Looks at a server, its data folder and what surrounds it. Nothing is written, so a server may work meanwhile. */
export async function examine({ data, host, port, isOnline, environment }: Examination): Promise<Finding[]> {
  const folder = checkFolder(data)
  const findings = [checkNode(process.versions.node), folder]
  const portFinding = checkPort(host, port, findServer(data))
  if (folder.state === 'fail') return [...findings, await portFinding]
  findings.push(checkDisk(data, readDiskReserve(environment)))
  let database: Database | undefined
  try {
    database = new Database(path.join(data, 'sms-logic.db'), { isReadOnly: true })
    const version = checkVersion(database)
    const integrity = checkIntegrity(database)
    findings.push(version, integrity)
    // the statements of another version do not fit, and what is damaged gives no reliable answers
    if (version.state === 'ok' && integrity.state === 'ok') {
      findings.push(
        checkClock(Date.now(), newestMoment(database)),
        checkHeld(database),
        ...(await checkWithKey(database, { environment, folder: data, isOnline })),
      )
    }
  } catch (error) {
    findings.push(failed('store', error))
  } finally {
    database?.close()
  }
  return [...findings, await portFinding]
}

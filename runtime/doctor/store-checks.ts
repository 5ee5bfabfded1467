import { SANDBOX_ENDPOINT } from '../../nodes/services/sms/common.ts'
import { AuditLog, auditKey } from '../audit/audit-log.ts'
import { FunctionStore } from '../elements/functions.ts'
import { SecretStore } from '../elements/secrets.ts'
import { SmsServiceStore } from '../elements/sms-services.ts'
import { openSmsProvider } from '../providers/sms/index.ts'
import { existingMasterKey } from '../secrets/master-key.ts'
import type { Environment } from '../secrets/master-key.ts'
import { SecretReferences } from '../secrets/secret-references.ts'
import { Vault } from '../secrets/vault.ts'
import type { Database } from '../store/database.ts'
import { migrations } from '../store/migrations.ts'
import { systemSurroundings } from '../surroundings.ts'
import { fail, failed, ok, warn } from './finding.ts'
import type { Finding } from './finding.ts'

export function checkVersion({ version }: Database): Finding {
  const known = migrations.length
  if (version === known) return ok('store', `Store ${version}, as this version has it`)
  if (version > known) {
    return fail(
      'store',
      `Store ${version} is of a newer version, this one knows ${known}`,
      'Use the newer version.',
    )
  }
  const remedy =
    'Take a backup with the version that works on it; the next start brings the store up to date.'
  return warn('store', `Store ${version} is of an older version, this one has ${known}`, remedy)
}

export function checkIntegrity(database: Database): Finding {
  const remedy = 'Stop the server, keep a copy of the folder, and restore the latest backup into a new one.'
  try {
    const [quick] = database.prepare('PRAGMA quick_check(1)').all() as { quick_check: string }[]
    if (quick?.quick_check !== 'ok')
      return fail('integrity', `The store is damaged: ${quick?.quick_check}`, remedy)
    const orphans = database.prepare('PRAGMA foreign_key_check').all()
    if (orphans.length === 0) return ok('integrity', 'The store is whole')
    return fail(
      'integrity',
      `Rows of ${String(orphans[0]!['table'])} belong to nothing: ${orphans.length}`,
      remedy,
    )
  } catch (error) {
    return fail('integrity', `The store cannot be read: ${(error as Error).message}`, remedy)
  }
}

/** Runs in quarantine and messages that only a person can settle. */
export function checkHeld(database: Database): Finding {
  const count = (sql: string) => (database.prepare(sql).get() as { count: number }).count
  const runs = count(`SELECT count(*) AS count FROM run INDEXED BY run_held
    WHERE finished IS NULL AND status = 'quarantined'`)
  const messages = count(`SELECT count(*) AS count FROM reconciliation WHERE phase IN ('final', 'absent')`)
  if (runs + messages === 0) return ok('held', 'Nothing waits for a person')
  const text = `Runs in quarantine: ${runs}; unknown messages that nobody asks for any more: ${messages}`
  return warn('held', text, 'Settle them in the pages Runs and Unknown messages.')
}

/** The latest moment in the store. */
export function newestMoment(database: Database): number {
  const { newest } = database
    .prepare(
      `SELECT max(coalesce((SELECT created FROM run ORDER BY id DESC LIMIT 1), 0),
        coalesce((SELECT time FROM audit_entries ORDER BY id DESC LIMIT 1), 0)) AS newest`,
    )
    .get() as { newest: number }
  return newest
}

/** Key, secrets, audit log and, where they are to be asked, providers. */
export async function checkWithKey(
  database: Database,
  { environment, folder, isOnline }: { environment: Environment; folder: string; isOnline: boolean },
): Promise<Finding[]> {
  let key: Buffer
  try {
    key = existingMasterKey(environment, folder)
  } catch (error) {
    return [failed('key', error)]
  }
  const surroundings = systemSurroundings()
  const vault = new Vault(database, key, surroundings)
  const references = new SecretReferences(environment)
  const functions = new FunctionStore(database, surroundings)
  const services = new SmsServiceStore(database, vault, references, functions, surroundings)
  const secrets = new SecretStore(database, vault, references, functions, surroundings)
  return [
    ok('key', 'The secret key is there'),
    ...checkSecrets(services, secrets),
    await checkAudit(new AuditLog({ database, surroundings, key: auditKey(key) })),
    ...(isOnline ? await checkProviders(services) : []),
  ]
}

function checkSecrets(services: SmsServiceStore, secrets: SecretStore): Finding[] {
  const findings: Finding[] = []
  const look = (name: string, open: () => unknown) => {
    try {
      open()
    } catch (error) {
      const { text, remedy } = failed('secrets', error)
      findings.push(fail('secrets', `${name}: ${text}`, remedy))
    }
  }
  const listed = services.list()
  for (const { id, name } of listed) look(`SMS service "${name}"`, () => services.open(id))
  const kept = secrets.list()
  for (const { name, hosts } of kept) look(`Secret "${name}"`, () => secrets.open(name, hosts[0]!))
  if (findings.length > 0) return findings
  return [ok('secrets', `The secrets of ${listed.length} SMS services and ${kept.length} others can be read`)]
}

async function checkAudit(audit: AuditLog): Promise<Finding> {
  const { isWhole, entries, broken } = await audit.check()
  if (isWhole) return ok('audit', `The audit log is whole: ${entries} entries`)
  const remedy = 'See: sms-logic audit verify. With another SMS_LOGIC_KEY than before it looks the same.'
  return fail('audit', `The audit log is broken at entry ${broken!.id}`, remedy)
}

/** Asks each provider whether the credentials are good. It texts nobody. */
async function checkProviders(services: SmsServiceStore): Promise<Finding[]> {
  return Promise.all(
    services.list().map(async ({ id, name }): Promise<Finding> => {
      const check = `provider`
      try {
        const { provider, settings } = services.open(id)
        if (settings.endpoint === SANDBOX_ENDPOINT) return ok(check, `"${name}" is the sandbox`)
        const client = await openSmsProvider(provider, settings as never)
        try {
          const answer = await client.checkCredentials()
          if (answer.ok) return ok(check, `"${name}" (${provider}) answers`)
          const { message, providerCode } = answer.error
          const remedy = 'Check the credentials of the service, and that this machine reaches the provider.'
          return fail(check, `"${name}" (${provider}): ${message} (${providerCode})`, remedy)
        } finally {
          await client.close()
        }
      } catch (error) {
        return failed(check, error)
      }
    }),
  )
}

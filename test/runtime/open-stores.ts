import { LocalDirectory } from '../../runtime/directory/local-directory.ts'
import { FunctionStore } from '../../runtime/elements/functions.ts'
import { MessageTemplateStore } from '../../runtime/elements/message-templates.ts'
import { SmsServiceStore } from '../../runtime/elements/sms-services.ts'
import { SecretReferences } from '../../runtime/secrets/secret-references.ts'
import { Vault } from '../../runtime/secrets/vault.ts'
import { Database } from '../../runtime/store/database.ts'
import type { Surroundings } from '../../runtime/surroundings.ts'

/** Ids count up and time stands still, so that tests are exact. */
export function countingSurroundings(): Surroundings {
  let last = 0
  return {
    now: () => new Date('2026-03-01T08:00:00.000Z'),
    newId: () => `id-${String(++last).padStart(6, '0')}`,
  }
}

/** The stores of a data folder, in memory. */
export function openStores(environment: Record<string, string> = {}) {
  const database = new Database(':memory:')
  const surroundings = countingSurroundings()
  const functions = new FunctionStore(database, surroundings)
  const vault = new Vault(database, Buffer.alloc(32, 7), surroundings)
  const references = new SecretReferences(environment)
  const services = new SmsServiceStore(database, vault, references, functions, surroundings)
  const templates = new MessageTemplateStore(database, functions, surroundings)
  const directory = new LocalDirectory(database, surroundings)
  return { database, surroundings, functions, services, templates, directory }
}

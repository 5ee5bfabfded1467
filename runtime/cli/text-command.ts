import { existsSync } from 'node:fs'
import path from 'node:path'
import type { RunVersion } from '../../nodes/api/elements.ts'
import { functionTextAnswer } from '../../nodes/api/function-files.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import { loadFunctionFile } from '../../nodes/graph/function-file.ts'
import { readGraphText } from '../../nodes/graph/load-graph.ts'
import { nodeDefinitions } from '../../nodes/index.ts'
import { locales } from '../../nodes/locales/index.ts'
import type { Locale } from '../../nodes/locales/index.ts'
import { functionText } from '../../nodes/outline/function-text.ts'
import { LocalDirectory } from '../directory/local-directory.ts'
import { FunctionTransfer } from '../elements/function-transfer.ts'
import { FunctionStore } from '../elements/functions.ts'
import { MessageTemplateStore } from '../elements/message-templates.ts'
import { SecretStore } from '../elements/secrets.ts'
import { SmsServiceStore } from '../elements/sms-services.ts'
import { readMasterKey } from '../secrets/master-key.ts'
import type { Environment } from '../secrets/master-key.ts'
import { SecretReferences } from '../secrets/secret-references.ts'
import { Vault } from '../secrets/vault.ts'
import { openDataFolder } from '../store/data-folder.ts'
import { systemSurroundings } from '../surroundings.ts'
import { askServer } from './ask-server.ts'
import { readText, readVersion } from './run-command.ts'
import { findServer } from './server-file.ts'

export interface TextOptions {
  /** Name of a stored function, or path of a function file or graph file. */
  subject: string
  functionVersion: string | undefined
  locale: string
  data: string
  environment: Environment
  print: (text: string) => void
}

/** Prints a function as text. Nothing is started: beside a server it is asked, without one the store is only read. */
export async function textCommand(options: TextOptions): Promise<number> {
  const { subject, print } = options
  const locale = readLocale(options.locale)
  const version = readVersion(options.functionVersion) ?? 'draft'
  print(
    subject.endsWith('.json') ? textOfFile(subject, locale) : await textOfStored(options, version, locale),
  )
  return 0
}

function textOfFile(file: string, locale: Locale): string {
  const { graph, names } = loadFunctionFile(readGraphText(readText(file)))
  const known = new Map(names.map(({ kind, id, name }) => [`${kind} ${id}`, name]))
  return functionText(graph, nodeDefinitions, {
    locale,
    nameOf: (kind, id) => known.get(`${kind} ${id}`) || undefined,
  })
}

async function textOfStored(
  { subject, data, environment }: TextOptions,
  version: RunVersion,
  locale: Locale,
): Promise<string> {
  if (!existsSync(path.join(data, 'sms-logic.db'))) {
    throw new FlowError(ErrorCode.NotFound, `There is no data folder ${data}`, {
      hint: 'Give the folder that the server works on with --data.',
    })
  }
  let store
  try {
    store = openDataFolder(data)
  } catch (error) {
    const server = error instanceof FlowError && error.code === ErrorCode.StoreLocked && findServer(data)
    if (!server) throw error
    const query = new URLSearchParams({ version: String(version), locale })
    const address = `/api/functions/${encodeURIComponent(subject)}/text?${query}`
    return (await askServer(server, functionTextAnswer, address)).text
  }
  try {
    const { database } = store
    const surroundings = systemSurroundings()
    const vault = new Vault(database, readMasterKey(environment, store.folder), surroundings)
    const functions = new FunctionStore(database, surroundings)
    const references = new SecretReferences(environment)
    const services = new SmsServiceStore(database, vault, references, functions, surroundings)
    const secrets = new SecretStore(database, vault, references, functions, surroundings)
    const templates = new MessageTemplateStore(database, functions, surroundings)
    const directory = new LocalDirectory(database, surroundings)
    const transfer = new FunctionTransfer({ functions, services, templates, directory, secrets })
    return await transfer.text(subject, version, locale)
  } finally {
    store.close()
  }
}

function readLocale(text: string): Locale {
  if (Object.hasOwn(locales, text)) return text as Locale
  throw new TypeError(`--locale takes one of ${Object.keys(locales).join(', ')}, not "${text}"`)
}

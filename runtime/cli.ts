import { isIP } from 'node:net'
import { parseArgs } from 'node:util'
import { publicUrl } from '../nodes/api/settings.ts'
import { FlowError } from '../nodes/errors.ts'
import { auditVerifyCommand } from './cli/audit-command.ts'
import { backupCommand, restoreCommand } from './cli/backup-command.ts'
import { doctorCommand } from './cli/doctor-command.ts'
import { messagesCommand } from './cli/messages-command.ts'
import { replayCommand } from './cli/replay-command.ts'
import { runsCommand } from './cli/runs-command.ts'
import { runCommand } from './cli/run-command.ts'
import { startCommand } from './cli/start-command.ts'
import { textCommand } from './cli/text-command.ts'
import { letYoungGenerationGrow } from './cli/young-generation.ts'
import { version } from './version.ts'

const usage = `sms-logic ${version}: text messages in function logic

  sms-logic start                 starts the editor, the server and the SMS sandbox
      --port NUMBER               8080
      --host ADDRESS              127.0.0.1
      --data FOLDER               ./data
      --no-sandbox                without the local SMS emulators
      --public-url URL            where the internet reaches this server, for receipts
      --name HOST                 a further name under which browsers reach it (repeatable): sms.example.com
      --proxy ADDRESS             a reverse proxy (address or CIDR, repeatable) whose X-Forwarded-For is believed
  sms-logic run FUNCTION          runs a stored function (by name) or a graph file (*.json)
      --input JSON|FILE           its input: a JSON object, or a file that holds one
      --data FOLDER               ./data
      --no-sandbox
      --dry-run                   walks it and sends nothing; says who would get which text
      --outcome sent|partly|failed  what the dry run assumes of every SMS step (sent)
      --version NUMBER            a version of the function, or published, or draft; without it
                                  the latest published one, or the draft where there is none
  sms-logic text FUNCTION         prints a stored function (by name) or a function file (*.json) as text, one
                                  statement per line, for reviews and diffs
      --version NUMBER            a version of the function, or published, or draft (draft)
      --locale LANGUAGE           en or zh-CN (en)
      --data FOLDER               ./data
  sms-logic replay FUNCTION       walks the draft of a stored function (by name), or a function file (*.json), with the
                                  inputs of its last runs; says which texts would differ, and sends nothing
      --last NUMBER               20
      --json
      --data FOLDER               ./data
  sms-logic messages              lists messages, newest first, with masked numbers
      --state STATE,…             for example unknown,rejected
      --function NAME  --person NAME|NUMBER|ID
      --limit NUMBER              50
      --json
      --data FOLDER               ./data
  sms-logic runs                  lists runs, newest first
      --status STATUS             running, done, failed, cancelled or quarantined
      --function NAME  --trigger KIND  --text TEXT
      --from TIME  --to TIME      for example 2026-08-01T00:00:00Z
      --limit NUMBER  --json  --data FOLDER
  sms-logic runs again ID         starts its function once more with the same input (--version as for run)
  sms-logic runs retry ID         goes on with a failed run at the step that failed, as a new run
  sms-logic runs cancel ID        these three ask the server that works on --data

  sms-logic audit verify          checks that nobody changed or removed an entry of the audit log
      --json  --data FOLDER

  sms-logic doctor                looks at Node, data folder, disk, store, secrets, audit log and port; says what to do
      --online                    asks the SMS providers too whether they take the credentials; texts nobody
      --port NUMBER  --host ADDRESS  --json  --data FOLDER

  sms-logic backup FILE           writes the store into a new file, also while a server works on it
      --data FOLDER               ./data
  sms-logic restore FILE          makes a new data folder of a backup; its first start holds what was under way
      --data FOLDER               ./data

  sms-logic --version | --help

Environment: SMS_LOGIC_TOKEN (fixed access token for programs, at least 16 characters),
SMS_LOGIC_KEY or SMS_LOGIC_KEY_FILE (key of the stored secrets), SMS_LOGIC_PUBLIC_URL (like --public-url),
SMS_LOGIC_DISK_RESERVE (MiB that stay free on the disk, below that no further run is taken).
`

/** Exit codes: 0 done · 1 failed, or the run failed, a replay differs, the audit log is broken, or the doctor found a failure · 2 the command line is wrong. */
export async function main(args: string[]): Promise<void> {
  try {
    process.exitCode = await dispatch(args)
  } catch (error) {
    process.exitCode = report(error)
  }
}

async function dispatch(args: string[]): Promise<number> {
  // behind these it is the function's version that is asked for
  const isOfFunction = ['run', 'runs', 'text'].includes(args[0] ?? '')
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    allowNegative: true,
    options: {
      port: { type: 'string', default: '8080' },
      host: { type: 'string', default: '127.0.0.1' },
      data: { type: 'string', default: './data' },
      sandbox: { type: 'boolean', default: true },
      'public-url': { type: 'string' },
      name: { type: 'string', multiple: true, default: [] },
      proxy: { type: 'string', multiple: true, default: [] },
      input: { type: 'string', default: '{}' },
      'dry-run': { type: 'boolean', default: false },
      outcome: { type: 'string', default: 'sent' },
      state: { type: 'string' },
      function: { type: 'string' },
      person: { type: 'string' },
      status: { type: 'string' },
      trigger: { type: 'string' },
      text: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      limit: { type: 'string', default: '50' },
      last: { type: 'string', default: '20' },
      json: { type: 'boolean', default: false },
      online: { type: 'boolean', default: false },
      locale: { type: 'string', default: 'en' },
      help: { type: 'boolean', short: 'h', default: false },
      version: isOfFunction ? { type: 'string' } : { type: 'boolean', short: 'v' },
    },
  })
  if (values.version === true) return print(`${version}\n`)
  const [command, subject, ...more] = positionals
  if (values.help || command === undefined) return print(usage)
  if (command === 'start' && subject === undefined) {
    return startCommand({
      ...values,
      port: portNumber(values.port),
      publicUrl: readPublicUrl(values['public-url']),
      names: values.name,
      proxies: values.proxy.map(proxyAddress),
      environment: process.env,
    })
  }
  if (command === 'text' && subject !== undefined && more.length === 0) {
    const functionVersion = typeof values.version === 'string' ? values.version : undefined
    const { locale, data } = values
    return textCommand({ subject, functionVersion, locale, data, environment: process.env, print })
  }
  if (command === 'replay' && subject !== undefined && more.length === 0) {
    const { last, json, data } = values
    return replayCommand({ subject, last, json, data, environment: process.env, print })
  }
  letYoungGenerationGrow()
  if (command === 'run' && subject !== undefined && more.length === 0) {
    const functionVersion = typeof values.version === 'string' ? values.version : undefined
    return runCommand({
      ...values,
      dryRun: values['dry-run'],
      functionVersion,
      subject,
      environment: process.env,
      print,
    })
  }
  if (command === 'messages' && subject === undefined) {
    const { state, person, limit, json, data } = values
    return messagesCommand({ state, function: values.function, person, limit, json, data, print })
  }
  if (command === 'audit' && subject === 'verify' && more.length === 0) {
    const { json, data } = values
    return auditVerifyCommand({ json, data, environment: process.env, print })
  }
  if (command === 'doctor' && subject === undefined) {
    const { data, host, json } = values
    const port = portNumber(values.port)
    return doctorCommand({ data, host, port, json, isOnline: values.online, environment: process.env, print })
  }
  if ((command === 'backup' || command === 'restore') && subject !== undefined && more.length === 0) {
    const work = command === 'backup' ? backupCommand : restoreCommand
    return work({ file: subject, data: values.data, print })
  }
  if (command === 'runs' && more.length <= 1) {
    const functionVersion = typeof values.version === 'string' ? values.version : undefined
    return runsCommand({ ...values, action: subject, id: more[0], functionVersion, print })
  }
  process.stderr.write(`sms-logic does not know "${positionals.join(' ')}".\n\n${usage}`)
  return 2
}

function portNumber(text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new TypeError(`--port takes a number from 0 to 65535, not "${text}"`)
}

function proxyAddress(text: string): string {
  const [address = '', bits, ...more] = text.split('/')
  const family = isIP(address)
  const isRange = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
  if (family !== 0 && isRange && more.length === 0) return text
  throw new TypeError(`--proxy takes an address or CIDR block such as 10.0.0.0/8, not "${text}"`)
}

function readPublicUrl(text = process.env['SMS_LOGIC_PUBLIC_URL']): string | undefined {
  if (text === undefined || text === '') return undefined
  const parsed = publicUrl.safeParse(text)
  if (parsed.success) return parsed.data
  throw new TypeError(`The public URL is an address such as https://sms.example.com, not "${text}"`)
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}

/** What people read when a command fails: what happened, and what to do. */
function report(error: unknown): number {
  if (error instanceof FlowError) {
    process.stderr.write(`${error.message}\n${error.hint === undefined ? '' : `${error.hint}\n`}`)
    return 1
  }
  const { code, message } = error as { code?: string; message?: string }
  if (error instanceof TypeError || code?.startsWith('ERR_PARSE_ARGS')) {
    process.stderr.write(`${message}\nSee: sms-logic --help\n`)
    return 2
  }
  process.stderr.write(`sms-logic stopped: ${error instanceof Error ? error.stack : String(error)}\n`)
  return 1
}

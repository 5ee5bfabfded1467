import { randomBytes } from 'node:crypto'
import type { SandboxFault } from '../../nodes/api/sandbox.ts'
import { templateContent } from '../../nodes/message-templates/schema.ts'
import { createRuntime } from '../../runtime/index.ts'
import type { LocalRuntime } from '../../runtime/index.ts'
import type { Sandbox } from '../../runtime/sandbox/sandbox.ts'
import { sandboxServices } from '../../runtime/sandbox/accounts.ts'
import { systemSurroundings } from '../../runtime/surroundings.ts'
import { closedPort, startWireServer } from '../contract/wire-server.ts'
import { startTruth } from '../crash/truth.ts'
import { newFolder } from '../support/product.ts'
import { answerAsTarget } from './http-target.ts'

/** What happens to texts to these numbers on the wire; all others simply arrive. */
const faults: Record<string, (times: number) => SandboxFault> = {
  /** Una's text is taken, and its answer is lost. */
  '+12025550111': () => 'reset-after',
  /** Uri's text is lost together with its answer. */
  '+12025550112': () => 'reset-before',
  /** Tia's provider says "not now" the first time. */
  '+12025550121': (times) => (times === 1 ? 'throttle' : 'none'),
}

const members = [
  { id: 'ada', name: 'Ada', phone: '+12025550101', departments: ['plant'] },
  { id: 'bo', name: 'Bo', phone: '+12025550102', departments: ['night-shift'] },
  { id: 'cy', name: 'Cy', phone: '+12025550103', departments: ['night-shift'], locale: 'zh-CN' },
  { id: 'una', name: 'Una', phone: '+12025550111', departments: [] },
  { id: 'uri', name: 'Uri', phone: '+12025550112', departments: [] },
  { id: 'tia', name: 'Tia', phone: '+12025550121', departments: [] },
  { id: 'udo', name: 'Udo', phone: '+12025550131', departments: [] },
  { id: 'nora', name: 'Nora', phone: '+12025550132', departments: [] },
  { id: 'lin', name: '林', phone: '+8613800138000', departments: [] },
  // Twilio's test numbers: one that it refuses, one whose holder answered STOP
  { id: 'ivy', name: 'Ivy', phone: '+15005550001', departments: [] },
  { id: 'stan', name: 'Stan', phone: '+15005550004', departments: [] },
  { id: 'twin', name: 'Twin', phone: '+12025550101', departments: [] },
  { id: 'nophone', name: 'No Phone', phone: '', departments: [] },
  { id: 'rex', name: 'Rex', phone: '+12025550104', departments: [], status: 'resigned' },
] as const

/** Everything that the graphs of the suite name, in a data folder, and what stands outside of it. */
export interface World {
  /** The data folder; no process has it. */
  data: string
  environment: { SMS_LOGIC_KEY: string; SMS_LOGIC_EGRESS_ALLOW: string }
  /** The emulators, in the test's own process: their ledger is the truth. */
  sandbox: Sandbox
  /** What `$http` stands for in an input. */
  target: { origin: string; requests(): string[] }
  /** Forgets what was texted and asked for. */
  clear(): void
  close(): Promise<void>
}

export async function makeWorld(): Promise<World> {
  let times = new Map<string, number>()
  const sandbox = await startTruth({
    receiptDelayMs: 20,
    decide({ to = '' }) {
      times.set(to, (times.get(to) ?? 0) + 1)
      return faults[to]?.(times.get(to)!) ?? 'none'
    },
  })
  const receipts = { order: 'in-order', repeat: 1 } as const
  sandbox.setReceipts({ phone: '+12025550131', delivery: 'undelivered', ...receipts })
  sandbox.setReceipts({ phone: '+12025550132', delivery: 'none', ...receipts })
  const target = await startWireServer(answerAsTarget())
  const environment = {
    SMS_LOGIC_KEY: randomBytes(32).toString('base64'),
    SMS_LOGIC_EGRESS_ALLOW: '127.0.0.1',
  }
  const data = newFolder()
  const surroundings = { ...systemSurroundings(), newId: namedIds() }
  const runtime = await createRuntime({ data, environment, surroundings })
  fill(runtime, surroundings.newId, sandbox.url, await closedPort())
  await runtime.close()
  return {
    data,
    environment,
    sandbox,
    target: {
      origin: target.origin,
      requests: () => target.requests.map(({ head }) => head.split(' HTTP/')[0]!),
    },
    clear() {
      sandbox.clear()
      times = new Map()
      target.requests.length = 0
      target.behave(answerAsTarget())
    },
    async close() {
      await sandbox.close()
      await target.close()
    },
  }
}

/** Ids as of the system, except for the next one that is asked for by name. */
function namedIds() {
  const { newId } = systemSurroundings()
  let next: string | undefined
  const make = () => {
    const id = next ?? newId()
    next = undefined
    return id
  }
  return Object.assign(make, { useNext: (id: string) => void (next = id) })
}

function fill(runtime: LocalRuntime, ids: ReturnType<typeof namedIds>, endpoint: string, deadPort: number) {
  const { directory, services, templates, secrets } = runtime
  directory.organisation.change({ country: 'US', timeZone: 'UTC', locale: 'en' })
  directory.departmentStore.create({ id: 'plant', name: 'Plant', parent: null })
  directory.departmentStore.create({ id: 'night-shift', name: 'Night shift', parent: 'plant' })
  for (const member of members) {
    directory.memberStore.create({ status: 'in-service', ...member, departments: [...member.departments] })
  }
  directory.departmentStore.update('plant', { name: 'Plant', parent: null, leaders: ['cy'] })
  directory.organisationRoleStore.create({ id: 'first-aider', name: 'First aider', members: ['bo'] })
  directory.roleStore.create({
    id: 'on-call',
    name: 'On call',
    members: ['ada'],
    departments: ['night-shift'],
  })

  const policy = { testMode: false, firstDelaySeconds: 0.1, maxAttempts: 2 }
  const service = (id: string, provider: keyof typeof sandboxServices, settings = {}, more = {}) => {
    ids.useNext(id)
    const all = { ...sandboxServices[provider], endpoint, ...settings }
    services.create({ name: id, provider, settings: all, policy: { ...policy, ...more } })
  }
  const nobody = { endpoint: `http://127.0.0.1:${deadPort}` }
  service('twilio', 'twilio')
  service('sns', 'aws-sns')
  service('alibaba', 'alibaba')
  service('twilio-away', 'twilio', nobody)
  service('twilio-away-then-sns', 'twilio', nobody, { fallback: 'sns' })
  service('twilio-test-mode', 'twilio', {}, { testMode: true, testNumbers: ['+12025550101'] })

  ids.useNext('alarm')
  templates.create(
    templateContent.parse({
      name: 'Alarm',
      placeholders: [{ name: 'device', sample: 'Pump 7' }],
      texts: { en: '${device} needs help', 'zh-CN': '设备${device}需要处理' },
    }),
  )
  secrets.create({ name: 'tracker', hosts: ['127.0.0.1'], value: 'a-secret-for-the-tracker' })
  secrets.create({ name: 'elsewhere', hosts: ['tracker.example.com'], value: 'a-secret-for-elsewhere' })
}

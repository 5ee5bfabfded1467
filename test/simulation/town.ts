import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Recipient } from '../../nodes/directory/schema.ts'
import type { MessageBody } from '../../nodes/messages.ts'
import type { SmsProviderName } from '../../nodes/services/sms/settings.ts'
import type { Json } from '../../nodes/json.ts'
import { createRuntime } from '../../runtime/index.ts'
import { sandboxServices } from '../../runtime/sandbox/accounts.ts'
import { connection } from '../support/graphs.ts'
import { newFolder } from '../support/product.ts'

/** The people of every simulation: two share a number with others, three cannot be texted. */
export const people = [
  { id: 'ada', phone: '+12025550100', departments: ['operations'] },
  { id: 'bo', phone: '+12025550101', departments: [] },
  { id: 'cy', phone: '+12025550102', departments: ['operations'] },
  { id: 'di', phone: '+12025550103', departments: [] },
  { id: 'eve', phone: '+12025550104', departments: [] },
  { id: 'flo', phone: '+12025550100', departments: ['operations'] },
  { id: 'gus', phone: '+12025550103', departments: [] },
  { id: 'hal', phone: '', departments: ['operations'] },
  { id: 'ivy', phone: '12', departments: [] },
  { id: 'jon', phone: '+12025550105', departments: [], status: 'resigned' as const },
]
const operations = ['ada', 'cy', 'flo', 'hal']

/**
 * `narrow` sends little at a time. `wide` cannot be asked what became of a message. `relay` is paced, gives up early, and
 * hands over to `narrow`. `bulk` takes several messages in one request. `patient` is for a step that may send
 * again, and sends little a day.
 */
export const services = {
  narrow: { provider: 'twilio', concurrency: 2, attempts: 5, settings: {} },
  wide: { provider: 'aws-sns', concurrency: 4, attempts: 5, settings: {} },
  relay: { provider: 'aws-sns', concurrency: 2, attempts: 2, settings: { region: 'us-east-1' } },
  bulk: { provider: 'alibaba', concurrency: 2, attempts: 5, settings: {} },
  patient: { provider: 'twilio', concurrency: 20, attempts: 5, settings: { fromNumber: 'Patient' } },
} as const
export type ServiceName = keyof typeof services

/** How many messages a service may send on one day. */
export const dailyCaps: Partial<Record<ServiceName, number>> = { patient: 3 }

/** Which of the services has these settings. */
export function serviceWith(provider: SmsProviderName, settings: object): ServiceName {
  const entries = Object.entries(services) as [ServiceName, (typeof services)[ServiceName]][]
  const all = settings as Record<string, unknown>
  return entries
    .filter((each) => each[1].provider === provider)
    .filter((each) => Object.entries(each[1].settings).every(([name, value]) => all[name] === value))
    .at(-1)![0]
}

interface SmsStep {
  service: ServiceName
  /** Sends an unknown message once more where it is proved that the first was not taken. */
  resends?: true
  recipients: Recipient[]
  /** Everybody these recipients name, in the order in which they are found. */
  named: string[]
}

const member = (id: string): Recipient => ({ kind: 'member', id })
const members = (...ids: string[]) => ({ recipients: ids.map(member), named: ids })

/** The SMS steps of each function, by the id of their node. */
export const functions: Record<string, Record<string, SmsStep>> = {
  notice: {
    all: {
      service: 'narrow',
      recipients: [
        { kind: 'department', id: 'operations', includeSubDepartments: true },
        member('bo'),
        member('ada'),
        member('jon'),
      ],
      named: [...operations, 'bo', 'jon'],
    },
  },
  escalate: {
    page: {
      service: 'narrow',
      recipients: [{ kind: 'role', id: 'on-call' }, member('ivy')],
      named: ['bo', ...operations, 'ivy'],
    },
    tell: { service: 'wide', ...members('ada', 'di', 'gus', 'nobody') },
    boss: { service: 'wide', ...members('eve') },
  },
  decide: {
    first: { service: 'wide', ...members('cy', 'eve') },
    second: { service: 'narrow', ...members('cy', 'eve', 'di') },
    third: { service: 'wide', ...members('eve', 'cy') },
  },
  strict: { only: { service: 'narrow', ...members('bo') } },
  relay: { all: { service: 'relay', ...members('ada', 'di', 'eve', 'flo', 'cy') } },
  bulk: { all: { service: 'bulk', ...members('eve', 'di', 'cy', 'gus', 'bo', 'ada', 'jon') } },
  insist: { all: { service: 'patient', resends: true, ...members('bo', 'cy') } },
}

/** The graph of a function; each text says by which step of which version it was sent, and for which run. */
export function graphOf(name: string, version: number, serviceIds: Record<ServiceName, string>): object {
  const steps = functions[name]!
  const sms = (id: string) => {
    const { service, recipients, resends } = steps[id]!
    const who = { kind: 'variable', path: 'who' }
    const mark = { kind: 'fixed', value: textOf(id, version, '').trim() }
    return node(id, 'sms-notification', {
      ...{ recipients, service: serviceIds[service] },
      ...(resends && { onUnknown: 'resend' }),
      ...(services[service].provider === 'alibaba'
        ? { templateCode: 'SMS_100001', variables: { mark, who } }
        : { templateText: textOf(id, version, '${who}'), variables: { who } }),
    } as unknown as Record<string, Json>)
  }
  const oneStep: [string, string, string][] = [
    ['start', 'next', 'all'],
    ['all', 'sent', 'end'],
    ['all', 'partly', 'end'],
    ['all', 'failed', 'end'],
  ]
  const ways: Record<string, [string, string, string][]> = {
    notice: oneStep,
    escalate: [
      ['start', 'next', 'page'],
      ['page', 'sent', 'tell'],
      ['page', 'partly', 'tell'],
      ['page', 'failed', 'boss'],
      ['tell', 'sent', 'end'],
      ['tell', 'failed', 'boss'],
      ['boss', 'sent', 'end'],
    ],
    decide: [
      ['start', 'next', 'first'],
      ['first', 'sent', 'choose'],
      ['first', 'partly', 'choose'],
      ['first', 'failed', 'third'],
      ['choose', 'all', 'second'],
      ['choose', 'otherwise', 'third'],
      ['second', 'sent', 'third'],
      ['third', 'sent', 'end'],
      ['third', 'failed', 'end'],
    ],
    strict: [
      ['start', 'next', 'only'],
      ['only', 'sent', 'end'],
    ],
    relay: oneStep,
    bulk: oneStep,
    insist: oneStep,
  }
  const when = { kind: 'formula', source: 'nodes.first.counts.accepted == 2' }
  return {
    format: 1,
    id: name,
    name,
    title: name,
    inputs: [{ name: 'who', type: 'text', required: true }],
    nodes: [
      node('start', 'start', {}),
      ...Object.keys(steps).map(sms),
      ...(name === 'decide' ? [node('choose', 'condition', { branches: [{ id: 'all', when }] })] : []),
      node('end', 'return', { value: { kind: 'variable', path: 'who' } }),
    ],
    connections: ways[name]!.map(([from, port, to]) => connection(from, port, to)),
  }
}

function node(id: string, type: string, params: Record<string, unknown>) {
  return { id, type, position: { x: 0, y: 0 }, params }
}

export function textOf(step: string, version: number, who: string): string {
  return `${step} v${version} ${who}`
}

/** What somebody reads. */
export function contentOf({ text, templateVariables }: MessageBody): string {
  return text ?? `${templateVariables?.['mark']} ${templateVariables?.['who']}`
}

export interface Town {
  /** The bytes of a store with all that is needed to run. Each simulation begins with a copy. */
  store: Uint8Array
  serviceIds: Record<ServiceName, string>
  environment: { SMS_LOGIC_KEY: string }
}

/** Smaller pages, because this file is copied for every simulation. */
function makeSmall(file: string): void {
  const connection = new DatabaseSync(file)
  connection.exec('PRAGMA journal_mode = DELETE; PRAGMA page_size = 1024; VACUUM; PRAGMA journal_mode = WAL')
  connection.close()
}

/** Makes the store that every simulation begins with. */
export async function buildTown(): Promise<Town> {
  const environment = { SMS_LOGIC_KEY: Buffer.alloc(32, 7).toString('base64') }
  const data = newFolder()
  const runtime = await createRuntime({ data, environment })
  const { departmentStore, memberStore, roleStore } = runtime.directory
  departmentStore.create({ id: 'operations', name: 'Operations', parent: null })
  for (const { id, status = 'in-service', ...person } of people) {
    memberStore.create({ id, name: id, status, ...person })
  }
  roleStore.create({ id: 'on-call', name: 'On call', members: ['bo'], departments: ['operations'] })
  const serviceIds = {} as Town['serviceIds']
  for (const [name, { provider, concurrency, ...service }] of Object.entries(services)) {
    const settings = { ...sandboxServices[provider], ...service.settings, concurrency }
    const handsOver = { maxAttempts: 2, ratePerSecond: 20, burst: 2, fallback: serviceIds.narrow }
    const dailyMessages = dailyCaps[name as ServiceName]
    const policy = { testMode: false, dailyMessages, ...(name === 'relay' && handsOver) }
    serviceIds[name as ServiceName] = runtime.services.create({ name, provider, settings, policy }).id
  }
  for (const name of Object.keys(functions)) {
    runtime.functions.create({ title: name, name, graph: graphOf(name, 1, serviceIds) })
  }
  await runtime.close()
  const file = path.join(data, 'sms-logic.db')
  makeSmall(file)
  const store = readFileSync(file)
  rmSync(data, { recursive: true })
  return { store, serviceIds, environment }
}

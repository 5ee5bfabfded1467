import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { XRayRequest } from '../../../nodes/api/x-ray.ts'
import { xRayRequest } from '../../../nodes/api/x-ray.ts'
import type { Recipient } from '../../../nodes/directory/schema.ts'
import type { LocalRuntime } from '../../../runtime/index.ts'
import { sandboxServices } from '../../../runtime/sandbox/accounts.ts'
import { smsGraph } from '../../support/graphs.ts'
import { addMember, openRuntime, twilioService } from '../../support/open-runtime.ts'

let runtime: LocalRuntime
let service: string
let recipients: Recipient[]
let department: string

beforeAll(async () => {
  runtime = await openRuntime()
  service = twilioService(runtime)
  const { departmentStore, roleStore } = runtime.directory
  department = departmentStore.create({ name: 'Plant', parent: null }).id
  const below = departmentStore.create({ name: 'Line 1', parent: department }).id
  const ada = addMember(runtime, 'Ada', '+447700900001', { departments: [below] })
  addMember(runtime, 'Zoe', '+447700900002', { departments: [department] })
  addMember(runtime, 'Bob', '', { departments: [below] })
  addMember(runtime, 'Cem', '+447700900003', { departments: [below], status: 'resigned' })
  addMember(runtime, 'Dan', '+447700900001', { departments: [below] })
  const role = roleStore.create({ name: 'On call', members: [ada], departments: [] }).id
  recipients = [
    { kind: 'department', id: department, includeSubDepartments: true },
    { kind: 'role', id: role },
    { kind: 'member', id: 'nobody' },
  ]
})
afterAll(() => runtime.close())

function ask(more: Partial<XRayRequest> = {}) {
  const graph = smsGraph({ service, recipients, text: '${who} stopped' })
  return runtime.xRay(xRayRequest.parse({ graph, nodeId: 'sms', ...more }))
}
const params = (more: object = {}) => ({
  recipients,
  service,
  templateText: '${who} stopped',
  variables: { who: { kind: 'variable', path: 'who' } },
  ...more,
})

describe('the X-ray of an SMS step', () => {
  test('says who gets it, who is skipped and why, and why each person was selected', async () => {
    const answer = await ask({ sample: { who: 'Pump 7' } })
    expect(answer).toMatchObject({
      selected: 6,
      texted: 2,
      skipped: { 'no-phone': 1, resigned: 1, 'same-number': 1, 'unknown-member': 1 },
      segments: 2,
      problems: [],
    })
    const ada = answer.people.find(({ name }) => name === 'Ada')!
    expect(ada).toMatchObject({
      phone: '+44****0001',
      reasons: [
        { kind: 'department', name: 'Plant', includeSubDepartments: true },
        { kind: 'role', name: 'On call' },
      ],
    })
    expect(answer.texts[ada.text!]).toMatchObject({ text: 'Pump 7 stopped', segments: 1 })
    expect(answer.people.find(({ name }) => name === 'Dan')).toMatchObject({
      skipped: 'same-number',
      text: null,
    })
    expect(JSON.stringify(answer)).not.toContain('7700900')
  })

  test('pages people by name, and searches and filters them', async () => {
    const names = async (more: Partial<XRayRequest>) => {
      const { people, matching } = await ask(more)
      return [matching, ...people.map(({ name }) => name)]
    }
    expect(await names({})).toEqual([6, '', 'Ada', 'Bob', 'Cem', 'Dan', 'Zoe'])
    expect(await names({ offset: 1, limit: 2 })).toEqual([6, 'Ada', 'Bob'])
    expect(await names({ search: 'zO' })).toEqual([1, 'Zoe'])
    expect(await names({ show: 'texted' })).toEqual([2, 'Ada', 'Zoe'])
    expect(await names({ show: 'skipped', limit: 0 })).toEqual([4])
  })

  test('shows a value that cannot be known yet by its name', async () => {
    const answer = await ask()
    expect(answer.texts).toMatchObject([{ text: '‹who› stopped', encoding: 'gsm-7', estimated: true }])
    expect(answer.values).toEqual([{ name: 'who', title: '', type: 'text', from: 'unknown' }])
    expect(answer.lastRun).toBeNull()
  })

  test('names whom a sample value means, as the run would', async () => {
    const mia = addMember(runtime, 'Mia', '+447700900021')
    const graph = {
      ...smsGraph({ service, recipients: [{ kind: 'value', value: { kind: 'variable', path: 'who' } }] }),
      inputs: [{ name: 'who', type: 'member' }],
    }
    const variables = { who: { kind: 'variable', path: 'who.name' } }
    const look = (who: string) =>
      ask({ graph, params: { ...graph.nodes[1]!.params, variables }, sample: { who } })
    expect(await look(mia)).toMatchObject({
      people: [{ name: 'Mia' }],
      texts: [{ text: 'Hello Mia' }],
      values: [
        { name: 'who', type: 'member', from: 'typed', value: { kind: 'member', id: mia, name: 'Mia' } },
      ],
    })
    expect(await look('gone')).toMatchObject({ skipped: { 'unknown-member': 1 } })
  })

  test('takes the values of the last run of the function, and typed ones before them', async () => {
    const graph = smsGraph({ service, recipients, name: 'with-history' })
    runtime.functions.create({ title: 'With history', name: 'with-history', graph })
    const run = await runtime.run('with-history', { who: 'Ada' })
    const x = (sample: XRayRequest['sample']) =>
      runtime.xRay(xRayRequest.parse({ function: 'with-history', nodeId: 'sms', sample }))
    expect(await x({})).toMatchObject({
      lastRun: { id: run.id },
      texts: [{ text: 'Hello Ada' }],
      values: [{ name: 'who', from: 'last-run', value: 'Ada' }],
    })
    expect(await x({ who: 'you' })).toMatchObject({
      texts: [{ text: 'Hello you' }],
      values: [{ from: 'typed' }],
    })
  })

  test('names the character that makes a text Unicode, and counts each person’s parts', async () => {
    const answer = await ask({ params: params({ templateText: `Lift ✓ ${'x'.repeat(80)}`, variables: {} }) })
    expect(answer.texts).toMatchObject([
      { encoding: 'ucs-2', segments: 2, forcedBy: [{ index: 5, character: '✓' }] },
    ])
    expect(answer.segments).toBe(4)
  })

  test('shows as much as a half-filled dialog allows, and what would make the step fail', async () => {
    const answer = await ask({
      params: params({
        service: '',
        recipients: [...recipients, { kind: 'planet' }],
        variables: { who: { kind: 'variable', path: '' } },
      }),
    })
    expect(answer).toMatchObject({ service: null, selected: 6, problems: [{ code: 'SERVICE_MISSING' }] })
    const failing = await ask({ params: params({ variables: { who: { kind: 'formula', source: '1 +' } } }) })
    expect(failing).toMatchObject({
      texts: [{ text: '‹who› stopped' }],
      problems: [{ code: 'FORMULA_SYNTAX' }],
    })
    const missing = await ask({ params: params({ variables: {} }) })
    expect(missing.problems).toMatchObject([{ code: 'TEMPLATE_VARIABLE_MISSING', params: { name: 'who' } }])
    const nobody = await ask({ params: params({ recipients: [] }), sample: { who: 'A' } })
    expect(nobody).toMatchObject({ selected: 0, texts: [{ text: 'A stopped' }] })
  })

  test('puts Alibaba’s signature into the count, where the text was read from the provider', async () => {
    const { id } = runtime.services.create({
      name: 'Alibaba',
      provider: 'alibaba',
      settings: sandboxServices.alibaba,
    })
    const code = params({ service: id, templateText: undefined, templateCode: 'SMS_1' })
    const unread = await ask({ params: code, sample: { who: 'Pump' } })
    expect(unread.segments).toBeNull()
    expect(unread.texts).toMatchObject([
      { text: null, segments: null, templateCode: 'SMS_1', templateVariables: { who: 'Pump' } },
    ])
    const read = await ask({ params: code, sample: { who: 'Pump' }, templateText: '${who} stopped' })
    expect(read.texts).toMatchObject([{ text: 'Pump stopped', segments: 1 }])
    expect(read.segments).toBe(2)
  })

  test('refuses what is no SMS step', async () => {
    await expect(ask({ nodeId: 'start' })).rejects.toThrow('no SMS step "start"')
    await expect(ask({ graph: { format: 1 } })).rejects.toThrow()
    await expect(ask({ graph: undefined })).rejects.toThrow(/Neither a graph nor a function/)
  })

  test('executes nothing', async () => {
    const before = [await runtime.listRuns({ limit: 100 }), runtime.sandbox!.messages(100)]
    await ask({ sample: { who: 'Ada' } })
    expect([await runtime.listRuns({ limit: 100 }), runtime.sandbox!.messages(100)]).toEqual(before)
  })
})

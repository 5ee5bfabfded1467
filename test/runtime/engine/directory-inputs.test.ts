import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Recipient } from '../../../nodes/directory/schema.ts'
import type { FieldsError } from '../../../nodes/errors.ts'
import type { Json, JsonObject } from '../../../nodes/json.ts'
import type { LocalRuntime } from '../../../runtime/index.ts'
import { smsGraph } from '../../support/graphs.ts'
import { addMember, openRuntime, twilioService } from '../../support/open-runtime.ts'

let runtime: LocalRuntime
let service: string
let ada: string
let zoe: string
let plant: string
let firstAiders: string
let onCallRole: string

beforeAll(async () => {
  runtime = await openRuntime()
  service = twilioService(runtime)
  const { departmentStore, roleStore, organisationRoleStore } = runtime.directory
  plant = departmentStore.create({ name: 'Plant', parent: null }).id
  const line = departmentStore.create({ name: 'Line 1', parent: plant }).id
  ada = addMember(runtime, 'Ada', '+447700900001', { departments: [plant] })
  zoe = addMember(runtime, 'Zoe', '+447700900002', { departments: [line] })
  onCallRole = roleStore.create({ name: 'On call', members: [zoe], departments: [] }).id
  firstAiders = organisationRoleStore.create({ name: 'First aider', members: [ada] }).id
})
afterAll(() => runtime.close())

const variable = (path: string): Recipient => ({ kind: 'value', value: { kind: 'variable', path } })

/** A function with one input of a type, whose value is the recipient of its only step. */
function textsTheInput(type: string, { text = 'Come', input = {} as object, variables = {} } = {}) {
  const graph = smsGraph({ service, recipients: [variable('who')], text: 'none' })
  Object.assign(graph.nodes[1]!.params!, { templateText: text, variables })
  return { ...graph, inputs: [{ name: 'who', type, required: true, ...input }] }
}
async function run(graph: object, input: JsonObject, idempotencyKey?: string) {
  const request = { graph, input, trigger: 'library' as const }
  return (await runtime.startRun(idempotencyKey ? { ...request, idempotencyKey } : request)).finished
}
async function textedBy(type: string, value: Json) {
  const { steps } = await run(textsTheInput(type), { who: value })
  return steps
    .find(({ path }) => path === 'sms')!
    .messages!.filter(({ state }) => state === 'accepted')
    .map(({ name }) => name)
    .sort()
}
const refusalOf = (graph: object, input: JsonObject): Promise<FieldsError> =>
  run(graph, input).then(
    () => expect.fail('the run was accepted'),
    (error: FieldsError) => error,
  )

describe('an input that names somebody of the directory', () => {
  test('takes a department by its name or by the names from the top, and refuses a name that several have', async () => {
    const { departmentStore } = runtime.directory
    const other = departmentStore.create({ name: 'Depot', parent: null }).id
    departmentStore.create({ name: 'Line 1', parent: other })
    expect(await textedBy('department', 'plant')).toEqual(['Ada', 'Zoe'])
    expect(await textedBy('departments', ['Ｐlant / Line 1'])).toEqual(['Zoe'])
    expect(await textedBy('department', { name: 'ignored', id: 'Plant/Line 1' })).toEqual(['Zoe'])
    const refusal = await refusalOf(textsTheInput('department'), { who: 'Line 1' })
    expect(refusal.fields).toMatchObject([{ path: 'who', key: 'ambiguousDepartment' }])
    for (const unknown of ['Depot / Plant', 'Plant / ', 'Line 2', '/ Plant']) {
      const { fields } = await refusalOf(textsTheInput('department'), { who: unknown })
      expect([unknown, fields]).toMatchObject([unknown, [{ path: 'who', key: 'unknownDepartment' }]])
    }
  })

  test('takes an id, or what an earlier run or the directory answered, and texts whoever it means', async () => {
    expect(await textedBy('member', ada)).toEqual(['Ada'])
    expect(await textedBy('member', { kind: 'member', id: ada, name: 'Old name', phone: '1' })).toEqual([
      'Ada',
    ])
    expect(await textedBy('members', [ada, { kind: 'member', id: zoe }])).toEqual(['Ada', 'Zoe'])
    expect(await textedBy('department', plant)).toEqual(['Ada', 'Zoe'])
    expect(
      await textedBy('department', { kind: 'department', id: plant, includeSubDepartments: false }),
    ).toEqual(['Ada'])
    expect(await textedBy('role', onCallRole)).toEqual(['Zoe'])
    expect(await textedBy('organisation-roles', [firstAiders])).toEqual(['Ada'])
  })

  test('gives texts its name as the directory has it, and the history no phone number', async () => {
    const graph = textsTheInput('member', {
      text: '${name} is on call',
      variables: { name: { kind: 'formula', source: 'UPPER(who.name)' } },
    })
    const { input, steps } = await run(graph, {
      who: { kind: 'member', id: ada, name: 'X', phone: '+447700900001' },
    })
    expect(input).toEqual({ who: { kind: 'member', id: ada, name: 'Ada' } })
    expect(steps[1]!.input).toMatchObject({ text: 'ADA is on call' })
  })

  test('has a default that is looked up like any other value', async () => {
    const graph = textsTheInput('member', { input: { required: false, default: zoe } })
    expect((await run(graph, {})).input).toEqual({ who: { kind: 'member', id: zoe, name: 'Zoe' } })
    const gone = textsTheInput('member', { input: { default: 'nobody' } })
    expect(await refusalOf(gone, {})).toMatchObject({ code: 'INPUT_NOT_FOUND', fields: [{ path: 'who' }] })
  })

  test('stays nothing where it is optional and not given', async () => {
    const graph = textsTheInput('role', { input: { required: false } })
    expect(await run(graph, { who: '' })).toMatchObject({
      input: { who: '' },
      error: { code: 'NO_RECIPIENTS' },
    })
  })
})

describe('the run is refused before anything of it is kept', () => {
  test('where the directory does not have somebody, naming each and repeating no number', async () => {
    const before = await runtime.listRuns({ limit: 200 })
    const error = await refusalOf(textsTheInput('members'), { who: [ada, '+447700900009', 'gone'] })
    expect(error).toMatchObject({
      code: 'INPUT_NOT_FOUND',
      message:
        'who/1: the directory has no member with this id; ' +
        'who/2: the directory has no member with this id',
      fields: [
        { path: 'who/1', key: 'unknownMember' },
        { path: 'who/2', key: 'unknownMember' },
      ],
      hint: expect.stringContaining('/api/members'),
    })
    expect(await runtime.listRuns({ limit: 200 })).toEqual(before)
  })

  test.each<[string, Json]>([
    ['member', { kind: 'role', id: 'r' }],
    ['member', ['a']],
    ['member', 7],
    ['members', 'a'],
    ['departments', [{ kind: 'member', id: 'a' }]],
    ['organisation-role', { name: 'First aider' }],
  ])('where a %s is %j', async (type, who) => {
    expect(await refusalOf(textsTheInput(type), { who })).toMatchObject({
      code: 'INPUT_INVALID',
      fields: [{ path: 'who', key: `input.${type}` }],
    })
  })

  test('where nobody is in a list that must name somebody', async () => {
    expect(await refusalOf(textsTheInput('members'), { who: [] })).toMatchObject({
      fields: [{ path: 'who', key: 'required' }],
    })
  })
})

test('a repeated call gets its run also where the member was deleted since', async () => {
  const leo = addMember(runtime, 'Leo', '+447700900003')
  const first = await run(textsTheInput('member'), { who: leo }, 'call-1')
  runtime.directory.memberStore.delete(leo)
  expect((await run(textsTheInput('member'), { who: leo }, 'call-1')).id).toBe(first.id)
  await expect(run(textsTheInput('member'), { who: leo }, 'call-2')).rejects.toMatchObject({
    code: 'INPUT_NOT_FOUND',
  })
})

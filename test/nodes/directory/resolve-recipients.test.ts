import { describe, expect, test } from 'vitest'
import { resolveRecipients, withSubDepartments } from '../../../nodes/directory/resolve-recipients.ts'
import type {
  Department,
  Directory,
  Member,
  OrganisationRole,
  Recipient,
  Role,
} from '../../../nodes/directory/schema.ts'
import type { Json } from '../../../nodes/json.ts'
import { recipientSources } from '../../support/recipient-sources.ts'

const member = (
  id: string,
  phone: string,
  departments: string[] = [],
  rest: Partial<Member> = {},
): Member => ({
  id,
  name: id,
  phone,
  status: 'in-service',
  departments,
  ...rest,
})
const members = [
  member('ada', '+12025550101', ['plant']),
  member('bo', '+12025550102', ['night']),
  member('cy', '', ['night']),
  member('di', '+12025550104', ['night'], { status: 'resigned' }),
  member('eve', '555-0105', ['plant']),
  member('fay', '+12025550101', ['office']),
]
const departments: Department[] = [
  { id: 'plant', name: 'Plant', parent: null },
  { id: 'repair', name: 'Repair', parent: 'plant', leaders: ['fay'] },
  { id: 'night', name: 'Night shift', parent: 'repair', leaders: ['bo', 'cy'] },
  { id: 'office', name: 'Office', parent: null },
]
const roles: Role[] = [
  { id: 'on-call', name: 'On call', members: ['bo', 'gone'], departments: ['repair'] },
  { id: 'safety', name: 'Safety', members: ['ada'], departments: [], organisationRoles: ['aid'] },
]
const organisationRoles: OrganisationRole[] = [{ id: 'aid', name: 'First aider', members: ['fay', 'bo'] }]

function countingDirectory() {
  const calls: string[] = []
  const directory: Directory = {
    members: (ids) => {
      calls.push('members')
      return Promise.resolve(members.filter((each) => ids.includes(each.id)))
    },
    membersOf: (ids) => {
      calls.push('membersOf')
      return Promise.resolve(members.filter((each) => each.departments.some((id) => ids.includes(id))))
    },
    departments: () => {
      calls.push('departments')
      return Promise.resolve(departments)
    },
    roles: (ids) => {
      calls.push('roles')
      return Promise.resolve(roles.filter((each) => ids.includes(each.id)))
    },
    organisationRoles: (ids) => {
      calls.push('organisationRoles')
      return Promise.resolve(organisationRoles.filter((each) => ids.includes(each.id)))
    },
    membersWithPhone: (phones) => {
      calls.push('membersWithPhone')
      return Promise.resolve(members.filter((each) => phones.includes(each.phone)))
    },
  }
  return { directory, calls }
}

const one = (id: string): Recipient => ({ kind: 'member', id })
const department = (id: string, includeSubDepartments: boolean): Recipient => ({
  kind: 'department',
  id,
  includeSubDepartments,
})
const leaders = (id: string, includeSubDepartments = false): Recipient => ({
  kind: 'leaders',
  id,
  includeSubDepartments,
})
const role = (id: string): Recipient => ({ kind: 'role', id })

async function resolve(...recipients: Recipient[]) {
  const people = await resolveRecipients(recipients, recipientSources(countingDirectory().directory))
  return people.map(({ memberId, skipped }) => (skipped ? `${memberId}: ${skipped}` : memberId))
}

test('lists people in the order in which they were selected', async () => {
  expect(await resolve(one('bo'), one('ada'))).toEqual(['bo', 'ada'])
})

test('takes a department alone or with everything below it', async () => {
  expect(await resolve(department('plant', false))).toEqual(['ada', 'eve: invalid-phone'])
  expect(await resolve(department('plant', true))).toEqual([
    'ada',
    'bo',
    'cy: no-phone',
    'di: resigned',
    'eve: invalid-phone',
  ])
})

test('takes the people of a role, then those of its departments with all below', async () => {
  expect(await resolve(role('on-call'))).toEqual(['bo', 'cy: no-phone', 'di: resigned'])
})

test('lists each person once, with every selection that led there', async () => {
  const selections = [role('on-call'), department('night', true), one('bo')]
  const people = await resolveRecipients(selections, recipientSources(countingDirectory().directory))
  expect(people.filter((person) => person.memberId === 'bo')).toMatchObject([{ reasons: selections }])
})

test('texts a shared number once', async () => {
  expect(await resolve(one('ada'), one('fay'))).toEqual(['ada', 'fay: same-number'])
})

test('says who does not exist any more; empty departments and roles add nobody', async () => {
  expect(await resolve(one('gone'), one('gone'), department('gone', true), role('gone'))).toEqual([
    'gone: unknown-member',
  ])
})

test('asks the directory once for all members', async () => {
  const { directory, calls } = countingDirectory()
  await resolveRecipients([one('ada'), one('bo'), one('fay'), role('on-call')], recipientSources(directory))
  expect(calls.sort()).toEqual(['departments', 'members', 'membersOf', 'roles'])
})

test('asks once for the people of many departments, roles and leaders', async () => {
  const { directory, calls } = countingDirectory()
  await resolveRecipients(
    [
      department('plant', true),
      department('office', true),
      leaders('night'),
      role('on-call'),
      role('safety'),
      { kind: 'organisation-role', id: 'aid' },
    ],
    recipientSources(directory),
  )
  expect(calls.sort()).toEqual(['departments', 'members', 'membersOf', 'organisationRoles', 'roles'])
})

test('asks for nothing that is not needed', async () => {
  const { directory, calls } = countingDirectory()
  await resolveRecipients([one('ada')], recipientSources(directory))
  expect(calls).toEqual(['members'])
})

test('ends in a tree that contains a loop', () => {
  const loop = [
    { id: 'a', name: 'A', parent: 'b' },
    { id: 'b', name: 'B', parent: 'a' },
  ]
  expect(withSubDepartments('a', loop).sort()).toEqual(['a', 'b'])
})

test('takes each of several departments alone, although they are asked for together', async () => {
  const selections = [department('night', false), department('office', false)]
  const people = await resolveRecipients(selections, recipientSources(countingDirectory().directory))
  expect(people.map(({ memberId, reasons }) => [memberId, reasons])).toEqual([
    ['bo', [selections[0]]],
    ['cy', [selections[0]]],
    ['di', [selections[0]]],
    ['fay', [selections[1]]],
  ])
})

test('takes the leaders of a department, and of those below where wished', async () => {
  expect(await resolve(leaders('repair'))).toEqual(['fay'])
  expect(await resolve(leaders('repair', true))).toEqual(['fay', 'bo', 'cy: no-phone'])
  expect(await resolve(leaders('office'), leaders('gone'))).toEqual([])
})

test('takes organisation roles, alone and as part of an application role', async () => {
  expect(await resolve({ kind: 'organisation-role', id: 'aid' })).toEqual(['fay', 'bo'])
  expect(await resolve(role('safety'))).toEqual(['ada', 'fay: same-number', 'bo'])
})

test('texts people who share a number each, where the text is personal', async () => {
  const people = await resolveRecipients(
    [one('ada'), one('fay')],
    recipientSources(countingDirectory().directory),
    { personalText: true },
  )
  expect(people.map(({ skipped }) => skipped)).toEqual([undefined, undefined])
})

test('gives everybody the own language and time zone, else the organisation’s', async () => {
  const { directory } = countingDirectory()
  const chen = member('chen', '+12025550109', [], { locale: 'zh-CN', timeZone: 'Asia/Shanghai' })
  const sources = recipientSources({ ...directory, members: () => Promise.resolve([chen, members[0]!]) })
  expect(await resolveRecipients([one('chen'), one('ada')], sources)).toMatchObject([
    { locale: 'zh-CN', timeZone: 'Asia/Shanghai' },
    { locale: 'en', timeZone: 'America/New_York' },
  ])
})

test('says why a number takes no text, where the directory knows', async () => {
  const { directory } = countingDirectory()
  const desk = member('desk', '+442079460958', [], { phoneProblem: 'landline' })
  const sources = recipientSources({ ...directory, members: () => Promise.resolve([desk]) })
  expect(await resolveRecipients([one('desk')], sources)).toMatchObject([{ skipped: 'landline' }])
})

describe('a value', () => {
  async function resolveValue(given: Json, source = 'who') {
    const people = await resolveRecipients(
      [{ kind: 'value', value: { kind: 'formula', source } }],
      recipientSources(countingDirectory().directory, { who: given }),
    )
    return people.map(({ memberId, phone, skipped }) => {
      const person = memberId.startsWith('phone:') ? `phone ${phone}` : memberId
      return skipped ? `${person}: ${skipped}` : person
    })
  }

  test.each<[string, Json, string[]]>([
    ['a number of nobody', '+1 202 555 0199', ['phone +12025550199']],
    ['a national number', '(202) 555-0199', ['phone +12025550199']],
    ['the number of a member', '202 555 0102', ['bo']],
    ['a number that two share: the first of them', '+12025550101', ['ada']],
    ['the number of somebody who resigned', '+12025550104', ['di: resigned']],
    ['a number that cannot be read', '12', ['phone 12: phone-too-short']],
    ['a named number', { kind: 'phone', number: '+12025550199', name: 'Gate' }, ['phone +12025550199']],
    ['a member', { kind: 'member', id: 'ada', name: 'Ada' }, ['ada']],
    ['a member who is gone', { kind: 'member', id: 'gone' }, ['gone: unknown-member']],
    [
      'a department, with all below it',
      { kind: 'department', id: 'repair' },
      ['bo', 'cy: no-phone', 'di: resigned'],
    ],
    [
      'a department alone',
      { kind: 'department', id: 'plant', includeSubDepartments: false },
      ['ada', 'eve: invalid-phone'],
    ],
    ['leaders', { kind: 'leaders', id: 'night' }, ['bo', 'cy: no-phone']],
    ['a role', { kind: 'role', id: 'safety' }, ['ada', 'fay: same-number', 'bo']],
    ['an organisation role', { kind: 'organisation-role', id: 'aid' }, ['fay', 'bo']],
    [
      'a list of any of these, also of lists',
      ['+12025550199', [{ kind: 'member', id: 'bo' }], null, ''],
      ['phone +12025550199', 'bo'],
    ],
    ['nothing', null, []],
    ['an empty list', [], []],
    [
      'something else: listed, and the others go on',
      [42, true, { kind: 'cat', id: 'tom' }, { kind: 'member' }, '+12025550102'],
      [': not-a-recipient', ': not-a-recipient', ': not-a-recipient', ': not-a-recipient', 'bo'],
    ],
  ])('may be %s', async (_, given, expected) => {
    expect(await resolveValue(given)).toEqual(expected)
  })

  test('that names somebody chosen before is one reason more', async () => {
    const value: Recipient = { kind: 'value', value: { kind: 'variable', path: 'who' } }
    const people = await resolveRecipients(
      [one('bo'), value, value],
      recipientSources(countingDirectory().directory, {
        who: ['+12025550102', '+12025550199', '+12025550199'],
      }),
    )
    const reason = { kind: 'value', source: 'who' }
    expect(people.map(({ reasons }) => reasons)).toEqual([
      [one('bo'), reason, reason],
      [reason, reason],
    ])
  })

  test('is named in the reasons by the beginning of its formula only, and never by what it gave', async () => {
    const source = `"+12025550199" & ${JSON.stringify('x'.repeat(500))}`
    const [person] = await resolveRecipients(
      [
        { kind: 'value', value: { kind: 'fixed', value: ['+12025550199'] } },
        { kind: 'value', value: { kind: 'formula', source } },
      ],
      recipientSources(countingDirectory().directory),
    )
    expect(person!.reasons).toEqual([{ kind: 'value', source: '' }])
    expect(JSON.stringify(person!.memberId)).not.toContain('2025550199')
  })
})

import { expect, test } from 'vitest'
import { resolveRecipients, withSubDepartments } from '../../../nodes/directory/resolve-recipients.ts'
import type { Department, Directory, Member, Recipient, Role } from '../../../nodes/directory/schema.ts'

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
  { id: 'repair', name: 'Repair', parent: 'plant' },
  { id: 'night', name: 'Night shift', parent: 'repair' },
  { id: 'office', name: 'Office', parent: null },
]
const roles: Role[] = [{ id: 'on-call', name: 'On call', members: ['bo', 'gone'], departments: ['repair'] }]

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
  }
  return { directory, calls }
}

const one = (id: string): Recipient => ({ kind: 'member', id })
const department = (id: string, includeSubDepartments: boolean): Recipient => ({
  kind: 'department',
  id,
  includeSubDepartments,
})
const role = (id: string): Recipient => ({ kind: 'role', id })

async function resolve(...recipients: Recipient[]) {
  const people = await resolveRecipients(recipients, countingDirectory().directory)
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
  const people = await resolveRecipients(selections, countingDirectory().directory)
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
  await resolveRecipients([one('ada'), one('bo'), one('fay'), role('on-call')], directory)
  expect(calls.sort()).toEqual(['departments', 'members', 'membersOf', 'roles'])
})

test('asks for nothing that is not needed', async () => {
  const { directory, calls } = countingDirectory()
  await resolveRecipients([one('ada')], directory)
  expect(calls).toEqual(['members'])
})

test('ends in a tree that contains a loop', () => {
  const loop = [
    { id: 'a', name: 'A', parent: 'b' },
    { id: 'b', name: 'B', parent: 'a' },
  ]
  expect(withSubDepartments('a', loop).sort()).toEqual(['a', 'b'])
})

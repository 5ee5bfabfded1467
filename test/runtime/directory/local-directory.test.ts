import { beforeEach, describe, expect, it } from 'vitest'
import { resolveRecipients } from '../../../nodes/directory/resolve-recipients.ts'
import { ErrorCode, FieldsError } from '../../../nodes/errors.ts'
import { LocalDirectory } from '../../../runtime/directory/local-directory.ts'
import { localSources } from '../../support/recipient-sources.ts'
import { openStores } from '../open-stores.ts'

let stores: ReturnType<typeof openStores>
let directory: LocalDirectory
beforeEach(() => {
  stores = openStores()
  directory = stores.directory
})

const person = (name: string, phone = '', departments: string[] = []) => ({
  name,
  phone,
  status: 'in-service' as const,
  departments,
})
const everybody = { search: '', offset: 0, limit: 100 }

describe('members', () => {
  it('are kept with their number in one form, and with what keeps them from being texted', () => {
    const { memberStore } = directory
    expect(memberStore.create(person('Ann', '(202) 555-0123'))).toMatchObject({
      phone: '+12025550123',
      problem: null,
    })
    expect(memberStore.create(person('Ben'))).toMatchObject({ problem: 'no-phone' })
    expect(memberStore.create(person('Chen', 'later'))).toMatchObject({
      phone: 'later',
      problem: 'invalid-phone',
    })
    const dora = memberStore.create({ ...person('Dora', '+12025550124'), status: 'resigned' })
    expect(dora.problem).toBe('resigned')
  })

  it('are found by parts of the name in any script and case, and by parts of the number', () => {
    const { memberStore } = directory
    memberStore.create(person('Ünal Çelik', '+12025550123'))
    memberStore.create(person('王小明', '+8613800000001'))
    memberStore.create(person('100% Müller_'))
    const names = (search: string) =>
      memberStore.page({ ...everybody, search }).members.map(({ name }) => name)
    expect(names('çelik')).toEqual(['Ünal Çelik'])
    expect(names('小明')).toEqual(['王小明'])
    expect(names('202-555')).toEqual(['Ünal Çelik'])
    expect(names('%')).toEqual(['100% Müller_'])
    expect(names("'; DROP TABLE members; --")).toEqual([])
    expect(names('')).toHaveLength(3)
  })

  it('come in pages in order of their names', () => {
    const { memberStore } = directory
    for (const name of ['Cem', 'ada', 'Bo']) memberStore.create(person(name))
    const page = memberStore.page({ search: '', offset: 1, limit: 1 })
    expect(page).toMatchObject({ total: 3, members: [{ name: 'Bo' }] })
  })

  it('cannot join a department that does not exist, and are then not kept at all', () => {
    expect(() => directory.memberStore.create(person('Ann', '', ['nowhere']))).toThrow(FieldsError)
    expect(directory.memberStore.page(everybody).total).toBe(0)
  })

  it('leave departments and roles when they are deleted', () => {
    const { memberStore, departmentStore, roleStore } = directory
    const shift = departmentStore.create({ name: 'Shift', parent: null })
    const ann = memberStore.create(person('Ann', '+12025550123', [shift.id]))
    const role = roleStore.create({ name: 'Leader', members: [ann.id], departments: [shift.id] })
    memberStore.delete(ann.id)
    expect(departmentStore.withCounts()).toMatchObject([{ members: 0 }])
    expect(roleStore.byIds([role.id])).toMatchObject([{ members: [], departments: [shift.id] }])
    expect(() => memberStore.delete(ann.id)).toThrow(expect.objectContaining({ code: ErrorCode.NotFound }))
  })
})

describe('departments', () => {
  it('refuse to lie below themselves, at any distance', () => {
    const { departmentStore } = directory
    const top = departmentStore.create({ name: 'Top', parent: null })
    const middle = departmentStore.create({ name: 'Middle', parent: top.id })
    const bottom = departmentStore.create({ name: 'Bottom', parent: middle.id })
    for (const parent of [top.id, middle.id, bottom.id]) {
      expect(() => departmentStore.update(top.id, { name: 'Top', parent })).toThrow(
        expect.objectContaining({ fields: [expect.objectContaining({ key: 'departmentLoop' })] }),
      )
    }
    expect(departmentStore.update(bottom.id, { name: 'Bottom', parent: top.id }).parent).toBe(top.id)
  })

  it('count everybody in and below them once', () => {
    const { departmentStore, memberStore } = directory
    const plant = departmentStore.create({ name: 'Plant', parent: null })
    const early = departmentStore.create({ name: 'Early shift', parent: plant.id })
    const late = departmentStore.create({ name: 'Late shift', parent: plant.id })
    memberStore.create(person('Ann', '+12025550123', [early.id, late.id]))
    memberStore.create(person('Bo', '+12025550124', [late.id]))
    expect(departmentStore.withCounts()).toMatchObject([
      { name: 'Early shift', members: 1, membersBelow: 1 },
      { name: 'Late shift', members: 2, membersBelow: 2 },
      { name: 'Plant', members: 0, membersBelow: 2 },
    ])
  })

  it('are not deleted while others lie below; their members stay', () => {
    const { departmentStore, memberStore } = directory
    const top = departmentStore.create({ name: 'Top', parent: null })
    const below = departmentStore.create({ name: 'Below', parent: top.id })
    const ann = memberStore.create(person('Ann', '', [below.id, top.id]))
    expect(() => departmentStore.delete(top.id)).toThrow(expect.objectContaining({ code: ErrorCode.InUse }))
    departmentStore.delete(below.id)
    departmentStore.delete(top.id)
    expect(memberStore.byIds([ann.id])).toMatchObject([{ name: 'Ann', departments: [] }])
  })
})

it('tells the engine who is meant: sub-departments, roles, each person once, with reasons for those left out', async () => {
  const { memberStore, departmentStore, roleStore } = directory
  const plant = departmentStore.create({ name: 'Plant', parent: null })
  const shift = departmentStore.create({ name: 'Shift', parent: plant.id })
  const ann = memberStore.create(person('Ann', '+12025550123', [shift.id, plant.id]))
  const ben = memberStore.create(person('Ben', '', [shift.id]))
  const role = roleStore.create({ name: 'Leader', members: [ann.id], departments: [] })
  const people = await resolveRecipients(
    [
      { kind: 'department', id: plant.id, includeSubDepartments: true },
      { kind: 'role', id: role.id },
      { kind: 'member', id: 'nobody' },
    ],
    localSources(directory),
  )
  expect(people.map(({ memberId, skipped }) => [memberId, skipped])).toEqual([
    [ann.id, undefined],
    [ben.id, 'no-phone'],
    ['nobody', 'unknown-member'],
  ])
})

describe('leaders and organisation roles', () => {
  it('are members, and leave with them', () => {
    const { memberStore, departmentStore, organisationRoleStore, roleStore } = directory
    const ann = memberStore.create(person('Ann', '+12025550123'))
    const ben = memberStore.create(person('Ben'))
    const plant = departmentStore.create({ name: 'Plant', parent: null, leaders: [ben.id, ann.id] })
    const aid = organisationRoleStore.create({ name: 'First aider', members: [ann.id, ben.id] })
    const role = roleStore.create({ name: 'R', members: [], departments: [], organisationRoles: [aid.id] })
    expect(plant.leaders).toEqual([ben.id, ann.id])
    memberStore.delete(ben.id)
    expect(departmentStore.all()).toMatchObject([{ leaders: [ann.id] }])
    expect(organisationRoleStore.get(aid.id).members).toEqual([ann.id])
    organisationRoleStore.delete(aid.id)
    expect(roleStore.byIds([role.id])).toMatchObject([{ organisationRoles: [] }])
  })

  it.each([
    ['leaders', () => directory.departmentStore.create({ name: 'A', parent: null, leaders: ['nobody'] })],
    ['members', () => directory.organisationRoleStore.create({ name: 'A', members: ['nobody'] })],
    [
      'organisationRoles',
      () =>
        directory.roleStore.create({
          name: 'A',
          members: [],
          departments: [],
          organisationRoles: ['nothing'],
        }),
    ],
  ])('refuse %s who do not exist, and keep nothing then', (path, create) => {
    expect(create).toThrow(expect.objectContaining({ fields: [expect.objectContaining({ path })] }))
    expect([
      directory.departmentStore.all(),
      directory.organisationRoleStore.all(),
      directory.roleStore.all(),
    ]).toEqual([[], [], []])
  })

  it('stay where a change does not mention them', () => {
    const { memberStore, departmentStore, organisationRoleStore } = directory
    const ann = memberStore.create(person('Ann'))
    const plant = departmentStore.create({ name: 'Plant', parent: null, leaders: [ann.id] })
    const aid = organisationRoleStore.create({ name: 'Aid', members: [ann.id] })
    expect(departmentStore.update(plant.id, { name: 'Works', parent: null }).leaders).toEqual([ann.id])
    expect(organisationRoleStore.update(aid.id, { name: 'First aid' }).members).toEqual([ann.id])
  })
})

describe('the organisation', () => {
  it('reads numbers anew that another country makes readable, and leaves the others', async () => {
    const { memberStore } = directory
    memberStore.create(person('Wang', '13800000001'))
    memberStore.create(person('Ann', '(202) 555-0123'))
    memberStore.create(person('Nobody', 'later'))
    await directory.changeOrganisation({ country: 'CN', timeZone: 'Asia/Shanghai', locale: 'zh-CN' })
    const people = memberStore.page(everybody).members
    expect(people.map(({ name, phone, problem }) => [name, phone, problem])).toEqual([
      ['Ann', '+12025550123', null],
      ['Nobody', 'later', 'invalid-phone'],
      ['Wang', '+8613800000001', null],
    ])
  })

  it('keeps its settings, and the tokens that stand for numbers of nobody', () => {
    const { database, surroundings } = stores
    const { ownerId } = directory.organisation.readPhone('+12025550199')
    const again = new LocalDirectory(database, surroundings, { defaultCountry: 'GB' })
    expect(again.organisation.current).toEqual(directory.organisation.current)
    expect(again.organisation.readPhone('(202) 555-0199').ownerId).toBe(ownerId)
    expect(openStores().directory.organisation.readPhone('+12025550199').ownerId).not.toBe(ownerId)
  })
})

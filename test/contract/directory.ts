import { beforeAll, describe, expect, test } from 'vitest'
import { resolveRecipients } from '../../nodes/directory/resolve-recipients.ts'
import type {
  Department,
  Directory,
  Member,
  OrganisationRole,
  Recipient,
  Role,
} from '../../nodes/directory/schema.ts'
import { recipientSources } from '../support/recipient-sources.ts'

/** What a directory is filled with before the suite asks it. */
export interface DirectoryContents {
  members: Member[]
  departments: Department[]
  organisationRoles: OrganisationRole[]
  roles: Role[]
}

const member = (id: string, departments: string[], more: Partial<Member> = {}): Member => ({
  id,
  name: id[0]!.toUpperCase() + id.slice(1),
  phone: `+1202555${String(1_000 + id.charCodeAt(0)).slice(-4)}`,
  status: 'in-service',
  departments,
  ...more,
})

const contents: DirectoryContents = {
  departments: [
    { id: 'plant', name: 'Plant', parent: null, leaders: ['ada'] },
    { id: 'night', name: 'Night', parent: 'plant', leaders: [] },
    { id: 'empty', name: 'Empty', parent: null, leaders: [] },
  ],
  members: [
    member('zoe', ['plant', 'night'], { locale: 'zh-CN', timeZone: 'Asia/Shanghai' }),
    member('ada', ['plant']),
    member('bob', ['night'], { status: 'resigned' }),
    member('cem', [], { phone: '' }),
    member('dee', [], { phone: '+12025551097' }), // Ada's
    ...Array.from({ length: 2_000 }, (_, index) => member(`m${index}`, [], { phone: '' })),
  ],
  organisationRoles: [{ id: 'aid', name: 'First aider', members: ['zoe', 'cem'] }],
  roles: [
    { id: 'on-call', name: 'On call', members: ['dee'], departments: ['night'], organisationRoles: ['aid'] },
  ],
}

/**
 * The promises of a directory, for the built-in one and for a host's own.
 * @param open fills a directory with exactly this and hands it over
 */
export function testDirectory(open: (contents: DirectoryContents) => Promise<Directory> | Directory): void {
  let directory: Directory
  beforeAll(async () => {
    directory = await open(structuredClone(contents))
  })
  const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id)

  describe('members', () => {
    test('are found by id with all that is known of them; ids of nobody are left out', async () => {
      const found = await directory.members(['zoe', 'nobody', 'cem'])
      expect(ids(found).sort()).toEqual(['cem', 'zoe'])
      const zoe = found.find(({ id }) => id === 'zoe')!
      expect({ ...zoe, departments: zoe.departments.toSorted() }).toMatchObject({
        name: 'Zoe',
        phone: '+12025551122',
        status: 'in-service',
        departments: ['night', 'plant'],
        locale: 'zh-CN',
        timeZone: 'Asia/Shanghai',
      })
    })

    test('are found by thousands in one question', async () => {
      const many = contents.members.map(({ id }) => id)
      expect(ids(await directory.members(many)).sort()).toEqual(many.toSorted())
    })

    test('of no id are none', async () => {
      expect(await directory.members([])).toEqual([])
    })
  })

  describe('members of departments', () => {
    test('are those of exactly these, resigned ones too, each once, by name', async () => {
      expect(ids(await directory.membersOf(['plant']))).toEqual(['ada', 'zoe'])
      expect(ids(await directory.membersOf(['night', 'plant', 'nowhere']))).toEqual(['ada', 'bob', 'zoe'])
      expect(await directory.membersOf(['empty'])).toEqual([])
    })

    test('name all departments that they are in', async () => {
      const [, zoe] = await directory.membersOf(['plant'])
      expect(zoe!.departments.toSorted()).toEqual(['night', 'plant'])
    })
  })

  test('departments form a tree and have leaders', async () => {
    const departments = await directory.departments()
    expect(departments).toHaveLength(3)
    expect(departments.find(({ id }) => id === 'night')).toMatchObject({ name: 'Night', parent: 'plant' })
    expect(departments.find(({ id }) => id === 'plant')).toMatchObject({ parent: null, leaders: ['ada'] })
  })

  test('roles are found by id; unknown ones are left out', async () => {
    const [role, ...others] = await directory.roles(['on-call', 'nobody'])
    expect(role).toMatchObject({ members: ['dee'], departments: ['night'], organisationRoles: ['aid'] })
    expect(others).toEqual([])
    const found = (await directory.organisationRoles?.(['aid', 'nobody'])) ?? []
    expect(found.map(({ id, members }) => [id, ...members])).toEqual([['aid', 'zoe', 'cem']])
  })

  test('members are found by their number, all who share it', async () => {
    const found = (await directory.membersWithPhone?.(['+12025551097', '+19995550000'])) ?? []
    expect(ids(found).sort()).toEqual(['ada', 'dee'])
  })

  test('the people of a step are who they should be', async () => {
    const recipients: Recipient[] = [
      { kind: 'department', id: 'plant', includeSubDepartments: true },
      { kind: 'leaders', id: 'plant', includeSubDepartments: true },
      { kind: 'role', id: 'on-call' },
      { kind: 'organisation-role', id: 'aid' },
      { kind: 'member', id: 'nobody' },
      { kind: 'value', value: { kind: 'fixed', value: ['+1 202 555 1122', '+1 202 555 0199'] } },
    ]
    const people = await resolveRecipients(recipients, recipientSources(directory))
    expect(
      people.map(({ name, phone, skipped, reasons }) => [name || phone, skipped, reasons.length]),
    ).toEqual([
      ['Ada', undefined, 2],
      ['Bob', 'resigned', 2],
      ['Zoe', undefined, 4],
      ['Dee', 'same-number', 1],
      ['Cem', 'no-phone', 2],
      ['', 'unknown-member', 1],
      ['+12025550199', undefined, 1],
    ])
  })
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../nodes/json.ts'
import { openServer } from './open-server.ts'
import type { TestServer } from './open-server.ts'

const patchSchema = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User'
const groupSchema = 'urn:ietf:params:scim:schemas:core:2.0:Group'

interface Resource extends JsonObject {
  id: string
}
interface List {
  totalResults: number
  startIndex: number
  itemsPerPage: number
  Resources: Resource[]
}

let server: TestServer
let token: string
beforeAll(async () => {
  server = await openServer({ runtime: { example: false } })
  token = (await server.call('POST', '/api/scim-tokens', { body: { name: 'Entra ID' } })).json<{
    token: string
  }>().token
})
afterAll(() => server.close())

function call(method: string, path: string, body?: object, headers: Record<string, string | undefined> = {}) {
  return server.plain(method, `/scim/v2${path}`, {
    ...(body && { body }),
    headers: {
      authorization: `Bearer ${token}`,
      ...(body && { 'content-type': 'application/scim+json' }),
      ...headers,
    },
  })
}
async function make(kind: 'Users' | 'Groups', resource: object): Promise<string> {
  const answer = await call('POST', `/${kind}`, resource)
  expect(answer.status, answer.text).toBe(201)
  return answer.json<Resource>().id
}
const patch = (path: string, ...Operations: object[]) =>
  call('PATCH', path, { schemas: [patchSchema], Operations })
const member = (id: string) => server.runtime.directory.memberStore.byIds([id])[0]
const find = async (kind: string, filter: string) =>
  (await call('GET', `/${kind}?filter=${encodeURIComponent(filter)}`)).json<List>()

describe('who may ask', () => {
  it.each([
    ['nobody', undefined],
    ['the access token of the server', 'Bearer token-of-the-server-tests'],
    ['a made-up token', 'Bearer scim_made-up'],
  ])('not %s', async (_, authorization) => {
    const answer = await call('GET', '/Users', undefined, { authorization })
    expect(answer.status).toBe(401)
    expect(answer.headers['content-type']).toMatch('application/scim+json')
    expect(answer.json()).toMatchObject({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '401',
    })
  })

  it('nobody with a token that was revoked; a token opens nothing else and is never shown again', async () => {
    const made = await server.call('POST', '/api/scim-tokens', { body: { name: 'Old' } })
    const { id, token: old } = made.json<{ id: string; token: string }>()
    const authorization = `Bearer ${old}`
    expect((await call('GET', '/Users', undefined, { authorization })).status).toBe(200)
    expect((await server.plain('GET', '/api/members', { headers: { authorization } })).status).toBe(401)
    const listed = await server.call('GET', '/api/scim-tokens')
    expect(listed.json()).toMatchObject([{ name: 'Entra ID' }, { name: 'Old', used: expect.any(String) }])
    expect(listed.text).not.toContain(old)
    const stored = server.runtime.store.database.prepare('SELECT * FROM scim_tokens').all()
    expect(JSON.stringify(stored)).not.toContain(old)
    await server.call('DELETE', `/api/scim-tokens/${id}`)
    expect((await call('GET', '/Users', undefined, { authorization })).status).toBe(401)
  })
})

describe('what there is', () => {
  it.each([
    '/ServiceProviderConfig',
    '/ResourceTypes',
    '/ResourceTypes/User',
    '/Schemas',
    `/Schemas/${groupSchema}`,
  ])('is told at %s', async (path) => {
    const answer = await call('GET', path)
    expect(answer.status).toBe(200)
    expect(answer.headers['content-type']).toMatch('application/scim+json')
    expect(answer.json<JsonObject>()['schemas']).toHaveLength(1)
  })

  it('and an unknown address is refused as SCIM refuses', async () => {
    for (const path of ['/Cats', '/Users/none', '/Groups/none', '/Schemas/none']) {
      const answer = await call('GET', path)
      expect(answer.status).toBe(404)
      expect(answer.json()).toMatchObject({ status: '404', detail: expect.any(String) })
    }
  })
})

describe('a user as Entra ID sends it', () => {
  let id: string
  it('becomes a member', async () => {
    const answer = await call('POST', '/Users', {
      schemas: [userSchema, 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'],
      externalId: 'entra-1',
      userName: 'Ann.Lee@example.com',
      active: true,
      displayName: 'Ann Lee',
      emails: [{ primary: true, type: 'work', value: 'ann.lee@example.com' }],
      meta: { resourceType: 'User' },
      name: { formatted: 'Ann Lee', familyName: 'Lee', givenName: 'Ann' },
      phoneNumbers: [
        { type: 'work', value: '+44 20 7946 0958' },
        { type: 'mobile', value: '+44 7700 900123' },
      ],
      preferredLanguage: 'en-GB',
      timezone: 'Europe/London',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'Sales' },
    })
    expect(answer.status, answer.text).toBe(201)
    const user = answer.json<Resource>()
    id = user.id
    expect(answer.headers.location).toBe(`/scim/v2/Users/${id}`)
    expect(user).toMatchObject({ userName: 'Ann.Lee@example.com', active: true, name: { familyName: 'Lee' } })
    expect(member(id)).toMatchObject({
      name: 'Ann Lee',
      phone: '+447700900123',
      status: 'in-service',
      email: 'ann.lee@example.com',
      locale: 'en-GB',
      timeZone: 'Europe/London',
      userName: 'Ann.Lee@example.com',
      externalId: 'entra-1',
    })
  })

  it.each([
    'userName eq "ann.lee@EXAMPLE.com"',
    'externalId eq "entra-1"',
    'displayName eq "Ann Lee"',
    'userName Eq "ann.lee@example.com" and active eq true',
    'emails[type eq "work"].value eq "ann.lee@example.com"',
    'urn:ietf:params:scim:schemas:core:2.0:User:userName eq "ann.lee@example.com"',
  ])('is found by %s', async (filter) => {
    expect(await find('Users', filter)).toMatchObject({ totalResults: 1, Resources: [{ id }] })
  })

  it('is not found by another name', async () => {
    expect(await find('Users', 'userName eq "nobody" and externalId eq "entra-1"')).toMatchObject({
      totalResults: 0,
      Resources: [],
    })
  })

  it('changes by capitalised operations, also on what was not there', async () => {
    const answer = await patch(
      `/Users/${id}`,
      { op: 'Replace', path: 'displayName', value: 'Ann Lee-Fox' },
      { op: 'Replace', path: 'name.familyName', value: 'Lee-Fox' },
      { op: 'Replace', path: 'phoneNumbers[type eq "mobile"].value', value: '+44 7700 900124' },
      { op: 'Add', path: 'phoneNumbers[type eq "fax"].value', value: '+44 20 7946 0999' },
      { op: 'Add', path: 'emails[type eq "home"].value', value: 'ann@home.example' },
      {
        op: 'Add',
        path: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department',
        value: 'Research',
      },
    )
    expect(answer.status, answer.text).toBe(200)
    expect(member(id)).toMatchObject({
      name: 'Ann Lee-Fox',
      phone: '+447700900124',
      email: 'ann.lee@example.com',
    })
    const user = (await call('GET', `/Users/${id}`)).json<JsonObject>()
    expect(user).toMatchObject({ name: { givenName: 'Ann', familyName: 'Lee-Fox' } })
    expect(user['emails']).toHaveLength(2)
    expect(user['phoneNumbers']).toHaveLength(3)
  })

  it('leaves by active "False" and comes back by "True"', async () => {
    await patch(`/Users/${id}`, { op: 'Replace', path: 'active', value: 'False' })
    expect(member(id)).toMatchObject({ status: 'resigned', name: 'Ann Lee-Fox', phone: '+447700900124' })
    await patch(`/Users/${id}`, { op: 'Add', path: 'active', value: 'True' })
    expect(member(id)).toMatchObject({ status: 'in-service' })
  })

  it('loses a number that the provider removes', async () => {
    await patch(
      `/Users/${id}`,
      { op: 'Remove', path: 'phoneNumbers[type eq "mobile"]' },
      { op: 'Remove', path: 'phoneNumbers[type eq "fax"].value' },
    )
    expect(member(id)).toMatchObject({ phone: '+442079460958', phoneProblem: 'landline' })
    await patch(`/Users/${id}`, { op: 'remove', path: 'phoneNumbers' })
    expect(member(id)).toMatchObject({ phone: '' })
  })

  it('exists once', async () => {
    const answer = await call('POST', '/Users', { userName: 'ANN.LEE@example.com', displayName: 'Another' })
    expect(answer.status).toBe(409)
    expect(answer.json()).toMatchObject({ status: '409', scimType: 'uniqueness' })
  })

  it('is gone after DELETE', async () => {
    expect(
      (await call('DELETE', `/Users/${id}`, undefined, { 'content-type': 'application/scim+json' })).status,
    ).toBe(204)
    expect((await call('GET', `/Users/${id}`)).status).toBe(404)
    expect(member(id)).toBeUndefined()
  })
})

describe('a user as Okta sends it', () => {
  let id: string
  const profile = {
    schemas: [userSchema],
    userName: 'ben@example.com',
    name: { givenName: 'Ben', familyName: 'Okri' },
    emails: [{ primary: true, value: 'ben@example.com', type: 'work' }],
    displayName: 'Ben Okri',
    locale: 'en-US',
    externalId: 'okta-1',
    groups: [],
    password: 'never kept',
    active: true,
  }
  it('is made, read and replaced', async () => {
    id = await make('Users', profile)
    const answer = await call('PUT', `/Users/${id}`, { ...profile, displayName: 'Benjamin Okri', id })
    expect(answer.status, answer.text).toBe(200)
    expect(member(id)).toMatchObject({ name: 'Benjamin Okri', locale: 'en-US', externalId: 'okta-1' })
    const kept = server.runtime.store.database.prepare('SELECT attributes FROM scim_users').all()
    expect(JSON.stringify(kept)).not.toContain('never kept')
  })

  it('keeps what people typed here and the provider never spoke of', async () => {
    const { memberStore, departmentStore } = server.runtime.directory
    const { id: department } = departmentStore.create({ name: 'Lab', parent: null })
    memberStore.update(id, {
      ...member(id)!,
      phone: '+12025550123',
      timeZone: 'America/New_York',
      departments: [department],
    })
    await call('PUT', `/Users/${id}`, profile)
    await patch(`/Users/${id}`, { op: 'replace', value: { displayName: 'B. Okri' } })
    expect(member(id)).toMatchObject({
      name: 'B. Okri',
      phone: '+12025550123',
      timeZone: 'America/New_York',
      departments: [department],
    })
    expect((await call('GET', `/Users/${id}`)).json()).toMatchObject({
      phoneNumbers: [{ value: '+12025550123', type: 'mobile' }],
      timezone: 'America/New_York',
    })
  })

  it('is deactivated without a path', async () => {
    const answer = await patch(`/Users/${id}`, { op: 'replace', value: { active: false } })
    expect(answer.json()).toMatchObject({ active: false })
    expect(member(id)).toMatchObject({ status: 'resigned', phone: '+12025550123' })
  })
})

it('finds a member who was typed here by the e-mail address, and takes that member over', async () => {
  const typed = server.runtime.directory.memberStore.create({
    name: 'Cleo Typed',
    phone: '+12025550125',
    status: 'in-service',
    departments: [],
    email: 'cleo@example.com',
  })
  expect(await find('Users', 'userName eq "Cleo@example.com"')).toMatchObject({
    Resources: [{ id: typed.id }],
  })
  await patch(`/Users/${typed.id}`, { op: 'Add', path: 'externalId', value: 'entra-7' })
  expect(member(typed.id)).toMatchObject({
    name: 'Cleo Typed',
    phone: '+12025550125',
    userName: 'cleo@example.com',
    externalId: 'entra-7',
  })
})

describe('a list of users', () => {
  it('comes in pages, whatever numbers are asked for', async () => {
    for (const name of ['p1', 'p2', 'p3']) await make('Users', { userName: name })
    const all = (await call('GET', '/Users')).json<List>()
    const second = (await call('GET', '/Users?startIndex=2&count=1')).json<List>()
    expect(second).toMatchObject({ totalResults: all.totalResults, startIndex: 2, itemsPerPage: 1 })
    expect(second.Resources[0]!.id).toBe(all.Resources[1]!.id)
    expect((await call('GET', '/Users?startIndex=-5&count=-1')).json()).toMatchObject({
      startIndex: 1,
      itemsPerPage: 0,
      totalResults: all.totalResults,
    })
    expect((await call('GET', '/Users?count=abc')).status).toBe(200)
  })

  it('carries the attributes that are asked for', async () => {
    const [user] = (await call('GET', '/Users?attributes=userName&count=1')).json<List>().Resources
    expect(Object.keys(user!).sort()).toEqual(['id', 'meta', 'schemas', 'userName'])
  })

  it.each([
    'userName sw "a"',
    'userName eq',
    'userName eq "a" or active eq true',
    '(userName eq "a")',
    'nickName eq "a"',
    ' ',
    'userName eq "a',
  ])('refuses the filter %s', async (filter) => {
    const answer = await call('GET', `/Users?filter=${encodeURIComponent(filter)}`)
    expect(answer.status).toBe(400)
    expect(answer.json()).toMatchObject({ status: '400', scimType: 'invalidFilter' })
  })
})

describe('a group', () => {
  let [group, ann, ben] = ['', '', '']
  const members = () => server.runtime.directory.organisationRoleStore.get(group).members
  beforeAll(async () => {
    ann = await make('Users', { userName: 'group-ann' })
    ben = await make('Users', { userName: 'group-ben' })
    group = await make('Groups', { schemas: [groupSchema], displayName: 'First aiders', externalId: 'g-1' })
  })

  it('is an organisation role that a function can text', () => {
    expect(server.runtime.directory.organisationRoleStore.all()).toMatchObject([
      { id: group, name: 'First aiders' },
    ])
  })

  it('gains and loses members as Entra ID writes it', async () => {
    const added = await patch(`/Groups/${group}`, {
      op: 'Add',
      path: 'members',
      value: [{ value: ann }, { value: ben }, { value: ann }],
    })
    expect(added.status, added.text).toBe(204)
    expect(members()).toEqual([ann, ben])
    await patch(`/Groups/${group}`, { op: 'Remove', path: 'members', value: [{ value: ben }] })
    await patch(`/Groups/${group}`, { op: 'Replace', path: 'displayName', value: 'Aid' })
    expect([members(), server.runtime.directory.organisationRoleStore.get(group).name]).toEqual([
      [ann],
      'Aid',
    ])
  })

  it('gains and loses members as Okta writes it', async () => {
    await patch(
      `/Groups/${group}`,
      { op: 'remove', path: `members[value eq "${ann}"]` },
      { op: 'add', path: 'members', value: [{ value: ben, display: 'Ben' }] },
    )
    expect(members()).toEqual([ben])
    await patch(`/Groups/${group}`, { op: 'replace', value: { id: group, displayName: 'First aid' } })
    await patch(`/Groups/${group}`, { op: 'replace', path: 'members', value: [{ value: ann }] })
    expect([members(), server.runtime.directory.organisationRoleStore.get(group).name]).toEqual([
      [ann],
      'First aid',
    ])
    await call('PUT', `/Groups/${group}`, {
      displayName: 'First aiders',
      members: [{ value: ann }, { value: ben }],
    })
    expect(members()).toEqual([ann, ben])
  })

  it('is found, with or without its members', async () => {
    const found = await find('Groups', 'displayName eq "first aiders"')
    expect(found.Resources).toMatchObject([{ id: group, members: [{ value: ann }, { value: ben }] }])
    const [bare] = (await call('GET', '/Groups?excludedAttributes=members')).json<List>().Resources
    expect(bare).not.toHaveProperty('members')
    expect(await find('Groups', `id eq "${group}" and members eq "${ann}"`)).toMatchObject({
      totalResults: 1,
    })
    expect(await find('Groups', `id eq "${group}" and members eq "nobody"`)).toMatchObject({
      totalResults: 0,
    })
    expect((await call('GET', `/Users/${ann}`)).json()).toMatchObject({ groups: [{ value: group }] })
  })

  it('is gone after DELETE; its members stay', async () => {
    expect((await call('DELETE', `/Groups/${group}`)).status).toBe(204)
    expect((await call('GET', `/Groups/${group}`)).status).toBe(404)
    expect(member(ann)).toBeDefined()
  })
})

describe('what cannot be read changes nothing', () => {
  let [user, group] = ['', '']
  beforeAll(async () => {
    user = await make('Users', {
      userName: 'safe',
      displayName: 'Safe',
      phoneNumbers: [{ value: '+12025550177' }],
    })
    group = await make('Groups', { displayName: 'Safe group', members: [{ value: user }] })
  })
  const state = async () => [
    (await call('GET', '/Users?count=200')).text,
    (await call('GET', '/Groups')).text,
    server.runtime.directory.memberStore.byIds([user]),
  ]

  it.each<[string, () => ReturnType<typeof call>]>([
    [
      'no JSON',
      () =>
        server.plain('POST', '/scim/v2/Users', {
          body: '{"userName":',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
        }),
    ],
    ['no userName', () => call('POST', '/Users', { displayName: 'Nobody' })],
    ['a userName of the wrong type', () => call('PUT', `/Users/${user}`, { userName: 7 })],
    [
      'emails that are no list',
      () => call('PUT', `/Users/${user}`, { userName: 'safe', emails: 'a@example.com' }),
    ],
    [
      'active that is no flag',
      () => patch(`/Users/${user}`, { op: 'replace', path: 'active', value: 'maybe' }),
    ],
    ['an unknown operation', () => patch(`/Users/${user}`, { op: 'move', path: 'displayName', value: 'x' })],
    ['no operations', () => call('PATCH', `/Users/${user}`, { schemas: [patchSchema] })],
    ['a path that cannot be read', () => patch(`/Users/${user}`, { op: 'replace', path: 'a[b', value: 'x' })],
    [
      'a path to the prototype',
      () => patch(`/Users/${user}`, { op: 'add', path: 'name.__proto__', value: { x: 1 } }),
    ],
    [
      'a later operation that is wrong',
      () =>
        patch(`/Users/${user}`, { op: 'replace', path: 'displayName', value: 'Changed' }, { op: 'remove' }),
    ],
    [
      'a member who does not exist',
      () =>
        patch(
          `/Groups/${group}`,
          { op: 'replace', path: 'displayName', value: 'Changed' },
          { op: 'add', path: 'members', value: [{ value: 'nobody' }] },
        ),
    ],
    [
      'members that are no list',
      () => call('PUT', `/Groups/${group}`, { displayName: 'Changed', members: 'all' }),
    ],
    ['a group without a name', () => call('POST', '/Groups', { members: [] })],
    [
      'another type of content',
      () =>
        server.plain('POST', '/scim/v2/Users', {
          body: '<user/>',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/xml' },
        }),
    ],
  ])('%s', async (_, send) => {
    const before = await state()
    const answer = await send()
    expect([400, 415]).toContain(answer.status)
    expect(answer.headers['content-type']).toMatch('application/scim+json')
    expect(answer.json()).toMatchObject({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: String(answer.status),
      detail: expect.any(String),
    })
    expect(await state()).toEqual(before)
  })
})

describe('sorting', () => {
  const sorted = async (query: string) =>
    (await call('GET', `/Users?filter=${encodeURIComponent('externalId eq "sorted"')}&${query}`))
      .json<List>()
      .Resources.map(({ userName }) => userName)
  beforeAll(async () => {
    const email = (value: string) => ({ emails: [{ value, primary: true }] })
    await make('Users', {
      userName: 'b',
      displayName: 'Zoe',
      externalId: 'sorted',
      ...email('m@example.com'),
    })
    await make('Users', { userName: 'C', displayName: 'adam', externalId: 'sorted' })
    await make('Users', {
      userName: 'a',
      displayName: 'Bea',
      externalId: 'sorted',
      ...email('K@example.com'),
    })
    for (const name of ['sort x', 'Sort Z', 'sort Y']) await make('Groups', { displayName: name })
  })

  it('puts users in the order that is asked for, whatever the capitals, and who has no value at the end', async () => {
    expect(await sorted('sortBy=userName')).toEqual(['a', 'b', 'C'])
    expect(await sorted('sortBy=userName&sortOrder=descending')).toEqual(['C', 'b', 'a'])
    expect(await sorted('sortBy=displayName&count=2&startIndex=2')).toEqual(['a', 'b'])
    expect(await sorted('sortBy=emails.value')).toEqual(['a', 'b', 'C'])
    expect(await sorted(`sortBy=${userSchema}:emails&sortOrder=descending`)).toEqual(['C', 'b', 'a'])
  })

  it('puts groups in the order that is asked for', async () => {
    const groups = (await call('GET', '/Groups?sortBy=displayName&sortOrder=descending')).json<List>()
    const names = groups.Resources.map(({ displayName }) => String(displayName))
    expect(names.filter((name) => /^sort /i.test(name))).toEqual(['Sort Z', 'sort Y', 'sort x'])
  })

  it('refuses what nothing is sorted by', async () => {
    const answer = await call('GET', '/Users?sortBy=nickName')
    expect(answer.status).toBe(400)
    expect(answer.json()).toMatchObject({ scimType: 'invalidPath' })
    expect((await call('GET', '/Users?sortBy=id&sortOrder=sideways')).status).toBe(400)
  })
})

describe('ETags', () => {
  it('are told of, and name the version of a user', async () => {
    expect((await call('GET', '/ServiceProviderConfig')).json()).toMatchObject({
      sort: { supported: true },
      etag: { supported: true },
    })
    const id = await make('Users', { userName: 'etag', displayName: 'One' })
    const first = await call('GET', `/Users/${id}`)
    const etag = first.headers['etag'] as string
    expect(etag).toMatch(/^W\/"[\w-]{22}"$/)
    expect(first.json()).toMatchObject({ meta: { version: etag } })
    expect((await call('GET', `/Users/${id}?attributes=userName`)).headers['etag']).toBe(etag)
    expect((await find('Users', 'userName eq "etag"')).Resources[0]).toMatchObject({
      meta: { version: etag },
    })
    expect((await call('GET', `/Users/${id}`, undefined, { 'if-none-match': etag })).status).toBe(304)
    expect((await call('GET', `/Users/${id}`, undefined, { 'if-none-match': 'W/"other"' })).status).toBe(200)
  })

  it('keep a change from what somebody else has changed meanwhile', async () => {
    const id = await make('Users', { userName: 'etag-2', displayName: 'One' })
    const read = (await call('GET', `/Users/${id}`)).headers['etag'] as string
    const rename = (displayName: string, ifMatch: string) =>
      call('PUT', `/Users/${id}`, { userName: 'etag-2', displayName }, { 'if-match': ifMatch })
    const changed = await rename('Two', `W/"other", ${read}`)
    expect(changed.status).toBe(200)
    expect(changed.headers['etag']).not.toBe(read)
    const late = await rename('Three', read)
    expect(late.status).toBe(412)
    expect(late.json()).toMatchObject({ status: '412', schemas: [expect.stringContaining('Error')] })
    const Operations = [{ op: 'replace', path: 'displayName', value: 'Three' }]
    const header = { 'if-match': read }
    const patched = await call('PATCH', `/Users/${id}`, { schemas: [patchSchema], Operations }, header)
    expect(patched.status).toBe(412)
    expect((await call('DELETE', `/Users/${id}`, undefined, header)).status).toBe(412)
    expect(member(id)).toMatchObject({ name: 'Two' })
    // typed here
    const now = changed.headers['etag'] as string
    server.runtime.directory.memberStore.update(id, { ...member(id)!, name: 'Four' })
    expect((await rename('Five', now)).status).toBe(412)
    expect((await rename('Five', '*')).status).toBe(200)
  })

  it('of a group change with its members, shown or not', async () => {
    const ann = await make('Users', { userName: 'etag-ann' })
    const group = await make('Groups', { displayName: 'etag group' })
    const etag = async (query = '') =>
      (await call('GET', `/Groups/${group}${query}`)).headers['etag'] as string
    const empty = await etag()
    const Operations = [{ op: 'add', path: 'members', value: [{ value: ann }] }]
    const body = { schemas: [patchSchema], Operations }
    const added = await call('PATCH', `/Groups/${group}`, body, { 'if-match': empty })
    expect(added.status).toBe(204)
    const full = await etag()
    expect(full).not.toBe(empty)
    expect(added.headers['etag']).toBe(full)
    expect(await etag('?excludedAttributes=members')).toBe(full)
    expect((await call('PATCH', `/Groups/${group}`, body, { 'if-match': empty })).status).toBe(412)
    const put = { displayName: 'other' }
    expect((await call('PUT', `/Groups/${group}`, put, { 'if-match': empty })).status).toBe(412)
    expect((await call('DELETE', `/Groups/${group}`, undefined, { 'if-match': empty })).status).toBe(412)
    expect((await call('DELETE', `/Groups/${group}`, undefined, { 'if-match': full })).status).toBe(204)
  })
})

import { afterAll, beforeAll, expect, it } from 'vitest'
import type { MessageTemplate } from '../../../nodes/message-templates/schema.ts'
import { sampleTemplate } from '../../nodes/message-templates/sample-template.ts'
import { openServer } from './open-server.ts'
import type { TestServer } from './open-server.ts'

let test: TestServer
beforeAll(async () => {
  test = await openServer()
})
afterAll(() => test.close())

const path = '/api/message-templates'

it('makes, lists, reads, changes and deletes a template', async () => {
  const content = sampleTemplate({ name: 'By HTTP' })
  const made = await test.call('POST', path, { body: content })
  expect(made.status).toBe(201)
  const template = made.json<MessageTemplate>()
  expect(template).toMatchObject({ ...content, revision: 1 })
  expect((await test.call('GET', path)).json<MessageTemplate[]>()).toContainEqual(template)
  expect((await test.call('GET', `${path}/${template.id}`)).json()).toEqual(template)

  const body = { ...content, category: 'security', revision: 1 }
  const changed = await test.call('PUT', `${path}/${template.id}`, { body })
  expect(changed.json()).toMatchObject({ category: 'security', revision: 2 })
  const late = await test.call('PUT', `${path}/${template.id}`, { body })
  expect([late.status, late.json().code]).toEqual([409, 'CONFLICT'])

  expect((await test.call('GET', `${path}/${template.id}/usage`)).json()).toEqual([])
  expect((await test.call('DELETE', `${path}/${template.id}`)).status).toBe(204)
  expect((await test.call('GET', `${path}/${template.id}`)).status).toBe(404)
})

it('names each field that it refuses', async () => {
  const body = {
    name: ' ',
    placeholders: [{ name: 'a' }, { name: 'b' }, { name: 'not a name' }],
    texts: { English: 'Hello' },
    surprise: 1,
  }
  const refused = await test.call('POST', path, { body })
  expect(refused.status).toBe(400)
  expect(refused.json().fields?.map(({ path, key }) => `${path} ${key}`)).toEqual([
    'name required',
    'placeholders/2/name name',
    'texts/English locale',
    'surprise unknownField',
  ])
})

it('answers nobody without a right to ask', async () => {
  expect((await test.plain('GET', path)).status).toBe(401)
})

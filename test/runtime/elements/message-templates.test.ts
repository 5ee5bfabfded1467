import { expect, it } from 'vitest'
import { ErrorCode } from '../../../nodes/errors.ts'
import { sampleTemplate } from '../../nodes/message-templates/sample-template.ts'
import { openStores } from '../open-stores.ts'

function openWithTemplate() {
  const stores = openStores()
  return { ...stores, template: stores.templates.create(sampleTemplate()) }
}

it('keeps everything that was written', () => {
  const { templates, template } = openWithTemplate()
  expect(template).toMatchObject({ ...sampleTemplate(), revision: 1, updated: '2026-03-01T08:00:00.000Z' })
  expect(templates.get(template.id)).toEqual(template)
  templates.create(sampleTemplate({ name: 'another' }))
  expect(templates.list().map(({ name }) => name)).toEqual(['another', 'Shift alarm'])
})

it('counts revisions and refuses a change of an older one', () => {
  const { templates, template } = openWithTemplate()
  const changed = templates.update(template.id, { ...sampleTemplate({ name: 'New name' }), revision: 1 })
  expect(changed).toMatchObject({ name: 'New name', revision: 2 })
  expect(() => templates.update(template.id, { ...sampleTemplate(), revision: 1 })).toThrow(
    expect.objectContaining({ code: ErrorCode.Conflict }),
  )
  expect(templates.get(template.id)).toEqual(changed)
})

it('refuses a name that is taken, whatever its capitals', () => {
  const { templates, template } = openWithTemplate()
  const refusal = expect.objectContaining({
    code: ErrorCode.BodyInvalid,
    fields: [expect.objectContaining({ path: 'name', key: 'duplicate' })],
  })
  expect(() => templates.create(sampleTemplate({ name: 'SHIFT alarm' }))).toThrow(refusal)
  const other = templates.create(sampleTemplate({ name: 'Other' }))
  expect(() => templates.update(other.id, { ...sampleTemplate(), revision: 1 })).toThrow(refusal)
  expect(templates.update(template.id, { ...sampleTemplate(), revision: 1 }).revision).toBe(2)
})

it('does not delete what a draft or a published version sends, and says where', () => {
  const { templates, template, functions } = openWithTemplate()
  const graph = (params: object) => ({
    ...functions.create({ title: 'Alarm' }).graph,
    nodes: [{ id: 'sms', type: 'sms-notification', position: { x: 0, y: 0 }, params }],
  })
  const { name, revision } = functions.create({ title: 'Sends it', graph: graph({}) })
  expect(templates.usage(template.id)).toEqual([])
  functions.save(name, { revision, graph: graph({ template: template.id }) })
  functions.publish(name, { revision: revision + 1, check: () => undefined })
  functions.save(name, { revision: revision + 1, graph: graph({}) })
  expect(templates.usage(template.id)).toEqual([
    { functionName: name, functionTitle: 'Alarm', nodeId: 'sms' },
  ])
  expect(() => templates.delete(template.id)).toThrow(expect.objectContaining({ code: ErrorCode.InUse }))
  functions.publish(name, { revision: revision + 2, check: () => undefined })
  templates.delete(template.id)
  expect(() => templates.get(template.id)).toThrow(expect.objectContaining({ code: ErrorCode.NotFound }))
})

it('tells of each change', () => {
  const { templates, template } = openWithTemplate()
  let changes = 0
  const stop = templates.onChange(() => changes++)
  templates.update(template.id, { ...sampleTemplate(), revision: 1 })
  templates.delete(template.id)
  expect(changes).toBe(2)
  stop()
  templates.create(sampleTemplate())
  expect(changes).toBe(2)
})

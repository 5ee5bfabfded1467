import { describe, expect, it } from 'vitest'
import { ErrorCode, GraphError } from '../../../nodes/errors.ts'
import { functionNameFor } from '../../../runtime/elements/function-name.ts'
import { openStores } from '../open-stores.ts'

describe('function names', () => {
  it.each([
    ['Night shift alarm', 'night-shift-alarm'],
    ['  Überprüfung: Pumpe 7! ', 'uberprufung-pumpe-7'],
    ['夜班报警', 'function'],
    ['---', 'function'],
  ])('makes a name of "%s"', (title, name) => {
    expect(functionNameFor(title, () => false)).toBe(name)
  })

  it('counts on where a name is taken', () => {
    const { functions } = openStores()
    const names = ['夜班报警', '早班报警', '中班报警'].map((title) => functions.create({ title }).name)
    expect(names).toEqual(['function', 'function-2', 'function-3'])
  })

  it('keeps long names within the limit of a name', () => {
    const name = functionNameFor('long '.repeat(60), (taken) => !taken.endsWith('-12'))
    expect(name).toMatch(/^[a-z0-9][a-z0-9-]{0,63}$/)
  })

  it('refuses a name that somebody chose and that is taken', () => {
    const { functions } = openStores()
    functions.create({ title: 'A', name: 'alarm' })
    expect(() => functions.create({ title: 'B', name: 'alarm' })).toThrow(
      expect.objectContaining({ code: ErrorCode.Conflict }),
    )
  })
})

describe('saving', () => {
  it('refuses to overwrite what somebody saved in between, and changes nothing', () => {
    const { functions } = openStores()
    const { name, graph } = functions.create({ title: 'Alarm' })
    functions.save(name, { revision: 1, graph: { ...graph, description: 'first' } })
    expect(() => functions.save(name, { revision: 1, graph: { ...graph, description: 'second' } })).toThrow(
      expect.objectContaining({ code: ErrorCode.Conflict, params: { name, revision: 2 } }),
    )
    expect(functions.get(name)).toMatchObject({ revision: 2, description: 'first' })
  })

  it('refuses what is no graph, with its place, and changes nothing', () => {
    const { functions } = openStores()
    const { name, graph } = functions.create({ title: 'Alarm' })
    const broken = { ...graph, nodes: [{ id: 'start' }] }
    expect(() => functions.save(name, { revision: 1, graph: broken })).toThrow(GraphError)
    expect(functions.get(name)).toMatchObject({ revision: 1, graph })
  })

  it('keeps the name of the function whatever the file says, and takes its title over', () => {
    const { functions } = openStores()
    const { name, graph } = functions.create({ title: 'Alarm' })
    functions.save(name, { revision: 1, graph: { ...graph, name: 'other', title: 'Pump alarm' } })
    expect(functions.get(name)).toMatchObject({ name, title: 'Pump alarm', graph: { name } })
  })

  it('hands out the same parsed graph until the next save', () => {
    const { functions } = openStores()
    const { name, graph } = functions.create({ title: 'Alarm' })
    const first = functions.current(name)
    expect(functions.current(name)).toBe(first)
    functions.save(name, { revision: 1, graph })
    expect(functions.current(name)).not.toBe(first)
    expect(functions.current(name).revision).toBe(2)
  })

  it('keeps nodes of types it does not know', () => {
    const { functions } = openStores()
    const { name, graph } = functions.create({ title: 'Alarm' })
    const fax = { id: 'fax', type: 'fax', typeVersion: 3, position: { x: 1, y: 2 }, params: { pages: [1] } }
    functions.save(name, { revision: 1, graph: { ...graph, nodes: [...graph.nodes, fax] } })
    expect(functions.get(name).graph.nodes).toContainEqual(fax)
  })
})

describe('drafts', () => {
  it('keeps a draft beside the saved graph until it is saved', () => {
    const { functions } = openStores()
    const { name, graph } = functions.create({ title: 'Alarm' })
    const changed = { ...graph, description: 'changed' }
    expect(functions.saveDraft(name, { revision: 1, graph: changed })).toMatchObject({
      hasDraft: true,
      revision: 1,
    })
    expect(functions.get(name)).toMatchObject({ graph, draft: changed })
    expect(functions.current(name).graph.description).toBe('')
    expect(functions.current(name, 'draft').graph.description).toBe('changed')
    expect(functions.save(name, { revision: 1, graph: changed })).toMatchObject({
      hasDraft: false,
      draft: null,
    })
  })

  it('takes a graph that equals the saved one for no draft, whatever the order of its keys', () => {
    const { functions } = openStores()
    const { name, graph } = functions.create({ title: 'Alarm' })
    functions.saveDraft(name, { revision: 1, graph: { ...graph, description: 'changed' } })
    const turned = Object.fromEntries(Object.entries(graph).reverse())
    expect(functions.saveDraft(name, { revision: 1, graph: turned }).hasDraft).toBe(false)
    expect(functions.current(name, 'draft')).toBe(functions.current(name))
  })

  it('refuses a draft of an older version', () => {
    const { functions } = openStores()
    const { name, graph } = functions.create({ title: 'Alarm' })
    functions.save(name, { revision: 1, graph })
    expect(() => functions.saveDraft(name, { revision: 1, graph })).toThrow(
      expect.objectContaining({ code: ErrorCode.Conflict }),
    )
  })

  it('goes back to the saved graph', () => {
    const { functions } = openStores()
    const { name, graph } = functions.create({ title: 'Alarm' })
    functions.saveDraft(name, { revision: 1, graph: { ...graph, description: 'changed' } })
    expect(functions.current(name, 'draft').graph.description).toBe('changed')
    functions.dropDraft(name)
    expect(functions.current(name, 'draft').graph.description).toBe('')
  })
})

it('knows nothing of a deleted function', () => {
  const { functions } = openStores()
  const { name } = functions.create({ title: 'Alarm' })
  functions.current(name)
  functions.delete(name)
  const missing = expect.objectContaining({ code: ErrorCode.NotFound })
  expect(() => functions.current(name)).toThrow(missing)
  expect(() => functions.get(name)).toThrow(missing)
  expect(() => functions.delete(name)).toThrow(missing)
  expect(functions.list()).toEqual([])
})

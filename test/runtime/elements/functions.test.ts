import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { ErrorCode, GraphError } from '../../../nodes/errors.ts'
import { functionNameFor } from '../../../runtime/elements/function-name.ts'
import { FunctionStore } from '../../../runtime/elements/functions.ts'
import { graphHash } from '../../../runtime/engine/compile-graph.ts'
import { Database } from '../../../runtime/store/database.ts'
import { migrations } from '../../../runtime/store/migrations.ts'
import { newFolder } from '../../support/product.ts'
import { countingSurroundings, openStores } from '../open-stores.ts'

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

  it('says which functions are approval processes', () => {
    const { functions } = openStores()
    const { name, graph } = functions.create({ title: 'Leave request' })
    functions.create({ title: 'Alarm' })
    const process = { title: { kind: 'fixed', value: 'Leave request' } }
    expect(functions.save(name, { revision: 1, graph: { ...graph, process } })).toMatchObject({
      isProcess: true,
    })
    expect(functions.list().map((each) => [each.title, each.isProcess])).toEqual([
      ['Alarm', false],
      ['Leave request', true],
    ])
  })

  it('hands out the same parsed graph until the next save', () => {
    const { functions } = openStores()
    const { name, graph } = functions.create({ title: 'Alarm' })
    const first = functions.graph(name)
    expect(functions.graph(name)).toBe(first)
    functions.save(name, { revision: 1, graph })
    expect(functions.graph(name)).not.toBe(first)
    expect(functions.draft(name).revision).toBe(2)
  })

  it('keeps nodes of types it does not know', () => {
    const { functions } = openStores()
    const { name, graph } = functions.create({ title: 'Alarm' })
    const fax = { id: 'fax', type: 'fax', typeVersion: 3, position: { x: 1, y: 2 }, params: { pages: [1] } }
    functions.save(name, { revision: 1, graph: { ...graph, nodes: [...graph.nodes, fax] } })
    expect(functions.get(name).graph.nodes).toContainEqual(fax)
  })
})

describe('publishing', () => {
  const check = () => undefined

  it('gives callers the draft until there is a version, and from then on the latest version', () => {
    const { functions } = openStores()
    const { name, graph } = functions.create({ title: 'Alarm' })
    const save = (revision: number, description: string) =>
      functions.save(name, { revision, graph: { ...graph, description } })
    save(1, 'first')
    expect(functions.graph(name).description).toBe('first')
    expect(functions.publish(name, { revision: 2, note: 'Night shift', check })).toMatchObject({
      number: 1,
      note: 'Night shift',
    })
    expect(save(2, 'second')).toMatchObject({ isChanged: true, published: { number: 1 } })
    expect(functions.graph(name).description).toBe('first')
    expect(functions.graph(name, 'draft').description).toBe('second')
    functions.publish(name, { revision: 3, check })
    expect(functions.graph(name)).toBe(functions.graph(name, 'published'))
    expect(functions.graph(name).description).toBe('second')
    expect(functions.graph(name, 1).description).toBe('first')
    expect(functions.versions.list(name).map(({ number }) => number)).toEqual([2, 1])
    expect(functions.get(name)).toMatchObject({ isChanged: false, published: { number: 2 } })
  })

  it('knows that going back to the published content is no change, whatever the title and the order of keys', () => {
    const { functions } = openStores()
    const { name, graph } = functions.create({ title: 'Alarm' })
    functions.publish(name, { revision: 1, check })
    expect(functions.save(name, { revision: 1, graph: { ...graph, description: 'x' } }).isChanged).toBe(true)
    const turned = Object.fromEntries(Object.entries({ ...graph, title: 'Alert' }).reverse())
    expect(functions.save(name, { revision: 2, graph: turned })).toMatchObject({
      isChanged: false,
      title: 'Alert',
    })
    expect(functions.publish(name, { revision: 3, check }).number).toBe(1)
  })

  it('publishes nothing that cannot run, nothing of an older revision, and nothing that does not exist', () => {
    const { functions } = openStores()
    const { name, graph } = functions.create({ title: 'Alarm' })
    const refuse = () => {
      throw new Error('not ready')
    }
    expect(() => functions.publish(name, { revision: 1, check: refuse })).toThrow('not ready')
    functions.save(name, { revision: 1, graph })
    const conflict = expect.objectContaining({ code: ErrorCode.Conflict })
    expect(() => functions.publish(name, { revision: 1, check })).toThrow(conflict)
    expect(functions.versions.list(name)).toEqual([])
    const missing = expect.objectContaining({ code: ErrorCode.NotFound })
    expect(() => functions.graph(name, 'published')).toThrow(missing)
    expect(() => functions.graph(name, 7)).toThrow(missing)
    expect(() => functions.publish('nothing', { revision: 1, check })).toThrow(missing)
  })

  it('finds the number that a run took, also where a later version has the same content', () => {
    const { functions } = openStores()
    const { name, graph } = functions.create({ title: 'Alarm' })
    const { hash } = functions.publish(name, { revision: 1, check })
    functions.save(name, { revision: 1, graph: { ...graph, description: 'x' } })
    functions.publish(name, { revision: 2, check })
    functions.save(name, { revision: 2, graph })
    expect(functions.publish(name, { revision: 3, check })).toMatchObject({ number: 3, hash })
    const { versions } = functions
    expect(versions.numberOf(name, hash, '2026-03-01T09:00:00.000Z')).toBe(3)
    expect(versions.numberOf(name, hash, '2026-03-01T07:00:00.000Z')).toBeUndefined()
    expect(versions.numberOf(name, 'of a draft', '2026-03-01T09:00:00.000Z')).toBeUndefined()
  })

  it('deletes the versions with the function', () => {
    const { functions } = openStores()
    const { name } = functions.create({ title: 'Alarm' })
    functions.publish(name, { revision: 1, check })
    functions.delete(name)
    functions.create({ title: 'Alarm' })
    expect(functions.versions.list(name)).toEqual([])
    expect(functions.get(name).published).toBeNull()
  })
})

it('makes version 1 of a graph that was saved beside a draft by an earlier release', () => {
  const file = path.join(newFolder(), 'store.db')
  const former = new DatabaseSync(file)
  const step = migrations.findIndex((sql) => sql.includes('function_version'))
  for (const sql of migrations.slice(0, step)) former.exec(sql)
  former.exec(`PRAGMA user_version = ${step}`)
  const graphs = ['saved', 'draft'].map((description) =>
    JSON.stringify({ ...openStores().functions.create({ title: 'Alarm' }).graph, description }),
  )
  former
    .prepare("INSERT INTO functions VALUES ('alarm', 'Alarm', '', 4, ?, ?, '2026-02-01T08:00:00.000Z')")
    .run(...graphs)
  former.close()

  const database = new Database(file)
  const functions = new FunctionStore(database, countingSurroundings())
  expect(functions.get('alarm')).toMatchObject({
    revision: 5,
    isChanged: true,
    published: { number: 1 },
    graph: { description: 'draft' },
  })
  expect(functions.graph('alarm').description).toBe('saved')
  expect(functions.versions.list('alarm')[0]!.hash).toBe(graphHash(functions.graph('alarm')))
  database.close()
})

it('knows nothing of a deleted function', () => {
  const { functions } = openStores()
  const { name } = functions.create({ title: 'Alarm' })
  functions.graph(name)
  functions.delete(name)
  const missing = expect.objectContaining({ code: ErrorCode.NotFound })
  expect(() => functions.graph(name)).toThrow(missing)
  expect(() => functions.get(name)).toThrow(missing)
  expect(() => functions.delete(name)).toThrow(missing)
  expect(functions.list()).toEqual([])
})

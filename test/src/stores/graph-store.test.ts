import { createPinia } from 'pinia'
import { describe, expect, it } from 'vitest'
import { isReactive } from 'vue'
import { connect } from '../../../src/commands/connect.ts'
import { deleteNodes } from '../../../src/commands/delete-nodes.ts'
import { moveNodes } from '../../../src/commands/move-nodes.ts'
import { renameNode } from '../../../src/commands/rename-node.ts'
import type { Patch } from '../../../src/stores/graph-document.ts'
import { useGraphStore } from '../../../src/stores/graph-store.ts'
import { sampleGraph } from '../commands/sample-graph.ts'

function open() {
  const store = useGraphStore('sample', createPinia())
  store.load(sampleGraph())
  return store
}

describe('graph store', () => {
  it('gives back the file it loaded', () => {
    expect(open().graph()).toEqual(sampleGraph())
  })

  it('undoes and redoes many steps to exactly the same files', () => {
    const store = open()
    const files = [store.graph()]
    const steps = [
      moveNodes(new Map([['end', { x: 1, y: 2 }]])),
      deleteNodes(['sms']),
      connect({ node: 'check', port: 'night' }, { node: 'end', port: 'in' }),
      renameNode('end', 'Done'),
    ]
    for (const step of steps) {
      expect(store.apply(step)).not.toBeNull()
      files.push(store.graph())
    }
    for (let step = steps.length - 1; step >= 0; step--) {
      store.undo()
      expect(store.graph()).toEqual(files[step])
    }
    expect(store.canUndo).toBe(false)
    expect(store.undo()).toBeNull()
    for (let step = 1; step <= steps.length; step++) {
      store.redo()
      expect(store.graph()).toEqual(files[step])
    }
    expect(store.canRedo).toBe(false)
  })

  it('forgets what could be redone once something else was done', () => {
    const store = open()
    store.apply(renameNode('end', 'One'))
    store.undo()
    store.apply(renameNode('end', 'Two'))
    expect(store.redo()).toBeNull()
    expect(store.node('end')?.title).toBe('Two')
  })

  it('tells listeners of every change, and of a new graph', () => {
    const store = open()
    const heard: (Patch | null)[] = []
    const end = store.onChange((patch) => heard.push(patch))
    store.apply(renameNode('end', 'One'))
    store.undo()
    store.load(sampleGraph())
    end()
    store.apply(renameNode('end', 'Two'))
    expect(heard.map((patch) => patch?.nodes[0]?.after?.title)).toEqual(['One', undefined, undefined])
    expect(heard[2]).toBeNull()
  })

  it('deselects what is deleted', () => {
    const store = open()
    store.select(['sms', 'end'], ['c4'])
    store.apply(deleteNodes(['sms']))
    expect([...store.selectedNodes]).toEqual(['end'])
    expect(store.selectedConnections.size).toBe(0)
  })

  it('files problems under their node', () => {
    const store = open()
    store.setProblems([
      { severity: 'error', key: 'serviceMissing', node: 'sms' },
      { severity: 'warning', key: 'unreachable', node: 'sms' },
      { severity: 'error', key: 'noStart' },
    ])
    expect(store.problems.get('sms')).toHaveLength(2)
    expect(store.problems.size).toBe(1)
  })

  it('shows and clears run states', () => {
    const store = open()
    store.setRunState('sms', 'running')
    store.setRunState('end', 'done')
    store.setRunState('sms', null)
    expect([...store.runStates]).toEqual([['end', 'done']])
    store.clearRunStates()
    expect(store.runStates.size).toBe(0)
  })

  it('keeps the document out of deep reactivity', () => {
    const store = open()
    expect(isReactive(store.document)).toBe(false)
    expect(isReactive(store.document.nodes.get('sms'))).toBe(false)
  })

  it('keeps editors of two functions apart', () => {
    const pinia = createPinia()
    const one = useGraphStore('one', pinia)
    const two = useGraphStore('two', pinia)
    one.load(sampleGraph())
    expect(two.document.nodes.size).toBe(0)
    expect(useGraphStore('one', pinia)).toBe(one)
  })
})

import { describe, expect, it } from 'vitest'
import { nodeDefinitions } from '../../../nodes/index.ts'
import { addNode, refuseNode } from '../../../src/commands/add-node.ts'
import { connect } from '../../../src/commands/connect.ts'
import { refuseConnection } from '../../../src/commands/connection-rules.ts'
import { deleteNodes } from '../../../src/commands/delete-nodes.ts'
import { disconnect } from '../../../src/commands/disconnect.ts'
import { duplicate } from '../../../src/commands/duplicate.ts'
import { copyFragment, parseFragment } from '../../../src/commands/graph-fragment.ts'
import { moveNodes } from '../../../src/commands/move-nodes.ts'
import { paste } from '../../../src/commands/paste.ts'
import { renameReferences } from '../../../src/commands/rename-references.ts'
import { renameNode } from '../../../src/commands/rename-node.ts'
import { setInputs } from '../../../src/commands/set-inputs.ts'
import { setSettings } from '../../../src/commands/set-settings.ts'
import { setParams } from '../../../src/commands/set-params.ts'
import { applyPatch, invertPatch, saveDocument, type Command } from '../../../src/stores/graph-document.ts'
import { sampleDocument } from './sample-graph.ts'

const definition = (type: string) => nodeDefinitions.find((each) => each.type === type)!
const at = { x: 100, y: 200 }
const port = (node: string, name = 'in') => ({ node, port: name })

/** Carries a command out on a fresh sample, checks that its way back gives the same file, and shows the result. */
function carryOut(command: Command) {
  const document = sampleDocument()
  const before = saveDocument(document)
  const patch = command(document)
  expect(saveDocument(document), 'a command changes nothing by itself').toEqual(before)
  if (!patch) return { patch, graph: before, wires: wiresOf(before.connections) }
  applyPatch(document, patch)
  const graph = saveDocument(document)
  applyPatch(document, invertPatch(patch))
  expect(saveDocument(document), 'undo gives the same file').toEqual(before)
  applyPatch(document, patch)
  expect(saveDocument(document), 'redo gives the same result').toEqual(graph)
  return { patch, graph, wires: wiresOf(graph.connections) }
}

function wiresOf(connections: ReturnType<typeof saveDocument>['connections']) {
  return connections.map(({ from, to }) => `${from.node}.${from.port} → ${to.node}`)
}

describe('add node', () => {
  it('adds a node with the defaults and the version of its type', () => {
    const { graph } = carryOut(addNode(definition('assign-variable'), { position: at }))
    expect(graph.nodes.at(-1)).toEqual({
      id: 'assignVariable1',
      type: 'assign-variable',
      typeVersion: 1,
      position: at,
      params: { name: 'variable', value: { kind: 'fixed', value: '' } },
    })
  })

  it('lets the port a wire was dragged from lead to the new node, and gives up the old wire', () => {
    const { wires } = carryOut(
      addNode(definition('assign-variable'), { position: at, after: port('start', 'next') }),
    )
    expect(wires).toContain('start.next → assignVariable1')
    expect(wires).not.toContain('start.next → check')
  })

  it('puts a node that is dropped on a wire in between', () => {
    const { wires } = carryOut(addNode(definition('assign-variable'), { position: at, into: 'c1' }))
    expect(wires).toContain('start.next → assignVariable1')
    expect(wires).toContain('assignVariable1.next → check')
    expect(wires).not.toContain('start.next → check')
  })

  it('leaves wires alone when a comment is dropped on one', () => {
    expect(carryOut(addNode(definition('comment'), { position: at, into: 'c1' })).wires).toHaveLength(4)
  })

  it('refuses a second Start', () => {
    expect(refuseNode(sampleDocument(), definition('start'))).toBe('onlyOne')
    expect(carryOut(addNode(definition('start'), { position: at })).patch).toBeNull()
  })
})

describe('connect', () => {
  it('draws a wire', () => {
    expect(carryOut(connect(port('sms', 'failed'), port('end'))).wires).toContain('sms.failed → end')
  })

  it('lets an output hold one wire: the new one takes the place of the old', () => {
    const { wires } = carryOut(connect(port('check', 'night'), port('end')))
    expect(wires).toContain('check.night → end')
    expect(wires).not.toContain('check.night → sms')
  })

  it('moves the end of a wire that was lifted from an input', () => {
    const { wires } = carryOut(connect(port('check', 'otherwise'), port('sms'), 'c3'))
    expect(wires).toContain('check.otherwise → sms')
    expect(wires).not.toContain('check.otherwise → end')
  })

  it.each([
    ['to itself', port('sms', 'sent'), port('sms'), 'selfLoop'],
    ['back to an earlier node', port('sms', 'sent'), port('check'), 'cycle'],
    ['twice', port('start', 'next'), port('check'), 'exists'],
    ['to a node that is gone', port('start', 'next'), port('gone'), 'missing'],
  ])('refuses a wire %s', (_, from, to, refusal) => {
    expect(refuseConnection(sampleDocument(), from, to)).toBe(refusal)
    expect(carryOut(connect(from, to)).patch).toBeNull()
  })

  it('does not count the wire that gives way when it looks for a circle', () => {
    const document = sampleDocument()
    applyPatch(document, deleteNodes([], ['c4'])(document)!)
    applyPatch(document, disconnect(['c1'])(document)!)
    // sms → check closes a circle through check.night → sms unless that wire is the one being moved.
    expect(refuseConnection(document, port('sms', 'sent'), port('check'))).toBe('cycle')
    expect(refuseConnection(document, port('sms', 'sent'), port('check'), 'c2')).toBeNull()
  })
})

describe('delete, disconnect, move', () => {
  it('removes a node with its wires', () => {
    const { graph, wires } = carryOut(deleteNodes(['check']))
    expect(graph.nodes.map((node) => node.id)).toEqual(['start', 'sms', 'end'])
    expect(wires).toEqual(['sms.sent → end'])
  })

  it('removes selected wires together with selected nodes, as one step', () => {
    expect(carryOut(deleteNodes(['end'], ['c1'])).wires).toEqual(['check.night → sms'])
  })

  it('removes a wire', () => {
    expect(carryOut(disconnect(['c2', 'c9'])).wires).not.toContain('check.night → sms')
  })

  it.each([
    ['deletes', deleteNodes(['gone'])],
    ['cuts', disconnect(['gone'])],
    ['moves', moveNodes(new Map([['start', { x: 0, y: 0 }]]))],
  ])('%s nothing where there is nothing to do', (_, command) => {
    expect(carryOut(command).patch).toBeNull()
  })

  it('moves several nodes as one step', () => {
    const to = new Map([
      ['start', { x: 8, y: 16 }],
      ['end', { x: 24, y: 32 }],
    ])
    const { graph } = carryOut(moveNodes(to))
    expect(graph.nodes[0]!.position).toEqual({ x: 8, y: 16 })
    expect(graph.nodes[3]!.position).toEqual({ x: 24, y: 32 })
  })
})

describe('set parameters, rename, inputs', () => {
  const branches = [{ id: 'day', title: '', when: { kind: 'formula', source: 'true' } }]

  it('changes parameters and title as one step', () => {
    const { graph } = carryOut(setParams('sms', { service: 'other' }, { title: ' Text the shift ' }))
    expect(graph.nodes[2]).toMatchObject({ title: 'Text the shift', params: { service: 'other' } })
  })

  it('removes wires of a branch that is gone, and keeps the others', () => {
    const { wires } = carryOut(setParams('check', { branches }, { definition: definition('condition') }))
    expect(wires).not.toContain('check.night → sms')
    expect(wires).toContain('check.otherwise → end')
  })

  it('does nothing where the parameters are the same', () => {
    const same = sampleDocument().nodes.get('sms')!.params
    expect(carryOut(setParams('sms', structuredClone(same))).patch).toBeNull()
  })

  it('gives a title; an empty one is none', () => {
    const { graph } = carryOut(renameNode('sms', 'Wake them up'))
    expect(graph.nodes[2]!.title).toBe('Wake them up')
    expect(carryOut(renameNode('sms', '  ')).patch).toBeNull()
  })

  it('changes the inputs', () => {
    const inputs = [{ name: 'device', title: 'Device', type: 'text' as const, required: true }]
    expect(carryOut(setInputs(inputs)).graph.inputs).toEqual(inputs)
  })

  it('changes the settings, and nothing where they are the same', () => {
    const settings = { description: 'Texts the night shift', history: 'failures' as const }
    expect(carryOut(setSettings(settings)).graph).toMatchObject(settings)
    const { description, history } = sampleDocument().head
    expect(carryOut(setSettings({ description, history })).patch).toBeNull()
  })
})

describe('copy and paste', () => {
  const copied = () => parseFragment(JSON.stringify(copyFragment(sampleDocument(), ['check', 'sms', 'end'])))!

  it('pastes nodes with new ids and the wires between them', () => {
    const { graph, wires } = carryOut(paste(copied(), { x: 10, y: 20 }, nodeDefinitions))
    expect(graph.nodes.slice(4).map((node) => node.id)).toEqual(['condition1', 'smsNotification1', 'return1'])
    expect(graph.nodes[5]!.position).toEqual({ x: 618, y: 20 })
    expect(wires.slice(4)).toEqual([
      'condition1.night → smsNotification1',
      'condition1.otherwise → return1',
      'smsNotification1.sent → return1',
    ])
  })

  it('lets values that name a copied node follow to its copy', () => {
    const { graph } = carryOut(paste(copied(), at, nodeDefinitions))
    expect(graph.nodes.at(-1)!.params).toEqual({
      value: { kind: 'variable', path: 'nodes.smsNotification1.counts.accepted' },
    })
  })

  it('renames what a value names, and nowhere in written text', () => {
    const newIds = new Map([['sms', 'sms2']])
    const params = {
      text: { kind: 'fixed', value: 'nodes.sms', path: 'nodes.sms' },
      list: [
        { kind: 'variable', path: 'nodes.sms' },
        { kind: 'variable', path: 'nodes.sms.counts.sent' },
      ],
      others: [
        { kind: 'variable', path: 'nodes.sms3' },
        { kind: 'variable', path: 'order.nodes.sms' },
      ],
    }
    expect(renameReferences(params, newIds)).toEqual({
      text: params.text,
      list: [
        { kind: 'variable', path: 'nodes.sms2' },
        { kind: 'variable', path: 'nodes.sms2.counts.sent' },
      ],
      others: params.others,
    })
  })

  it.each([
    [
      'nodes.sms.counts.sent-nodes.sms.x + nodes.sms3.y + mynodes.sms',
      'sms2',
      'nodes.sms2.counts.sent-nodes.sms2.x + nodes.sms3.y + mynodes.sms',
    ],
    ['nodes["sms"].port & nodes[ \'sms\' ].port', 'sms2', 'nodes.sms2.port & nodes.sms2.port'],
    ['nodes.sms.port', 'sms-2', 'nodes["sms-2"].port'],
    [
      '"nodes.sms " & nodes.sms.port & \'nodes.sms\'',
      'sms2',
      '"nodes.sms " & nodes.sms2.port & \'nodes.sms\'',
    ],
    ['order.nodes.sms = nodes . sms', 'sms2', 'order.nodes.sms = nodes.sms2'],
    ['SUM(设备.nodes.sms, nodes.sms.数量)', 'sms2', 'SUM(设备.nodes.sms, nodes.sms2.数量)'],
    ['UNKNOWN(nodes.sms)', 'sms2', 'UNKNOWN(nodes.sms2)'],
    ['nodes.sms +', 'sms2', 'nodes.sms +'],
  ])('renames the step in the formula %s', (source, newId, renamed) => {
    const formula = { kind: 'formula', source }
    expect(renameReferences(formula, new Map([['sms', newId]]))).toEqual({ kind: 'formula', source: renamed })
  })

  it('keeps values that name a node outside of the copy', () => {
    const fragment = copyFragment(sampleDocument(), ['end'])!
    const { graph } = carryOut(paste(fragment, at, nodeDefinitions))
    expect(graph.nodes.at(-1)!.params).toEqual({
      value: { kind: 'variable', path: 'nodes.sms.counts.accepted' },
    })
  })

  it('leaves out a second Start', () => {
    const fragment = copyFragment(sampleDocument(), ['start', 'sms'])!
    expect(carryOut(paste(fragment, at, nodeDefinitions)).graph.nodes).toHaveLength(5)
  })

  it('duplicates beside the original', () => {
    const { graph } = carryOut(duplicate(['sms'], nodeDefinitions))
    expect(graph.nodes.at(-1)).toMatchObject({ id: 'smsNotification1', position: { x: 640, y: 32 } })
  })

  it.each([
    ['text', 'hello'],
    ['other JSON', '{"nodes":[]}'],
    [
      'a newer version',
      JSON.stringify({ kind: 'sms-logic/graph-fragment', version: 2, nodes: [], connections: [] }),
    ],
    ['broken JSON', '{"kind":'],
  ])('takes %s on the clipboard for something else', (_, text) => {
    expect(parseFragment(text)).toBeNull()
  })
})

import { describe, expect, it } from 'vitest'
import type { RunStep } from '../../nodes/api/runs.ts'
import { bodiesOf, rowsOf, takenConnections } from '../../src/stores/run-rounds.ts'

const step = (path: string, nodeType = 'assign-variable', more: Partial<RunStep> = {}): RunStep => ({
  path,
  nodeId: path.slice(path.lastIndexOf('/') + 1),
  nodeType,
  status: 'done',
  port: 'next',
  started: '2026-03-02T10:00:00.000Z',
  finished: '2026-03-02T10:00:00.000Z',
  ...more,
})
/** As the ledger gives them: a step comes when it has ended, so a loop after what went on in it. */
const steps = [
  step('start'),
  step('outer:1/inner:1/send'),
  step('outer:1/inner', 'loop', { port: 'done' }),
  step('outer:2/inner:1/send'),
  step('outer:2/inner:2/send', 'sms-notification', { status: 'failed' }),
  step('outer:2/inner:10/send'),
  step('outer:2/inner', 'loop', { status: 'failed', port: null }),
  step('outer', 'loop', { status: 'failed', port: null }),
]
const shown = (chosen = new Map<string, string>(), of = steps) =>
  rowsOf({ steps: of }, chosen).map(({ step: { path }, depth }) => `${depth} ${path}`)

describe('the steps of a run by round', () => {
  it('reads in which bodies a step stands', () => {
    expect(bodiesOf('send')).toEqual([])
    expect(bodiesOf('loop-1:3/try:body/send')).toEqual([
      { path: 'loop-1', at: '3' },
      { path: 'loop-1:3/try', at: 'body' },
    ])
  })

  it('shows the round that failed, each step below the loop it stands in', () => {
    expect(shown()).toEqual(['0 start', '0 outer', '1 outer:2/inner', '2 outer:2/inner:2/send'])
    const [, , inner] = rowsOf({ steps }, new Map())
    expect(inner!.loop).toMatchObject({ rounds: ['1', '2', '10'], shown: '2' })
  })

  it('shows the round that was chosen, for each loop by itself', () => {
    expect(shown(new Map([['outer', '1']]))).toEqual([
      '0 start',
      '0 outer',
      '1 outer:1/inner',
      '2 outer:1/inner:1/send',
    ])
    expect(shown(new Map([['outer:2/inner', '10']]))).toContain('2 outer:2/inner:10/send')
  })

  it('lists branches that stand beside each other all, and what has no step above it yet', () => {
    const parallel = [step('par:a/one'), step('par:b/two'), step('par', 'parallel')]
    expect(shown(undefined, parallel)).toEqual(['0 par', '1 par:a/one', '1 par:b/two'])
    expect(shown(undefined, parallel.slice(0, 2))).toEqual(['0 par:a/one', '0 par:b/two'])
  })

  it('marks the way into a round, through it, and past a port that leads nowhere', () => {
    const connection = (from: string, port: string, to: string) => ({
      id: `${from} ${port} ${to}`,
      from: { node: from, port },
      to: { node: to, port: 'in' },
    })
    const walked = [
      step('start'),
      step('loop', 'loop', { port: 'done' }),
      step('loop:1/a', 'condition', { port: 'yes' }),
      step('loop:1/b'),
      step('sms', 'sms-notification', { port: 'partly' }),
      step('end', 'return', { port: null }),
    ]
    const taken = [
      connection('start', 'next', 'loop'),
      connection('loop', 'each', 'a'),
      connection('a', 'yes', 'b'),
      connection('loop', 'done', 'sms'),
      connection('sms', 'sent', 'end'),
    ]
    const others = [connection('a', 'no', 'b'), connection('a', 'other', 'c')]
    const found = takenConnections(rowsOf({ steps: walked }, new Map()), [...taken, ...others])
    expect([...found]).toEqual(taken.map(({ id }) => id))
  })
})

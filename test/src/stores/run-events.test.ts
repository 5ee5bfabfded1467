import { describe, expect, it } from 'vitest'
import type { Run, RunStep } from '../../../nodes/api/runs.ts'
import type { MessageReport } from '../../../nodes/messages.ts'
import { applyRunEvent, nodeRunStates } from '../../../src/stores/run-events.ts'

const message = (id: string, state: MessageReport['state']): MessageReport => ({
  id,
  memberId: id,
  name: id,
  phone: '+12****0123',
  state,
  attempts: 1,
  at: '2026-03-01T08:00:00Z',
})
const step = (nodeId: string, more: Partial<RunStep> = {}): RunStep => ({
  path: nodeId,
  nodeId,
  nodeType: 'condition',
  status: 'done',
  port: 'next',
  started: '2026-03-01T08:00:00Z',
  finished: '2026-03-01T08:00:01Z',
  ...more,
})
const run: Run = {
  id: 'r1',
  functionName: 'f',
  version: 'v',
  trigger: 'page',
  status: 'running',
  created: '2026-03-01T08:00:00Z',
  finished: null,
  input: {},
  output: null,
  error: null,
  steps: [],
}

describe('applyRunEvent', () => {
  it('adds a step, then replaces it, keeping the recipients it already showed', () => {
    const sms = { nodeType: 'sms-notification', status: 'running' as const, port: null }
    let live = applyRunEvent(run, { type: 'step', step: step('sms', sms) })
    live = applyRunEvent(live, { type: 'message', path: 'sms', message: message('m1', 'dispatching') })
    live = applyRunEvent(live, { type: 'message', path: 'sms', message: message('m1', 'accepted') })
    live = applyRunEvent(live, {
      type: 'step',
      step: step('sms', { nodeType: 'sms-notification', port: 'sent' }),
    })
    expect(live!.steps).toHaveLength(1)
    expect(live!.steps[0]).toMatchObject({ status: 'done', messages: [{ id: 'm1', state: 'accepted' }] })
  })

  it('takes snapshot and end as they come and ignores changes before the snapshot', () => {
    expect(applyRunEvent(null, { type: 'step', step: step('a') })).toBeNull()
    expect(applyRunEvent(null, { type: 'snapshot', run })).toBe(run)
    const finished = { ...run, status: 'done' as const }
    expect(applyRunEvent(run, { type: 'finished', run: finished })).toBe(finished)
  })
})

describe('nodeRunStates', () => {
  it('marks an SMS step by the port it left by', () => {
    const sms = (id: string, port: string) => step(id, { nodeType: 'sms-notification', port })
    const steps = [
      step('a'),
      sms('b', 'partly'),
      sms('c', 'failed'),
      step('d', { status: 'failed', port: null }),
    ]
    expect([...nodeRunStates({ ...run, steps })]).toEqual([
      ['a', 'done'],
      ['b', 'partly'],
      ['c', 'failed'],
      ['d', 'failed'],
    ])
  })
})

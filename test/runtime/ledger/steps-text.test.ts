import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../../nodes/json.ts'
import type { StepRecord } from '../../../runtime/ledger/ledger.ts'
import { readSteps, writeSteps } from '../../../runtime/ledger/steps-text.ts'

const path = fc.constantFrom('start', 'a', 'loop-1:3/a', 'parallel:branch-1/loop:2/a')
const value = fc.jsonValue() as fc.Arbitrary<Json>
const maybe = <T>(each: fc.Arbitrary<T>) => fc.option(each, { nil: undefined, freq: 3 })
const step: fc.Arbitrary<StepRecord> = fc
  .record({
    path,
    type: fc.constantFrom('start', 'assign-variable', 'http-request'),
    status: fc.constantFrom('done' as const, 'done' as const, 'failed' as const, 'running' as const),
    port: fc.constantFrom('next', 'done', null),
    assign: maybe(
      fc.oneof(
        fc.dictionary(fc.string(), value),
        fc.tuple(fc.constantFrom('v', '设备'), value),
      ) as fc.Arbitrary<never>,
    ),
    result: maybe(value),
    input: maybe(value),
    begun: maybe(value),
    started: fc.integer({ min: 0, max: 2e12 }),
    took: fc.option(fc.integer({ min: -5, max: 1_000 }), { freq: 5 }),
  })
  .map(({ took, ...rest }) => ({
    ...rest,
    node: rest.path.split('/').at(-1)!,
    finished: took === null ? null : rest.started + took,
  }))

describe('steps as one column holds them', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        expect(readSteps(writeSteps(steps))).toEqual(JSON.parse(JSON.stringify(steps)))
      }),
    )
  })

  it('are read as they were written before they were shortened', () => {
    const steps = [{ path: 'start', node: 'start', type: 'start', status: 'done', port: 'next' }]
    expect(readSteps(JSON.stringify(steps))).toEqual(steps)
    expect(readSteps(null)).toEqual([])
  })

  it('take little room where they only set variables', () => {
    const plain = (at: number): StepRecord => ({
      path: `assign-${at}`,
      node: `assign-${at}`,
      type: 'assign-variable',
      status: 'done',
      port: 'next',
      assign: [`v${at}`, at],
      started: 1_764_000_000_000,
      finished: 1_764_000_000_000,
    })
    expect(writeSteps(Array.from({ length: 200 }, (_, at) => plain(at))).length).toBeLessThan(200 * 32)
  })
})
